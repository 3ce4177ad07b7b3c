"""A pack: cases in the order in which somebody teaches them, with what to say and to ask. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from indexer.head import read, split
from indexer.values import REVISION

#: Stands for the revision of an item that follows its case.
LATEST = "latest"
LEVELS = ("introductory", "intermediate", "advanced")
NOTES_FOR = ("teachers", "everyone")
#: The column of the index that tells which cases a pack uses.
USES = "uses"
#: How long packs take, in words of a facet, each with the most minutes that it stands for.
LENGTHS = (("hour", 60), ("half-day", 240), ("day", 480))
LONGER = "longer"


@dataclass(frozen=True)
class Item:
    """A case in a pack: which text of it, for how long, and what to say and to ask."""

    case: str
    revision: str = LATEST  # or 12 hex digits
    minutes: int | None = None
    note: str = ""
    questions: tuple[str, ...] = ()

    @property
    def pinned(self) -> bool:
        """Whether it stays as it was when the case changes."""
        return self.revision != LATEST


@dataclass(frozen=True)
class Section:
    """A part of a pack."""

    title: str
    intro: str = ""
    items: tuple[Item, ...] = ()

    @property
    def minutes(self) -> int:
        """The minutes of its items together."""
        return sum(item.minutes or 0 for item in self.items)


@dataclass(frozen=True)
class Curator:
    """Who put a pack together."""

    name: str
    role: str = ""
    url: str = ""


@dataclass(frozen=True)
class Origin:
    """The pack that a pack was made from; `revision` is "" where it is not told."""

    slug: str
    revision: str = ""


@dataclass(frozen=True)
class Pack:
    """What a pack says, in the order of its trainer.

    `duration` is what its trainer says instead of the sum of the minutes, "" for nothing; `body`
    is the introduction, Markdown.
    """

    title: str
    summary: str = ""
    lang: str = "en"
    audience: str = ""
    level: str = ""
    prerequisites: tuple[str, ...] = ()
    duration: str = ""
    objectives: tuple[str, ...] = ()
    curators: tuple[Curator, ...] = ()
    notes_for: str = NOTES_FOR[0]
    origin: Origin | None = None
    license: str = ""
    sections: tuple[Section, ...] = ()
    body: str = ""

    @property
    def items(self) -> tuple[Item, ...]:
        """All items in their order."""
        return tuple(item for section in self.sections for item in section.items)

    @property
    def cases(self) -> tuple[str, ...]:
        """The names of its cases, each once, in their order."""
        return tuple(dict.fromkeys(item.case for item in self.items))

    @property
    def pins(self) -> tuple[tuple[str, str], ...]:
        """The case and the revision of each item that is pinned, each once."""
        return tuple(dict.fromkeys((i.case, i.revision) for i in self.items if i.pinned))

    @property
    def minutes(self) -> int:
        """The minutes of all items together."""
        return sum(section.minutes for section in self.sections)

    @property
    def length(self) -> str:
        """How long that is, as a value of the facet: "" where no minutes are told."""
        if not self.minutes:
            return ""
        return next((name for name, most in LENGTHS if self.minutes <= most), LONGER)

    @property
    def everyone(self) -> bool:
        """Whether its teaching notes are for all who read it."""
        return self.notes_for == NOTES_FOR[1]


def pack_of(front: Mapping[str, Any], body: str = "", lang: str = "") -> Pack:
    """Give the pack of front matter, valid or not; what cannot be used is left out.

    `lang` is the language of a translation by its file name.
    """
    return Pack(
        title=_text(front.get("title")),
        summary=_text(front.get("summary")),
        lang=_text(front.get("lang")) or lang or "en",
        audience=_text(front.get("audience")),
        level=_one_of(LEVELS, front.get("level")),
        prerequisites=_texts(front.get("prerequisites")),
        duration=_text(front.get("duration")),
        objectives=_texts(front.get("objectives")),
        curators=tuple(_curators(front.get("curators"))),
        notes_for=_one_of(NOTES_FOR, front.get("notes_for")) or NOTES_FOR[0],
        origin=_origin(front.get("origin")),
        license=_text(front.get("license")),
        sections=tuple(map(_section, _groups(front.get("sections"), "title"))),
        body=body,
    )


def pack_of_text(text: str, lang: str = "") -> Pack:
    """Give the pack of a whole file, valid or not."""
    parts = split(text)
    return pack_of(read(parts.head).values, parts.body, lang)


def pins_in(text: str) -> frozenset[tuple[str, str]]:
    """Give the case and the revision of all that is pinned in the file of a pack."""
    return frozenset(pack_of_text(text).pins)


def sections_front(sections: Iterable[Section]) -> list[dict[str, Any]]:
    """Give what `sections` holds in the front matter; what says nothing is left out."""
    return [
        {
            "title": section.title,
            **({"intro": section.intro} if section.intro else {}),
            "items": [_item_front(item) for item in section.items],
        }
        for section in sections
    ]


def _item_front(item: Item) -> dict[str, Any]:
    more = {
        "minutes": item.minutes,
        "note": item.note,
        "questions": list(item.questions),
    }
    kept = {name: value for name, value in more.items() if value not in (None, "", [])}
    return {"case": item.case, "revision": item.revision, **kept}


def _section(group: Mapping[str, Any]) -> Section:
    items = (_item(one) for one in _groups(group.get("items"), "case"))
    return Section(
        _text(group.get("title")),
        _text(group.get("intro")),
        tuple(item for item in items if item.case),
    )


def _item(group: Mapping[str, Any]) -> Item:
    minutes, revision = group.get("minutes"), _text(group.get("revision"))
    counts = isinstance(minutes, int) and not isinstance(minutes, bool) and minutes > 0
    return Item(
        case=_text(group.get("case")),
        revision=revision if REVISION.fullmatch(revision) else LATEST,
        minutes=minutes if counts else None,
        note=_text(group.get("note")),
        questions=_texts(group.get("questions")),
    )


def _curators(value: Any) -> Iterable[Curator]:
    for group in _groups(value, "name"):
        if name := _text(group.get("name")):
            yield Curator(name, _text(group.get("role")), _text(group.get("url")))


def _origin(value: Any) -> Origin | None:
    if not isinstance(value, dict) or not _text(value.get("slug")):
        return None
    return Origin(_text(value["slug"]), _text(value.get("revision")))


def _groups(value: Any, short: str) -> list[Mapping[str, Any]]:
    """Give the groups of a list, a bare value as the group that it stands for."""
    rows = value if isinstance(value, list) else []
    groups = (row if isinstance(row, dict) else {short: row} for row in rows)
    return [group for group in groups if group]


def _text(value: Any) -> str:
    """Give a text, a number as it would be written, "" for all else."""
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _texts(value: Any) -> tuple[str, ...]:
    rows = value if isinstance(value, list) else [value]
    return tuple(text for text in map(_text, rows) if text)


def _one_of(words: tuple[str, ...], value: Any) -> str:
    return value if isinstance(value, str) and value in words else ""
