"""Meaning: the shipped model, and the cache that keeps its work."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from indexer.errors import BadModel
from indexer.passages import digest
from indexer.semantic import DEFAULT_MODEL, PARALLEL, Encoder, Passages, VectorCache, embed

TEXTS = ["Farmers asked for the price of maize.", "Nurses asked doctors by video.", "",
         "The state paid workers in the crisis."]  # fmt: skip


def test_vectors_are_of_length_one_and_of_the_models_size(encoder: Encoder) -> None:
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), encoder.dimensions)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-4)


def test_a_vector_does_not_depend_on_its_neighbours(encoder: Encoder) -> None:
    together = encoder.encode(TEXTS)
    alone = np.concatenate([encoder.encode([text]) for text in TEXTS])
    assert np.array_equal(together, alone)


def test_what_means_the_same_is_near(encoder: Encoder) -> None:
    question = encoder.encode_query("how did peasants learn what their crop was worth")
    cosines = encoder.encode(TEXTS) @ question
    assert int(np.argmax(cosines)) == 0


def test_any_length_of_text_has_a_vector(encoder: Encoder) -> None:
    assert np.isfinite(encoder.encode_query("word " * 20_000)).all()
    assert np.isfinite(encoder.encode_query("\0")).all()


def test_a_model_says_which_languages_it_knows(encoder: Encoder) -> None:
    assert encoder.knows("en") and encoder.knows("en-GB")
    assert not encoder.knows("ar")


@pytest.mark.parametrize("name", ["model.json", "tokenizer.json", "model.onnx"])
def test_a_folder_without_its_files_is_no_model(tmp_path: Path, name: str) -> None:
    folder = Path(shutil.copytree(DEFAULT_MODEL, tmp_path / "model"))
    (folder / name).write_text("nonsense", encoding="utf-8")
    with pytest.raises(BadModel):
        Encoder(folder).encode(["text"])


class Counting(Encoder):
    """The model, telling how many texts it was given."""

    seen = 0

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self.seen += len(texts)
        return super().encode(texts)


def test_only_what_is_not_known_is_embedded(tmp_path: Path) -> None:
    encoder = Counting(threads=1)
    cache = VectorCache(tmp_path / "vectors.sqlite", encoder.dimensions)
    texts = {digest("m", text): text for text in TEXTS}
    told: list[tuple[int, int]] = []
    assert embed(texts, encoder, cache, lambda *step: told.append(step), batch=3) == 4
    assert told == [(3, 4), (4, 4)]
    more = {**texts, digest("m", "new"): "new"}
    assert embed(more, encoder, cache) == 1
    assert encoder.seen == 5
    assert np.array_equal(cache.get(list(texts))[digest("m", TEXTS[0])], encoder.encode(TEXTS)[0])


def test_a_damaged_cache_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "vectors.sqlite"
    path.write_bytes(b"this is no database" * 1000)
    cache = VectorCache(path, 3)
    assert cache.get([b"x"]) == {}
    cache.put([(b"x", np.ones(3))])
    assert cache.get([b"x"])[b"x"].tolist() == [1, 1, 1]


def test_a_cache_may_be_deleted_while_it_is_in_use(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "vectors.sqlite", 3)
    for file in tmp_path.iterdir():
        file.unlink()
    assert cache.get([b"x"]) == {}


def test_vectors_of_another_size_are_not_used(tmp_path: Path) -> None:
    VectorCache(tmp_path / "v.sqlite", 2).put([(b"x", np.ones(2))])
    assert VectorCache(tmp_path / "v.sqlite", 3).get([b"x"]) == {}


def test_a_document_is_as_close_as_its_best_passage() -> None:
    vectors = np.array([[1, 0], [0, 1], [0.6, 0.8]], dtype=np.float32)
    passages = Passages(vectors, np.array([0, 2, 3]))
    cosines = passages.closeness(np.array([0, 1], dtype=np.float32))
    assert passages.best(cosines).tolist() == pytest.approx([1, 0.8])


def test_two_threads_find_what_one_would() -> None:
    rng = np.random.default_rng(3)
    vectors = rng.standard_normal((PARALLEL + 11, 4), dtype=np.float32)
    sizes = rng.integers(1, 4, len(vectors))
    first = np.concatenate([[0], np.cumsum(sizes)])
    first = np.append(first[first < len(vectors)], len(vectors))
    passages = Passages(vectors, first)
    cosines = passages.closeness(vectors[5])
    assert cosines == pytest.approx(vectors @ vectors[5], abs=1e-4)
    assert (passages.best(cosines) == np.maximum.reduceat(cosines, first[:-1])).all()
