"""Examining an installation: what is right, what is wrong, and what mends it."""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import stat
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from sqlalchemy.exc import SQLAlchemyError

from indexer.document import parse
from indexer.errors import BadModel, BadSlug, IndexMissing, NoSuchDocument
from indexer.indexfolder import FORMAT, IndexFolder
from indexer.pack import pack_of_text
from indexer.semantic import DEFAULT_MODEL, Encoder, VectorCache
from indexer.store import Store
from indexer.sync import differences
from indexer.values import Key, revision_of
from kb.access import roles_for
from kb.records import jobs, journal, people
from kb.records.database import Database, now
from kb.services.backing_up import last_backup
from kb.services.outbox import lying
from kb.services.packing import pdf
from kb.services.packing.fonts import without_font
from kb.services.versioning import GitRefused, trouble
from kb.settings import Settings

#: Packages whose versions decide how search behaves.
PACKAGES = ("numpy", "onnxruntime", "tokenizers", "whoosh3", "PyStemmer", "Flask", "gunicorn")
#: Bytes that should be free: room for an index beside the one in use.
FREE = 1_000_000_000
#: How old the last backup may be before somebody is reminded.
FRESH = timedelta(days=2)
#: Some work comes back every few minutes; when none was done for so long, nobody works.
IDLE = timedelta(hours=1)
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True)
class Finding:
    """One thing examined: `ok` is None where there is only something to note."""

    ok: bool | None
    what: str
    detail: str
    mend: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Return what was found; nothing is changed, and nothing is fetched."""
    return [
        *_versions(),
        *_folders(settings),
        *_content(settings),
        *_model(settings),
        *_index(settings),
        *_journal(settings),
        *_backup(settings),
        *_reviewers(settings),
        *_mail(settings),
        *_work(settings),
        *_git(settings),
        *_addresses(settings),
        *_links(settings),
        *_packs(settings),
        *_machine(settings),
    ]


def _versions() -> Iterator[Finding]:
    good = sys.version_info >= (3, 11)
    yield Finding(
        good, "Python", platform.python_version(), "" if good else "Install Python 3.11 or newer."
    )
    for name in PACKAGES:
        try:
            yield Finding(True, name, version(name))
        except PackageNotFoundError:
            yield Finding(False, name, "is not installed", "Run: make install")
    good = sqlite3.sqlite_version_info >= (3, 35)
    yield Finding(
        good, "SQLite", sqlite3.sqlite_version, "" if good else "Use a Python with a newer SQLite."
    )


def _folders(settings: Settings) -> Iterator[Finding]:
    for name, path, secret in (
        ("KB_CONTENT", settings.content, False),
        ("KB_DATA", settings.data, True),
        ("KB_VAR", settings.var, False),
    ):
        if not path.is_dir():
            needed = name == "KB_CONTENT"
            mend = "Set KB_CONTENT to the folder of your library, or run: kb init FOLDER"
            yield Finding(
                False if needed else None, name, f"{path} is not there yet", mend if needed else ""
            )
            continue
        writable = os.access(path, os.R_OK | os.W_OK | os.X_OK)
        yield Finding(
            writable, name, f"{path} {'can' if writable else 'cannot'} be read and written",
            "" if writable else f"Give {path} to the user that runs the site.",
        )  # fmt: skip
        mode = stat.S_IMODE(path.stat().st_mode)
        if secret and mode & 0o077:
            yield Finding(
                False, f"{name} permissions", f"others may look into {path} (mode {mode:o})",
                f"Run: chmod 700 {path}",
            )  # fmt: skip


def _content(settings: Settings) -> Iterator[Finding]:
    if not settings.content.is_dir():
        return
    store = Store(settings.content)
    vocabularies = store.vocabularies()
    missing = [name for name in ("themes", "regions", "outcomes") if not vocabularies[name]]
    yield Finding(
        not missing, "vocabularies", f"without terms: {', '.join(missing)}" if missing else "there",
        "Put the files into vocabularies/; `kb init` has a full set." if missing else "",
    )  # fmt: skip
    keys = store.keys()
    documents = (parse(key, store.read(key), vocabularies) for key in keys)
    broken = [document.key.slug for document in documents if document.errors]
    shown = ", ".join(broken[:5]) + (" …" if len(broken) > 5 else "")
    yield Finding(
        not broken, "documents",
        f"{len(keys)}, of which {len(broken)} not valid: {shown}" if broken else f"{len(keys)}",
        "Run: kb check, which names each line" if broken else "",
    )  # fmt: skip


def _model(settings: Settings) -> Iterator[Finding]:
    folder = settings.model or DEFAULT_MODEL
    try:
        encoder = Encoder(folder, threads=1)
        vector = encoder.encode(["a library of cases"])[0]
    except BadModel as problem:
        mend = "Set KB_MODEL to a folder with model.onnx, tokenizer.json and model.json"
        yield Finding(False, "model", str(problem), mend + ", or leave it empty.")
        return
    unit = vector.shape == (encoder.dimensions,) and abs(float(np.linalg.norm(vector)) - 1) < 0.01
    yield Finding(
        bool(unit), "model", f"{encoder.name}, {encoder.dimensions} dimensions",
        "" if unit else "Its vectors are not unit vectors: export it with pooling and norm inside.",
    )  # fmt: skip


def _index(settings: Settings) -> Iterator[Finding]:
    """Look at the index of the folder without repairing it, as opening a library would."""
    if not (settings.var / "index" / "CURRENT").is_file():
        yield Finding(None, "index", "none yet; it is made at the start", "Run: kb index")
        return
    try:
        encoder = Encoder(settings.model or DEFAULT_MODEL, threads=1)
        cache = VectorCache(settings.var / "vectors.sqlite", encoder.dimensions)
        folder = IndexFolder(settings.var / "index", encoder, cache)
        current = folder.current()
        about = folder.about(current.generation)
        snapshot = folder.open()
    except (BadModel, IndexMissing, OSError) as problem:
        yield Finding(False, "index", str(problem), "Run: kb index")
        return
    wanted = {"format": FORMAT, "model": encoder.name}
    same = {name: about.get(name) for name in wanted} == wanted
    yield Finding(
        True if same else None, "index",
        f"{len(snapshot.slot_of)} documents, {len(snapshot.segments)} segments"
        + ("" if same else "; made by another version or model, and made anew at the next start"),
        "" if same else "Run: kb index",
    )  # fmt: skip
    stamps = Store(settings.content).stamps() if settings.content.is_dir() else {}
    changed, gone = differences(stamps, folder.stamps(current.generation))
    behind = len(changed) + len(gone)
    yield Finding(
        None if behind else True, "index and files",
        f"{behind} files differ from the index" if behind else "agree",
        "Run: kb sync; a start does it too" if behind else "",
    )  # fmt: skip


def _journal(settings: Settings) -> Iterator[Finding]:
    """Compare the files with the journal without writing anything down."""
    if not settings.database_url and not (settings.data / "sankofa.sqlite").is_file():
        yield Finding(None, "journal", "none yet; it is made at the start")
        return
    database = Database(settings.database)
    try:
        with database.reading() as connection:
            known, waiting = journal.public_hashes(connection), journal.pending(connection)
    except SQLAlchemyError as problem:
        told = str(getattr(problem, "orig", problem)).splitlines()[0]
        yield Finding(False, "database", told, "See DATABASE_URL; a start makes missing tables.")
        return
    finally:
        database.close()
    yield Finding(
        None if waiting else True, "publications",
        f"{len(waiting)} were cut short" if waiting else "all finished",
        "Run: kb sync; a start does it too" if waiting else "",
    )  # fmt: skip
    store = Store(settings.content)
    keys = store.keys()
    files = {key: revision_of(store.read(key)) for key in keys}
    behind = sum(files.get(key) != known.get(key) for key in {*files, *known})
    yield Finding(
        None if behind else True, "journal and files",
        f"{behind} texts were changed by hand since" if behind else "agree",
        "Run: kb sync; a start does it too" if behind else "",
    )  # fmt: skip


def _backup(settings: Settings) -> Iterator[Finding]:
    last = last_backup(settings)
    age = datetime.now(UTC) - last if last else None
    fresh = age is not None and age < FRESH
    yield Finding(
        True if fresh else None, "backup",
        f"the last was made {last:%Y-%m-%d %H:%M} UTC" if last else "none is known",
        "" if fresh else "Run: kb backup FOLDER, better every night; see docs/operations.md",
    )  # fmt: skip


def _reviewers(settings: Settings) -> Iterator[Finding]:
    """Compare how many people have to approve a text with how many may."""
    if not settings.database_url and not (settings.data / "sankofa.sqlite").is_file():
        return
    database = Database(settings.database)
    try:
        with database.reading() as connection:
            count = len(people.active(connection, roles_for("approve")))
    except SQLAlchemyError:
        return  # told by what looks at the journal
    finally:
        database.close()
    wanted = settings.reviews
    # who wrote a text is none of those who approve it
    enough = not wanted or count > wanted
    may = f"{count} may" if count != 1 else "one person may"
    asked = f"asks for {wanted} {'person' if wanted == 1 else 'people'} who did not write a text"
    yield Finding(
        True if enough else None, "REVIEWS",
        f"{asked}, and {may} approve" if wanted else "editors may publish their own texts",
        "" if enough else "Invite reviewers or editors, or lower REVIEWS: what they write"
        " themselves cannot be published.",
    )  # fmt: skip


def _mail(settings: Settings) -> Iterator[Finding]:
    letters = list(lying(settings.data))
    given_up = sum(bool(letter.reason) for letter in letters)
    wait = len(letters) - given_up
    if settings.mail_host:
        yield Finding(True, "mail", f"goes to {settings.mail_host}:{settings.mail_port}")
    else:
        yield Finding(
            None, "mail", f"is written into {settings.data / 'outbox'} and sent to nobody",
            "Set MAIL_HOST to a mail server; see docs/mail.md.",
        )  # fmt: skip
    late = wait and settings.mail_host
    yield Finding(
        None if late else True, "outbox", f"{wait} letters wait",
        "Run: kb outbox, and look into the log for what the mail server said" if late else "",
    )  # fmt: skip
    if given_up:
        yield Finding(
            None, "letters given up", str(given_up),
            "Run: kb outbox, which tells why; kb outbox --again tries them anew",
        )  # fmt: skip


def _work(settings: Settings) -> Iterator[Finding]:
    if not settings.database_url and not (settings.data / "sankofa.sqlite").is_file():
        return
    at = now()
    database = Database(settings.database)
    try:
        with database.reading() as connection:
            standing, last = jobs.standing(connection, at), jobs.last_error(connection)
    except SQLAlchemyError:
        return  # told beside the journal
    finally:
        database.close()
    done = standing.done_at
    idle = done is None or at - done > IDLE
    yield Finding(
        None if idle else True, "background work",
        f"was last done {done:%Y-%m-%d %H:%M} UTC" if done else "was never done",
        "Run kb serve, or with WORK=no kb work, or kb work --once by cron." if idle else "",
    )  # fmt: skip
    if last is not None:
        yield Finding(
            None, "failed jobs", f"{standing.failed}, the last one of {last[0]}: {last[1]}",
            "Mend the cause; periodic work tries again by itself, and old jobs are forgotten.",
        )  # fmt: skip


def _links(settings: Settings) -> Iterator[Finding]:
    if settings.link_check_allow:
        yield Finding(
            None, "LINK_CHECK_ALLOW",
            "whoever writes a text can make this machine ask addresses in "
            + ", ".join(map(str, settings.link_check_allow)),
            "Unset LINK_CHECK_ALLOW unless texts are to lead there; see docs/office.md.",
        )  # fmt: skip


def _packs(settings: Settings) -> Iterator[Finding]:
    """Look at what packs are taken along with: programs, and fonts for the letters of their cases.

    Nothing else needs these, so that what is missing is a note and no fault.
    """
    lacks = pdf.lacks()
    what, _, mend = lacks.partition(". ")
    yield Finding(
        None if lacks else True, "PDF of packs", what or f"WeasyPrint {version('weasyprint')}", mend
    )
    if lacks or not settings.content.is_dir():
        return
    used = _letters_of_packs(Store(settings.content))
    missing = without_font(map(ord, used))
    yield Finding(
        None if missing else True, "letters of packs",
        f"no font here has those of {', '.join(missing)}" if missing else "all are there",
        f"On Debian and Ubuntu: apt-get install {' '.join(sorted(set(missing.values())))}"
        if missing else "",
    )  # fmt: skip


def _letters_of_packs(store: Store) -> set[str]:
    """The characters of all packs and of the cases in them, in the languages of the packs."""
    used: set[str] = set()
    for key in store.keys("pack"):
        text = store.read(key)
        used.update(text)
        for case in pack_of_text(text, key.lang).cases:
            with suppress(BadSlug, NoSuchDocument):
                used.update(store.read(Key("case", case, key.lang)))
    return used


def _git(settings: Settings) -> Iterator[Finding]:
    if settings.git_commits:
        try:
            told = trouble(settings)
        except GitRefused as reason:
            yield Finding(False, "GIT_COMMITS", str(reason), "Mend it, or set GIT_COMMITS=no.")
            return
        yield Finding(
            None if told else True, "GIT_COMMITS", told or "each publication is a commit",
            "Run git status in the content folder, and commit what is missing." if told else "",
        )  # fmt: skip


def _addresses(settings: Settings) -> Iterator[Finding]:
    host = urlsplit(settings.origin).hostname or ""
    if settings.secure or host in _LOOPBACK:
        yield Finding(True, "address", settings.origin)
    else:
        yield Finding(
            False, "address", f"{settings.origin} is plain HTTP beyond this machine",
            "Put a proxy with TLS in front and set BASE_URL to its https:// address.",
        )  # fmt: skip
    if settings.host not in _LOOPBACK and not settings.base_url:
        yield Finding(
            False, "BASE_URL", f"is empty while the site listens at {settings.host}",
            "Set BASE_URL to the public address; other Hosts are refused.",
        )  # fmt: skip
    if settings.secure and settings.host in _LOOPBACK and not settings.trusted_proxies:
        yield Finding(
            None, "TRUSTED_PROXIES", "is empty, so the addresses of visitors are the proxy's",
            "Set TRUSTED_PROXIES to the address of the proxy, such as 127.0.0.1.",
        )  # fmt: skip


def _machine(settings: Settings) -> Iterator[Finding]:
    folder = next(path for path in (settings.var.absolute(), *settings.var.absolute().parents)
                  if path.is_dir())  # fmt: skip
    free = shutil.disk_usage(folder).free
    enough = free >= FREE
    yield Finding(
        enough, "disk", f"{free / 1e9:.1f} GB free at {folder}",
        "" if enough else "Make room: a new index is built beside the one in use.",
    )  # fmt: skip
    cores = os.cpu_count() or 1
    many = settings.workers > 2 * cores
    yield Finding(
        None if many else True, "workers", f"{settings.workers} for {cores} cores",
        f"Set WORKERS to {cores} or fewer; each needs memory of its own." if many else "",
    )  # fmt: skip
    memory = _available()
    if memory is not None and memory < 500_000_000:
        yield Finding(
            None, "memory", f"{memory / 1e6:.0f} MB available", "Keep WORKERS at 1, or add memory."
        )


def _available() -> int | None:
    """Return the bytes of memory that can be had, None where the system does not tell."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    sizes = dict(line.split(":", 1) for line in lines if ":" in line)
    return int(sizes["MemAvailable"].split()[0]) * 1024 if "MemAvailable" in sizes else None
