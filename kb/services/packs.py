"""Reading packs: each item with the text of its case that the trainer chose, and its state today.

A public pack is read from the index and from the texts that it keeps beside it, so that visitors
need no database; a draft may also pin what the journal alone still has.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from itertools import count
from typing import Any

from indexer.case import jsonable
from indexer.document import parse
from indexer.errors import BadSlug, NoSuchDocument
from indexer.hits import Results
from indexer.library import Library
from indexer.pack import Item, Pack, pack_of, sections_front
from indexer.query import Query
from indexer.store import check_slug
from indexer.values import Key, revision_of
from kb.access import Person, may, require
from kb.records import journal
from kb.records.journal import Draft, NoSuchDraft, NoSuchRevision
from kb.services import metering
from kb.services.desk import Desk
from kb.services.languages import in_language
from kb.services.pinning import text_of_pin
from kb.services.reading import GONE, Moved, day_of, withdrawn

PER_PAGE = 20
#: What may be wrong with an item, beside that its case has changed.
WITHDRAWN, ARCHIVED, REMOVED, MISSING = "withdrawn", "archived", "removed", "missing"
#: Texts of cases that are kept ready after they were read once.
_READY = 256


class NoSuchPack(LookupError):
    """There is no pack of this name, or not in this language, or it has no such item."""


@dataclass(frozen=True)
class ReadItem:
    """An item of a pack with the text of its case.

    `number` counts from 1 through the whole pack. `key` is the file whose text is shown, `revision`
    names that text and `newest` the one that the file has now, "" where it is gone. `state` is "",
    withdrawn (nobody is shown a text), archived, removed (the file is gone) or missing (there is no
    such text); `reason` is what editors say of it. `changes` is the number of public changes since
    the text that is pinned, 0 before `counted`. `translation` is the language of the pack where the
    case can be had in it and another text is shown; `behind` tells that the text is a translation
    of an older original.
    """

    number: int
    item: Item
    key: Key
    lang: str
    front: Mapping[str, Any] = field(default_factory=dict)
    body: str = ""
    revision: str = ""
    newest: str = ""
    changes: int = 0
    state: str = ""
    reason: str = ""
    translation: str = ""
    behind: bool = False
    name: str = ""  # the title where there is no text

    @property
    def title(self) -> str:
        """What its case is called."""
        return str(self.front.get("title") or "") or self.name or self.key.slug

    @property
    def shown(self) -> bool:
        """Whether it has a text."""
        return bool(self.front)

    @property
    def changed(self) -> bool:
        """Whether it is pinned and its case has changed since."""
        return self.item.pinned and bool(self.newest) and self.revision != self.newest

    @property
    def warns(self) -> bool:
        """Whether its trainer should look at it."""
        return bool(self.state or self.changed or self.translation or self.behind)

    @property
    def as_of(self) -> date | None:
        """The day of the last change of the text that is shown."""
        return day_of(self.front.get("updated") or self.front.get("published"))


@dataclass(frozen=True)
class ReadSection:
    """A part of a pack with the texts of its cases."""

    title: str
    intro: str
    items: tuple[ReadItem, ...]

    @property
    def minutes(self) -> int:
        """The minutes of its items together."""
        return sum(one.item.minutes or 0 for one in self.items)


@dataclass(frozen=True)
class ReadPack:
    """A pack as it is read, with the texts of all its cases.

    `languages`, `made_from` and `original` are as those of `kb.services.reading.Reading`. `notes`
    tells whether teaching notes are for who reads; where not, none is in it. `draft` is None for
    what is public.
    """

    key: Key
    lang: str
    pack: Pack
    revision: str
    front: Mapping[str, Any]
    sections: tuple[ReadSection, ...]
    notes: bool
    languages: tuple[tuple[str, str], ...] = ()
    made_from: str = ""
    original: str = ""
    draft: Draft | None = None

    @property
    def public(self) -> bool:
        """Whether everybody may read it."""
        return self.draft is None

    @property
    def behind(self) -> bool:
        """Whether it is a translation that was made from an older text than today's original."""
        return bool(self.made_from and self.original) and self.made_from != self.original

    @property
    def published(self) -> date | None:
        """The day on which it was first public."""
        return day_of(self.front.get("published"))

    @property
    def updated(self) -> date | None:
        """The day of its last change."""
        return day_of(self.front.get("updated") or self.front.get("published"))

    @property
    def items(self) -> tuple[ReadItem, ...]:
        """All items in their order."""
        return tuple(item for section in self.sections for item in section.items)

    @property
    def minutes(self) -> int:
        """The minutes of all items together."""
        return self.pack.minutes

    @property
    def warnings(self) -> tuple[ReadItem, ...]:
        """The items that its trainer should look at."""
        return tuple(item for item in self.items if item.warns)

    @property
    def fingerprint(self) -> str:
        """Twelve hex digits that name all that is read: the pack, the texts of its cases, notes.

        A pack that follows its cases changes without a new revision; what is made of it is kept
        under this name.
        """
        texts = (f"{one.key} {one.revision} {one.state} {one.reason}" for one in self.items)
        told = "\n".join([*self.key, self.revision, str(self.notes), *texts])
        return hashlib.sha256(told.encode()).hexdigest()[:12]

    def item(self, number: int) -> ReadItem:
        """Its item with a number, from 1; raises NoSuchPack."""
        found = next((one for one in self.items if one.number == number), None)
        if found is None:
            raise NoSuchPack(f"{self.key.slug} {number}")
        return found


