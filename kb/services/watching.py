"""Looking at saved searches: what is new in each, or changed, and why it is there.

A search by meaning has no sharp edge. As the library grows, a case that has been there for years
may come just above the cut, or fall below it, without anybody having touched it. So it is not
enough that a case was not found last time: it is new to a search when it matches now, was never
seen in this search, and became public, or another text, since shortly before the last look. What
drifts in without that is written down as having been there ("first"), and told to nobody.

A case that was seen counts as changed when it says something else than when it was last seen,
also where it had left the results in between; one that leaves is not told. Only the original of a
case is looked at, not its translations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any
from urllib.parse import parse_qsl

import sqlalchemy as sa

from indexer.hits import Hit
from indexer.query import Query, from_params
from indexer.values import Key
from indexer.watching import Matches, Watch
from kb.access import VISITOR, visible_to
from kb.records import journal
from kb.records import saved as records
from kb.records.database import now
from kb.records.journal import NoSuchRevision
from kb.records.saved import CHANGED, FIRST, NEW, Saved
from kb.services.comparing import compare
from kb.services.desk import Desk

#: So long before the last look something may have become public and still be new. Publishing takes
#: seconds, and a case of yesterday that drifts in is worth a line; the rest is a margin.
MARGIN = timedelta(days=1)
#: Seconds after which a run ends, so that others have their turn and a stop is clean.
SLICE = 10.0
#: A search that was looked at within this time waits for the next run.
REST = timedelta(minutes=30)
#: The name under which a change of the text below the front matter is told.
BODY = "body"
#: Fields that only say that something else was changed.
BOOKS = ("updated",)

Row = tuple[Key, str, str, Mapping[str, Any]]  # document, hash, first or new or changed, why


@dataclass(frozen=True)
class FirstLook:
    """What a search finds when it is saved."""

    at: datetime
    revisions: Mapping[Key, str]

    def write(self, connection: sa.Connection, saved: Saved) -> None:
        """Writes down that all this was there before."""
        rows: list[Row] = [(key, hash_, FIRST, {}) for key, hash_ in self.revisions.items()]
        records.add_found(connection, saved.id, self.at, rows)
        records.change(connection, saved.id, looked_at=self.at)


def first_look(desk: Desk, query: Query) -> FirstLook:
    """Looks at a search that is about to be saved. Raises IndexMissing."""
    at = now()
    return FirstLook(at, desk.library.watch(visible_to(VISITOR)).matches(query).revisions)


@dataclass(frozen=True)
class Looked:
    """What a run did: searches looked at, what was new and changed, and searches still to do."""

    searches: int
    new: int
    changed: int
    left: int = 0

    def __bool__(self) -> bool:
        """Whether there is anything to tell of it."""
        return bool(self.new or self.changed or self.left)

    def __str__(self) -> str:
        """In words, for whoever reads the log."""
        told = f"{self.searches} saved searches: {self.new} new, {self.changed} changed"
        return f"{told}; {self.left} to do" if self.left else told


def look_at_searches(desk: Desk, at: datetime | None = None, seconds: float = SLICE) -> Looked:
    """Looks at every saved search that was not looked at just now, and writes down what is new.

    Ends after `seconds`; `left` then says that there is more to do. Raises IndexMissing.
    """
    clock = now if at is None else lambda: at
    watch, begun = desk.library.watch(visible_to(VISITOR)), clock()
    with desk.database.reading() as connection:
        due = [
            one
            for one in records.of_active(connection)
            if one.looked_at is None or one.looked_at <= begun - REST
        ]
        public = records.newest_public(connection) if due else {}
    look = _Look(desk, clock, watch, public, begun)
    end, done, new, changed = monotonic() + seconds, 0, 0, 0
    quiet = []
    for saved in due:
        rows = look.at_search(saved)
        if not rows:
            quiet.append(saved.id)
        new += sum(how == NEW for _, _, how, _ in rows)
        changed += sum(how == CHANGED for _, _, how, _ in rows)
        done += 1
        if monotonic() > end:
            break
    with desk.database.writing() as connection:  # one for all of them, for most find nothing new
        records.looked(connection, quiet, begun)
    return Looked(done, new, changed, len(due) - done)


class _Look:
    """One run: the library and the journal as they are at its beginning, and texts compared."""

    def __init__(
        self,
        desk: Desk,
        clock: Callable[[], datetime],
        watch: Watch,
        public: Mapping[Key, tuple[str, datetime]],
        begun: datetime,
    ) -> None:
        self.desk, self.clock, self.watch, self.public = desk, clock, watch, public
        self.begun = begun
        self._compared: dict[tuple[Key, str, str], tuple[str, ...] | None] = {}

    def at_search(self, saved: Saved) -> list[Row]:
        """Looks at one search, and writes down what was seen for the first time or changed."""
        matches = self.watch.matches(query_of(saved))
        with self.desk.database.reading() as connection:
            known = records.known(connection, saved.id)
            seen = self._seen(connection, saved, matches, known)
        rows = self._explained(seen, matches)
        if not rows:
            return []
        with self.desk.database.writing() as connection:
            if records.held(connection, saved) is None:
                return []  # it was deleted meanwhile, or somebody else looked
            # what was purged meanwhile leaves no trace here either
            rows = [row for row in rows if journal.public(connection, row[0]) is not None]
            # as late as it is written: a letter may go out meanwhile for all that was before
            records.add_found(connection, saved.id, self.clock(), rows)
            records.change(connection, saved.id, looked_at=self.begun)
        return rows

    def _seen(
        self,
        connection: sa.Connection,
        saved: Saved,
        matches: Matches,
        known: Mapping[Key, str],
    ) -> dict[Key, tuple[str, str, tuple[str, ...]]]:
        """What is to be written down of a search: document -> (hash, how, fields that changed)."""
        since = (saved.looked_at or saved.at) - MARGIN
        seen: dict[Key, tuple[str, str, tuple[str, ...]]] = {}
        for key, hash_ in matches.revisions.items():
            before = known.get(key)
            if before == hash_:
                continue
            public, became = self.public.get(key, ("", datetime.min))
            if public != hash_:
                continue  # the journal will know it soon, and whether it is new
            if before is None and became > since:
                before = self._formerly(connection, key, known)
            if before is None:
                seen[key] = (hash_, NEW if became > since else FIRST, ())
                continue
            fields = self._changed(connection, key, before, hash_)
            seen[key] = (hash_, FIRST if fields is None else CHANGED, fields or ())
        return seen

    def _formerly(
        self, connection: sa.Connection, key: Key, known: Mapping[Key, str]
    ) -> str | None:
        """The hash under which a document was seen that has another name by now."""
        names = journal.former_names(connection, key)
        return next((known[name] for name in names if name in known), None)

    def _changed(
        self, connection: sa.Connection, key: Key, old: str, new: str
    ) -> tuple[str, ...] | None:
        """The fields in which two texts differ; None where they say the same.

        A text that the journal holds no more (it was purged) leaves nothing to be compared.
        """
        if (key, old, new) not in self._compared:
            self._compared[key, old, new] = () if old != new else None
            try:
                before, after = (
                    journal.revision_of_hash(connection, key, name).text for name in (old, new)
                )
            except NoSuchRevision:
                pass
            else:
                self._compared[key, old, new] = fields_between(key.kind, before, after)
        return self._compared[key, old, new]

    def _explained(
        self, seen: Mapping[Key, tuple[str, str, tuple[str, ...]]], matches: Matches
    ) -> list[Row]:
        """The rows to write down: what is told gets its title, and why it matches."""
        told = [key for key, (_, how, _) in seen.items() if how != FIRST]
        why = {hit.key: _why(hit) for hit in matches.hits(told)} if told else {}
        return [
            (key, hash_, how, {**why[key], "fields": list(fields)} if key in why else {})
            for key, (hash_, how, fields) in seen.items()
        ]


def fields_between(kind: str, old: str, new: str) -> tuple[str, ...] | None:
    """The fields of the front matter that differ, and BODY; None where only the writing does."""
    between = compare(kind, old, new)
    fields = tuple(change.name for change in between.fields if change.name not in BOOKS)
    if between.body_differs:
        fields += (BODY,)
    return fields or None


def _why(hit: Hit) -> dict[str, Any]:
    front = hit.record["front"]
    return {
        "title": hit.title,
        "lang": str(front.get("lang") or "en"),
        "words": list(hit.reason.words),
        "names": list(hit.reason.names),
        "meaning": hit.reason.meaning,
    }


def query_of(saved: Saved) -> Query:
    """The query that was saved."""
    return from_params(parse_qsl(saved.query))
