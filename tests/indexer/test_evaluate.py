"""The metrics are those of the field, through the very ranking of the site."""

from __future__ import annotations

import gzip
import json
import math
from pathlib import Path

import pytest

from indexer import evaluate
from indexer.evaluate import Collection
from indexer.semantic import Encoder
from indexer.vocabulary import Vocabularies

NOTHING = Vocabularies({})
DOCUMENTS = [
    {"_id": "maize", "title": "Prices", "text": "Farmers asked for the price of maize by phone."},
    {"_id": "nurses", "title": "", "text": "Nurses asked doctors for advice over a satellite."},
    {"_id": "flood", "title": "Flood", "text": "Loudspeakers warned the villages of the water."},
    {"_id": "salud", "title": "Vacunas", "text": "Las enfermeras anotaron las vacunas."},
    {"_id": "ru", "text": "Врачи консультировали больных в больнице по видеосвязи."},
]  # fmt: skip
QUERIES = {"1": "price of maize", "2": "vacunas", "3": "больница", "4": "not judged"}
QRELS = "query-id\tcorpus-id\tscore\n1\tmaize\t2\n1\tflood\t1\n2\tsalud\t1\n3\tru\t1\n"


def lines(rows: list[dict[str, str]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


@pytest.fixture(params=["plain", "gzip"])
def judged(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Give a folder with a small judged collection that names no languages."""
    queries = [{"_id": name, "text": text} for name, text in QUERIES.items()]
    for name, data in (("corpus.jsonl", lines(DOCUMENTS)), ("queries.jsonl", lines(queries))):
        if request.param == "gzip":
            (tmp_path / f"{name}.gz").write_bytes(gzip.compress(data))
        else:
            (tmp_path / name).write_bytes(data)
    (tmp_path / "qrels.tsv").write_text(QRELS, encoding="utf-8")
    return tmp_path


def test_a_collection_is_read_ranked_and_measured(judged: Path, encoder: Encoder) -> None:
    collection = evaluate.read_judged(judged / "queries.jsonl", judged / "qrels.tsv")
    assert set(collection.queries) == {"1", "2", "3"}
    snapshot = evaluate.index(judged / "corpus.jsonl", judged / "var", encoder)
    assert snapshot.totals == {"en": 3, "es": 1, "ru": 1}
    again = evaluate.index(judged / "corpus.jsonl", judged / "var", encoder)
    assert again.number == snapshot.number
    scored = evaluate.run(collection, snapshot, NOTHING, encoder)
    assert [max(scored[one], key=scored[one].__getitem__) for one in "123"] == [
        "maize",
        "salud",
        "ru",
    ]
    figures = evaluate.measure(collection, scored)
    assert figures["mrr@10"] == figures["recall@100"] == 1
    assert 0.9 < figures["ndcg@10"] <= 1


@pytest.mark.parametrize("mode", ["words", "meaning", "hybrid"])
def test_words_and_meaning_are_measured_apart(tmp_path: Path, encoder: Encoder, mode: str) -> None:
    (tmp_path / "corpus.jsonl").write_bytes(lines(DOCUMENTS))
    snapshot = evaluate.index(tmp_path / "corpus.jsonl", tmp_path / "var", encoder)
    collection = Collection({"1": "price of maize"}, {"1": {"maize": 1}})
    scored = evaluate.run(collection, snapshot, NOTHING, encoder, mode)
    assert max(scored["1"], key=scored["1"].__getitem__) == "maize"
    assert all(score > 0 for score in scored["1"].values())
    assert (set(scored["1"]) == {"maize"}) == (mode == "words")


def test_ndcg_is_that_of_the_books() -> None:
    collection = Collection({"1": "", "2": ""}, {"1": {"a": 2, "b": 1, "c": 0}, "2": {"x": 1}})
    figures = evaluate.measure(collection, {"1": {"c": 3.0, "b": 2.0, "a": 1.0}, "2": {"x": 1.0}})
    first = (1 / math.log2(3) + 2 / math.log2(4)) / (2 / math.log2(2) + 1 / math.log2(3))
    assert figures["ndcg@10"] == pytest.approx((first + 1) / 2, abs=1e-4)
    assert figures["mrr@10"] == pytest.approx((0.5 + 1) / 2)
    assert figures["recall@100"] == 1


def test_a_query_without_any_result_counts_as_nothing() -> None:
    collection = Collection({"1": "", "2": ""}, {"1": {"a": 1}, "2": {"x": 1}})
    for scored in ({"1": {"a": 1.0}, "2": {}}, {"1": {"a": 1.0}}):
        assert evaluate.measure(collection, scored)["ndcg@10"] == 0.5


def test_questions_are_told_apart_by_the_gate(tmp_path: Path, encoder: Encoder) -> None:
    (tmp_path / "corpus.jsonl").write_bytes(lines(DOCUMENTS))
    snapshot = evaluate.index(tmp_path / "corpus.jsonl", tmp_path / "var", encoder)
    found = evaluate.answered(["price of maize", "zzxq fnord"], snapshot, NOTHING, encoder)
    assert [open_ for _, open_ in found] == [True, False]
    assert all(len(features) == len(found[0][0]) for features, _ in found)
