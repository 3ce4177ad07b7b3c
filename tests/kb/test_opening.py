import threading

import pytest

from indexer.library import Library
from kb.app import create_app
from kb.services.opening import LibraryNotReady, Opening
from kb.settings import Settings
from tests.kb.conftest import visitor


def test_a_library_is_opened_once_and_kept(library: Library) -> None:
    times: list[int] = []

    def open_library() -> Library:
        times.append(1)
        return library

    opening = Opening(open_library)
    found = [opening.library() for _ in range(3)]
    assert found == [library] * 3
    assert len(times) == 1
    assert opening.ready


def test_a_request_does_not_wait_forever(library: Library) -> None:
    go_on = threading.Event()

    def slow() -> Library:
        go_on.wait(10)
        return library

    opening = Opening(slow)
    with pytest.raises(LibraryNotReady):
        opening.library(patience=0.01)
    go_on.set()
    assert opening.library(patience=10) is library


def test_a_failed_opening_is_logged_and_tried_again(
    library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    answers = [None, library]

    def sometimes() -> Library:
        answer = answers.pop(0)
        if answer is None:
            raise OSError("the disk is away")
        return answer

    opening = Opening(sometimes)
    with pytest.raises(LibraryNotReady):
        opening.library()
    assert "the disk is away" in caplog.text
    assert opening.library() is library


def test_a_library_that_cannot_be_opened_is_a_503_page_and_not_an_empty_list(
    settings: Settings,
) -> None:
    app = create_app(settings)
    app.extensions["sankofa.opening"] = Opening(lambda: (_ for _ in ()).throw(OSError("away")))
    client = visitor(app)
    for path in ("/", "/search?q=cash", "/cases/cash-by-phone", "/themes"):
        answer = client.get(path)
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
        assert "being prepared" in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
