"""Talking about a draft: comments at a field or a passage, answers, what is settled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from kb.access import Person, require
from kb.records import comments, journal
from kb.records.comments import Comment
from kb.records.journal import Draft, NoSuchRevision
from kb.services.anchoring import Passage
from kb.services.audience import tell_authors
from kb.services.desk import Desk
from kb.services.places import Place, check_field, pasted, place_in

#: The longest that somebody may say at once, and the longest passage, in characters.
MOST, LONGEST_PASSAGE = 10_000, 2_000


#: Stands for no passage.
NOWHERE = Passage("")


class NothingSaid(ValueError):
    """A comment without words."""


class TooLong(ValueError):
    """The words, or the passage that they are about, are too many; `most` are taken."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


class DraftOver(Exception):
    """The draft came to an end, and what was said of it with it."""


@dataclass(frozen=True)
class Thread:
    """A comment with all that was answered to it, oldest first, and where it stands by now.

    `number` counts the threads of a draft from 1. `settled` is what closed it, None while open.
    """

    number: int
    first: Comment
    answers: tuple[Comment, ...]
    settled: Comment | None
    place: Place

    @property
    def id(self) -> int:
        """The number that names the thread in addresses."""
        return self.first.id

    @property
    def open(self) -> bool:
        """Whether something is still to be done about it."""
        return self.settled is None


@dataclass(frozen=True)
class Remark:
    """What somebody is about to say: of which text, of what in it, and the words."""

    words: str
    text: str = ""  # the hash of the text before them; "" is the newest
    field: str = ""
    passage: Passage = NOWHERE


def say(desk: Desk, person: Person, token: str, remark: Remark) -> int:
    """Begin a thread, and give its number.

    Raises NothingSaid, TooLong, NoSuchPlace, NoSuchRevision, DraftOver, NotAllowed, NoSuchDraft.
    """
    with desk.database.writing() as connection:
        draft = _draft(connection, person, token)
        words = _words(remark.words)
        if len(remark.passage.quote) > LONGEST_PASSAGE:
            raise TooLong(LONGEST_PASSAGE)
        name, text = _spoken_of(connection, draft, remark.text)
        passage, field = remark.passage, remark.field
        if passage.quote.strip():
            passage, field = pasted(text, passage), ""
        check_field(draft.kind, text, field)
        number = comments.add(
            connection, draft.id, (person.id, person.name), name, words, field=field,
            passage=(passage.quote, passage.before, passage.after),
        )  # fmt: skip
        tell_authors(connection, person, "comment", draft, message=words)
    return number


def answer(
    desk: Desk, person: Person, token: str, number: int, words: str, *, text: str = ""
) -> None:
    """Say something in a thread, of the text with this hash ("": the newest).

    Raises as `say` does, and NoSuchComment.
    """
    with desk.database.writing() as connection:
        draft = _draft(connection, person, token)
        words = _words(words)
        _add(connection, person, draft, number, words=words, text=text)
        others = [
            one.person_id
            for one in comments.of_draft(connection, draft.id)
            if number in (one.id, one.answers_id) and one.person_id is not None
        ]
        tell_authors(connection, person, "comment", draft, message=words, others=others)


def resolve(desk: Desk, person: Person, token: str, number: int, words: str = "") -> None:
    """Say that what a thread is about is done; raises NoSuchComment, DraftOver, NotAllowed."""
    _act(desk, person, token, number, act="resolved", words=words)


def take_up(desk: Desk, person: Person, token: str, number: int, words: str = "") -> None:
    """Take a thread up again; raises NoSuchComment, DraftOver, NotAllowed."""
    _act(desk, person, token, number, act="reopened", words=words)


def _act(desk: Desk, person: Person, token: str, number: int, *, act: str, words: str) -> None:
    with desk.database.writing() as connection:
        draft = _draft(connection, person, token)
        is_open = any(one.id == number for one in _open(connection, draft))
        comments.root(connection, draft.id, number)
        if is_open == (act == "resolved"):  # else somebody was quicker, and nothing is left to do
            _add(connection, person, draft, number, words=words.strip()[:MOST], act=act)


def _open(connection: sa.Connection, draft: Draft) -> tuple[Comment, ...]:
    return comments.open_threads(comments.of_draft(connection, draft.id))


def _draft(connection: sa.Connection, person: Person, token: str) -> Draft:
    draft = journal.draft(connection, token, hold=True)
    require(person, "comment", draft)
    if draft.state not in journal.OPEN:
        raise DraftOver(draft.state)
    return draft


def _add(
    connection: sa.Connection,
    person: Person,
    draft: Draft,
    number: int,
    *,
    words: str,
    text: str = "",
    act: str = "",
) -> None:
    comments.root(connection, draft.id, number)
    name, _ = _spoken_of(connection, draft, text)
    by = (person.id, person.name)
    comments.add(connection, draft.id, by, name, words, answers=number, act=act)


def _words(words: str) -> str:
    words = words.strip()
    if not words:
        raise NothingSaid
    if len(words) > MOST:
        raise TooLong(MOST)
    return words


def _spoken_of(connection: sa.Connection, draft: Draft, name: str) -> tuple[str, str]:
    """The hash and the words of the text that somebody has before them; raises NoSuchRevision."""
    if not name or name == draft.hash:
        return draft.hash, draft.text
    text = journal.text_in_draft(connection, draft, name)
    if text is None:
        raise NoSuchRevision(name)
    return name, text


# Reading ------------------------------------------------------------------------------------


def threads_of(connection: sa.Connection, draft: Draft, text: str) -> tuple[Thread, ...]:
    """All that was said of a draft, thread by thread, each at its place in `text`."""
    said = comments.of_draft(connection, draft.id)
    texts = {
        name: journal.text_in_draft(connection, draft, name)
        for name in {one.hash for one in said if one.answers_id is None and one.field}
    }
    first = [one for one in said if one.answers_id is None]
    return tuple(
        _thread(number, one, said, place_in(draft.kind, one, texts.get(one.hash), text))
        for number, one in enumerate(first, 1)
    )


def _thread(number: int, first: Comment, said: Iterable[Comment], place: Place) -> Thread:
    answers = tuple(one for one in said if one.answers_id == first.id)
    acts = [one for one in answers if one.act]
    settled = acts[-1] if acts and acts[-1].act == "resolved" else None
    return Thread(number, first, answers, settled, place)


def open_threads(desk: Desk, person: Person, draft: Draft, text: str) -> tuple[Thread, ...]:
    """What is still to be done about a draft, each at its place in `text`."""
    require(person, "see-draft", draft)
    with desk.database.reading() as connection:
        return tuple(one for one in threads_of(connection, draft, text) if one.open)
