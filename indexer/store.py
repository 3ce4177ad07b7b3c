"""The files of content/: the only code that opens them.

Names are checked before they become paths, links are never followed, and a write is whole or
did not happen.
"""

from __future__ import annotations

import fcntl
import os
import re
import stat
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from anyascii import anyascii

from indexer.errors import BadSlug, NoSuchDocument, StaleFile
from indexer.media import MEDIA, is_name
from indexer.values import MAX_SLUG, REVISION, SLUG, Key, decode, encode, revision_of
from indexer.vocabulary import Vocabularies

FOLDERS: Mapping[str, str] = {"case": "cases", "pack": "packs", "page": "pages"}
VOCABULARIES = "vocabularies"
#: The folder beside a pack that keeps the texts of its cases as they were.
PINNED = "pinned"
KINDS: Mapping[str, str] = {folder: kind for kind, folder in FOLDERS.items()}

_LANG = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")

RESERVED = frozenset({
    # addresses beside /cases/<slug>
    "all", "alerts", "compare", "drafts", "edit", "embed", "export", "feed", "history", "import",
    "index", "insight", "map", "matrix", "media", "mine", "new", "preview", "random", "review",
    "search", "similar", "static", "submit", "suggest", "trash", "upload",
    # names that Windows cannot hold as files, and people clone content there
    "aux", "con", "nul", "prn", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)),
})  # fmt: skip


def check_slug(slug: str) -> str:
    """Give the slug back; raises BadSlug, saying what is wrong with it."""
    if not SLUG.fullmatch(slug):
        raise BadSlug(
            f'"{slug[:MAX_SLUG]}" is no name for an address: use a-z, 0-9 and single hyphens'
        )
    if len(slug) > MAX_SLUG:
        raise BadSlug(f"the name has {len(slug)} characters: at most {MAX_SLUG} are possible")
    if slug in RESERVED:
        raise BadSlug(f'"{slug}" is a reserved word: choose another name')
    return slug


def slugify(title: str) -> str:
    """Make a valid slug of any title, in Latin letters ("Ñandú & Čapek" -> "nandu-capek")."""
    text = re.sub(r"['\u2019`]", "", anyascii(title)).lower()
    slug = "-".join(re.findall(r"[a-z0-9]+", text)) or "untitled"
    if len(slug) > MAX_SLUG:
        cut = slug[: MAX_SLUG + 1]
        slug = cut.rpartition("-")[0] or slug[:MAX_SLUG]
    return f"{slug}-1" if slug in RESERVED else slug


def vocabulary_texts(folder: Path) -> dict[str, str]:
    """Give the texts of the *.yaml files of a folder by name ("action_lines")."""
    if not folder.is_dir():
        return {}
    return {
        path.stem.replace("-", "_"): read_text(path)
        for path in sorted(folder.glob("*.yaml"))
        if path.is_file() and not path.is_symlink()
    }


