"""What a first visit costs on the wire, as the browser counts it."""

from typing import Any

import pytest

from tests.browser.conftest import OpenTab
from tests.browser.finder import CRISIS

pytestmark = pytest.mark.browser

BUDGET = 50_000  # bytes, heads and bodies as they were sent
REQUESTS = 6
FIRST_VIEWS = (
    "/",
    "/search",
    f"/search?q={CRISIS}",
    "/cases/momconnect-south-africa",
    "/countries",
)


@pytest.mark.parametrize("path", FIRST_VIEWS)
def test_a_first_view_keeps_its_budget(tab: OpenTab, site: str, path: str) -> None:
    page = tab()
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    sizes: dict[str, float] = {}
    asked: list[str] = []

    def count(event: dict[str, Any]) -> None:
        sizes[event["requestId"]] = event["encodedDataLength"]

    wire.on("Network.loadingFinished", count)
    wire.on("Network.requestWillBeSent", lambda event: asked.append(event["request"]["url"]))
    page.goto(site + path, wait_until="networkidle")
    assert len(asked) <= REQUESTS, asked
    assert all(address.startswith(site) for address in asked)
    assert len(sizes) >= 3
    assert sum(sizes.values()) <= BUDGET
    sizes.clear()
    page.goto(f"{site}/themes", wait_until="networkidle")
    assert sorted(sizes.values())[:-1] == [0] * (len(sizes) - 1), "files were fetched again"


def test_a_visit_sets_no_cookie(tab: OpenTab, site: str) -> None:
    page = tab()
    for path in FIRST_VIEWS:
        page.goto(site + path)
    assert page.context.cookies() == []


def test_every_case_opens_without_complaint(
    tab: OpenTab, site: str, cases: tuple[str, ...]
) -> None:
    page = tab()
    for path in cases:
        answer = page.goto(site + path)
        assert answer is not None and answer.ok, path
