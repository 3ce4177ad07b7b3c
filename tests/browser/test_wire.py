"""What a first visit costs on the wire, as the browser counts it."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenTab
from tests.browser.weight import REQUESTS, Scales, read_over_2g
from tests.kinds import CRISIS, PAGE_KINDS

pytestmark = pytest.mark.browser

#: Milliseconds until a page of results can be read over a slow network.
PATIENCE = 4000


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_first_view_of_every_kind_of_page_keeps_its_budget(
    tab: OpenTab, site: str, scheme: str
) -> None:
    scales = Scales(tab(color_scheme=scheme))
    for kind in PAGE_KINDS:
        weight = scales.weigh(site + kind.path)
        assert len(weight.asked) <= REQUESTS, weight
        assert len(weight.asked) >= 3, weight
        assert all(address.startswith(site) for address in weight.asked), weight
        assert weight.total <= kind.budget, weight


def test_files_are_fetched_once(tab: OpenTab, site: str) -> None:
    page = tab()
    page.goto(site, wait_until="networkidle")
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    sizes: list[float] = []
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(f"{site}/themes", wait_until="networkidle")
    assert sorted(sizes)[:-1] == [0] * (len(sizes) - 1), "files were fetched again"


@pytest.mark.parametrize("width", [360, 1280])
def test_results_can_be_read_in_four_seconds_over_2g(tab: OpenTab, site: str, width: int) -> None:
    page = tab(width=width)
    read = read_over_2g(page, f"{site}/search?q={CRISIS}")
    expect(page.locator(".cases a").first).to_be_in_viewport()
    assert 300 < read["first"] <= read["largest"] <= PATIENCE, read


def test_a_visit_sets_no_cookie(tab: OpenTab, site: str) -> None:
    page = tab()
    for kind in PAGE_KINDS:
        page.goto(site + kind.path)
    assert page.context.cookies() == []


def test_every_case_opens_without_complaint(
    tab: OpenTab, site: str, cases: tuple[str, ...]
) -> None:
    page = tab()
    for path in cases:
        answer = page.goto(site + path)
        assert answer is not None and answer.ok, path