@dataclass(frozen=True)
class PackCard:
    """A pack in a list."""

    key: Key
    lang: str
    title: str
    summary: str
    audience: str
    level: str
    minutes: int
    duration: str
    length: str
    cases: int


# Reading -------------------------------------------------------------------------------------


def read_pack(library: Library, person: Person, slug: str, lang: str = "") -> ReadPack:
    """The public pack `slug`, its original where `lang` is "".

    It opens no database. Raises NoSuchPack, Moved, CaseWithdrawn.
    """
    require(person, "read")
    original = _record(library, Key("pack", slug))
    key = Key("pack", slug, lang)
    record = _record(library, key) if lang else original
    if record is None or original is None:
        raise _missing(library, slug, lang)
    for front in (original["front"], record["front"]):
        if front.get("status") in GONE:
            raise withdrawn(key, front)

    def kept(_: str, revision: str) -> str | None:
        try:
            return library.store.pinned(slug, revision)
        except NoSuchDocument:
            return None

    read = _read(library, key, record, kept, sees=_sees(person))
    of = (record["front"].get("translation_of") or {}) if lang else {}
    languages = library.languages_of("pack", slug)
    return replace(
        read,
        languages=tuple((code, _lang(original["front"], code)) for code in languages),
        made_from=str(of.get("revision") or ""),
        original=original["revision"],
    )


def read_draft(desk: Desk, person: Person, token: str) -> ReadPack:
    """The pack that a draft is to become. Raises NoSuchDraft, NotAllowed, SignInNeeded."""
    with desk.database.reading() as connection:
        draft = journal.draft(connection, token)
    if draft.kind != "pack":
        raise NoSuchDraft(token)
    require(person, "see-draft", draft)
    return read_text(desk, person, draft.key, draft.text, draft)


def read_text(
    desk: Desk, person: Person, key: Key, text: str, draft: Draft | None = None
) -> ReadPack:
    """A text as the pack that it would be, also with what the journal alone has of its cases."""
    document = parse(key, text)
    record = {
        "front": jsonable(document.front),
        "body": document.body,
        "revision": document.revision,
    }

    def kept(case: str, revision: str) -> str | None:
        return text_of_pin(desk, case, revision)

    return replace(_read(desk.library, key, record, kept, sees=_sees(person, draft)), draft=draft)


