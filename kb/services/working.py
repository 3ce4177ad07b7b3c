"""My work: what I write, what waits for me, what I am asked to check."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kb.access import Person, may, require
from kb.records import journal, verdicts
from kb.records.journal import Draft
from kb.services.history import title_of
from kb.services.office import Office

#: How many drafts that came to an end are shown.
ENDED = 10


@dataclass(frozen=True)
class Titled:
    """A draft with the title and the language that its text states."""

    draft: Draft
    title: str
    lang: str


@dataclass(frozen=True)
class Work:
    """The drafts of a person by what is to be done.

    `back` came back with a wish for changes; `writing` are in the making; `with_others` were
    submitted; `to_check` are those of others that the person may decide about; `ended` are over.
    """

    back: tuple[Titled, ...]
    writing: tuple[Titled, ...]
    with_others: tuple[Titled, ...]
    to_check: tuple[Titled, ...]
    ended: tuple[Titled, ...]


def my_work(office: Office, person: Person) -> Work:
    """All of it. Raises SignInNeeded."""
    require(person, "keep-account")
    assert person.id is not None
    with office.database.reading() as connection:
        own = journal.drafts_of(connection, person.id)
        submitted = journal.drafts_in(connection, ("submitted", "approved"))
        decided = verdicts.of_drafts(connection, [draft.id for draft in submitted])
    mine = {draft.id for draft in own}
    done = {
        draft.id
        for draft in submitted
        for one in decided.get(draft.id, ())
        if (one.person_id, one.hash, one.verdict) == (person.id, draft.hash, "approved")
    }
    return Work(
        back=_titled(draft for draft in own if draft.state == "changes-requested"),
        writing=_titled(draft for draft in own if draft.state == "draft"),
        with_others=_titled(draft for draft in own if draft.state in ("submitted", "approved")),
        to_check=_titled(
            draft
            for draft in submitted
            if draft.id not in mine and _to_check(person, draft, checked=draft.id in done)
        ),
        ended=_titled([draft for draft in own if draft.state not in journal.OPEN][:ENDED]),
    )


def _to_check(person: Person, draft: Draft, *, checked: bool) -> bool:
    """Whether the next move is one that the person may make, who has `checked` the text or not."""
    if draft.state == "submitted" and not checked:
        return may(person, "approve", draft)
    return may(person, "publish", draft)


def _titled(drafts: Iterable[Draft]) -> tuple[Titled, ...]:
    return tuple(Titled(draft, *_title(draft)) for draft in drafts)


def _title(draft: Draft) -> tuple[str, str]:
    title, lang = title_of(draft.text)
    return title or (draft.slug if draft.base else ""), lang or draft.lang
