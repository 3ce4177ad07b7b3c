"""The texts of cases that packs keep beside them: written when a case moves on, gone with its pin.

A pack that pins a text of a case is complete without the journal: while the file of the case still
has that text nothing is kept, afterwards it lies in content/packs/<slug>/pinned/<revision>.md.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

from indexer.document import Document
from indexer.errors import BadSlug, IndexMissing, NoSuchDocument
from indexer.head import read, split
from indexer.pack import pack_of, pins_in
from indexer.store import Store
from indexer.validation import Finding, problems
from indexer.values import Key, Problem, revision_of
from kb.records import journal
from kb.records.journal import Revision
from kb.services.desk import Desk
from kb.services.differences import Difference
from kb.services.media import is_withdrawn

log = logging.getLogger("kb")


class Pin(NamedTuple):
    """That a public pack pins a text of a case."""

    pack: str
    case: str
    revision: str


# What packs pin ------------------------------------------------------------------------------


def pins(store: Store, coming: Revision | None = None) -> set[Pin]:
    """Give what the packs in the files pin, that of `coming` as it will be."""
    found: set[Pin] = set()
    keys = {*store.keys("pack"), *([coming.key] if coming and coming.kind == "pack" else [])}
    for key in keys:
        if coming is not None and key == coming.key:
            text = coming.text
        else:
            try:
                text = store.read(key)
            except NoSuchDocument:
                continue  # it went away just now
        found |= {Pin(key.slug, case, revision) for case, revision in pins_in(text)}
    return found


def text_of_pin(desk: Desk, case: str, revision: str) -> str | None:
    """Give the text of a case with a revision: what the journal has, else what a pack keeps.

    Packs that pin the same text of the same case may keep one that the journal never had, as in a
    new clone. None where there is no such text that was ever public.
    """
    with desk.database.reading() as connection:
        row = journal.text_of_case(connection, case, revision)
    if row is not None:
        return row.text
    store = desk.library.store
    for pin in sorted(pins(store)):
        if pin[1:] == (case, revision):
            try:
                return store.pinned(pin.pack, revision)
            except NoSuchDocument:
                continue
    return None


def require_pins(desk: Desk, document: Document) -> tuple[Problem, ...]:
    """Give a problem for each item of a pack that pins a text which was never public."""
    if document.key.kind != "pack":
        return ()
    found = []
    files = Files(desk.library.store)
    for number, section in enumerate(pack_of(document.front).sections):
        for place, item in enumerate(section.items):
            if not item.pinned or item.revision in files.revisions(item.case):
                continue
            if text_of_pin(desk, item.case, item.revision) is None:
                where = ("sections", number, "items", place, "revision")
                said = f"{item.case} never had the revision {item.revision}: choose one that it"
                found.append(Finding(where, f"{said} had, or latest"))
    return tuple(problems(found, read(split(document.text).head)))


class Files:
    """What the files of cases have now, or will have once `coming` is published.

    Each is read once.
    """

    def __init__(self, store: Store, coming: Revision | None = None) -> None:
        self._store = store
        self._texts: dict[Key, str] = {coming.key: coming.text} if coming is not None else {}
        self._withdrawn: dict[Key, bool] = {}
        self._langs: dict[str, list[str]] = {}
        for key in {*store.keys("case"), *self._texts}:
            self._langs.setdefault(key.slug, []).append(key.lang)

    def revisions(self, slug: str) -> set[str]:
        """Give the revisions of a case and its translations."""
        texts = (self._text(Key("case", slug, lang)) for lang in self._langs.get(slug, ()))
        return {revision_of(text) for text in texts if text}

    def withdrawn(self, slug: str, lang: str = "") -> bool:
        """Tell whether a case, or its text in a language, is for nobody any more."""
        return any(self._is_withdrawn(Key("case", slug, one)) for one in {"", lang})

    def _is_withdrawn(self, key: Key) -> bool:
        if key not in self._withdrawn:
            self._withdrawn[key] = is_withdrawn(self._text(key))
        return self._withdrawn[key]

    def _text(self, key: Key) -> str:
        if key not in self._texts:
            try:
                self._texts[key] = self._store.read(key)
            except (NoSuchDocument, BadSlug):
                self._texts[key] = ""
        return self._texts[key]


# Keeping and letting go ----------------------------------------------------------------------


def keep(desk: Desk, coming: Revision | None = None) -> list[Path]:
    """Write what packs pin and no file of a case has, once `coming` is public; give the files.

    What is there already is given too, where it is a pack's that is being published. It can be done
    again without harm. What is nowhere is passed over; raises OSError.
    """
    store, written = desk.library.store, list[Path]()
    files = Files(store, coming)
    texts: dict[Pin, str | None] = {}  # of each case and revision, whatever pack pins it
    for pin in sorted(pins(store, coming)):
        if not _touched(desk, pin, coming) or pin.revision in files.revisions(pin.case):
            continue
        same = pin._replace(pack="")
        if same not in texts:
            texts[same] = _keepable(desk, pin, files)
        text = texts[same]
        if text is not None:
            store.add_pinned(pin.pack, text)
            written.append(store.pinned_path(pin.pack, pin.revision))
    return written


def _keepable(desk: Desk, pin: Pin, files: Files) -> str | None:
    """Give the text of a pin, None where it is nowhere or of a case that was withdrawn."""
    text = text_of_pin(desk, pin.case, pin.revision)
    if text is None:
        log.warning("pack %s pins of %s the text %s, which is nowhere", *pin)
        return None
    return None if files.withdrawn(_today(desk, pin.case), _lang(text)) else text


def let_go(desk: Desk, coming: Revision | None = None) -> list[Path]:
    """Remove what is kept for no pack, or is a text of a case that was withdrawn.

    Gives what the files were. Nothing happens where `coming` is neither a case nor a pack.
    """
    if coming is not None and coming.kind == "page":
        return []
    store = desk.library.store
    files = Files(store)
    wanted = {(pin.pack, pin.revision): pin for pin in pins(store)}
    gone: list[Path] = []
    over: dict[Pin, bool] = {}  # of each case and revision: whether it was withdrawn
    for slug in store.packs_with_pinned():
        for revision in sorted(store.pinned_names(slug)):
            pin = wanted.get((slug, revision))
            same = pin._replace(pack="") if pin else None
            if pin and same and same not in over:
                over[same] = _gone_for_all(desk, files, pin)
            if same is None or over[same]:
                removed = store.remove_pinned(slug, revision)
                gone += [removed] if removed else []
    return gone


def forget(desk: Desk, revisions: Collection[str]) -> list[Path]:
    """Remove texts that may not be kept, whoever pins them; give what the files were."""
    store, gone = desk.library.store, list[Path]()
    for slug in store.packs_with_pinned():
        for revision in sorted(store.pinned_names(slug) & set(revisions)):
            removed = store.remove_pinned(slug, revision)
            gone += [removed] if removed else []
    return gone


def mend(desk: Desk) -> list[str]:
    """Bring what packs keep in order with their texts, and tell in words what was done.

    So it is needed where cases and packs were changed by hand.
    """
    store = desk.library.store
    before = {(slug, one) for slug in store.packs_with_pinned() for one in _whole(store, slug)}
    keep(desk)
    let_go(desk)
    after = {(slug, one) for slug in store.packs_with_pinned() for one in _whole(store, slug)}
    told = [f"pack/{slug}: keeps {one}, which its case has left" for slug, one in after - before]
    told += [f"pack/{slug}: keeps {one} no more" for slug, one in before - after]
    return sorted(told)


def _whole(store: Store, slug: str) -> Iterator[str]:
    for revision in store.pinned_names(slug):
        try:
            store.pinned(slug, revision)
        except NoSuchDocument:
            continue
        yield revision


def _touched(desk: Desk, pin: Pin, coming: Revision | None) -> bool:
    """Whether a pin may need its text because of what is being published."""
    if coming is None:
        return True
    if coming.kind == "pack":
        return pin.pack == coming.slug
    return coming.kind == "case" and coming.slug in (pin.case, _today(desk, pin.case))


def _gone_for_all(desk: Desk, files: Files, pin: Pin) -> bool:
    try:
        text = desk.library.store.pinned(pin.pack, pin.revision)
    except NoSuchDocument:
        return False  # another text than its name says: `keep` writes it anew
    return files.withdrawn(_today(desk, pin.case), _lang(text))


def _lang(text: str) -> str:
    """Give the language by which the file of a text is called, "" for an original."""
    values = read(split(text).head).values
    return str(values.get("lang") or "") if values.get("translation_of") else ""


def _today(desk: Desk, case: str) -> str:
    """Give the name of a case today."""
    try:
        return desk.library.find_alias("case", case) or case
    except IndexMissing:
        return case


def _called_once(store: Store, case: str) -> Iterator[str]:
    """Yield the cases that say of themselves that they had this name, by their files."""
    for key in store.keys("case"):
        try:
            head = split(store.read(key)).head
        except NoSuchDocument:
            continue
        if case in head and case in (read(head).values.get("aliases") or ()):
            yield key.slug


# Looking at them -----------------------------------------------------------------------------


def differences(store: Store) -> Iterator[Difference]:
    """Give what does not agree between what packs pin and what they keep."""
    files = Files(store)
    wanted = {(pin.pack, pin.revision): pin for pin in pins(store)}
    for (slug, revision), pin in sorted(wanted.items()):
        if revision in files.revisions(pin.case) or files.withdrawn(pin.case):
            continue
        try:
            store.pinned(slug, revision)
        except NoSuchDocument:
            if any(files.withdrawn(name) for name in _called_once(store, pin.case)):
                continue
            detail = f"pins {revision} of {pin.case}, a text that nobody keeps beside it"
            yield Difference("packs", f"pack/{slug}", detail, "kb sync")
    for slug in store.packs_with_pinned():
        whole = set(_whole(store, slug))
        for revision in sorted(store.pinned_names(slug)):
            found = wanted.get((slug, revision))
            if revision not in whole:
                detail = f"keeps another text under {revision} than its name says"
            elif found is None:
                detail = f"keeps {revision}, which it does not pin"
            elif files.withdrawn(found.case):
                detail = f"keeps {revision} of {found.case}, which was withdrawn"
            else:
                continue
            yield Difference("packs", f"pack/{slug}", detail, "kb sync")
