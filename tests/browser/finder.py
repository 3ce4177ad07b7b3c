"""The search page as somebody in front of it reads and uses it."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

CRISIS = "paying people in a crisis when nobody has a bank account"


def total(page: Page) -> int:
    """The number of cases that the page says it found."""
    said = page.locator(".results .bar h2").inner_text()
    number = re.search(r"\d+", said)
    return int(number[0]) if number else 0


def titles(page: Page) -> list[str]:
    """The titles of the results on this page, without those only near in meaning."""
    return page.locator(".results > .cases h3").all_inner_texts()


def choice(page: Page, facet: str, value: str) -> Locator:
    """The box to tick for a value of a facet."""
    return page.locator(f'input[name="{facet}"][value="{value}"]')


def count_of(page: Page, facet: str, value: str) -> int:
    """The number that stands beside a value of a facet."""
    row = page.locator("label", has=choice(page, facet, value))
    return int(row.locator(".count").inner_text())


def values_of(page: Page, facet: str) -> list[str]:
    """The values of a facet that are offered, in their order."""
    boxes = page.locator(f'input[name="{facet}"]').all()
    return [box.get_attribute("value") or "" for box in boxes]


def settled(page: Page, number: int) -> None:
    """Wait until the page shows this many cases, and tells it to screen readers."""
    words = "No cases" if number == 0 else re.compile(rf"^{number} cases?$")
    expect(page.locator(".results .bar h2")).to_have_text(words)
    expect(page.locator("#told")).to_have_text(words)


def unfold(page: Page) -> None:
    """Open all that is folded on the page, but for the menu that would cover the rest."""
    page.evaluate("for (const d of document.querySelectorAll('details:not(.menu)')) d.open = true")
