"""What axe finds on every kind of page: nothing."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Response

from tests.browser.conftest import OpenTab
from tests.browser.finder import unfold
from tests.kinds import PAGE_KINDS

pytestmark = pytest.mark.browser

SHELVES = {
    "/themes": "digital-payments",
    "/technologies": "mobile-sms-ussd",
    "/regions": "africa",
    "/countries": "KE",
    "/sdgs": "1",
    "/action-lines": "C7",
    "/organisations": "unicef",
    "/beneficiaries": "women",
}
#: Pages beside those of PAGE_KINDS.
PLAIN = (
    "/search?q=M-Pessa",
    "/search?theme=e-health&country=KG",
    "/map?q=zzxq+fnord",
    "/search?q=%22telemedicine+by+drone%22&country=KG&region=ldc&year.to=1950&exact=1",
    "/cases/project-loon-kenya",
    "/cases/kixp-ixpn-local-traffic",
    "/cases/mhero-liberia",
    "/cases/m-pesa-kenya/ar",
    "/cases/momconnect-south-africa/used",
    "/cases/momconnect-south-africa/reports",
    "/packs/mobile-money-and-inclusion.html",  # to print
    "/packs/mobile-money-and-inclusion/ar.html",
    "/pages/about",
    "/pages/accessibility",
    *SHELVES,
    *(f"{shelf}/{term}" for shelf, term in SHELVES.items()),
)
ODD = {
    "/cases/cash-by-phone/fr": 200,
    "/cases/long-words": 200,
    "/cases/tahwilat": 200,
    "/?ui=ar": 200,
    "/search?ui=ar&q=cash": 200,
    "/map?ui=ar": 200,
    "/matrix?ui=ar&rows=organisation&cols=country": 200,
    "/cases/cash-by-phone?ui=ar": 200,
    "/cases/nothing-of-this-name": 404,
    "/cases/taken-back": 410,
    "/choices": 405,
    "/broken": 500,
}
#: axe leaves the size of targets out by default; WCAG 2.2 AA does not.
ALL = {"resultTypes": ["violations"], "preload": False, "rules": {"target-size": {"enabled": True}}}
#: What depends on the size of the window or the colours.
LOOKS = {
    "resultTypes": ["violations"],
    "preload": False,
    "runOnly": [
        *("color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"),
        *("meta-viewport", "bypass", "region"),
    ],
}
axe = Axe()


def violations(page: Page, options: dict[str, object], part: str = "html") -> list[str]:
    run = "([part, options]) => axe.run(part, options)"
    found = page.evaluate(run, [part, options])["violations"]
    return [
        f"{rule['id']}: {rule['help']}: {node['html'][:200]} {node['any'][:1]}"
        for rule in found
        for node in rule["nodes"]
    ]


def look(page: Page, address: str) -> Response:
    """Look at a page with all unfolded, on a phone and on a wide screen, light and dark."""
    answer = page.goto(address)
    assert answer is not None
    page.evaluate(axe.axe_script)
    unfold(page)
    found = []
    options = ALL
    for width in (360, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            found += [f"{width} {scheme} {fault}" for fault in violations(page, options)]
            options = LOOKS
    assert found == [], address
    return answer


def test_axe_finds_nothing_on_the_pages_of_the_library(tab: OpenTab, site: str) -> None:
    page = tab()
    pages = {**dict.fromkeys(PLAIN, 200), **{kind.path: kind.status for kind in PAGE_KINDS}}
    for path, status in pages.items():
        assert look(page, site + path).status == status, path


def test_axe_finds_nothing_on_rare_pages(tab: OpenTab, odd_site: str) -> None:
    page = tab()
    for path, status in ODD.items():
        assert look(page, odd_site + path).status == status, path


def test_axe_finds_nothing_while_the_library_is_shut(tab: OpenTab, closed_site: str) -> None:
    assert look(tab(), closed_site).status == 503


def test_axe_finds_nothing_in_what_unfolds_over_the_page(tab: OpenTab, site: str) -> None:
    page = tab()
    page.goto(site)
    page.locator("#q").press_sequentially("dig")
    page.locator("#suggestions a").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.evaluate(axe.axe_script)
    assert violations(page, ALL, ".box") == []
    page.get_by_text("Display").click()
    assert violations(page, ALL, ".menu") == []