def read_text(path: Path) -> str:
    """Read a file as it is, no line ending changed; raises OSError, also for a link."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as file:
        return decode(file.read())


def files_below(folder: Path) -> list[Path]:
    """Give the documents and vocabularies of a folder and those below, links left out."""
    found: list[Path] = []
    for above, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        here = Path(above)
        texts = here.name in KINDS or is_pinned(here)
        wanted = ".yaml" if here.name == VOCABULARIES else ".md" if texts else None
        if wanted:
            found += [here / name for name in sorted(names) if name.endswith(wanted)]
    return found


def is_pinned(folder: Path) -> bool:
    """Tell whether a folder is one in which a pack keeps the texts of its cases."""
    return folder.name == PINNED and folder.parent.parent.name == FOLDERS["pack"]


def key_of(kind: str, file_name: str) -> Key:
    """Give the key that a file name stands for; raises BadSlug."""
    stem = file_name.removesuffix(".md")
    slug, dot, lang = stem.partition(".")
    check_slug(slug)
    if (dot and not _LANG.fullmatch(lang)) or stem == file_name:
        raise BadSlug(f'"{file_name}" is not of the form <slug>.md or <slug>.<lang>.md')
    return Key(kind, slug, lang)


class Store:
    """The documents in a content folder, read and written whole."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root).resolve()

    def path(self, key: Key) -> Path:
        """Give the file of a document, which need not exist; raises BadSlug."""
        if key.kind not in FOLDERS:
            raise BadSlug(f'"{key.kind}" is no kind of document')
        name = f"{check_slug(key.slug)}.{key.lang}.md" if key.lang else f"{check_slug(key.slug)}.md"
        if key_of(key.kind, name) != key:
            raise BadSlug(f'"{key.lang}" is no language tag')
        path = self.root / FOLDERS[key.kind] / name
        if path.is_symlink() or path.parent.is_symlink():
            raise BadSlug(f"{FOLDERS[key.kind]}/{name} is a link: links are not followed")
        return path

    def keys(self, kind: str | None = None) -> list[Key]:
        """Give the keys of all documents (of a kind), in order."""
        return sorted(key for key in self.stamps() if kind is None or key.kind == kind)

    def languages(self, kind: str, slug: str) -> list[str]:
        """Give the languages of the files of a document, the original as "" first."""
        folder = self.root / FOLDERS[kind]
        if folder.is_symlink() or not SLUG.fullmatch(slug):
            return []
        names = [f"{slug}.md", *(path.name for path in folder.glob(f"{slug}.*.md"))]
        found = set()
        for name in names:
            with suppress(BadSlug):
                key = key_of(kind, name)
                found |= {key.lang} if self.path(key).is_file() else set()
        return sorted(found)

    def stamps(self) -> dict[Key, tuple[int, int]]:
        """Give for each document the time of its last change in ns and its size in bytes."""
        stamps: dict[Key, tuple[int, int]] = {}
        for kind, folder in FOLDERS.items():
            for entry in self._files(folder):
                try:
                    key, found = key_of(kind, entry.name), entry.stat(follow_symlinks=False)
                except (BadSlug, FileNotFoundError):
                    continue  # a foreign file, or one that went away meanwhile
                stamps[key] = (found.st_mtime_ns, found.st_size)
        return stamps

    def stamps_of(self, keys: Iterable[Key]) -> dict[Key, tuple[int, int]]:
        """Give the stamps of some documents, those without a file left out."""
        stamps: dict[Key, tuple[int, int]] = {}
        for key in keys:
            try:
                found = self.path(key).stat(follow_symlinks=False)
            except (BadSlug, FileNotFoundError):
                continue
            stamps[key] = (found.st_mtime_ns, found.st_size)
        return stamps

    def _files(self, folder: str) -> Iterator[os.DirEntry[str]]:
        path = self.root / folder
        if path.is_symlink() or not path.is_dir():
            return
        with os.scandir(path) as entries:
            for entry in entries:
                if entry.name.endswith(".md") and entry.is_file(follow_symlinks=False):
                    yield entry

    def read(self, key: Key) -> str:
        """Give the text of a document; raises NoSuchDocument."""
        try:
            return read_text(self.path(key))
        except (BadSlug, OSError) as error:
            raise NoSuchDocument(f"there is no {key.kind} {key.slug} {key.lang}".strip()) from error

    def write(self, key: Key, text: str, base: str | None) -> None:
        """Replace a document whole; `base` is the revision that the writer had read.

        `None` means that there was none. Raises StaleFile when that is not so any more.
        """
        path = self.path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(path.parent):
            self._require(key, base)
            _replace(path, encode(text))

    def remove(self, key: Key, base: str) -> None:
        """Delete a document; raises StaleFile when its revision is not `base` any more."""
        path = self.path(key)
        if not path.parent.is_dir():
            raise NoSuchDocument(f"there is no {key.kind} {key.slug}")
        with _locked(path.parent):
            self._require(key, base)
            path.unlink()
            _sync_folder(path.parent)

    def sweep(self) -> list[Path]:
        """Remove what writes left behind that were cut short, and give what was removed."""
        removed = []
        kept = (self._pinned(slug) for slug in self.packs_with_pinned())
        for folder in (*(self.root / name for name in (*FOLDERS.values(), MEDIA)), *kept):
            if folder.is_symlink() or not folder.is_dir():
                continue
            with _locked(folder):  # nobody is writing now
                for path in folder.glob(".*.tmp" if folder.name == MEDIA else ".*.md.*.tmp"):
                    path.unlink()
                    removed.append(path)
        return removed

    # Texts of cases that packs keep -------------------------------------------------------------

    def pinned_path(self, slug: str, revision: str) -> Path:
        """Give the file of a text that pack `slug` keeps, which need not exist; raises BadSlug."""
        if not REVISION.fullmatch(revision):
            raise BadSlug(f'"{revision}" is no revision: it has 12 hex digits')
        path = self._pinned(slug) / f"{revision}.md"
        if path.is_symlink():
            raise BadSlug(f"{path.name} in {PINNED} is a link: links are not followed")
        return path

    def pinned(self, slug: str, revision: str) -> str:
        """Give a text of a case that pack `slug` keeps.

        Raises NoSuchDocument where there is none, or where it is not what its name says.
        """
        try:
            text = read_text(self.pinned_path(slug, revision))
        except (BadSlug, OSError) as error:
            raise NoSuchDocument(f"pack {slug} keeps no text {revision}") from error
        if revision_of(text) != revision:
            raise NoSuchDocument(f"pack {slug} keeps another text under {revision}")
        return text

    def pinned_names(self, slug: str) -> set[str]:
        """Give the revisions that pack `slug` keeps, by the names of their files."""
        try:
            folder = self._pinned(slug)
        except BadSlug:
            return set()
        if not folder.is_dir():
            return set()
        with os.scandir(folder) as entries:
            found = {one.name for one in entries if one.is_file(follow_symlinks=False)}
        stems = {name.removesuffix(".md") for name in found if name.endswith(".md")}
        return set(filter(REVISION.fullmatch, stems))

    def packs_with_pinned(self) -> list[str]:
        """Give the slugs of all packs beside which texts of cases lie, in order."""
        folder = self.root / FOLDERS["pack"]
        if folder.is_symlink() or not folder.is_dir():
            return []
        found = sorted(path.parent.name for path in folder.glob(f"*/{PINNED}"))
        return [slug for slug in found if self._has_pinned(slug)]

    def _has_pinned(self, slug: str) -> bool:
        try:
            return self._pinned(slug).is_dir()
        except BadSlug:
            return False

    def add_pinned(self, slug: str, text: str) -> Path | None:
        """Keep a text beside pack `slug`, under its revision; None where it is there already."""
        revision = revision_of(text)
        path = self.pinned_path(slug, revision)
        path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(path.parent):
            try:
                self.pinned(slug, revision)
            except NoSuchDocument:
                _replace(path, encode(text))
                return path
        return None

    def remove_pinned(self, slug: str, revision: str) -> Path | None:
        """Keep a text beside pack `slug` no more; give what its file was, None for none.

        A folder that nothing is left in goes too.
        """
        path = self.pinned_path(slug, revision)
        if not path.is_file():
            return None
        with _locked(path.parent):
            path.unlink(missing_ok=True)
            _sync_folder(path.parent)
        for folder in (path.parent, path.parent.parent):
            with suppress(OSError):  # something else lies there
                folder.rmdir()
        return path

    def _pinned(self, slug: str) -> Path:
        folder = self.root / FOLDERS["pack"] / check_slug(slug) / PINNED
        if any(path.is_symlink() for path in (folder, folder.parent, folder.parent.parent)):
            raise BadSlug(f"{PINNED} of {slug} is behind a link: links are not followed")
        return folder

    # Pictures and documents of texts ------------------------------------------------------------

    def media(self, name: str) -> Path:
        """Give the file of a picture or document; raises NoSuchDocument, also for a link."""
        path = self.root / MEDIA
        if not is_name(name) or path.is_symlink():
            raise NoSuchDocument(f"there is no file {name} in {MEDIA}")
        for part in name.split("/"):
            path /= part
            if path.is_symlink():
                raise NoSuchDocument(f"{MEDIA}/{name} is a link: links are not followed")
        if not path.is_file():
            raise NoSuchDocument(f"there is no file {name} in {MEDIA}")
        return path

    def has_media(self, name: str) -> bool:
        """Tell whether there is a picture or document of this name."""
        try:
            self.media(name)
        except (NoSuchDocument, OSError):  # such as a name that is too long for the disk
            return False
        return True

    def media_names(self) -> set[str]:
        """Give the names of all pictures and documents, those in folders below left out."""
        folder = self.root / MEDIA
        if folder.is_symlink() or not folder.is_dir():
            return set()
        with os.scandir(folder) as entries:
            return {
                one.name
                for one in entries
                if is_name(one.name) and one.is_file(follow_symlinks=False)
            }

    def add_media(self, name: str, data: bytes) -> Path | None:
        """Write a picture or document whole and give its file; None where it is there already.

        Raises BadSlug for a name that can be none here.
        """
        if not is_name(name) or "/" in name:
            raise BadSlug(f'"{name}" is no name for a file in {MEDIA}')
        if self.has_media(name):
            return None
        folder = self.root / MEDIA
        if folder.is_symlink():
            raise BadSlug(f"{MEDIA} is a link: links are not followed")
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder):
            _replace(folder / name, data)
        return folder / name

    def remove_media(self, name: str) -> Path | None:
        """Delete a picture or document and give what its file was; None where there is none."""
        try:
            path = self.media(name)
        except NoSuchDocument:
            return None
        with _locked(path.parent):
            path.unlink(missing_ok=True)
            _sync_folder(path.parent)
        return path

    # --------------------------------------------------------------------------------------------

    def _require(self, key: Key, base: str | None) -> None:
        try:
            now: str | None = revision_of(self.read(key))
        except NoSuchDocument:
            now = None
        if now != base:
            raise StaleFile(
                f"{key.kind} {key.slug} was changed meanwhile: expected revision"
                f" {base or '(none)'}, found {now or '(none)'}"
            )

    def vocabularies(self) -> Vocabularies:
        """Read the vocabularies of this library."""
        return Vocabularies(vocabulary_texts(self.root / VOCABULARIES))


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder against other writers, in this process and in others."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _replace(path: Path, data: bytes) -> None:
    mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o644
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
