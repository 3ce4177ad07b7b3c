"""The pieces that pages are made of, each a frozen dataclass.

Texts are in the reader's language unless a `lang` stands beside them.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True)
class Link:
    """A way to another page; `note` is said beside it, `current` when one is already there."""

    label: str
    url: str = ""
    note: str = ""
    current: bool = False
    lang: str = ""


@dataclass(frozen=True)
class Mark:
    """A judgement told by word, colour and shape: `tone` is good, neutral or warning."""

    label: str
    tone: str = "neutral"


@dataclass(frozen=True)
class Segment:
    """A run of text, marked when it holds the words that matched."""

    text: str
    marked: bool = False


@dataclass(frozen=True)
class FoundCase:
    """A case in a list. `reason_*` tell why it was found; empty where nothing was asked.

    The snippet may be of a translation, and so in another language than the title.
    """

    url: str
    title: str
    lang: str
    facts: tuple[str, ...]
    snippet: tuple[Segment, ...]
    snippet_lang: str
    outcome: Mark | None
    evidence: str
    themes: str
    reason_meaning: bool = False
    reason_words: tuple[str, ...] = ()
    reason_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Option:
    """One value that can be ticked or chosen in a form; `id` is unique on the page."""

    id: str
    value: str
    label: str
    count: str = ""
    selected: bool = False
    muted: bool = False
    depth: int = 0


@dataclass(frozen=True)
class FacetPanel:
    """A facet: the options seen at once, those behind "more", and how values combine."""

    name: str
    title: str
    options: tuple[Option, ...]
    more: tuple[Option, ...]
    modes: tuple[Option, ...]
    folded: bool


@dataclass(frozen=True)
class Turning:
    """The way through several pages of results."""

    before: str
    after: str
    numbers: tuple[Link, ...]


@dataclass(frozen=True)
class TermRow:
    """A term in a list of terms, with its number of cases."""

    label: str
    url: str
    count: str
    definition: str = ""
    depth: int = 0
    empty: bool = False


@dataclass(frozen=True)
class Explained:
    """A term of the glossary, its definition in English; `id` is where it can be pointed at."""

    id: str
    label: str
    expansion: str
    definition: str
    others: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Fact:
    """One row of the fact box: a name and one or more values, each a link where it leads on."""

    name: str
    values: tuple[Link, ...]
    mark: Mark | None = None
    inline: bool = False


@dataclass(frozen=True)
class Goal:
    """A development goal or line of action that a case serves, and why."""

    number: str
    label: str
    url: str
    why: str


@dataclass(frozen=True)
class Bar:
    """One bar of a chart; `width` is in per cent of the drawing's width."""

    label: str
    value: str
    width: str
    latest: bool
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Figure:
    """One stated result as words."""

    indicator: str
    value: str
    when: str
    compared: str
    counted_by: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Chart:
    """Figures that may stand in one chart, and the same as rows for the table behind it."""

    title: str
    note: str
    bars: tuple[Bar, ...]
    rows: tuple[Figure, ...]


@dataclass(frozen=True)
class Part:
    """A section of a case. `failure` is told in its own frame; `figures` stand under this one."""

    id: str
    heading: Markup
    body: Markup
    failure: bool = False
    figures: bool = False


@dataclass(frozen=True)
class Replication:
    """Somebody else who did the same."""

    place: Link
    when: str
    note: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """A law, strategy or standard that made the case possible."""

    title: str
    url: str
    kind: str
    facts: str


@dataclass(frozen=True)
class Source:
    """A numbered source; `backs` are the ids of the places in the text that refer to it."""

    id: str
    title: str
    url: str
    publisher: str
    backs: tuple[str, ...]


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
    `saves` lead to the texts that were saved just before, in the same sitting.
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
    subject: Link = Link("")
    saves: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Move:
    """Something that one may do with a draft: a button that sends a form to `url`."""

    name: str
    label: str
    url: str
    chief: bool = False


@dataclass(frozen=True)
class Waiting:
    """A draft in the queue."""

    title: str
    lang: str
    url: str
    compare_url: str
    kind: str
    state: Mark
    who: str
    age: str
    iso: str
    told: str
    note: str
    outdated: bool
    moves: tuple[Move, ...]


@dataclass(frozen=True)
class Section:
    """Entries that belong together, under a heading."""

    title: str
    moments: tuple[Moment, ...] = ()
    waiting: tuple[Waiting, ...] = ()


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


@dataclass(frozen=True)
class FormField:
    """One question of a form. `kind` is the type of its input, or radio, select or checkbox."""

    name: str
    label: str
    kind: str = "text"
    value: str = ""
    hint: str = ""
    error: str = ""
    autocomplete: str = "off"
    options: tuple[Option, ...] = ()


@dataclass(frozen=True)
class Hidden:
    """What a form sends without asking."""

    name: str
    value: str


@dataclass(frozen=True)
class SessionRow:
    """Where somebody is signed in, with the address that ends it."""

    browser: str
    facts: str
    current: bool
    end_url: str


@dataclass(frozen=True)
class PersonRow:
    """Somebody who has an account, and what an administrator may do."""

    name: str
    email: str
    facts: str
    disabled: bool
    second_step: bool
    own: bool
    roles: tuple[Option, ...]
    url: str


@dataclass(frozen=True)
class DraftRow:
    """A draft in the list of somebody's work."""

    title: str
    lang: str
    url: str
    state: Mark
    kind: str
    owner: str
    when: str
    iso: str
    note: str


@dataclass(frozen=True)
class Pile:
    """Drafts with which the same is to be done."""

    title: str
    rows: tuple[DraftRow, ...]


@dataclass(frozen=True)
class InvitationRow:
    """An invitation that was not taken yet, with the address that takes it back."""

    email: str
    facts: str
    url: str


@dataclass(frozen=True)
class Site:
    """What stands around every page: names, ways, and the choices of the visitor.

    `person` is the name of whoever is signed in, "" for visitors; `own` are their ways; `token` is
    what the forms of the page must carry.
    """

    name: str
    logo: str
    lang: str
    direction: str
    theme: str
    themes: tuple[Option, ...]
    languages: tuple[Link, ...]
    nav: tuple[Link, ...]
    foot: tuple[Link, ...]
    here: str
    person: str
    own: tuple[Link, ...]
    token: str
