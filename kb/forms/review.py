"""The forms of those who check drafts, and the wishes of the queue, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from indexer.store import FOLDERS
from kb.forms.widgets import sent_lines
from kb.services.anchoring import Passage
from kb.services.checklist import Point
from kb.services.commenting import NOWHERE, Remark
from kb.services.places import BODY
from kb.services.queue import MINE, NOBODY, OUTSIDE, SORTS, WAITED, WAITING, Wish
from kb.services.verdicts import Look

#: From which page something was sent, so that the answer leads back to it.
REVIEW, DRAFT = "review", "draft"
#: The forms of a page, besides those at fields ("at:results.2") and threads ("answer:5").
PASSAGE, OTHER, VERDICT = "passage", "other", "verdict"


@dataclass(frozen=True)
class Typed:
    """What somebody has typed into one form of a page, shown again where it was refused.

    `place` names the form; `wrong` is what is wrong with it.
    """

    place: str = ""
    words: str = ""
    field: str = ""
    quote: str = ""
    points: tuple[str, ...] = ()
    wrong: str = ""


NOTHING = Typed()


@dataclass(frozen=True)
class CommentForm:
    """A comment on all of a draft, on a field or on a passage."""

    place: str
    remark: Remark

    @property
    def typed(self) -> Typed:
        """The form as it is shown again."""
        said = self.remark
        return Typed(self.place, said.words, said.field, said.passage.quote)


def comment_of(form: Mapping[str, str]) -> CommentForm:
    """The comment that a browser sent; `place` is the form on the page that it was written in."""
    place = form.get("place", OTHER)
    field = form.get("field", "")
    passage = NOWHERE
    if place == PASSAGE:
        field = BODY
        passage = Passage(
            *(sent_lines(form.get(name, "")).strip("\n") for name in ("quote", "before", "after"))
        )
    words = sent_lines(form.get("words", "")).strip()
    return CommentForm(place, Remark(words, form.get("text", ""), field, passage))


def page_of(form: Mapping[str, str]) -> str:
    """From which page a form was sent."""
    return REVIEW if form.get("from") == REVIEW else DRAFT


def words_of(form: Mapping[str, str]) -> str:
    """What somebody said, with plain line breaks."""
    return sent_lines(form.get("words", "")).strip()


def look_of(form: MultiDict[str, str]) -> Look:
    """What goes with a verdict: the text that was looked at, the points that were ticked."""
    return Look(form.get("text", ""), tuple(form.getlist("point")))


def wish_of(args: Mapping[str, str]) -> Wish:
    """What somebody wants to see of the queue; what makes no sense is as if it were not there."""

    def one_of(name: str, *values: str) -> str:
        return args.get(name, "") if args.get(name) in values else ""

    page = args.get("page", "")
    lang = args.get("lang", "")
    return Wish(
        state=one_of("state", *WAITING),
        kind=one_of("kind", *FOLDERS),
        lang=lang if len(lang) <= 20 and lang.replace("-", "").isalnum() else "",
        claimed=one_of("claimed", MINE, NOBODY),
        origin=one_of("from", OUTSIDE),
        sort=one_of("sort", *SORTS) or WAITED,
        page=max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
    )


def point_of(form: Mapping[str, str]) -> Point:
    """A point of a checklist as it was typed."""
    words, help_ = (" ".join(form.get(name, "").split()) for name in ("words", "help"))
    return Point(form.get("point", ""), words, help_, form.get("severity", ""))