def _sees(person: Person, draft: Draft | None = None) -> Callable[[Pack], bool]:
    return lambda pack: pack.everyone or may(person, "see-notes", draft)


def counted(desk: Desk, read: ReadPack) -> ReadPack:
    """The same pack, with how often each case was changed since the text that is pinned."""
    with desk.database.reading() as connection:

        def looked_at(item: ReadItem) -> ReadItem:
            if not item.changed:
                return item
            try:
                changes = journal.changes_after(connection, item.key, item.revision)
            except NoSuchRevision:
                changes = 1  # by hand, from a text that the journal never had
            return replace(item, changes=max(1, changes))

        sections = (replace(one, items=tuple(map(looked_at, one.items))) for one in read.sections)
        return replace(read, sections=tuple(sections))


def without_notes(read: ReadPack) -> ReadPack:
    """The same pack as participants get it, without a word to teachers."""
    sections = (
        replace(one, items=tuple(replace(i, item=replace(i.item, note="")) for i in one.items))
        for one in read.sections
    )
    pack = replace(
        read.pack,
        sections=tuple(
            replace(one, items=tuple(replace(item, note="") for item in one.items))
            for one in read.pack.sections
        ),
    )
    front = {**read.front, "sections": sections_front(pack.sections)}
    return replace(read, front=front, sections=tuple(sections), pack=pack, notes=False)


# Its items -----------------------------------------------------------------------------------

#: From the name of a case and a revision to the text that has it, None where it is nowhere.
Kept = Callable[[str, str], str | None]


def _read(
    library: Library,
    key: Key,
    record: Mapping[str, Any],
    kept: Kept,
    *,
    sees: Callable[[Pack], bool],
) -> ReadPack:
    """A pack with the texts of its cases; `sees` tells whether its teaching notes may be seen."""
    front = record["front"]
    pack = pack_of(front, record["body"], key.lang)
    numbers = count(1)
    sections = tuple(
        ReadSection(
            one.title,
            one.intro,
            tuple(_item(library, next(numbers), item, pack.lang, kept) for item in one.items),
        )
        for one in pack.sections
    )
    read = ReadPack(key, pack.lang, pack, record["revision"], front, sections, notes=True)
    return read if sees(pack) else without_notes(read)


def _item(library: Library, number: int, item: Item, lang: str, kept: Kept) -> ReadItem:
    slug = library.find_alias("case", item.case) or item.case
    original = _record(library, Key("case", slug))
    state, reason = _standing(original)
    name = str(original["front"].get("title") or "") if original else ""
    bare = ReadItem(number, item, Key("case", slug), lang, state=state, reason=reason, name=name)
    if state == WITHDRAWN:
        return bare
    files = {code: _record(library, Key("case", slug, code))
             for code in library.languages_of("case", slug)}  # fmt: skip
    spoken = {_lang(one["front"], code): code for code, one in files.items()
              if one is not None and one["front"].get("status") not in GONE}  # fmt: skip
    found = _pinned(files, slug, item, kept) if item.pinned else _newest(files, spoken, slug, lang)
    if found is None:
        gone = next((told for told in map(_standing, files.values()) if told[0] == WITHDRAWN), None)
        state, reason = gone or (state if state == ARCHIVED else MISSING, reason)
        return replace(bare, state=state, reason=reason)
    key, text = found
    now = files.get(key.lang)
    state, reason = _standing(now) if now is not None and not state else (state, reason)
    if state == WITHDRAWN:  # the translation alone was
        return replace(bare, key=key, state=state, reason=reason)
    shown = _lang(text["front"], key.lang)
    of = text["front"].get("translation_of") or {}
    made_from = str(of.get("revision") or "") if key.lang and isinstance(of, Mapping) else ""
    return replace(
        bare,
        key=key,
        state=state,
        reason=reason,
        lang=shown,
        front=text["front"],
        body=text["body"],
        revision=text["revision"],
        newest=now["revision"] if now is not None else "",
        translation=lang if lang in spoken and shown != lang else "",
        behind=bool(original and made_from) and made_from != (original or {})["revision"],
    )


