from hypothesis import given
from hypothesis import strategies as st

from indexer.hits import Passage
from kb.interface import local_path
from kb.present.hits import segments


def test_marked_words_are_told_apart() -> None:
    parts = segments(Passage("cash in a crisis", ((10, 16), (0, 4))))
    assert [(part.text, part.marked) for part in parts] == [
        ("cash", True),
        (" in a ", False),
        ("crisis", True),
    ]


@given(
    st.text(max_size=30), st.lists(st.tuples(st.integers(0, 35), st.integers(0, 35)), max_size=5)
)
def test_no_text_is_lost_or_doubled_whatever_the_marks(
    text: str, marks: list[tuple[int, int]]
) -> None:
    assert "".join(part.text for part in segments(Passage(text, tuple(marks)))) == text


@given(st.text(max_size=20))
def test_a_form_never_leads_to_another_site(text: str) -> None:
    for path in (local_path(text), local_path("/" + text)):
        assert path.startswith("/")
        assert not path.startswith(("//", "/\\"))
