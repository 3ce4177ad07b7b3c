"""The page on which a conflict is settled."""

from __future__ import annotations

from collections.abc import Mapping

from indexer.fields import FIELDS
from kb.pages.history import ConflictPage
from kb.pieces.common import Link
from kb.pieces.history import Place, Run
from kb.present.difference import readable, runs_of, value_text
from kb.present.fieldwords import title_of as field_title
from kb.present.words import Reader
from kb.services.comparing_texts import ADDED, REMOVED, SAME, align, compare_words
from kb.services.history import title_of
from kb.services.merging import Conflict
from kb.services.resolving import Choice, both_of, is_plain, places_of, value_in
from kb.services.stale import StaleEdit
from kb.translation import gettext as _
from kb.translation import ngettext

#: Lines of the box in which one writes: as many as the text has, within reason.
FEWEST, MOST = 3, 24


def conflict_page(
    stale: StaleEdit, choices: Mapping[str, Choice], reader: Reader, wrong: str = ""
) -> ConflictPage:
    """Each place with base, theirs and mine; `choices` are those that were made already."""
    title, lang = title_of(stale.draft.text)
    title = title or stale.draft.slug or _("Untitled")
    places = places_of(stale)
    missing = bool(wrong)
    return ConflictPage(
        title=_("Two texts at the same place"),
        draft=Link(title, f"/drafts/{stale.draft.token}"),
        lang=lang or "en",
        who=_who(stale, len(places)),
        theirs=_("Your other window") if stale.own else _("Theirs"),
        mine=_("This window") if stale.own else _("Mine"),
        both=_("Both, the other window first") if stale.own else _("Both, theirs first"),
        action=f"/drafts/{stale.draft.token}/conflict",
        places=tuple(
            _place(name, conflict, stale.draft.kind, choices.get(name), reader, missing=missing)
            for name, conflict in places.items()
        ),
        wrong=wrong,
    )


def _who(stale: StaleEdit, count: int) -> str:
    if not count:
        return _("The two texts go together by now: what is left is to save them.")
    if stale.public:
        who = stale.theirs or _("Somebody who edited the file")
        return ngettext(
            "%(who)s changed the public text, at one place that you changed too.",
            "%(who)s changed the public text, at %(num)s places that you changed too.",
            count,
            who=who,
        )
    if stale.own:
        return ngettext(
            "You saved in another window while you were writing here, and changed one place in"
            " both.",
            "You saved in another window while you were writing here, and changed %(num)s places"
            " in both.",
            count,
        )
    return ngettext(
        "%(who)s saved while you were writing, and changed one place that you changed too.",
        "%(who)s saved while you were writing, and changed %(num)s places that you changed too.",
        count,
        who=stale.theirs or _("Somebody else"),
    )


def _place(
    name: str,
    conflict: Conflict,
    kind: str,
    choice: Choice | None,
    reader: Reader,
    *,
    missing: bool,
) -> Place:
    base, theirs, mine = (
        _told(kind, conflict, text, reader)
        for text in (conflict.base, conflict.theirs, conflict.mine)
    )
    raw = bool(conflict.field) and not is_plain(kind, conflict)
    text = choice.text if choice is not None and choice.text else ""
    text = text or (readable(conflict.mine) if raw else mine)
    whole_lines = isinstance(value_in(conflict, conflict.mine), list)
    undecided = choice is None or not choice.how
    return Place(
        id=name,
        label=_label(kind, conflict),
        base=base,
        theirs=_runs(base, theirs, whole_lines),
        mine=_runs(base, mine, whole_lines),
        both=both_of(kind, conflict) is not None,
        choice=choice.how if choice is not None else "",
        text=text,
        raw=raw,
        rows=min(MOST, max(FEWEST, text.count("\n") + len(text) // 70 + 1)),
        wrong=_("Choose what is to stand here.") if missing and undecided else "",
    )


def _told(kind: str, conflict: Conflict, text: str, reader: Reader) -> str:
    """One of the three texts: of a field its value in words, an entry a line; else as it is."""
    value = value_in(conflict, text) if conflict.field else None
    if value is None:
        return readable(text)
    field = next((one for one in FIELDS[kind] if one.name == conflict.field), None)
    values = value if isinstance(value, list) else [value]
    return "\n".join(value_text(one, field, reader) for one in values)


def _runs(base: str, text: str, whole_lines: bool) -> tuple[Run, ...]:
    """A text with what it changed, of a list entry by entry; nothing where it is empty."""
    if not text.strip():
        return ()
    if not base.strip():
        return (Run(SAME, text),)
    if not whole_lines:
        return runs_of(compare_words(base, text))
    old, new = base.split("\n"), text.split("\n")
    pairs = align(old, new, lambda i, j: 0.0)
    lines = [_line(i, j, old, new) for i, j in pairs]
    return tuple(
        Run(how, line if at == len(lines) else f"{line}\n")
        for at, (how, line) in enumerate(lines, 1)
    )


def _line(i: int | None, j: int | None, old: list[str], new: list[str]) -> tuple[str, str]:
    if j is not None:
        return (SAME if i is not None else ADDED), new[j]
    return REMOVED, old[i or 0]


def _label(kind: str, conflict: Conflict) -> str:
    if conflict.field:
        field = next((one for one in FIELDS[kind] if one.name == conflict.field), None)
        return _("Field: %(name)s", name=field_title(field) if field else conflict.field)
    if conflict.place == "front matter":
        return _("All fields")
    if conflict.place == "document":
        return _("The whole document, which was taken away")
    first, last = conflict.lines
    if first == last:
        return _("Text, line %(line)s", line=first)
    return _("Text, lines %(first)s to %(last)s", first=first, last=last)
