"""What histories and comparisons are made of."""

from __future__ import annotations

from dataclasses import dataclass

from kb.pieces.common import Link

#: Stands where there is nowhere to go.
NOTHING = Link("")


@dataclass(frozen=True)
class Run:
    """A run of words in a comparison: `how` is same, added or removed."""

    how: str
    text: str


@dataclass(frozen=True)
class Row:
    """A paragraph or value in a comparison: same, added, removed or changed; `label` names it."""

    how: str
    runs: tuple[Run, ...]
    label: str = ""


@dataclass(frozen=True)
class Stretch:
    """Rows that follow each other; folded away under `folded` where nothing changed."""

    rows: tuple[Row, ...]
    folded: str = ""


@dataclass(frozen=True)
class Difference:
    """A field of the front matter that differs, with the rows that tell how."""

    name: str
    label: str
    told: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Value:
    """A field of a text with what stands in it, an entry a line; `ids` name the lines."""

    label: str
    lines: tuple[str, ...]
    ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Moment:
    """One entry of a history: what happened, when, by whom, why, and where to read it.

    `name` is that of the text, "" where the document was removed; `subject` is the document where
    several are listed. `old` and `new` tell which of the entries are chosen to be compared.
    `saves` lead to the texts that were saved just before, in the same sitting, `review_url` to
    what was said of the text before it was published.
    """

    name: str
    url: str
    when: str
    iso: str
    who: str
    what: str
    tone: str
    message: str
    current: bool = False
    draft: bool = False
    compare_url: str = ""
    old: bool = False
    new: bool = False
    subject: Link = NOTHING
    saves: tuple[Link, ...] = ()
    review_url: str = ""


@dataclass(frozen=True)
class Move:
    """Something that one may do with a draft: a button that sends a form to `url`."""

    name: str
    label: str
    url: str
    chief: bool = False


@dataclass(frozen=True)
class Section:
    """Entries that belong together, under a heading."""

    title: str
    moments: tuple[Moment, ...] = ()


@dataclass(frozen=True)
class Place:
    """A place that two people changed: what each of them made of it, beside what was there.

    `id` names it in the form; `both` tells whether both can stand there; `choice` is what is
    chosen already, `text` what stands in the box, which shows `rows` lines, `raw` where that is
    written as in the file.
    """

    id: str
    label: str
    base: str
    theirs: tuple[Run, ...]
    mine: tuple[Run, ...]
    both: bool
    choice: str
    text: str
    raw: bool
    rows: int
    wrong: str = ""
