"""The history of documents: who changed what, when and why; any two texts compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import Any

import sqlalchemy as sa

from indexer.document import Document, parse
from indexer.errors import BadSlug, NoSuchDocument
from indexer.head import read, split
from indexer.store import FOLDERS, check_slug
from indexer.values import Key
from kb.access import Person, may, require
from kb.records import journal
from kb.records.journal import Draft, NoSuchRevision, Revision
from kb.services.comparing import Comparison
from kb.services.comparing import compare as compare_texts
from kb.services.desk import Desk
from kb.services.media import GONE_FOR_ALL
from kb.services.publishing import STATUSES
from kb.services.reading import Moved, NoSuchCase, withdrawn
from kb.services.verdicts import may_check

PER_PAGE = 100
#: So many rows are read at once when only one is looked for.
_FEW = 8


@dataclass(frozen=True)
class History:
    """A document with its revisions, newest first.

    `current` is the name of the text that is public, "" where none is. `older` is the id to go on
    from, None where the list is complete. `statuses` are those that the person may give it, and
    `reviews` the tokens of published drafts that the person may see, by their numbers.
    """

    key: Key
    title: str
    lang: str
    current: str
    revisions: tuple[Revision, ...]
    older: int | None
    statuses: tuple[str, ...]
    reviews: Mapping[int, str]


@dataclass(frozen=True)
class OneRevision:
    """One text of a document, read.

    `title` is that of the document today, `before` the name of the public text that stood there
    until then, "" for the first. `draft` is the token of the draft that it is a text of, "" for
    what was public.
    """

    key: Key
    title: str
    revision: Revision
    document: Document
    before: str
    current: str
    restorable: bool
    draft: str


@dataclass(frozen=True)
class Compared:
    """Two texts and what lies between them. `old` is None where there was nothing before."""

    key: Key
    title: str
    old: Revision | None
    new: Revision
    current: str
    comparison: Comparison
    restorable: bool


@dataclass(frozen=True)
class DraftCompared:
    """A draft beside what is public of its document, or beside one of its own earlier texts.

    `earlier` is that text, `public` None then; `checkable` tells whether the person may decide.
    """

    draft: Draft
    title: str
    lang: str
    public: Revision | None
    comparison: Comparison
    earlier: Revision | None = None
    checkable: bool = False


@dataclass(frozen=True)
class Change:
    """A change that everybody can see: the revision, and the title that the text had."""

    revision: Revision
    title: str
    lang: str


def read_history(desk: Desk, person: Person, key: Key, before: int | None = None) -> History:
    """The history of a document, a page of it from `before` on.

    Raises NoSuchCase, Moved, CaseWithdrawn.
    """
    with desk.database.reading() as connection:
        current = _require_readable(desk, connection, person, key, "history")
        found = _visible(connection, person, key, before, PER_PAGE + 1)
        shown = found[:PER_PAGE]
        reviews = _reviews(connection, person, shown)
    title, lang = _titled(desk, key, found)
    older = shown[-1].id if len(found) > PER_PAGE else None
    statuses = _statuses(desk, person, key) if current else ()
    return History(key, title, lang, current, shown, older, statuses, reviews)


def _reviews(
    connection: sa.Connection, person: Person, rows: tuple[Revision, ...]
) -> dict[int, str]:
    """The drafts of public texts that the person may see, with the conversation about them."""
    if person.is_visitor:
        return {}
    numbers = {row.draft_id for row in rows if row.event == "published" and row.draft_id}
    drafts = journal.drafts_with(connection, numbers)
    return {draft.id: draft.token for draft in drafts if may(person, "see-draft", draft)}


def revisions_of(desk: Desk, person: Person, key: Key) -> tuple[Revision, ...]:
    """All revisions of a document, newest first; those of drafts for whoever may see the draft.

    Raises NoSuchCase, Moved, CaseWithdrawn.
    """
    with desk.database.reading() as connection:
        _require_readable(desk, connection, person, key, "history")
        return _visible(connection, person, key)


def text_of(desk: Desk, person: Person, key: Key, name: str) -> str:
    """The text with this name. Raises NoSuchRevision, NoSuchCase, Moved, CaseWithdrawn."""
    return read_revision(desk, person, key, name).revision.text


def read_revision(desk: Desk, person: Person, key: Key, name: str) -> OneRevision:
    """One revision of a document by its name.

    Raises NoSuchRevision, NoSuchCase, Moved, CaseWithdrawn.
    """
    with desk.database.reading() as connection:
        current = _require_readable(desk, connection, person, key, f"history/{name}")
        revision = _named(connection, person, key, name)
        before = _before(connection, key, revision)
        draft = _draft_of(connection, revision)
    title, _ = _titled(desk, key, (revision,))
    document = parse(key, revision.text, desk.library.vocabularies)
    restorable = may(person, "write") and name != current
    return OneRevision(
        key, title, revision, document, before.hash if before else "", current, restorable, draft
    )


def _draft_of(connection: sa.Connection, row: Revision) -> str:
    """The token of the draft of a text that was not public, "" for one that was."""
    if row.event in journal.PUBLIC or row.draft_id is None:
        return ""
    return journal.draft_of_id(connection, row.draft_id).token


def compare(desk: Desk, person: Person, key: Key, old: str = "", new: str = "") -> Compared:
    """Two revisions of a document by their names.

    Without `new` that is what is public now; without `old`, what was public before `new`.
    Raises NoSuchRevision, NoSuchCase, Moved, CaseWithdrawn.
    """
    with desk.database.reading() as connection:
        current = _require_readable(desk, connection, person, key, "history")
        after = _named(connection, person, key, new or current)
        before = _named(connection, person, key, old) if old else _before(connection, key, after)
    title, _ = _titled(desk, key, (after,))
    between = compare_texts(key.kind, before.text if before else "", after.text)
    restorable = may(person, "write") and before is not None and before.hash != current
    return Compared(key, title, before, after, current, between, restorable)


def compare_draft(
    desk: Desk, person: Person, token: str, old: str = "", new: str = ""
) -> DraftCompared:
    """A draft beside what is public now, or beside the earlier text of it with the hash `old`.

    `new` is the hash of a text of it that is not the newest, "" for the newest. Raises NoSuchDraft,
    NoSuchRevision, NotAllowed, SignInNeeded.
    """
    with desk.database.reading() as connection:
        draft = journal.draft(connection, token)
        require(person, "see-draft", draft)
        check = may_check(person, draft) and new in ("", draft.hash)
        if new:
            draft = replace(draft, head=_in_draft(connection, draft, new))
        earlier = _in_draft(connection, draft, old) if old else None
        public = journal.public(connection, draft.key) if draft.slug else None
    if earlier is None:
        return replace(beside_public(draft, public), checkable=check)
    between = beside_public(draft, earlier)
    return replace(between, public=None, earlier=earlier, checkable=check)


def _in_draft(connection: sa.Connection, draft: Draft, name: str) -> Revision:
    found = journal.revision_in_draft(connection, draft, name)
    if found is None:
        raise NoSuchRevision(name)
    return found


def beside_public(draft: Draft, public: Revision | None) -> DraftCompared:
    """A draft beside a public text of its document, None where there is none."""
    title, lang = title_of(draft.text)
    between = compare_texts(draft.kind, public.text if public else "", draft.text)
    return DraftCompared(draft, title or draft.slug, lang, public, between)


def recent(desk: Desk, limit: int, before: int | None = None) -> tuple[Change, ...]:
    """The newest public changes of all documents, each with its title."""
    with desk.database.reading() as connection:
        found = journal.recent(connection, limit, before)
    return tuple(Change(row, *_told(row)) for row in found)


@lru_cache(maxsize=256)
def title_of(text: str) -> tuple[str, str]:
    """The title and the language that a text states, "" where it states none that can be read."""
    front = read(split(text).head).values
    title, lang = front.get("title"), front.get("lang")
    return (title if isinstance(title, str) else ""), (lang if isinstance(lang, str) else "")


def _told(row: Revision) -> tuple[str, str]:
    title, lang = title_of(row.text)
    return title or row.slug, lang or row.lang or "en"


def _titled(desk: Desk, key: Key, rows: tuple[Revision, ...]) -> tuple[str, str]:
    """The title of a document as it is in the library, else as its newest text has it."""
    front = _front(desk, key)
    if not front:
        texts = [row for row in rows if row.text]
        return _told(texts[0]) if texts else (key.slug, key.lang or "en")
    return str(front.get("title") or key.slug), str(key.lang or front.get("lang") or "en")


def _require_readable(
    desk: Desk, connection: sa.Connection, person: Person, key: Key, rest: str
) -> str:
    """The name of what is public of a document; "" where nothing is and the person may see that.

    What was withdrawn, or taken away by hand, is read by those alone who may bring it back.
    """
    require(person, "read")
    front = _front(desk, key)
    if front.get("status") == GONE_FOR_ALL and not may(person, "restore"):
        raise withdrawn(key, front)
    public = journal.public(connection, key)
    if public is not None and (public.hash or may(person, "restore")):
        return public.hash
    if not front:
        new = desk.library.find_alias(key.kind, key.slug)
        raise Moved(f"{path_of(key._replace(slug=new))}/{rest}") if new else NoSuchCase(key.slug)
    return str(_record(desk, key)["revision"])


def path_of(key: Key) -> str:
    """The path of a document on the site."""
    path = f"/{FOLDERS[key.kind]}/{key.slug}"
    return f"{path}/{key.lang}" if key.lang else path


def _front(desk: Desk, key: Key) -> Mapping[str, Any]:
    """The front matter of a document as the library has it, empty where it is not there."""
    front: Mapping[str, Any] = _record(desk, key).get("front", {})
    return front


def _statuses(desk: Desk, person: Person, key: Key) -> tuple[str, ...]:
    """What the person may make of a public document: withdrawn, archived, published again."""
    now = _front(desk, key).get("status") or "published"
    return tuple(
        status for status, (action, _) in STATUSES.items() if status != now and may(person, action)
    )


def _record(desk: Desk, key: Key) -> Mapping[str, Any]:
    try:
        return desk.library.get(key._replace(slug=check_slug(key.slug))) or {}
    except (BadSlug, NoSuchDocument):
        return {}


def _visible(
    connection: sa.Connection,
    person: Person,
    key: Key,
    before: int | None = None,
    limit: int | None = None,
) -> tuple[Revision, ...]:
    """The rows of a document that the person may read; those of drafts with the draft's right."""
    if not may(person, "write"):
        return journal.revisions(connection, key, limit=limit, before=before)
    return tuple(islice(_with_drafts(connection, person, key, before), limit))


