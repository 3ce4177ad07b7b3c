"""Payloads of attackers, run in a browser where nothing but our own care holds them back.

The Content-Security-Policy is switched off for these tests, so that it cannot hide what slipped
through the cleaning of texts. The pages of this site may run nothing but their own two scripts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Response
from playwright.sync_api import Browser, Page

from indexer.document import parse
from indexer.library import Library
from indexer.values import Key
from kb.app import ROOT, create_app
from kb.markup import render
from kb.settings import Settings
from tests import factories
from tests.browser.conftest import OpenTab, Trouble
from tests.browser.sites import served

SHARED = ROOT.parent / "shared" / "data" / "xss" / "payloads.json"
GROUP = 40  # payloads in the body of one case
#: Questions that are asked at once: one page for each of 548 would take a minute and a half.
TOGETHER = 4

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not SHARED.exists(), reason="../shared/data/xss is not here"),
]

# Whatever a payload would call to show that it runs is told to the test instead.
TRAP = """
for (const name of ["alert", "confirm", "prompt", "print", "open"]) {
  window[name] = (...said) => window.ran(`${name}(${said.map(String).join().slice(0, 200)})`);
}
document.addEventListener("securitypolicyviolation", event => window.ran(event.violatedDirective));
"""
# What could run later, at a click or a movement of the mouse.
LOADED = """
[...document.querySelectorAll("*")].flatMap(element => [...element.attributes].filter(
  ({name, value}) => /^(on|hx-on|style$)/i.test(name)
    || /^[\\s\\x00-\\x1f]*(javascript|vbscript|data):/i.test(value)
    && /^(href|src|action|formaction|xlink:href|data|srcdoc|to|from|values)$/i.test(name)
).map(({name, value}) => `${element.tagName} ${name}=${value.slice(0, 100)}`))
"""


def payloads() -> list[str]:
    return [str(one["payload"]) for one in json.loads(SHARED.read_text(encoding="utf-8"))]


def in_one_line(text: str) -> str:
    """The payload as the value of a field, which holds no control characters."""
    return "".join(c for c in " ".join(text.split()) if c.isprintable())


def published(text: str) -> str:
    """The payload as a body may hold it.

    A file with control characters is not taken in, nor one with a picture from elsewhere or without
    words: such a payload stands there as code.
    """
    plain = "".join(c for c in text if c.isprintable() or c in "\n\t")
    refused = parse(Key("case", "x"), factories.case_text(plain)).errors
    return "".join(f"    {line}\n" for line in plain.splitlines()) if refused else plain


def case_of(some: list[str]) -> str:
    lines = [in_one_line(one) for one in some]
    lines = [one for one in lines if one]
    short = min(lines, key=len)
    return factories.case_text(
        "\n\n".join(f"{published(one)}\n\nA sentence after it [1]." for one in some),
        title=(short + " and more")[:150],
        summary=(" ".join(lines) + " and so on until the summary is long enough.")[:300],
        organisations=[{"name": one[:200], "role": "partner"} for one in lines],
        results=[
            {"indicator": one[:200], "value": number, "unit": one[:40], "year": 2008, "source": 1,
             "series": f"s{number % 5}"} for number, one in enumerate(lines, 1)
        ],
        replications=[
            {"country": "UG", "year": 2009, "note": one[:300], "source": 1} for one in lines
        ],
        policies=[
            {"title": one[:200], "kind": "law", "country": "KE", "year": 2011} for one in lines
        ],
        sources=[
            {"id": 1, "title": lines[0][:200], "url": "https://example.org/",
             "publisher": lines[-1][:200]},
        ],
    )  # fmt: skip


@pytest.fixture(scope="module")
def hostile_site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site whose cases hold all payloads, each alone once more at /rendered."""
    found = payloads()
    groups = [found[at : at + GROUP] for at in range(0, len(found), GROUP)]
    cases = {f"hostile-{number}": case_of(some) for number, some in enumerate(groups)}
    content: Path = factories.content_folder(tmp_path_factory.mktemp("hostile"), cases)
    settings = Settings(content=content, data=tmp_path_factory.mktemp("hostile-data"))
    app = create_app(settings, Library.open(content, tmp_path_factory.mktemp("hostile-var")))

    def rendered() -> Response:
        parts = [render(text, ("1",)) for text in found]
        blocks = [
            part.lead + "".join(one.heading + one.body for one in part.sections) for part in parts
        ]
        page = "<!doctype html><title>All</title>" + "".join(f"<div>{b}</div>" for b in blocks)
        return Response(page, mimetype="text/html")

    app.add_url_rule("/rendered", view_func=rendered)
    with served(app) as address:
        yield address


