"""Each request has a number and a line; whatever was typed stays within the line."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from indexer.library import Library
from kb.app import create_app
from kb.services import logs
from kb.settings import Settings, load_settings
from tests.kb.conftest import visitor
from tests.people import add_person, database_of, signed_in

NUMBER = re.compile(r"[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}")
#: What could begin a line of its own, move a cursor, or turn the direction of what follows.
NASTY = "x\n2026 ERROR all is lost\r\x1b[31mred\u2028\u2029\x85\u202egnp\x00\x7f\ud800"


@pytest.fixture
def lines() -> Iterator[Callable[[], list[dict[str, object]]]]:
    """Gives what was logged so far, as JSON."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JsonLines())
    log = logging.getLogger("kb")
    before = log.level
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    log.removeHandler(handler)
    log.setLevel(before)


Lines = Callable[[], list[dict[str, object]]]


def record(message: str, **how: object) -> logging.LogRecord:
    return logging.LogRecord("kb", logging.ERROR, "x.py", 1, message, (), None, **how)  # type: ignore[arg-type]


# Numbers -------------------------------------------------------------------------------------


def test_every_answer_carries_a_number_of_its_own(client: FlaskClient) -> None:
    paths = ("/", "/search", "/healthz", "/nothing", "/robots.txt")
    numbers = [client.get(path).headers["X-Request-ID"] for path in paths]
    assert all(NUMBER.fullmatch(number) for number in numbers)
    assert len(set(numbers)) == len(numbers)
    refused = client.get("/", headers={"Host": "evil.example"})
    assert refused.status_code == 400
    assert NUMBER.fullmatch(refused.headers["X-Request-ID"])


def test_numbers_do_not_repeat() -> None:
    assert len({logs.new_number() for _ in range(10_000)}) == 10_000


def test_an_error_page_shows_the_number_that_the_log_has(
    settings: Settings, library: Library, lines: Lines
) -> None:
    app = create_app(settings, library)

    @app.get("/broken")
    def broken() -> str:
        logging.getLogger("kb").warning("something odd")
        raise RuntimeError(NASTY)

    answer = visitor(app).get("/broken?q=private")
    number = answer.headers["X-Request-ID"]
    assert f"<code>{number}</code>" in answer.text
    assert [line["request"] for line in lines()] == [number] * 3
    assert [line["level"] for line in lines()] == ["warning", "error", "info"]
    assert "RuntimeError" in str(lines()[1]["exception"])
    assert "private" not in json.dumps(lines())
    missing = visitor(app).get("/nothing")
    assert f"<code>{missing.headers['X-Request-ID']}</code>" in missing.text
    assert logs.request_number() == ""


def test_the_number_of_a_proxy_is_taken_from_those_that_are_trusted(
    client_with: Callable[..., FlaskClient],
) -> None:
    networks = load_settings({"TRUSTED_PROXIES": "10.0.0.0/8"}).trusted_proxies
    behind = client_with(trusted_proxies=networks)

    def answered(number: str, peer: str) -> str:
        answer = behind.get(
            "/healthz", headers={"X-Request-ID": number}, environ_overrides={"REMOTE_ADDR": peer}
        )
        return answer.headers["X-Request-ID"]

    good = "0f3d9a2c-77aa-4c1b.9"
    assert answered(good, "10.1.2.3") == good
    assert NUMBER.fullmatch(answered(good, "192.0.2.1"))
    for bad in ("short", "x" * 65, "with space 123", "<script>alert", "a;b=c;d=e;f", "é" * 9, ""):
        assert NUMBER.fullmatch(answered(bad, "10.1.2.3")), bad


# Lines of requests ---------------------------------------------------------------------------


