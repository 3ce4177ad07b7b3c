"""Packs shared by a secret link: read without an account by whoever has it, until it is revoked."""

from __future__ import annotations

import secrets

from kb.access import VISITOR, Person, require
from kb.records import journal, secret_links
from kb.records.journal import Draft, NoSuchDraft
from kb.records.secret_links import SecretLink
from kb.services.desk import Desk
from kb.services.office import note
from kb.services.packs import ReadPack, read_text
from kb.services.reading import Moved
from kb.services.tokens import hash_of

#: Links to one draft that lead somewhere at the same time.
MOST = 20
#: Characters of what a link is called.
LABEL = 100


class NoSuchShare(LookupError):
    """No secret link has this secret or number, or it was revoked."""


class TooManyShares(Exception):
    """So many links lead to a draft that one has to be revoked first."""


def share(desk: Desk, person: Person, token: str, label: str = "") -> str:
    """Make a secret link to the pack in a draft and give its secret, which is told this once.

    `label` is for whoever keeps the links. Raises NoSuchDraft, NotAllowed, TooManyShares.
    """
    secret = secrets.token_urlsafe(18)
    with desk.database.writing() as connection:
        draft = _own(journal.draft(connection, token, hold=True), person)
        links = secret_links.of_draft(connection, draft.id)
        if sum(link.revoked_at is None for link in links) >= MOST:
            raise TooManyShares
        label = " ".join(label.split())[:LABEL]
        by = (person.id, person.name)
        secret_links.add(connection, draft.id, hash_of(secret), label, by)
        note(connection, person, "shared", f"draft/{draft.token}", label)
    return secret


def shares(desk: Desk, person: Person, token: str) -> tuple[SecretLink, ...]:
    """The secret links to a draft, the newest first, those that were revoked too.

    Raises NoSuchDraft, NotAllowed.
    """
    with desk.database.reading() as connection:
        draft = _own(journal.draft(connection, token), person)
        return secret_links.of_draft(connection, draft.id)


def unshare(desk: Desk, person: Person, token: str, number: int) -> None:
    """Revoke a secret link to a draft. Raises NoSuchDraft, NotAllowed, NoSuchShare."""
    with desk.database.writing() as connection:
        draft = _own(journal.draft(connection, token, hold=True), person)
        if not secret_links.revoke(connection, draft.id, number):
            raise NoSuchShare(number)
        note(connection, person, "unshared", f"draft/{draft.token}")


def read_shared(desk: Desk, secret: str) -> ReadPack:
    """The pack that a secret link leads to, as everybody who has the link reads it.

    Raises NoSuchShare; and Moved, with the address of the public pack, once it was published.
    """
    with desk.database.reading() as connection:
        link = secret_links.of_hash(connection, hash_of(secret))
        if link is None:
            raise NoSuchShare
        draft = journal.draft_of_id(connection, link.draft_id)
    if draft.state == "published":
        raise Moved("/".join(("/packs", draft.slug, *filter(None, [draft.lang]))))
    if draft.state not in journal.OPEN:
        raise NoSuchShare
    return read_text(desk, VISITOR, draft.key, draft.text, draft)


def _own(draft: Draft, person: Person) -> Draft:
    """Give a draft that the person may share; raises NoSuchDraft where it is of no pack."""
    require(person, "share-draft", draft)
    if draft.kind != "pack":
        raise NoSuchDraft(draft.token)
    return draft
