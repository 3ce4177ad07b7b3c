import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient

from indexer.library import Library
from kb.app import create_app
from kb.errors import TROUBLES
from kb.services.limits import TooManyTries
from kb.settings import Settings
from tests.kb.conftest import visitor


@pytest.mark.parametrize(
    "path",
    [
        "/nothing", "/cases/no-such-case", "/cases/Not_A_Slug", "/cases/cash-by-phone/zz",
        "/themes/unknown", "/countries/XX", "/unknown/shelf", "/pages/none", "/media/none.png",
        "/media/..%2F..%2Fetc%2Fpasswd.png", "/static/abc/sankofa.css", "/cases/x.json",
    ],
)  # fmt: skip
def test_what_is_not_there_is_a_page_with_404(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "<h1>" in answer.text
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_wrong_name_is_answered_with_cases_of_similar_names(client: FlaskClient) -> None:
    assert 'href="/cases/clinic-by-satellite"' in client.get("/cases/clinics-linked").text


def test_a_withdrawn_case_is_gone_and_the_reason_is_told(client: FlaskClient) -> None:
    for path in ("/cases/taken-back", "/cases/taken-back.json", "/cases/taken-back.md"):
        answer = client.get(path)
        assert answer.status_code == 410
        assert "The figures could not be confirmed." in answer.text


def test_an_old_address_leads_to_the_new_one_for_good(client: FlaskClient) -> None:
    answer = client.get("/cases/old-cash?ui=fr")
    assert answer.status_code == 301
    assert answer.headers["Location"] == "/cases/cash-by-phone?ui=fr"
    assert client.get("/countries/ke").headers["Location"] == "/countries/KE"


def test_a_request_that_is_too_large_is_refused(client: FlaskClient) -> None:
    body = {"theme": "d" * 400_000}
    answer = client.post("/choices", data=body, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 413


def test_a_wrong_method_names_the_right_ones(client: FlaskClient) -> None:
    answer = client.post("/search", headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_a_failure_of_ours_has_a_number_that_is_in_the_log(
    settings: Settings, library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(settings, library)

    @app.get("/broken")
    def broken() -> str:
        raise RuntimeError("the secret inside")

    with caplog.at_level(logging.ERROR, "kb"):
        answer = visitor(app).get("/broken")
    assert answer.status_code == 500
    assert "the secret inside" not in answer.text
    number = answer.text.partition("<code>")[2].partition("</code>")[0]
    assert number == answer.headers["X-Request-ID"]
    assert number in caplog.text
    assert "the secret inside" in caplog.text


def test_every_error_of_the_table_becomes_its_page(settings: Settings, library: Library) -> None:
    for kind, trouble in TROUBLES.items():
        app = create_app(settings, library)
        _fails_with(app, kind)
        # htmx gets the page also where a browser is sent on to sign in
        answer = visitor(app).get("/broken", headers={"HX-Request": "true"})
        assert answer.status_code == trouble.status, kind
        assert str(trouble.title) in answer.text


def _fails_with(app: Flask, kind: type[Exception]) -> None:
    @app.get("/broken")
    def broken() -> str:
        try:
            problem = kind("why")
        except (TypeError, AttributeError):  # it is told something else
            problem = kind.__new__(kind, "why")
        if kind is TooManyTries:
            problem = TooManyTries(3)
        raise problem
