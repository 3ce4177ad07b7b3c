"""People without an account, who fill in forms as slowly as people do."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from indexer.values import Key
from kb.access import VISITOR, Person
from kb.forms.outside import SuggestForm, UsedForm
from kb.records import journal
from kb.records.database import now
from kb.records.journal import Draft
from kb.services.desk import Desk
from kb.services.outside import EDIT, REPLICATION, Offer, Sender, open_public, send_in
from kb.services.reports import Problem, report
from kb.services.stamps import stamp

#: How long the people of the tests take for a form.
SLOWLY = timedelta(seconds=20)


def old_stamp(folder: Path, age: timedelta = SLOWLY) -> str:
    """The stamp of a form that was opened a while ago."""
    return stamp(folder, now() - age)


def sender(
    desk: Desk, name: str = "Kwame", email: str = "", address: str = "192.0.2.1",
    age: timedelta = SLOWLY,
) -> Sender:  # fmt: skip
    """Somebody who sends a form that was opened a while ago."""
    made = old_stamp(desk.settings.data, age)
    return Sender(name, f"{name} (from outside)", email, "en", address, made)


def offered(desk: Desk, key: Key, old: str, new: str, why: str = "It was wrong.") -> Offer:
    """The public text of a document with some words replaced in the form."""
    document = open_public(desk, VISITOR, key)
    form = SuggestForm.made_of(document)
    assert any(old in text for text in (*form.typed.values(), *form.parts.values()))
    sent = {name: text.replace(old, new) for name, text in form.typed.items()}
    sent |= {f"part.{n}": text.replace(old, new) for n, text in form.parts.items()}
    changed = SuggestForm.of({**sent, "base": form.base, "why": why})
    return Offer(document, changed.text(document), changed.why, EDIT)


def suggested(
    desk: Desk, key: Key, old: str, new: str, *, who: Sender | None = None,
    person: Person = VISITOR,
) -> str:  # fmt: skip
    """The token of a suggestion to replace some words of what is public."""
    return send_in(desk, person, offered(desk, key, old, new), who or sender(desk))


def used(desk: Desk, key: Key, who: Sender | None = None, **typed: str) -> str:
    """The token of what somebody says of their own use."""
    document = open_public(desk, VISITOR, key)
    form = UsedForm.of({"country": "UG", "year": "2019", "told": "With radio.", **typed})
    text = form.text(document, desk.library.vocabularies, 2026)
    return send_in(
        desk, VISITOR, Offer(document, text, form.note, REPLICATION), who or sender(desk)
    )


def reported(
    desk: Desk, key: Key, words: str = "The figure is wrong.", about: str = "wrong",
    who: Sender | None = None, person: Person = VISITOR,
) -> str:  # fmt: skip
    """The token of a problem that somebody reported."""
    return report(desk, person, key, Problem(about, "Source 1", words), who or sender(desk))


def drafts(desk: Desk, key: Key) -> tuple[Draft, ...]:
    """The open drafts of a document, the newest first."""
    with desk.database.reading() as connection:
        return journal.drafts_for(connection, key, journal.OPEN)