def _with_drafts(
    connection: sa.Connection, person: Person, key: Key, before: int | None
) -> Iterator[Revision]:
    """Public rows, and those of the drafts that the person may see; a few at a time are read."""
    seen: dict[int | None, bool] = {None: False}
    while True:
        found = journal.revisions(connection, key, drafts=True, limit=PER_PAGE, before=before)
        for row in found:
            if row.event not in journal.PUBLIC and row.draft_id not in seen:
                draft = journal.draft_of_id(connection, row.draft_id or 0)
                seen[row.draft_id] = may(person, "see-draft", draft)
            if row.event in journal.PUBLIC or seen[row.draft_id]:
                yield row
        if len(found) < PER_PAGE:
            return
        before = found[-1].id


def _named(connection: sa.Connection, person: Person, key: Key, name: str) -> Revision:
    """The revision of this name, the public one before those of drafts. Raises NoSuchRevision."""
    try:
        return journal.revision_of_hash(connection, key, name)
    except NoSuchRevision:
        if may(person, "write"):
            for row in _with_drafts(connection, person, key, None):
                if row.hash == name:
                    return row
        raise


def _before(connection: sa.Connection, key: Key, revision: Revision) -> Revision | None:
    """What was public of a document before a revision, None where nothing was."""
    before = revision.id
    while True:
        earlier = journal.revisions(connection, key, before=before, limit=_FEW)
        for row in earlier:
            if row.hash and row.hash != revision.hash:
                return row
        if len(earlier) < _FEW:
            return None
        before = earlier[-1].id
