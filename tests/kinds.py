"""The kinds of page that the site has, in one table.

Axe, the layout, the budgets, the counts of files that are read, and docs/weights.md all walk it: a
new kind of page is a row here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A kind of page: what it is called, where one lies in the library that comes with the product.

    `budget` is how many bytes a first visit may cost, with all that belongs to the page. `small` is
    where one lies in the small library of tests/kb; "" where that has none. `reads` and `questions`
    are how many files a page opens, and how often it asks the database, in a process that has shown
    one before.
    """

    name: str
    path: str
    small: str = ""
    status: int = 200
    budget: int = 50_000
    reads: int = 0
    questions: int = 0


CRISIS = "paying people in a crisis when nobody has a bank account"
PAGE_KINDS = (
    Kind("home", "/", "/"),
    Kind("search, nothing asked", "/search", "/search"),
    Kind("search, in plain words", f"/search?q={CRISIS}".replace(" ", "+"), "/search?q=cash+phone"),
    Kind("search, with filters",
         "/search?theme=e-health&theme=digital-skills&theme.mode=none&year.from=2000&sort=title",
         "/search?theme=e-health&year.from=2000&sort=title"),
    Kind("search, nothing found", "/search?q=best+pizza+recipe", "/search?q=best+pizza+recipe"),
    Kind("map", "/map", "/map"),
    Kind("matrix", "/matrix?rows=theme&cols=region.areas", "/matrix"),
    Kind("cases compared",
         "/compare?case=m-pesa-kenya&case=novissi-togo&case=aadhaar-dbt-india&case=upi-india",
         "/compare?case=cash-by-phone&case=clinic-by-satellite"),
    Kind("list that was shared", "/list?case=m-pesa-kenya&case=novissi-togo",
         "/list?case=cash-by-phone&case=clinic-by-satellite"),
    Kind("my list, still empty", "/list", "/list"),
    Kind("case", "/cases/momconnect-south-africa", "/cases/cash-by-phone"),
    Kind("case, with charts and a map", "/cases/xroad-estonia-finland"),
    Kind("case, translated", "/cases/be-my-eyes-denmark/ar", "/cases/cash-by-phone/fr"),
    Kind("library in figures", "/insight", "/insight"),
    Kind("index of countries", "/countries", "/countries"),
    Kind("index of places, a tree", "/regions", "/regions"),
    Kind("theme", "/themes/digital-payments", "/themes/digital-payments"),
    Kind("country", "/countries/KE", "/countries/KE"),
    Kind("organisation", "/organisations/european-union"),
    # a book on one page: 150 words and acronyms explained, each in six languages
    Kind("glossary", "/glossary", "/glossary", budget=75_000),
    Kind("page of text", "/pages/accessibility", "/pages/about"),
    Kind("recent changes", "/changes"),
    Kind("history of a case", "/cases/momconnect-south-africa/history"),
    Kind("suggest an edit", "/cases/momconnect-south-africa/suggest"),
    Kind("report a problem", "/cases/momconnect-south-africa/report"),
    Kind("nothing at this address", "/cases/none", "/cases/none", status=404),
)  # fmt: skip
