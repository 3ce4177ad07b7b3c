"""A passage is found again after edits elsewhere in the text, and what was said stays with it."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from kb import markup
from kb.records.comments import Comment
from kb.records.database import now
from kb.services.anchoring import AROUND, Passage, find, find_pasted, letters, passage_at
from kb.services.places import BODY, GONE, place_in, reading_text

WORDS = ("agents", "cash", "market", "radio", "1,200", "people", "the", "of", "نقود", "现金",
         "état", "2007", "e-health", "don't")  # fmt: skip
SENTENCES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join)
TEXTS = st.lists(SENTENCES, min_size=1, max_size=8).map("\n\n".join)
ANYTHING = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=80)


@st.composite
def passages(draw: st.DrawFn) -> tuple[str, str, str]:
    """A text cut in three: what stands before a passage, the passage, and what stands after."""
    before, after = draw(TEXTS), draw(TEXTS)
    passage = draw(SENTENCES | ANYTHING.filter(lambda text: letters(text).text != ""))
    return f"{before}. ", passage, f" {after}"


def edited(draw: st.DataObject, text: str) -> str:
    """A text after some edits: pieces of it taken out, replaced, put in, moved."""
    for _ in range(draw.draw(st.integers(0, 4))):
        start = draw.draw(st.integers(0, len(text)))
        end = draw.draw(st.integers(start, len(text)))
        text = text[:start] + draw.draw(TEXTS | ANYTHING | st.just("")) + text[end:]
    return text


@given(passages(), st.data())
def test_a_passage_is_found_after_edits_elsewhere(
    cut: tuple[str, str, str], data: st.DataObject
) -> None:
    before, passage, after = cut
    asked = passage_at(before + passage + after, len(before), len(before + passage))
    new_before, new_after = edited(data, before), edited(data, after)
    text = f"{new_before} {passage} {new_after}"
    found = find(text, asked)
    assert found is not None
    assert found.same
    assert letters(text[found.start : found.end]).text == letters(passage).text
    if letters(text).text.count(letters(passage).text) == 1:
        # the very place: nothing but marks and blanks lies between its edges and what was found
        place = len(new_before) + 1
        assert place <= found.start < found.end <= place + len(passage)


@given(passages())
def test_a_passage_is_found_at_its_own_place_in_the_text_it_was_taken_from(
    cut: tuple[str, str, str],
) -> None:
    before, passage, after = cut
    text = before + passage + after
    asked = passage_at(text, len(before), len(before + passage))
    found = find(text, asked)
    assert found is not None
    here = letters(text)
    wanted = letters(passage).text
    around = here.text[max(0, here.text.find(wanted) - AROUND) :]
    if around.count(wanted) == 1:
        assert len(before) <= found.start < found.end <= len(before + passage)


@given(ANYTHING, ANYTHING, ANYTHING, ANYTHING)
@example("", "", "", "")
@example("a", "…", "", "")
def test_whatever_is_asked_of_whatever_text_is_answered(
    text: str, quote: str, before: str, after: str
) -> None:
    for found in (find(text, Passage(quote, before, after)), find_pasted(text, Passage(quote))):
        assert found is None or 0 <= found.start < found.end <= len(text)


@given(st.lists(st.sampled_from([*WORDS, "[1]", "**bold**", "[a link](https://example.org)",
                                 "`code`", "[1, 2]", "&amp;"]), min_size=3, max_size=40),
       st.data())  # fmt: skip
def test_what_one_copies_from_the_page_is_a_passage_of_the_text(
    words: list[str], data: st.DataObject
) -> None:
    """The text as it is read and the page agree on where a passage stands."""
    body = " ".join(words)
    shown = markup.render(body, ("1", "2"))
    plain = reading_text(body)
    assume(letters(plain).text)
    start = data.draw(st.integers(0, len(plain) - 1))
    end = data.draw(st.integers(start + 1, len(plain)))
    passage = passage_at(plain, start, end)
    assume(letters(passage.quote).text)
    found = find(markup.text_in(shown), passage)
    assert found is not None
    marks = [markup.Marked(found.start, found.end, "7", "1", "Comment 1")]
    marked = markup.with_passages(shown, marks)
    assert str(marked.lead).count('href="#thread-7"') == 1
    bare = re.sub(r'<a class="said-way".*?</a>|</?mark[^>]*>', "", str(marked.lead))
    assert bare == str(shown.lead)


@pytest.mark.parametrize(("old", "new", "now_there"), [
    ("In 2008 some 1,200 people used it every day.",
     "In 2008 some 2,300 people used it every day.", "2,300"),
    ("Agents in the district ran out of cash on market days, which nobody expected.",
     "Agents in the district ran short of cash on market days, which nobody had foreseen.",
     "ran short of cash on market days"),
    ("It was paid for by a fund that shared the risk.",
     "It was paid for by a fund of the ministry that shared the risk.", "of the ministry"),
])  # fmt: skip
def test_a_passage_that_was_rewritten_is_found_where_it_was(
    old: str, new: str, now_there: str
) -> None:
    around = ("The north of the country had no bank branch at all in those years. {} "
              "The south had three of them, in the towns by the sea.")  # fmt: skip
    text = around.format(old)
    start = text.index(old)
    found = find(around.format(new), passage_at(text, start, start + len(old)))
    assert found is not None
    assert not found.same
    assert now_there in around.format(new)[found.start : found.end]


def test_a_number_that_was_corrected_is_found_between_the_same_words() -> None:
    text = "By the end of the year some 1,200 people had used it twice or more."
    start = text.index("1,200")
    new = text.replace("1,200", "2,345")
    found = find(new, passage_at(text, start, start + 5))
    assert found is not None
    assert new[found.start : found.end] == "2,345"


def test_a_passage_that_moved_and_was_changed_a_little_is_found_where_it_is() -> None:
    passage = "Agents ran out of cash on market days, so people had to wait for hours."
    text = f"First something else.\n\n{passage}\n\nThen a third thing that was told there."
    new = f"{passage.replace('hours', 'half a day')}\n\nFirst something quite different."
    start = text.index(passage)
    found = find(new, passage_at(text, start, start + len(passage)))
    assert found is not None
    assert new[found.start : found.end].startswith("Agents ran out of cash")


@pytest.mark.parametrize("new", [
    "", "Nothing of that is left, and nothing is like it.",
    "By the end of the year people had used it twice or more.",
])  # fmt: skip
def test_a_passage_that_was_taken_out_is_gone(new: str) -> None:
    text = "By the end of the year, as the survey of 2009 found, people had used it twice or more."
    start = text.index(", as")
    asked = passage_at(text, start, text.index(", people"))
    assert find(new, asked) is None


def test_a_long_text_with_many_like_places_takes_no_time() -> None:
    paragraph = "Agents ran out of cash on market days, and people went home. "
    text = paragraph * 2_000
    began = time.process_time()
    for quote in ("people", paragraph * 10, "Agents ran short of money on market day " * 8):
        find(text, Passage(quote, "before it", "after it"))
    assert time.process_time() - began < 5  # a second or less; a quadratic search takes minutes


def test_a_thread_on_the_whole_text_stays_on_it() -> None:
    said = Comment(1, 1, None, "x", BODY, "", "", "", "?", None, "Rosa", "", now())
    assert place_in("case", said, "a", "b").field == BODY
    gone = Comment(2, 1, None, "x", "", "not there at all, ever", "", "", "?", 1, "R", "", now())
    assert place_in("case", gone, "a", "b").how == GONE
