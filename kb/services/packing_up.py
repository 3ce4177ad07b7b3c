"""Making packs: begun from cases or from another pack, cases found for them, texts taken anew."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from indexer.document import Document, edited_text, parse
from indexer.errors import NoSuchDocument, UnreadableHead
from indexer.hits import Hit
from indexer.library import Library
from indexer.pack import Item, Section, sections_front
from indexer.query import Query
from indexer.values import Key
from kb.access import Person, may, require
from kb.records.journal import OPEN, Draft, NoSuchRevision
from kb.records.secret_links import SecretLink
from kb.services import editing
from kb.services.comparing import Comparison, compare
from kb.services.desk import Desk
from kb.services.gathering import Gathered, gather
from kb.services.languages import in_language
from kb.services.packs import ReadPack, counted, read_text
from kb.services.pinning import text_of_pin
from kb.services.search import near
from kb.services.sharing import shares

#: Cases shown of those that answer while a pack is made, and those that a new pack begins with.
FOUND = 8
MOST = 30


def looked_at(desk: Desk, person: Person, document: Document, draft: Draft) -> ReadPack | None:
    """What became of the cases of a pack, as a text of its draft has them; None of other kinds."""
    if document.key.kind != "pack":
        return None
    read = read_text(desk, person, draft.key, document.text, draft)
    return counted(desk, read) if any(item.changed for item in read.items) else read


def find_cases(library: Library, person: Person, text: str, lang: str = "") -> tuple[Hit, ...]:
    """The cases that answer `text`, or come nearest to it, told in `lang` where they can be."""
    require(person, "write")
    return in_language(library, near(library, text, person, FOUND), lang)


def links_of(desk: Desk, person: Person, draft: Draft) -> tuple[SecretLink, ...] | None:
    """The secret links to a draft that lead somewhere; None where the person may make none."""
    may_share = draft.kind == "pack" and draft.state in OPEN and may(person, "share-draft", draft)
    if not may_share:
        return None
    return tuple(one for one in shares(desk, person, draft.token) if one.revoked_at is None)


# Begun ---------------------------------------------------------------------------------------


def cases_for(library: Library, slugs: Iterable[str], asked: Query, person: Person) -> Gathered:
    """The cases that a new pack can begin with: those named, else those that answer a search.

    Raises NotAllowed, SignInNeeded.
    """
    require(person, "write")
    named = tuple(slugs)[:MOST]
    if not named and (asked.text or asked.facets):
        found = library.search(asked.replace(page=1), ("case",), per_page=MOST)
        named = tuple(hit.key.slug for hit in found.hits)
    return gather(library, named, person)


def first_sections(title: str, slugs: Iterable[str]) -> dict[str, Any]:
    """The front matter of a new pack: one section with these cases, each in its latest text."""
    return {"sections": sections_front([Section(title, "", tuple(map(Item, slugs)))])}


def fork(desk: Desk, person: Person, key: Key, title: str) -> Draft:
    """Begin a pack of one's own, called `title`, with all of a public one, which it names.

    Raises NoSuchDocument, NotAllowed, SignInNeeded.
    """
    require(person, "write")
    public = editing.public_now(desk, key)
    if public is None or not public.hash:
        raise NoSuchDocument(f"there is no pack {key.slug} {key.lang}".strip())
    document = parse(key, public.text, desk.library.vocabularies)
    anew = dict.fromkeys(
        ("status", "status_reason", "published", "updated", "aliases", "translation_of")
    )
    origin = {"slug": key.slug, "revision": public.hash}
    lang = document.lang
    text = edited_text(document, {**anew, "title": title, "lang": lang, "origin": origin})
    return editing.begin(desk, person, None, "pack", text)


# Texts taken anew ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Since:
    """What happened to a case since the text of it that a pack shows.

    `case` is its name in the pack, `key` is the file whose text it was, `newest` names its text
    today.
    """

    draft: Draft
    case: str
    key: Key
    title: str
    lang: str
    revision: str
    newest: str
    comparison: Comparison


def since(desk: Desk, person: Person, token: str, case: str, revision: str) -> Since:
    """What lies between the text of a case that a draft of a pack shows and today's.

    Raises NoSuchDraft, NoSuchRevision, NotAllowed, SignInNeeded.
    """
    draft = editing.open_draft(desk, person, token)
    read = read_text(desk, person, draft.key, draft.text, draft)
    shown = (case, revision)
    item = next((one for one in read.items if (one.item.case, one.revision) == shown), None)
    old = text_of_pin(desk, case, revision)
    if item is None or old is None or not item.newest:
        raise NoSuchRevision(revision)
    new = desk.library.store.read(item.key)
    between = compare("case", old, new)
    return Since(draft, case, item.key, item.title, item.lang, revision, item.newest, between)


def repin(desk: Desk, person: Person, token: str, found: Since) -> Draft:
    """Let the draft show today's text of a case instead of an older one, and save it.

    Raises what `kb.services.editing.save` does.
    """
    document = parse(found.draft.key, found.draft.text)
    old = document.front.get("sections")
    sections = _repinned(old, found.case, found.revision, found.newest)
    try:
        text = edited_text(document, {"sections": sections})
    except UnreadableHead:
        text = document.text
    return editing.save(desk, person, token, text, found.draft.hash)


def _repinned(value: Any, case: str, old: str, new: str) -> Any:
    """The sections with another text of a case; all that stands beside it stays."""
    if isinstance(value, list):
        return [_repinned(one, case, old, new) for one in value]
    if not isinstance(value, dict):
        return value
    if value.get("case") == case and value.get("revision") == old:
        return {**value, "revision": new}
    return {name: _repinned(one, case, old, new) if name in ("items", "sections") else one
            for name, one in value.items()}  # fmt: skip
