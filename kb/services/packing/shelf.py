"""The shelf of what was made of packs: each file once, kept in var/packs until its pack changes.

Who asks for a file while somebody makes it waits for that one, in whatever process. What takes
long is made as background work; how far it is lies beside the file.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from filelock import FileLock

from indexer.library import Library
from kb.access import CONSOLE, Person
from kb.records import jobs
from kb.records.jobs import Open
from kb.services.desk import PRIVATE, Desk
from kb.services.packing.book import EDITIONS, PARTICIPANTS, Book
from kb.services.packing.forms import FORMS, Form, Report
from kb.services.packing.texts import edition_of, stamp_of
from kb.services.packs import ReadPack, read_pack
from kb.settings import Settings

#: The row of kb.tasks.TASKS that makes a file.
TASK = "pack"
FOLDER = "packs"
#: Seconds between two notes of how far a file is.
NOTED = 0.3
#: How a pack becomes a book: that needs the words of the desk, which services do not have.
Write = Callable[[ReadPack, Library, Settings], Book]


def untold(done: int, all_: int) -> None:
    """Tells nobody how far a file is."""


class FormLacking(Exception):
    """A form cannot be made on this machine; `reason` says what is missing."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Wish:
    """What somebody asks for: a form of a pack, in an edition."""

    slug: str
    lang: str
    suffix: str
    edition: str = PARTICIPANTS


@dataclass(frozen=True)
class Order:
    """A file that is wanted: of which pack, in which form and edition."""

    pack: ReadPack
    form: Form
    edition: str
    stamp: str

    @property
    def family(self) -> str:
        """What its name begins with, and that of every older one."""
        parts = (self.pack.key.slug, self.pack.key.lang, self.edition)
        return ".".join(filter(None, parts))

    @property
    def name(self) -> str:
        """What it is called on the shelf."""
        return f"{self.family}.{self.stamp}.{self.form.suffix}"

    @property
    def saved_as(self) -> str:
        """What it is called where somebody saves it."""
        key = self.pack.key
        trainers = "" if self.edition == PARTICIPANTS else self.edition
        return ".".join(filter(None, (key.slug, key.lang, trainers, self.form.suffix)))


@dataclass(frozen=True)
class Making:
    """A file that is being made, or waits for that: how much of it is done, and what went wrong."""

    done: int
    all: int
    error: str = ""


# What is wanted ----------------------------------------------------------------------------


def order(library: Library, person: Person, settings: Settings, wish: Wish) -> Order:
    """What a wish for a public pack stands for. Opens no database.

    An edition that the form does not have is that of the participants. Raises what `read_pack`
    and `edition_of` raise, and FormLacking.
    """
    pack = read_pack(library, person, wish.slug, wish.lang)
    return order_of(pack, person, settings, wish.suffix, wish.edition)


def order_of(
    pack: ReadPack, person: Person, settings: Settings, suffix: str, edition: str
) -> Order:
    """A pack that was read in a form; raises what `edition_of` raises, and FormLacking."""
    form = FORMS[suffix]
    if not form.editions or edition not in EDITIONS:
        edition = PARTICIPANTS
    lacks = form.lacks()
    if lacks:
        raise FormLacking(lacks)
    wanted = edition_of(pack, edition, person)
    return Order(wanted, form, edition, stamp_of(wanted, settings))


# Made once ---------------------------------------------------------------------------------


def kept(settings: Settings, wanted: Order) -> bytes | None:
    """The file where it has been made, else None."""
    with suppress(FileNotFoundError):
        return (settings.var / FOLDER / wanted.name).read_bytes()
    return None


def made(
    library: Library, settings: Settings, wanted: Order, write: Write, report: Report = untold
) -> bytes:
    """The file, made where nobody has made it before, and kept; older ones of it go.

    Raises what its maker raises.
    """
    found = kept(settings, wanted)
    if found is not None:
        return found
    folder = settings.var / FOLDER
    folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    with FileLock(folder / f".{wanted.family}.{wanted.form.suffix}.lock"):
        found = kept(settings, wanted)  # somebody else has made it meanwhile
        if found is not None:
            return found
        try:
            book = write(wanted.pack, library, settings)
            data = wanted.form.make(book, _noting(_note_of(settings, wanted), report))
            _keep(folder, wanted, data)
        finally:
            _note_of(settings, wanted).unlink(missing_ok=True)
    return data


def _keep(folder: Path, wanted: Order, data: bytes) -> None:
    """Keeps a file; a full disk costs only making it again."""
    with suppress(OSError):
        with NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as file:
            file.write(data)
        Path(file.name).replace(folder / wanted.name)
        ending = f".{wanted.form.suffix}"
        for old in folder.glob(f"{wanted.family}.{'[0-9a-f]' * len(wanted.stamp)}{ending}"):
            if old.name != wanted.name:
                old.unlink(missing_ok=True)


# How far it is -----------------------------------------------------------------------------


def _note_of(settings: Settings, wanted: Order) -> Path:
    return settings.var / FOLDER / f".{wanted.name}.progress"


def _noting(path: Path, report: Report) -> Report:
    """What tells how far a file is, and writes it down, not more often than somebody looks."""
    last = 0.0

    def note(done: int, all_: int) -> None:
        nonlocal last
        report(done, all_)
        if time.monotonic() - last < NOTED:
            return
        last = time.monotonic()
        with suppress(OSError):
            new = path.with_name(f"{path.name}.{os.getpid()}")
            new.write_text(f"{done} {all_}", encoding="ascii")
            new.replace(path)

    return note


def _noted(settings: Settings, wanted: Order) -> tuple[int, int]:
    with suppress(OSError, ValueError):
        done, all_ = _note_of(settings, wanted).read_text(encoding="ascii").split()
        return int(done), int(all_)
    return 0, 0


# As background work ------------------------------------------------------------------------


def ask_for(desk: Desk, wanted: Order) -> Making:
    """Let a file be made as background work, once however many ask, and tell how far it is."""
    key = wanted.pack.key
    payload = asdict(Wish(key.slug, key.lang, wanted.form.suffix, wanted.edition))
    name = f"{TASK} {wanted.family} {wanted.stamp} {wanted.form.suffix}"
    with desk.database.reading() as connection:
        waits = jobs.standing_of(connection, name)
    if waits is None:
        with desk.database.writing() as connection:
            jobs.add_anew(connection, TASK, name, payload)
        waits = Open("")
    return Making(*_noted(desk.settings, wanted), error=waits.error)


def make_wanted(desk: Desk, write: Write, wish: Wish) -> str:
    """Make the file of a pack as it is by now; what `ask_for` lets be done."""
    wanted = order(desk.library, CONSOLE, desk.settings, wish)
    return f"{wanted.name}: {len(made(desk.library, desk.settings, wanted, write))} bytes"
