"""Whether the index holds the words that the files hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from indexer.errors import BadModel, IndexMissing
from indexer.indexfolder import FORMAT, IndexFolder
from indexer.semantic import DEFAULT_MODEL, Encoder, VectorCache
from indexer.store import Store
from indexer.sync import differences
from indexer.values import Key
from kb.services.differences import Difference, name_of, read_documents
from kb.services.lock import publish_lock
from kb.services.office import SmallOffice
from kb.settings import Settings


def index_differences(
    office: SmallOffice, files: Mapping[Key, str]
) -> tuple[int, list[Difference]] | None:
    """Give how many documents the index has, and where it differs; None where there is none."""
    settings = office.settings
    if not (settings.var / "index" / "CURRENT").is_file():
        return None
    try:
        encoder = Encoder(settings.model or DEFAULT_MODEL, threads=1)
        cache = VectorCache(settings.var / "vectors.sqlite", encoder.dimensions)
        folder = IndexFolder(settings.var / "index", encoder, cache)
        about = folder.about(folder.current().generation)
        found = dict(_indexed(settings, folder, files))
        if found:  # look at them again, while nobody publishes
            with publish_lock(office):
                now = read_documents(Store(settings.content), keys=found).hashes
                again = dict(_indexed(settings, folder, {**files, **now}))
            found = {key: again[key] for key in found if key in again}
        number = len(folder.stamps(folder.current().generation))
    except (BadModel, IndexMissing, OSError) as problem:
        return 0, [Difference("index", "index", str(problem), "kb index --rebuild")]
    wanted = {
        "format": FORMAT, "model": encoder.name,
        "vocabularies": Store(settings.content).vocabularies().revision,
    }  # fmt: skip
    other = [
        Difference("index", name, f"is {about.get(name)}, not {value}", "kb index")
        for name, value in wanted.items()
        if about.get(name) != value
    ]
    return number, [*other, *found.values()]


def _indexed(
    settings: Settings, folder: IndexFolder, files: Mapping[Key, str]
) -> Iterator[tuple[Key, Difference]]:
    stamps = folder.stamps(folder.current().generation)
    indexed = set(folder.open().slot_of)
    changed, gone = differences(Store(settings.content).stamps(), stamps)
    for key in changed:
        detail = "was changed since" if key in stamps else "is not in the index"
        yield key, Difference("index", name_of(key), detail, "kb sync")
    for key in gone:
        detail = "is in the index, its file is gone"
        yield key, Difference("index", name_of(key), detail, "kb sync")
    for key in stamps.keys() - {*changed, *gone}:
        if files.get(key) not in (None, stamps[key].revision):
            detail = "has other words, though neither time nor size changed"
            yield key, Difference("index", name_of(key), detail, "kb index --rebuild")
        elif key not in indexed:
            detail = "cannot be found, as its file is not valid"
            yield key, Difference("index", name_of(key), detail, "kb check")