def test_a_line_tells_what_was_asked_and_not_what_was_searched_for(
    client: FlaskClient, lines: Lines
) -> None:
    client.get("/search?q=my+illness", headers={"Referer": "http://127.0.0.1/search?q=secret"})
    (line,) = lines()
    assert line["message"] == "GET /search 200"
    told = {name: line[name] for name in ("method", "endpoint", "path", "status")}
    assert told == {
        "method": "GET", "endpoint": "search.search", "path": "/search", "status": 200,
    }  # fmt: skip
    assert float(str(line["ms"])) > 0
    assert "person" not in line
    assert "address" not in line
    assert "illness" not in json.dumps(lines())
    assert "secret" not in json.dumps(lines())


@pytest.mark.parametrize(
    "path", ["/account/reset/{}", "/account/invitation/{}", "/drafts/{}", "/typo/reset/{}", "/{}"]
)
def test_one_time_links_and_names_of_drafts_are_not_written_down(
    client: FlaskClient, lines: Lines, path: str
) -> None:
    token = "pPHN17BYEHdygrTbT-z-zPn-TEq4NVZAEkGp5Sg5aZE"
    client.get(path.format(token))
    assert lines()
    assert token not in json.dumps(lines())


def test_the_person_is_told_by_number_and_the_address_only_when_asked_for(
    settings: Settings, library: Library, lines: Lines, tmp_path_factory: pytest.TempPathFactory
) -> None:
    own = replace(settings, data=tmp_path_factory.mktemp("data"), log_addresses=True)
    app: Flask = create_app(own, library)
    ama = add_person(database_of(app), name="Ama Mensah")
    client, _ = signed_in(app, ama)
    client.get("/mine")
    line = lines()[-1]
    assert line["person"] == ama.id
    assert line["address"] == "127.0.0.1"
    assert "Mensah" not in json.dumps(lines())
    assert ama.email not in json.dumps(lines())


def test_files_and_health_are_told_to_those_who_ask_for_everything(
    client: FlaskClient, lines: Lines
) -> None:
    client.get("/healthz")
    client.get("/robots.txt")
    assert {line["level"] for line in lines()} == {"debug"}


# Nothing leaves its line ---------------------------------------------------------------------


@pytest.mark.parametrize("formatter", [logs.JsonLines(), logs.TextLines()])
def test_a_line_stays_one_line(formatter: logging.Formatter) -> None:
    line = formatter.format(record(NASTY))
    assert len(line.splitlines()) == 1
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\ud800-\udfff]", line)
    assert "all is lost" in line


@given(st.text())
def test_any_text_stays_one_line_and_can_be_read_again(text: str) -> None:
    line = logs.JsonLines().format(record(text))
    assert line.isascii()
    assert len(line.splitlines()) == 1
    json.loads(line)
    assert len(logs.TextLines().format(record("x" + text)).splitlines()) == 1


def test_the_lines_of_an_exception_cannot_be_taken_for_others() -> None:
    try:
        raise ValueError(NASTY)
    except ValueError as problem:
        failed = record("failed")
        failed.exc_info = (type(problem), problem, problem.__traceback__)
    text = logs.TextLines().format(failed)
    first, *rest = text.splitlines()
    assert first.endswith("failed")
    assert rest
    assert all(line.startswith("  | ") for line in rest)
    assert len(logs.JsonLines().format(failed).splitlines()) == 1


def test_a_path_with_a_line_end_stays_in_its_line(client: FlaskClient, lines: Lines) -> None:
    client.get("/nothing%0aERROR%20lost%1b[2J")
    (line,) = lines()
    assert "\n" not in str(line["path"])
    assert "\x1b" not in str(line["path"])
    assert "\n" not in str(line["message"])


def test_text_is_for_people(client: FlaskClient) -> None:
    told = record("GET /search 200")
    told.told = {"method": "GET", "path": "/search", "status": 200, "ms": 12.5, "person": 3}
    with logs.numbered("K7Q2M-9XTRB"):
        line = logs.TextLines().format(told)
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ERROR   K7Q2M-9XTRB GET /search 200"
        r" ms=12\.5 person=3",
        line,
    )
