"""No page is wider than the window, whatever its words."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenTab
from tests.browser.finder import CRISIS, unfold
from tests.kinds import PAGE_KINDS

pytestmark = pytest.mark.browser

WIDTHS = (320, 360, 768, 1440)
PATHS = ("/", "/search", f"/search?q={CRISIS}&theme=digital-payments", "/search?q=best+pizza",
         "/map", "/matrix?cols=region.groups",
         "/search?q=%22telemedicine+by+drone%22&country=KG&theme=e-health&exact=1",
         "/cases/momconnect-south-africa", "/cases/aadhaar-dbt-india", "/regions",
         "/cases/kixp-ixpn-local-traffic", "/cases/mhero-liberia", "/cases/m-pesa-kenya/ar",
         "/cases/aadhaar-dbt-india/suggest", "/cases/aadhaar-dbt-india/used",
         "/themes/e-health", "/organisations", "/pages/privacy", "/cases/none")  # fmt: skip
ODD_PATHS = ("/", "/search", "/map", "/matrix?rows=organisation&cols=theme",
             "/cases/long-words", "/cases/cash-by-phone", "/cases/tahwilat",
             "/organisations", "/themes/digital-payments", "/cases/taken-back")  # fmt: skip

# The elements that stick out of the window, unless something around them scrolls or clips.
OUTSIDE = """
() => {
  const root = document.documentElement;
  const held = element => {
    for (let at = element.parentElement; at && at !== document.body; at = at.parentElement) {
      if (getComputedStyle(at).overflowX !== "visible") return true;
    }
    return false;
  };
  const out = [...document.body.querySelectorAll("*")].filter(element => {
    const box = element.getBoundingClientRect();
    return element.checkVisibility() && box.width > 0
      && (box.right > root.clientWidth + 1 || box.left < -1)
      && !element.matches(".unseen, .unseen *, dt") && !held(element);
  }).map(element => element.outerHTML.slice(0, 100));
  return root.scrollWidth > root.clientWidth ? ["the page scrolls sideways", ...out] : out;
}
"""


def outside(page: Page) -> dict[int, list[str]]:
    found = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        out = page.evaluate(OUTSIDE)
        if out:
            found[width] = out
    return found


def test_pages_fit_from_small_telephones_to_wide_screens(tab: OpenTab, site: str) -> None:
    page = tab()
    for path in dict.fromkeys([*PATHS, *(kind.path for kind in PAGE_KINDS)]):
        page.goto(site + path)
        unfold(page)
        assert outside(page) == {}, path


@pytest.mark.parametrize("ui", ["en", "ar"])
def test_words_longer_than_the_window_are_broken(tab: OpenTab, odd_site: str, ui: str) -> None:
    page = tab()
    for path in ODD_PATHS:
        page.goto(f"{odd_site}{path}?ui={ui}")
        assert outside(page) == {}, path


def test_at_four_times_the_size_all_is_still_there(tab: OpenTab, site: str) -> None:
    page = tab(width=320, height=256, device_scale_factor=4)  # a window of 1280 by 1024, enlarged
    for path in PATHS:
        page.goto(site + path)
        assert page.evaluate(OUTSIDE) == [], path
    page.goto(f"{site}/search")
    page.locator("#q").fill("school")
    page.locator(".box button").click()
    page.wait_for_url(f"{site}/search?q=school")
    page.locator("#drawer summary").click()
    page.locator("input[name=theme]").first.check()
    page.locator(".chips a").first.click()
    page.wait_for_url(f"{site}/search?q=school")


def test_the_ways_of_the_head_stand_in_one_line_on_a_phone(tab: OpenTab, site: str) -> None:
    page = tab(width=360)
    page.goto(site)
    tops = {box["y"] for way in page.locator(".top nav a").all() if (box := way.bounding_box())}
    assert len(tops) == 1