@pytest.fixture
def trapped(tab: OpenTab, trouble: Trouble) -> Callable[[], Page]:
    """A function that opens a tab where whatever runs that is not ours is noted as trouble."""

    def open_trap() -> Page:
        page = tab(bypass_csp=True)
        page.context.expose_function("ran", lambda said: trouble.seen.append(f"ran: {said}"))
        page.context.add_init_script(TRAP)
        return page

    return open_trap


def test_the_trap_catches_what_runs(trapped: Callable[[], Page], trouble: Trouble) -> None:
    page = trapped()
    page.goto("about:blank")
    page.set_content("<img src=x onerror='alert(1)'><script>confirm(2)</script>")
    page.wait_for_function("document.images[0].complete")
    page.evaluate("window.ran('last')")
    assert {"ran: alert(1)", "ran: confirm(2)"} <= set(trouble.seen)
    assert page.evaluate(LOADED) == ["IMG onerror=alert(1)"]
    trouble.seen.clear()


def test_no_payload_runs_in_a_case(trapped: Callable[[], Page], hostile_site: str) -> None:
    page = trapped()
    shown = 0
    for number in range(-(-len(payloads()) // GROUP)):
        answer = page.goto(f"{hostile_site}/cases/hostile-{number}")
        assert answer is not None and answer.ok, f"hostile-{number} is not shown"
        assert page.evaluate(LOADED) == []
        shown += 1
    assert shown == 14


def test_no_payload_runs_by_itself(trapped: Callable[[], Page], hostile_site: str) -> None:
    page = trapped()
    page.goto(f"{hostile_site}/rendered")
    assert page.evaluate(LOADED) == []
    assert page.locator("body > div").count() == len(payloads()), "a payload broke out of its place"


def test_no_payload_runs_in_lists_and_fragments(
    trapped: Callable[[], Page], hostile_site: str
) -> None:
    page = trapped()
    for path in (
        "/",
        "/search",
        "/search?q=sentence",
        "/themes/digital-payments",
        "/organisations",
    ):
        page.goto(hostile_site + path)
        assert page.evaluate(LOADED) == []
    page.goto(f"{hostile_site}/search")
    page.locator("input[name=outcome]").first.check()
    page.wait_for_url("**/search?outcome=*")
    for letters in ("svg", "img", "alert", "a", "x"):
        page.locator("#q").fill("")
        with page.expect_response(f"**/suggest?q={letters}"):
            page.locator("#q").press_sequentially(letters)
        assert page.evaluate(LOADED) == []


def test_no_payload_runs_as_a_question(trapped: Callable[[], Page], hostile_site: str) -> None:
    page = trapped()
    found = payloads()
    for at in range(0, len(found), TOGETHER):
        some = found[at : at + TOGETHER]
        asked = quote("\n".join(some).encode("utf-8", "replace"), safe="")
        page.goto(f"{hostile_site}/search?q={asked}&theme={asked}", wait_until="domcontentloaded")
        assert page.evaluate(LOADED) == [], some


def test_no_payload_runs_as_an_address(trapped: Callable[[], Page], hostile_site: str) -> None:
    page = trapped()
    found = [in_one_line(payload) for payload in payloads()]
    for at in range(0, len(found), GROUP // 2):
        asked = quote(" ".join(found[at : at + GROUP // 2]), safe="")
        page.goto(f"{hostile_site}/cases/{asked}", wait_until="domcontentloaded")
        assert page.evaluate(LOADED) == [], asked
