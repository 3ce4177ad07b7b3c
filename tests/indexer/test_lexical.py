"""The word index: what is written is found, the old state stays readable, merges stay small."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from indexer import analysis, lexical
from indexer.errors import IndexMissing
from indexer.lexical import Indexed, State


def document(key: str, body: str, title: str = "") -> Indexed:
    tokens = {"title": analysis.analyse(title, "en"), "body": analysis.analyse(body, "en")}
    return Indexed(key=key, tokens=tokens, record={"text": body})


def living(state: State) -> dict[str, str]:
    return {
        key: part.record(number)["text"]
        for part in state.parts
        for number, (key, alive) in enumerate(zip(part.keys(), part.live(), strict=True))
        if alive
    }


def holding(state: State, words: str) -> set[str]:
    clause = lexical.phrase([t.term for t in analysis.analyse(words, "en")], lexical.TEXT_FIELDS)
    return {
        part.keys()[number]
        for part in state.parts
        for number in part.matching(clause)
        if part.live()[number]
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lexical.create(tmp_path / "words")
    return tmp_path / "words"


def test_a_document_replaces_the_one_with_its_key(folder: Path) -> None:
    lexical.write(folder, [document("a", "cash by phone"), document("b", "maize")])
    number = lexical.write(folder, [document("a", "vaccines")], ["b"])
    assert living(State(folder, number)) == {"a": "vaccines"}


def test_a_phrase_is_words_side_by_side_in_one_field(folder: Path) -> None:
    number = lexical.write(folder, [
        document("a", "agents of mobile money in the village"),
        document("b", "money on the mobile"),
        document("c", "money", title="mobile"),
    ])  # fmt: skip
    assert holding(State(folder, number), "mobile money") == {"a"}
    assert holding(State(folder, number), "mobile") == {"a", "b", "c"}


def test_postings_count_the_words(folder: Path) -> None:
    text = "cash and more cash, agents' cash e-Gov"
    number = lexical.write(folder, [document("a", text)])
    (part,) = State(folder, number).parts
    found = {term: int(weights[0]) for term, _, weights in part.postings("body")}
    assert found == Counter(token.term for token in analysis.analyse(text, "en"))


def test_a_state_stays_as_it_was_when_others_write(folder: Path) -> None:
    first = State(folder, lexical.write(folder, [document("a", "cash")]))
    for turn in range(6):
        number = lexical.write(folder, [document(f"b{turn}", "maize")], ["a"])
        lexical.clean(folder, [number])
    assert living(first) == {"a": "cash"}
    assert holding(first, "cash") == {"a"} and not holding(first, "maize")


def test_many_single_writes_leave_few_segments(folder: Path) -> None:
    for turn in range(40):
        number = lexical.write(folder, [document(f"d{turn}", f"text number {turn}")])
    state = State(folder, number)
    assert len(living(state)) == 40
    assert len(state.parts) <= 12


def test_a_large_segment_is_left_alone_until_asked(folder: Path) -> None:
    number = lexical.write(folder, [document(f"d{n}", "text") for n in range(100)])
    large = State(folder, number).parts[0].name
    for turn in range(8):
        number = lexical.write(folder, [document(f"e{turn}", "text")])
    assert large in {part.name for part in State(folder, number).parts}
    number = lexical.write(folder, optimize=True)
    assert [part.size for part in State(folder, number).parts] == [108]


def test_a_write_that_fails_changes_nothing(folder: Path) -> None:
    number = lexical.write(folder, [document("a", "cash")])

    def failing():
        yield document("b", "maize")
        raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError):
        lexical.write(folder, failing(), ["a"])
    later = lexical.write(folder, [document("c", "radio")])
    assert later > number and set(living(State(folder, later))) == {"a", "c"}


def test_records_are_read_by_many_threads_at_once(folder: Path) -> None:
    texts = {f"d{n}": f"text {n} " * 50 for n in range(60)}
    number = lexical.write(folder, [document(key, text) for key, text in texts.items()])
    state = State(folder, number)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: living(state), range(24)))
    assert all(one == texts for one in found)


# Whoosh leaves a damaged file open until it is collected.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", ["toc", "seg"])
def test_a_damaged_file_is_told_as_a_missing_index(folder: Path, name: str) -> None:
    number = lexical.write(folder, [document("a", "cash")])
    for path in folder.glob(f"*.{name}"):
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(IndexMissing):
        State(folder, number)
