"""What people look for, counted by day and words alone: no address, no cookie, no person.

Counts are gathered in the memory of each process and written once a minute, so that a search costs
no query; see docs/alerts.md for what is kept and what never is.
"""

from __future__ import annotations

import logging
import re
import threading
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date, timedelta

import sqlalchemy as sa

from kb.access import Person, require
from kb.records import counts as records
from kb.records.counts import AskedFor, Counted, Day
from kb.records.database import now
from kb.services.office import Office

log = logging.getLogger("kb")

#: Characters of a search that are kept.
KEPT = 200
#: A text longer than this was pasted; nothing of it is kept, for nobody looked at what is in it.
LONGEST = 2000
#: Different words that one process gathers in a day, and writes; a flood of made-up ones ends here.
MOST = 20_000
#: Seconds between two writings.
MINUTE = 60.0

#: Digits as they stand in numbers of telephones, passports and accounts: marks may part them.
_DIGITS = re.compile(r"\d(?:[ ./()–-]{0,2}\d)+")
_YEARS = re.compile(r"(?:1[5-9]|2[01])\d\d(?:[ ./–-]{1,2}(?:1[5-9]|2[01])\d\d)*")
_MOST_DIGITS = 6
#: A run of letters and digits that nobody types by heart, or a word that says what follows it.
_SECRET = re.compile(
    r"(?<![a-z\d])(?=[a-z]*\d)(?=\d*[a-z])[a-z\d]{10,}"
    r"|\b(?:password|passwort|passwd|mot de passe|contraseña|пароль|token|secret|api.?key)\s*[:=]"
)


def kept_words(text: str) -> str:
    """The words of a search as they are counted: in lower case, at most 200 characters.

    "" where nothing is kept: for a mail address, more than six digits in a row, what looks like a
    secret, and a pasted page.
    """
    if len(text) > LONGEST:
        return ""
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = " ".join("".join(c if c.isprintable() else " " for c in folded).split())
    if "@" in words or _SECRET.search(words) or any(map(_is_number, _DIGITS.findall(words))):
        return ""
    return words[:KEPT].rstrip()


def _is_number(digits: str) -> bool:
    """Whether digits could name somebody; two years with a mark between them could not."""
    if _YEARS.fullmatch(digits):
        return False
    return sum(c.isdigit() for c in digits) > _MOST_DIGITS


class Tally:
    """The counts of one process since they were last written; threads share it.

    Nothing is ever in it unless `counting`.
    """

    def __init__(self, counting: bool = True) -> None:
        self.counting = counting
        self._lock = threading.Lock()
        self._counts: dict[tuple[date, str], list[int]] = {}
        self._today = date.min
        self._new = 0

    def asked(self, text: str, found: bool, day: date | None = None) -> None:
        """Counts a search for a text, and whether anything was found."""
        self._add(text, day, (1, 0 if found else 1, 0))

    def followed(self, text: str, day: date | None = None) -> None:
        """Counts that somebody read a case that a search for a text had shown."""
        self._add(text, day, (0, 0, 1))

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write."""
        return not self._counts

    def take(self) -> list[Counted]:
        """The counts, which the tally forgets; in one order, so that no two writers block."""
        with self._lock:
            counts, self._counts = self._counts, {}
        return [Counted(*key, *some) for key, some in sorted(counts.items())]

    def put_back(self, counts: Iterable[Counted]) -> None:
        """Counts again what could not be written."""
        with self._lock:
            for one in counts:
                self._sum((one.day, one.words), (one.asked, one.empty, one.followed))

    def _add(self, text: str, day: date | None, times: tuple[int, int, int]) -> None:
        words = kept_words(text) if self.counting else ""
        if not words:
            return
        day = day or now().date()
        with self._lock:
            if day != self._today:
                self._today, self._new = day, 0
            if (day, words) not in self._counts:
                if self._new >= MOST:
                    return
                self._new += 1
            self._sum((day, words), times)

    def _sum(self, key: tuple[date, str], times: tuple[int, int, int]) -> None:
        before = self._counts.get(key, (0, 0, 0))
        self._counts[key] = [a + b for a, b in zip(before, times, strict=True)]


def flush(office: Office, tally: Tally) -> int:
    """Writes what was counted, and gives how many rows that were; what fails is counted again."""
    counts = tally.take()
    if not counts:
        return 0
    try:
        with office.database.writing() as connection:
            records.add(connection, counts)
    except BaseException:
        tally.put_back(counts)
        raise
    return len(counts)


def write_counts(
    tally: Tally,
    open_office: Callable[[], Office],
    stop: threading.Event,
    every: float = MINUTE,
) -> None:
    """Writes a tally once a minute, and a last time when `stop` is set.

    It runs in a thread of each process that counts. `open_office` is called when there is something
    to write: a process that nobody asks anything opens no database for it.
    """
    while not stop.wait(every):
        _try_to_write(tally, open_office)
    _try_to_write(tally, open_office)


def _try_to_write(tally: Tally, open_office: Callable[[], Office]) -> None:
    if tally.empty:
        return
    try:
        flush(open_office(), tally)
    except (sa.exc.SQLAlchemyError, OSError) as problem:  # it stays counted until the next time
        log.warning("what was searched for could not be written down yet: %s", problem)


# What editors look at ----------------------------------------------------------------------


def unanswered(desk: Office, person: Person, since: date, limit: int = 200) -> tuple[AskedFor, ...]:
    """Words that found nothing, or that nobody followed to a case, since a day, most asked first.

    Words that one person asked once are among them: what finds nothing is mostly rare.
    """
    require(person, "see-office")
    with desk.database.reading() as connection:
        return records.unanswered(connection, since, limit)


def by_day(desk: Office, person: Person, since: date) -> tuple[Day, ...]:
    """All searches of each day since one, newest first; days without any are left out."""
    require(person, "see-office")
    with desk.database.reading() as connection:
        return records.by_day(connection, since)


def forget_searches(desk: Office, today: date | None = None) -> int:
    """Takes away what is older than SEARCHES_KEPT_DAYS, and gives how many counts that were."""
    days = desk.settings.searches_kept_days
    before = (today or now().date()) - timedelta(days=days) if days else date.max
    with desk.database.writing() as connection:
        return records.forget(connection, before)