def _standing(original: Mapping[str, Any] | None) -> tuple[str, str]:
    """What became of a case, and what its editors say of it."""
    if original is None:
        return REMOVED, ""
    front = original["front"]
    status = str(front.get("status") or "")
    return (status, str(front.get("status_reason") or "")) if status in GONE else ("", "")


def _newest(
    files: Mapping[str, Mapping[str, Any] | None], spoken: Mapping[str, str], slug: str, lang: str
) -> tuple[Key, Mapping[str, Any]] | None:
    """The text of a case as it is now: in the language of the pack, else the original."""
    code = spoken.get(lang, "")
    record = files.get(code)
    return (Key("case", slug, code), record) if record is not None else None


def _pinned(
    files: Mapping[str, Mapping[str, Any] | None], slug: str, item: Item, kept: Kept
) -> tuple[Key, Mapping[str, Any]] | None:
    """The text of a case that is pinned: that of a file, else the one that is kept."""
    for code, record in files.items():
        if record is not None and record["revision"] == item.revision:
            return Key("case", slug, code), record
    text = kept(item.case, item.revision)
    if text is None:
        return None
    lang, record = _as_record(text)
    return Key("case", slug, lang), record


@lru_cache(_READY)
def _as_record(text: str) -> tuple[str, Mapping[str, Any]]:
    """The language by which the file of a text was called, and the text as the index keeps it."""
    document = parse(Key("case", "pinned"), text)
    front = jsonable(document.front)
    lang = str(front.get("lang") or "") if front.get("translation_of") else ""
    return lang, {"front": front, "body": document.body, "revision": revision_of(text)}


# Lists ---------------------------------------------------------------------------------------


def find_packs(library: Library, query: Query, person: Person, lang: str = "") -> Results:
    """The public packs that answer `query`, one page of them, told in `lang` where they can be.

    They are counted by the facets of their cases, and by their own.
    """
    require(person, "read")
    found = library.search(query, ("pack",), per_page=PER_PAGE)
    metering.search(found.total)
    hits, nearest = (in_language(library, some, lang) for some in (found.hits, found.nearest))
    return replace(found, hits=hits, nearest=nearest)


def packs_with(library: Library, slug: str, reads: str = "") -> tuple[PackCard, ...]:
    """The public packs that use a case, in the order of their titles.

    They are told in the language that somebody `reads`, where they have been translated to it.
    """
    return tuple(_cards(library, library.packs_with(slug), reads))


def _cards(library: Library, slugs: Iterable[str], reads: str) -> Iterable[PackCard]:
    for slug in slugs:
        for key in (Key("pack", slug, reads), Key("pack", slug)):
            record = library.get(key)
            if record is not None and record["front"].get("status") not in GONE:
                yield card_of(key, record["front"])
                break


def card_of(key: Key, front: Mapping[str, Any]) -> PackCard:
    """A pack in a list, from its front matter."""
    pack = pack_of(front, "", key.lang)
    return PackCard(
        key, pack.lang, pack.title or key.slug, pack.summary, pack.audience, pack.level,
        pack.minutes, pack.duration, pack.length, len(pack.cases),
    )  # fmt: skip


def _record(library: Library, key: Key) -> Mapping[str, Any] | None:
    try:
        check_slug(key.slug)
    except BadSlug:
        return None
    return library.get(key)


def _missing(library: Library, slug: str, lang: str) -> Exception:
    new = library.find_alias("pack", slug)
    if new:
        return Moved(f"/packs/{new}/{lang}" if lang else f"/packs/{new}")
    return NoSuchPack(slug)


def _lang(front: Mapping[str, Any], code: str) -> str:
    return code or str(front.get("lang") or "en")
