"""The library keeps up with its files, survives damage, and lets many read and write."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer import searching
from indexer.errors import BadModel, IndexBusy, IndexMissing
from indexer.facets import unpack
from indexer.library import Library
from indexer.query import FACETS, Query
from indexer.question import prepare
from indexer.sync import Report
from indexer.values import Key, revision_of
from tests import factories

ROOT = Path(__file__).parents[2]
QUERIES = ("", "cash", "women satellite", "-phone", '"market days"', "theme:e-health", "vacunas",
           "pepper OR salt", "guichets")  # fmt: skip


def case(slug: str) -> Key:
    return Key("case", slug)


def put(own: Path, slug: str, text: str) -> Key:
    path = own / "content" / "cases" / f"{slug}.md"
    path.write_text(text, encoding="utf-8")
    stamp = time.time_ns()
    os.utime(path, ns=(stamp, stamp))
    name, _, lang = slug.partition(".")
    return Key("case", name, lang)


def reopened(own: Path) -> Library:
    return Library.open(own / "content", own / "var", threads=1)


def found(library: Library, text: str) -> set[str]:
    return {hit.key.slug for hit in library.search(Query(text), per_page=50, correct=False).hits}


def known(library: Library) -> set[Key]:
    return set(library.snapshot().slot_of)


def pepper(slug: str, **changes: object) -> str:
    return factories.case_text(title=f"Pepper mills number {slug} in Uganda", **changes)


# Changes ------------------------------------------------------------------------------------


def test_a_new_file_is_found_after_an_update(own: Path, mine: Library) -> None:
    report = mine.update([put(own, "mills", pepper("one"))])
    assert report.indexed == (case("mills"),)
    assert found(mine, "pepper mills") == {"mills"}


def test_a_changed_file_replaces_the_old_text(own: Path, mine: Library) -> None:
    mine.update([put(own, "crop-prices", pepper("one"))])
    assert found(mine, "maize") == set()
    assert found(mine, "pepper") == {"crop-prices"}
    assert mine.search(Query()).total == mine.counts("status")["published"]


def test_what_was_taken_out_is_gone_and_its_counts_too(own: Path, mine: Library) -> None:
    before = mine.counts("country")["UG"]
    mine.remove([case("crop-prices")])
    assert mine.get(case("crop-prices")) is None
    assert found(mine, "maize") == set()
    assert mine.counts("country")["UG"] == before - 1


def test_an_update_of_a_deleted_file_takes_it_out(own: Path, mine: Library) -> None:
    (own / "content/cases/crop-prices.md").unlink()
    report = mine.update([case("crop-prices"), case("never-there")])
    assert case("crop-prices") in report.removed
    assert mine.get(case("crop-prices")) is None


def test_a_key_given_twice_is_indexed_once(own: Path, mine: Library) -> None:
    key = put(own, "mills", pepper("one"))
    total = mine.search(Query()).total
    mine.update([key, key])
    assert mine.search(Query()).total == total + 1


def test_a_sync_finds_what_changed_by_hand(own: Path, mine: Library) -> None:
    put(own, "mills", pepper("one"))
    put(own, "women-coders", factories.told("women-coders").replace("Childcare", "Saffron"))
    (own / "content/cases/crop-prices.md").unlink()
    report = mine.sync()
    assert set(report.indexed) == {case("mills"), case("women-coders")}
    assert report.removed == (case("crop-prices"),)
    assert found(mine, "saffron") == {"women-coders"}
    assert mine.get(case("crop-prices")) is None
    number = mine.snapshot().number
    assert not mine.sync().indexed and mine.snapshot().number == number


def test_opening_takes_in_what_changed_while_it_was_shut(own: Path) -> None:
    put(own, "mills", pepper("one"))
    (own / "content/cases/crop-prices.md").unlink()
    library = reopened(own)
    assert case("mills") in known(library) and case("crop-prices") not in known(library)


def test_a_translation_joins_and_leaves_its_case(own: Path, mine: Library) -> None:
    total = mine.search(Query()).total
    assert mine.languages_of("case", "cash-by-phone") == ("", "fr")
    mine.remove([Key("case", "cash-by-phone", "fr")])
    assert mine.languages_of("case", "cash-by-phone") == ("",)
    assert found(mine, '"guichets"') == set()
    assert mine.search(Query()).total == total


def test_an_old_address_leads_to_the_case(mine: Library) -> None:
    assert mine.find_alias("case", "old-cash") == "cash-by-phone"
    assert mine.find_alias("case", "unknown") is None
    mine.remove([case("cash-by-phone")])
    assert mine.find_alias("case", "old-cash") is None


def test_a_record_holds_what_the_file_held(mine: Library) -> None:
    record = mine.get(case("crop-prices"))
    assert record is not None
    assert record["front"]["published"] == "2026-11-23"
    assert "maize" in record["front"]["summary"] and "## Context" in record["body"]


def test_the_revisions_of_all_files_are_those_of_today(own: Path, mine: Library) -> None:
    put(own, "mills", pepper("one"))
    put(own, "crop-prices", BROKEN)
    mine.update([case("crop-prices")])
    (own / "content/cases/women-coders.md").unlink()
    store = mine.store
    assert mine.revisions() == {key: revision_of(store.read(key)) for key in list(store.keys())}
    assert case("mills") in mine.revisions() and case("women-coders") not in mine.revisions()


def test_what_was_purged_stands_in_no_file_of_the_index(own: Path, mine: Library) -> None:
    mine.update([put(own, "mills", pepper("quetzalcoatl"))])
    (own / "content/cases/mills.md").unlink()
    mine.remove([case("mills")])
    mine.update([put(own, "mills", pepper("quetzalcoatl"))])
    (own / "content/cases/mills.md").unlink()
    vectors = number_of_vectors(own)
    mine.purge([case("mills"), case("never-there")])
    assert found(mine, "pepper") == set()
    files = [path for path in (own / "var").rglob("*") if path.is_file()]
    assert not [path for path in files if b"quetzalcoatl" in path.read_bytes().lower()]
    assert number_of_vectors(own) < vectors
    assert found(mine, "maize") == {"crop-prices"}
    assert replace(mine.sync(), files=None) == Report()


def number_of_vectors(own: Path) -> int:
    with closing(sqlite3.connect(own / "var/vectors.sqlite")) as cache:
        return int(cache.execute("SELECT count(*) FROM vector").fetchone()[0])


# Broken files -------------------------------------------------------------------------------

BROKEN = "---\ntitle: [unclosed\n---\n\nSaffron.\n"


def test_a_broken_file_keeps_its_last_good_version(own: Path, mine: Library) -> None:
    report = mine.update([put(own, "crop-prices", BROKEN)])
    assert report.broken[case("crop-prices")] and not report.indexed
    assert found(mine, "maize") == {"crop-prices"}
    mine.rebuild()
    assert found(mine, "maize") == {"crop-prices"}
    assert found(reopened(own), "maize") == {"crop-prices"}
    mine.update([put(own, "crop-prices", factories.told("crop-prices"))])
    assert mine.search(Query("maize"), correct=False).total == 1


def test_a_broken_file_stops_no_other(own: Path, mine: Library) -> None:
    keys = [put(own, "broken-one", BROKEN), put(own, "mills", pepper("one"))]
    report = mine.update(keys)
    assert report.indexed == (case("mills"),)
    assert mine.get(case("broken-one")) is None
    assert mine.search(Query("saffron"), correct=False).total == 0


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", b"---\n", b"\0" * 100])
def test_no_file_stops_the_library(own: Path, data: bytes) -> None:
    (own / "content/cases/crop-prices.md").write_bytes(data)
    library = reopened(own)
    assert found(library, "maize") == {"crop-prices"}
    library.rebuild()
    assert found(library, "maize") == {"crop-prices"}


# Damage -------------------------------------------------------------------------------------


def generation(own: Path) -> Path:
    return own / "var/index" / (own / "var/index/CURRENT").read_text().split()[0]


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def each(own: Path, pattern: str, change: Callable[[Path], None]) -> None:
    paths = sorted(generation(own).glob(pattern))
    assert paths, pattern
    for path in paths:
        change(path)


DAMAGE: dict[str, Callable[[Path], None]] = {
    "no index": lambda own: shutil.rmtree(own / "var/index"),
    "nothing at all": lambda own: shutil.rmtree(own / "var"),
    "no CURRENT": lambda own: (own / "var/index/CURRENT").unlink(),
    "empty CURRENT": lambda own: (own / "var/index/CURRENT").write_bytes(b""),
    "garbage CURRENT": lambda own: (own / "var/index/CURRENT").write_bytes(b"\xff\0../..\n 7"),
    "CURRENT of another state": lambda own: (own / "var/index/CURRENT").write_text("1 999\n"),
    "CURRENT of nowhere": lambda own: (own / "var/index/CURRENT").write_text("77 1\n"),
    "no generation": lambda own: shutil.rmtree(generation(own)),
    "no words": lambda own: shutil.rmtree(generation(own) / "words"),
    "no arrays": lambda own: shutil.rmtree(generation(own) / "arrays"),
    "no description": lambda own: (generation(own) / "about.json").unlink(),
    "garbage description": lambda own: (generation(own) / "about.json").write_text("[1, 2]"),
    "another format": lambda own: (generation(own) / "about.json").write_text('{"format": 0}'),
    "no stamps": lambda own: (generation(own) / "stamps.sqlite").unlink(),
    "garbage stamps": lambda own: (generation(own) / "stamps.sqlite").write_bytes(b"x" * 5000),
    "short segment": lambda own: each(own, "words/*.seg", truncate),
    "short list of segments": lambda own: each(own, "words/*.toc", truncate),
    "short arrays": lambda own: each(own, "arrays/*/*.npy", truncate),
    "short terms": lambda own: each(own, "arrays/*/terms.txt", truncate),
    "short names": lambda own: each(own, "arrays/*/names.txt", truncate),
    "short about": lambda own: each(own, "arrays/*/about.json", truncate),
    "garbage vectors": lambda own: (own / "var/vectors.sqlite").write_bytes(b"x" * 5000),
    **{f"empty {name}": (lambda own, name=name: each(own, f"arrays/*/{name}.npy",
                                                    lambda path: path.write_bytes(b"")))
       for name in ("vectors", "bitmaps", "weights", "first", "years", "titles")},
    **{f"no {name}": (lambda own, name=name: each(own, f"arrays/*/{name}", Path.unlink))
       for name in ("vectors.npy", "spans.npy", "about.json", "terms.txt", "offsets.npy")},
}  # fmt: skip


# Whoosh leaves a damaged file open until it is collected.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_index_is_rebuilt_and_told(
    own: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    DAMAGE[damage](own)
    library = reopened(own)
    assert found(library, "maize") == {"crop-prices"}
    assert library.search(Query()).total == len(factories.TOLD) - 2
    if damage != "garbage vectors":
        assert "built from" in caplog.text


def test_an_index_that_vanishes_is_told_not_answered_as_nothing(own: Path, mine: Library) -> None:
    shutil.rmtree(own / "var/index")
    assert not mine.ready
    for ask in (lambda: mine.search(Query("cash")), lambda: mine.suggest("ca"),
                lambda: mine.get(case("crop-prices")), lambda: mine.similar("crop-prices"),
                lambda: mine.counts("theme")):  # fmt: skip
        with pytest.raises(IndexMissing):
            ask()


def test_a_change_of_the_vocabularies_rebuilds(own: Path) -> None:
    path = own / "content/vocabularies/themes.yaml"
    path.write_text(path.read_text().replace("[mobile money, G2P]", "[saffron]"))
    assert "cash-by-phone" in found(reopened(own), "saffron")


def test_another_model_rebuilds_and_a_bad_one_is_refused(own: Path) -> None:
    about = generation(own) / "about.json"
    about.write_text(json.dumps({**json.loads(about.read_text()), "model": "another"}))
    before = generation(own).name
    reopened(own)
    assert generation(own).name != before
    with pytest.raises(BadModel):
        Library.open(own / "content", own / "var", own / "content")


def test_vectors_that_the_cache_lost_are_made_again(own: Path, mine: Library) -> None:
    for path in (own / "var").glob("vectors.sqlite*"):
        path.unlink()
    mine.optimize()
    question = Query("how do peasants learn what their harvest is worth")
    results = mine.search(question)
    assert (*results.hits, *results.nearest)[0].key == case("crop-prices")


# Rebuilt equals updated ---------------------------------------------------------------------

slugs = st.sampled_from(["mills", "salt", "cash-by-phone", "cash-by-phone.fr", "women-coders"])
texts = st.sampled_from(["told", "pepper", "salt", "spanish", "broken"])
steps = st.lists(
    st.tuples(st.sampled_from(["put", "put", "put", "delete", "optimise"]), slugs, texts),
    min_size=1, max_size=7,
)  # fmt: skip


def text_of(slug: str, which: str) -> str:
    if which == "told" and slug in factories.TOLD:
        return factories.told(slug)
    if which == "broken":
        return BROKEN
    more = {"countries": ["TG"], "themes": ["e-health"]} if which == "salt" else {}
    if which == "spanish" or "." in slug:
        more = {"lang": "fr" if "." in slug else "es"}
    if "." in slug:
        more["translation_of"] = {"slug": "cash-by-phone", "revision": "0" * 12}
    return factories.case_text(title=f"A tale of {which} and market women in a land", **more)


def state(library: Library) -> tuple[dict[str, float], dict[str, object]]:
    """Give all that a reader could see: scores before the gate; totals, counts and hits."""
    snapshot = library.snapshot()
    scores: dict[str, float] = {}
    seen: dict[str, object] = {}
    for text in QUERIES:
        question = prepare(text, snapshot, library.vocabularies)
        if question.read_as.words:
            fused = searching.rank(
                question, snapshot, library.encoder, snapshot.live
            ).scores.fused()
            originals = unpack(snapshot.originals)
            slots = ((key, slot) for key, slot in snapshot.slot_of.items() if originals[slot])
            scores.update({f"{text}: {key}": float(fused[slot]) for key, slot in slots})
        results = library.search(Query(text), per_page=500)
        hits = sorted((hit.key, hit.passage, hit.reason) for hit in results.hits)
        seen[text] = (results.total, results.corrected, results.facets, hits)
    seen["counts"] = {facet: library.counts(facet) for facet in FACETS}
    return scores, seen


def require_same(one: Library, other: Library) -> None:
    (scores, seen), (expected, wanted) = state(one), state(other)
    assert scores == pytest.approx(expected, abs=1e-6)
    for text, what in wanted.items():
        assert seen[text] == what, text


@settings(max_examples=5, suppress_health_check=[HealthCheck.too_slow])
@given(steps=steps)
def test_an_index_updated_step_by_step_equals_one_built_anew(
    home: Path, steps: list[tuple[str, str, str]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        own = Path(shutil.copytree(home, Path(folder) / "own"))
        library = reopened(own)
        good: dict[str, str] = {}
        for step, slug, which in steps:
            path = own / "content/cases" / f"{slug}.md"
            if step == "put":
                text = text_of(slug, which)
                key = put(own, slug, text)
                library.update([key])
                good.update({slug: text} if which != "broken" else {})
            elif step == "delete" and path.exists():
                path.unlink()
                library.sync()
                good.pop(slug, None)
            else:
                library.optimize()
        for path in (own / "content/cases").glob("*.md"):
            if path.read_text() == BROKEN:  # its last good version, where it had one
                last = good.get(path.stem) or (
                    factories.told(path.stem) if path.stem in factories.TOLD else None
                )
                if last and Key("case", *[*path.stem.split("."), ""][:2]) in known(library):
                    put(own, path.stem, last)
        anew = own / "anew"
        anew.mkdir()
        shutil.copy(own / "var/vectors.sqlite", anew)
        rebuilt = Library.open(own / "content", anew, threads=1)
        require_same(library, rebuilt)
        library.rebuild()
        require_same(library, rebuilt)


# Many at once -------------------------------------------------------------------------------


@contextmanager
def running(*work: Callable[[], None]) -> Iterator[list[BaseException]]:
    """Run `work` over and over in threads for as long as the block lasts."""
    stop, failures = threading.Event(), []

    def run(one: Callable[[], None]) -> None:
        while not stop.is_set():
            try:
                one()
            except BaseException as failure:
                failures.append(failure)
                return

    threads = [threading.Thread(target=run, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    try:
        yield failures
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def test_searches_are_answered_during_updates_and_a_rebuild(own: Path, mine: Library) -> None:
    def ask() -> None:
        results = mine.search(Query("cash maize"), correct=False)
        assert {"cash-by-phone", "crop-prices"} <= {h.key.slug for h in
                                                    (*results.hits, *results.nearest)}  # fmt: skip
        assert mine.suggest("cash")
        assert mine.get(case("cash-by-phone"))

    with running(ask, ask) as failures:
        for turn in range(5):
            mine.update([put(own, "mills", pepper(str(turn)))])
        mine.rebuild()
        mine.optimize()
    assert not failures


def test_two_threads_may_write_at_once(own: Path, mine: Library) -> None:
    keys = [put(own, f"mills-{n}", pepper(str(n))) for n in range(6)]
    threads = [threading.Thread(target=mine.update, args=([key],)) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(keys) <= known(mine)


def script(own: Path, code: str) -> subprocess.Popen[bytes]:
    """Run `code` in another process, with `library`, opened, and `own` at hand."""
    head = (
        "import sys, time\nfrom pathlib import Path\n"
        "from indexer.library import Library\nfrom indexer.values import Key\n"
        f"own = Path({str(own)!r})\n"
        "library = Library.open(own / 'content', own / 'var', threads=1)\n"
        "print('open', flush=True)\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", head + code], cwd=ROOT, stdout=subprocess.PIPE,
        stdin=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def ended(process: subprocess.Popen[bytes]) -> bytes:
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err.decode()
    return out


def test_two_processes_that_write_at_once_both_succeed(own: Path, mine: Library) -> None:
    for writer in "ab":
        for n in range(5):
            put(own, f"mills-{writer}{n}", pepper(f"{writer}{n}"))
    code = "\n".join(
        ["for n in range(5):", "    library.update([Key('case', f'mills-{sys.argv[1]}{n}')])"]
    )
    writers = [script(own, code.replace("{sys.argv[1]}", writer)) for writer in "ab"]
    for writer in writers:
        ended(writer)
    assert {f"mills-{w}{n}" for w in "ab" for n in range(5)} <= {key.slug for key in known(mine)}
    assert mine.search(Query("pepper"), correct=False).total == 10


def test_a_reader_sees_what_another_process_wrote(own: Path, mine: Library) -> None:
    assert found(mine, "pepper") == set()
    before = mine.snapshot()
    put(own, "mills", pepper("one"))
    ended(script(own, "library.update([Key('case', 'mills')])"))
    assert found(mine, "pepper") == {"mills"}
    assert before.number != mine.snapshot().number
    assert case("mills") not in before.slot_of  # a request keeps the state it began with


def generations(own: Path) -> set[str]:
    return {path.name for path in (own / "var/index").iterdir() if path.name.isdigit()}


def test_an_old_generation_stays_while_it_is_held(own: Path, mine: Library) -> None:
    first = generation(own).name
    held = mine.snapshot()
    mine.rebuild()
    second = generation(own).name
    assert generations(own) == {first, second}
    assert held.record(held.slot_of[case("crop-prices")])["title"].startswith("Crop prices")
    del held
    mine.update([put(own, "mills", pepper("one"))])
    assert generations(own) == {second}


def test_an_old_generation_goes_with_its_last_reader(own: Path, mine: Library) -> None:
    mine.rebuild()
    assert generations(own) == {generation(own).name}


def test_another_process_holds_a_generation_too(own: Path, mine: Library) -> None:
    reader = script(own, "snapshot = library.snapshot()\nsys.stdin.read()")
    assert reader.stdout is not None and reader.stdout.readline() == b"open\n"
    first = generation(own).name
    mine.rebuild()
    assert first in generations(own)
    ended(reader)
    mine.update([put(own, "mills", pepper("one"))])
    assert first not in generations(own)


def test_an_update_does_not_disturb_a_rebuild_elsewhere(own: Path, mine: Library) -> None:
    other = reopened(own)
    put(own, "mills", pepper("one"))

    def disturb(stage: str, done: int, total: int) -> None:
        other.update([put(own, "mills", pepper("two"))])
        other.update([put(own, "salt", pepper("three"))])

    mine.rebuild(disturb)
    assert {case("mills"), case("salt")} <= known(mine)
    assert found(mine, "pepper two") >= {"mills"}
    assert known(other) == known(mine)


def test_a_rebuild_that_fails_leaves_the_index_as_it_was(own: Path, mine: Library) -> None:
    before = generations(own)

    def fail(stage: str, done: int, total: int) -> None:
        raise RuntimeError("stopped")

    with pytest.raises(RuntimeError):
        mine.rebuild(fail)
    assert generations(own) == before
    assert found(mine, "maize") == {"crop-prices"}


def test_who_waits_too_long_is_told(own: Path, mine: Library) -> None:
    other = reopened(own)
    with mine.folder.lock(), pytest.raises(IndexBusy), other.folder.lock(patience=0.1):
        pass
    with other.folder.lock(patience=0.1):
        pass


def test_files_do_not_stay_open(own: Path, mine: Library) -> None:
    descriptors = Path("/proc/self/fd")
    if not descriptors.exists():
        pytest.skip("this system does not list open files")
    mine.search(Query("cash"))
    before = len(list(descriptors.iterdir()))
    for turn in range(8):
        mine.update([put(own, "mills", pepper(str(turn)))])
        mine.search(Query("cash"))
    mine.rebuild()
    mine.search(Query("cash"))
    assert len(list(descriptors.iterdir())) <= before + 6


KILLED = """
n = int(sys.stdin.readline())
while True:
    (own / f"content/cases/kill-{n % 7}.md").write_text(
        (own / "content/cases/crop-prices.md").read_text().replace("maize", f"maize{n}"))
    library.update([Key("case", f"kill-{n % 7}")])
    if n % 5 == 0:
        library.optimize()
    print(n, flush=True)
    n += 1
