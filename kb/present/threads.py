"""What was said of a draft, thread by thread, at its places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from indexer.fields import FIELDS
from kb import markup
from kb.forms.review import NOTHING, Typed
from kb.pieces.common import Link
from kb.pieces.review import Remark, Thread
from kb.present.fieldwords import title_of
from kb.present.history import iso, time_told
from kb.present.words import Reader, sentence
from kb.records.comments import Comment
from kb.records.journal import Draft
from kb.services import commenting
from kb.services.anchoring import find
from kb.services.places import BODY, CHANGED, GONE
from kb.translation import gettext as _
from kb.translation import ngettext

#: So much of what was said stands beside a field in the editor.
SHORT = 100


@dataclass(frozen=True)
class Telling:
    """For whom threads are told: what may be done, and what was typed into one of their forms."""

    draft: Draft
    reader: Reader
    answerable: bool
    writable: bool
    marked: frozenset[int] = frozenset()  # the threads whose passages are marked in the text
    pointed: bool = False  # whether fields stand on the page, to be pointed at
    typed: Typed = NOTHING

    @property
    def url(self) -> str:
        """The path of the draft."""
        return f"/drafts/{self.draft.token}"


def threads(some: Iterable[commenting.Thread], telling: Telling) -> tuple[Thread, ...]:
    """Threads as they are shown, those that are open first."""
    ordered = sorted(some, key=lambda one: not one.open)
    return tuple(_thread(one, telling) for one in ordered)


def _thread(one: commenting.Thread, telling: Telling) -> Thread:
    place, said, url = one.place, one.first, telling.url
    settled = ""
    if one.settled is not None:
        when = time_told(one.settled.at, telling.reader)
        settled = _("Resolved by %(name)s, %(when)s", name=one.settled.name, when=when)
    mine = telling.typed.place == f"answer:{one.id}"
    return Thread(
        id=str(one.id),
        number=str(one.number),
        about=about(telling.draft.kind, place.field if place.how != GONE else said.field, said),
        quote=said.quote,
        told=_became_of(one),
        at=_at(one, telling),
        mend=f"{url}/edit#{_entry(place.field)}"
        if telling.writable and one.open and place.field
        else "",
        remarks=tuple(_remark(row, telling) for row in (said, *one.answers)),
        settled=settled,
        url=f"{url}/comments/{one.id}" if telling.answerable else "",
        words=telling.typed.words if mine else "",
        wrong=telling.typed.wrong if mine else "",
    )


def _remark(row: Comment, telling: Telling) -> Remark:
    newest = row.hash == telling.draft.hash
    acts = {"resolved": _("resolved it"), "reopened": _("took it up again")}
    return Remark(
        who=row.name,
        when=time_told(row.at, telling.reader),
        iso=iso(row.at),
        words=row.words,
        act=acts.get(row.act, ""),
        text="" if newest else f"{telling.url}/review?text={row.hash}",
        since="" if newest else f"{telling.url}/compare?old={row.hash}",
    )


def about(kind: str, path: str, said: Comment | None = None) -> str:
    """What a comment is about, in words: the name of a field, with the number of an entry."""
    if said is not None and said.quote:
        return _("A passage of the text")
    if not path:
        return _("All of it")
    if path == BODY:
        return _("Text")
    name, _dot, number = path.partition(".")
    field = next((one for one in FIELDS[kind] if one.name == name), None)
    label = title_of(field) if field else sentence(name)
    return f"{label} {number}".strip()


def _became_of(one: commenting.Thread) -> str:
    """What became of that which a thread is about, "" where it stands as it did."""
    if one.first.quote:
        told = {
            CHANGED: _("The passage is another one by now; it stood where the mark is."),
            GONE: _("The passage is gone from the text."),
        }
    else:
        told = {
            CHANGED: _("It was changed since."),
            GONE: _("The entry that it spoke of is gone."),
        }
    return told.get(one.place.how, "")


def _at(one: commenting.Thread, telling: Telling) -> str:
    if one.id in telling.marked:
        return f"#passage-{one.id}"
    named = telling.pointed and one.place.field and one.place.field != BODY
    return f"#{spot_id(one.place.field)}" if named else ""


def spot_id(path: str) -> str:
    """Where a field can be pointed at on the page of a review."""
    return f"field-{path.replace('.', '-')}"


def _entry(path: str) -> str:
    """Where a field, or an entry of it, stands in the editor, which counts from 0."""
    name, _dot, number = path.partition(".")
    return f"f-{name}-{int(number) - 1}" if number else f"f-{name}"


# In the text --------------------------------------------------------------------------------


def marks_in(rendered: markup.Rendered, some: Iterable[commenting.Thread]) -> list[markup.Marked]:
    """Where the passages of open threads stand in a text as it is read."""
    wanted = [one for one in some if one.open and one.place.passage is not None]
    text = markup.text_in(rendered) if wanted else ""
    marks = []
    for one in wanted:
        found = find(text, one.place.passage) if one.place.passage else None
        if found is not None:
            label = _("Comment %(number)s", number=one.number)
            marks.append(markup.Marked(found.start, found.end, str(one.id), str(one.number), label))
    return marks


# Beside the fields of the editor -------------------------------------------------------------


def notes(some: Iterable[commenting.Thread], draft: Draft) -> Mapping[str, tuple[Link, ...]]:
    """What is still to be done, by the path of the field ("" is all of it), each with its page."""
    found: dict[str, tuple[Link, ...]] = {}
    for one in some:
        words = " ".join(one.first.words.split())
        short = words if len(words) <= SHORT else f"{words[: SHORT - 1].rstrip()}…"
        told = _("%(name)s: %(words)s", name=one.first.name, words=short)
        link = Link(told, f"/drafts/{draft.token}#thread-{one.id}", note=one.first.quote)
        found[one.place.field] = (*found.get(one.place.field, ()), link)
    return found


def open_told(some: Sequence[object]) -> str:
    """How many comments are still to be answered, "" where none is."""
    if not some:
        return ""
    return ngettext("%(num)s open comment", "%(num)s open comments", len(some))


def errors_told(count: int) -> str:
    """How many things keep a text from being published, "" where none does."""
    if not count:
        return ""
    return ngettext(
        "%(num)s thing in it has to be mended before it can be published.",
        "%(num)s things in it have to be mended before it can be published.",
        count,
    )
