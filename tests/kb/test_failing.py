"""What went wrong, in a sentence or two of the case's own words."""

from hypothesis import given
from hypothesis import strategies as st

from kb.present.failing import MOST, beginning, sections_of

BODY = """
Before.

## Ce qui n'a pas marché

**Trop tard.** Le premier [plan](https://example.org) fut perdu [1].

Un deuxième paragraphe.

## Enseignements

- Commencer petit.
- Payer à temps.
"""


def test_the_first_paragraph_of_a_section_is_found_in_the_language_of_the_case() -> None:
    found = sections_of(BODY, "fr")
    assert found["What went wrong"].startswith("Trop tard. Le premier plan fut perdu")
    assert found["Lessons"].split("\n")[0] == "Commencer petit."
    assert sections_of(BODY, "en") == {}


def test_a_passage_ends_with_a_sentence_and_a_short_one_takes_the_next_along() -> None:
    first = "The first plan was larger than what anybody could have paid for in those years."
    assert beginning(f"{first} It failed.") == first
    assert beginning(f"Late. {first} Then more.") == f"Late. {first}"
    assert beginning("") == ""
    assert beginning("迟了。" * 3) == "迟了。" * 3


@given(st.text(max_size=900))
def test_a_passage_is_never_long(text: str) -> None:
    assert len(beginning(text)) <= MOST + 2
