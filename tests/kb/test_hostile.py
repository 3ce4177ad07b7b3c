"""Payloads of attackers in every place where a writer or a reader can put text."""

import json
from collections.abc import Iterator
from pathlib import Path

import html5lib
import pytest
from flask.testing import FlaskClient

from indexer.library import Library
from kb.app import create_app
from kb.markup import render
from kb.settings import Settings
from tests import factories
from tests.kb.conftest import visitor
from tests.kb.test_markup import assert_harmless, scheme_of, whole

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
PAYLOADS = SHARED / "xss" / "payloads.json"
SPECIFICATION = SHARED / "xss" / "commonmark-spec.json"
NAUGHTY = SHARED / "naughty" / "blns.json"
EXECUTABLE = {"script", "iframe", "object", "embed", "base", "style", "applet", "frame", "math"}
GROUP = 60  # payloads put into one case

needs = pytest.mark.skipif(not PAYLOADS.exists(), reason="../shared/data is not here")


def texts(path: Path) -> list[str]:
    if not path.exists():
        return []
    found = json.loads(path.read_text(encoding="utf-8"))
    return [
        one if isinstance(one, str) else str(one.get("payload") or one["markdown"]) for one in found
    ]


def assert_page_is_harmless(page: str) -> None:
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        for name, value in element.attrib.items():
            assert not name.startswith("on"), (element.tag, name, value)
            assert name != "style", (element.tag, value)
            if name in ("href", "src", "action", "formaction", "srcdoc", "data"):
                assert name not in ("formaction", "srcdoc")
                assert scheme_of(value) in ("", "http", "https", "mailto"), value
        if element.tag == "script":
            kept = element.attrib.get("src", "").startswith("/static/")
            assert kept or element.attrib.get("type") == "application/ld+json"
        else:
            assert element.tag not in EXECUTABLE, element.tag


@needs
def test_no_payload_runs_as_the_body_of_a_case() -> None:
    for payload in [*texts(PAYLOADS), *texts(SPECIFICATION), *texts(NAUGHTY)]:
        assert_harmless(whole(render(payload, ("1",))))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FlaskClient, int]]:
    """A library whose cases hold payloads as title, summary, names and everything else."""
    payloads = [" ".join(text.split()) for text in texts(PAYLOADS)]
    payloads = [text for text in payloads if text and text.isprintable()]
    cases = {}
    for number in range(0, len(payloads), GROUP):
        some = payloads[number : number + GROUP]
        longest = sorted(some, key=len)
        text = " ".join(some)
        cases[f"hostile-{number // GROUP}"] = factories.case_text(
            "\n\n".join(f"{one} [1]" for one in some),
            title=longest[0][:160] or "x",
            summary=(text + " and so on until the summary is long enough.")[:300],
            organisations=[{"name": one, "role": "partner"} for one in some],
            results=[
                {"indicator": one, "value": 1, "unit": one[:40], "year": 2008, "source": 1,
                 "series": "s"} for one in some[:20]
            ],
            replications=[{"country": "UG", "year": 2009, "note": n, "source": 1} for n in some],
            policies=[{"title": one, "kind": "law", "country": "KE", "year": 2011} for one in some],
            sources=[{"id": 1, "title": text[:200], "url": "https://example.org/",
                      "publisher": text[:200]}],
        )  # fmt: skip
    root = tmp_path_factory.mktemp("hostile")
    content = factories.content_folder(root / "content", cases)
    library = Library.open(content, root / "var")
    settings = Settings(content=content, data=root / "data")
    yield visitor(create_app(settings, library)), len(cases)


@needs
def test_no_payload_runs_as_any_field_of_a_case(hostile: tuple[FlaskClient, int]) -> None:
    client, count = hostile
    shown = 0
    for number in range(count):
        answer = client.get(f"/cases/hostile-{number}")
        if answer.status_code == 200:
            shown += 1
            assert_page_is_harmless(answer.text)
    assert shown >= count / 2
    for path in ("/", "/search", "/themes/digital-payments", "/suggest?q=al"):
        assert_page_is_harmless(client.get(path).text)


@needs
def test_no_payload_runs_as_a_question(client: FlaskClient) -> None:
    for payload in texts(PAYLOADS)[::8] + texts(NAUGHTY)[::16]:
        query = {"q": payload, "theme": payload, "sort": payload, "ui": payload}
        answer = client.get("/search", query_string=query)
        assert answer.status_code == 200
        assert_page_is_harmless(answer.text)
    for payload in texts(PAYLOADS)[::16]:
        answer = client.get("/" + payload.lstrip("/").replace("\n", " "))
        assert answer.status_code < 500
        assert_page_is_harmless(answer.text)