"""


def kill_a_writer(own: Path, after: float) -> None:
    writer = script(own, KILLED)
    assert writer.stdin is not None and writer.stdout is not None
    assert writer.stdout.readline() == b"open\n"
    writer.stdin.write(b"1\n")
    writer.stdin.flush()
    writer.stdout.readline()
    time.sleep(after)
    writer.send_signal(signal.SIGKILL)
    writer.communicate()


def check_after_a_kill(own: Path, caplog: pytest.LogCaptureFixture) -> None:
    library = reopened(own)
    assert "built from" not in caplog.text
    files = {path.stem for path in (own / "content/cases").glob("kill-*.md")}
    assert files <= {key.slug for key in known(library)}
    for slug in files:
        text = (own / f"content/cases/{slug}.md").read_text()
        record = library.get(case(slug))
        assert record is not None and record["front"]["summary"] in text
    library.update([case("crop-prices")])
    names = {segment.name for segment in library.snapshot().segments}
    arrays = generation(own) / "arrays"
    assert {path.name for path in arrays.iterdir()} == names


def test_a_writer_killed_in_the_middle_leaves_an_index_to_read(
    own: Path, caplog: pytest.LogCaptureFixture
) -> None:
    kill_a_writer(own, 0.03)
    check_after_a_kill(own, caplog)


@pytest.mark.soak
@pytest.mark.parametrize("turn", range(30))
def test_a_writer_killed_at_any_moment_leaves_an_index_to_read(
    own: Path, turn: int, caplog: pytest.LogCaptureFixture
) -> None:
    kill_a_writer(own, turn * 0.007)
    check_after_a_kill(own, caplog)


@pytest.mark.soak
def test_many_writers_and_readers_for_a_while(own: Path, mine: Library) -> None:
    code = (
        "for n in range(40):\n"
        "    slug = f'soak-WHO-{n % 9}'\n"
        "    text = (own / 'content/cases/crop-prices.md').read_text()\n"
        "    (own / f'content/cases/{slug}.md').write_text(text.replace('maize', f'maize{n}'))\n"
        "    library.update([Key('case', slug)])\n"
    )
    writers = [script(own, code.replace("WHO", who)) for who in "abc"]

    def ask() -> None:
        assert "crop-prices" in found(mine, "maize")

    with running(ask) as failures:
        mine.rebuild()
        for writer in writers:
            ended(writer)
        mine.optimize()
    assert not failures
    expected = {f"soak-{who}-{n}" for who in "abc" for n in range(9)}
    assert expected <= {key.slug for key in known(mine)}
    assert np.unique([str(key) for key in known(mine)]).size == len(known(mine))


def test_two_processes_may_open_a_library_without_an_index_at_once(own: Path) -> None:
    shutil.rmtree(own / "var")
    openers = [script(own, "print(len(library.snapshot().slot_of))") for _ in range(2)]
    for opener in openers:
        assert ended(opener).split() == [b"open", str(len(factories.TOLD) + 1).encode()]
    assert found(reopened(own), "maize") == {"crop-prices"}
    assert generations(own) == {generation(own).name}
