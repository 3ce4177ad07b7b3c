"""The page of what the library has little of, or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlencode

from indexer.query import Query
from indexer.vocabulary import Term
from kb.access import Person
from kb.pages.office import GapsPage
from kb.pieces.common import Link
from kb.pieces.office import Cell, CrossRow
from kb.present.links import case_url, search_url, term_url
from kb.present.office import office_tabs, page_turning
from kb.present.words import Reader
from kb.services.gaps import COLUMNS, LITTLE, PER_PAGE, Crossing, Gaps
from kb.translation import gettext as _
from kb.translation import ngettext

PATH = "/office/gaps"
NEW_CASE = "/cases/new"


def gaps_page(
    gaps: Gaps, person: Person, reader: Reader, *, columns: str, lack: str, lang: str, page: int
) -> GapsPage:
    """Empty crossings first, then themes without a failure, then what single cases lack."""
    columns = columns if columns in COLUMNS else COLUMNS[0]
    pairs = [(name, value) for name, value in (("lack", lack), ("lang", lang)) if value]
    pages = max(1, -(-len(gaps.shown) // PER_PAGE))
    first = (min(page, pages) - 1) * PER_PAGE
    return GapsPage(
        title=_("Gaps"),
        tabs=office_tabs(person, PATH),
        choices=tuple(_choices(columns)),
        columns=tuple(
            Link(term.label(reader.lang), term_url("region", term.id))
            for term in gaps.crossing.columns
        ),
        rows=tuple(_rows(gaps.crossing, reader)),
        untold_told=_untold_told(gaps, reader),
        untold=tuple(
            Link(term.label(reader.lang), term_url("theme", term.id)) for term in gaps.untold
        ),
        lacking=tuple(_lacking(gaps, lack, reader)),
        missing=tuple(_missing(gaps, lang, reader)),
        shown_title=_shown_title(gaps, lack, lang, reader),
        shown=tuple(
            Link(case.title, case_url(case.key.slug), lang=case.lang)
            for case in gaps.shown[first : first + PER_PAGE]
        ),
        turning=page_turning(PATH, pairs, page, pages),
    )


def _choices(columns: str) -> Iterator[Link]:
    labels = (_("Continents"), _("Smaller regions"), _("Groups of countries"))
    for name, label in zip(COLUMNS, labels, strict=True):
        url = PATH if name == COLUMNS[0] else f"{PATH}?by={name}"
        yield Link(label, url, current=name == columns)


def _rows(crossing: Crossing, reader: Reader) -> Iterator[CrossRow]:
    for theme in crossing.rows:
        cells = (_cell(crossing, theme, region, reader) for region in crossing.columns)
        term = Link(theme.label(reader.lang), term_url("theme", theme.id))
        yield CrossRow(term, tuple(cells))


def _cell(crossing: Crossing, theme: Term, region: Term, reader: Reader) -> Cell:
    number = crossing.counts.get((theme.id, region.id), 0)
    names = {"theme": theme.label(reader.lang), "region": region.label(reader.lang)}
    if not number:
        return Cell("", NEW_CASE, _("None: write a case on %(theme)s, %(region)s", **names), "none")
    query = Query().with_value("theme", theme.id).with_value("region", region.id)
    about = f"{names['theme']}, {names['region']}"
    level = "little" if number <= LITTLE else "some"
    return Cell(reader.number(number), search_url(query), about, level)


def _untold_told(gaps: Gaps, reader: Reader) -> str:
    if not gaps.untold:
        return _("Every theme has a case that tells what did not last or did not work.")
    outcomes = reader.listed(reader.labels("outcomes", gaps.failures))
    return _("No case of these themes has any of the outcomes %(outcomes)s.", outcomes=outcomes)


def lack_words() -> Mapping[str, str]:
    """What a case may lack."""
    return {
        "failure": _("Nothing told of what went wrong"),
        "figures": _("No results in figures"),
        "baseline": _("No figure with a baseline"),
        "money": _("Nothing on money"),
        "evidence": _("No word on the evidence"),
        "review": _("No day for another look"),
    }


def _lacking(gaps: Gaps, lack: str, reader: Reader) -> Iterator[Link]:
    words = lack_words()
    for name, number in gaps.lacking.items():
        url = f"{PATH}?{urlencode({'lack': name})}#cases"
        yield Link(words[name], url if number else "", _share(number, gaps, reader), name == lack)


def _missing(gaps: Gaps, lang: str, reader: Reader) -> Iterator[Link]:
    for code, number in gaps.missing.items():
        url = f"{PATH}?{urlencode({'lang': code})}#cases" if number else ""
        yield Link(reader.language(code), url, _share(number, gaps, reader), code == lang)


def _share(number: int, gaps: Gaps, reader: Reader) -> str:
    return _("%(number)s of %(all)s", number=reader.number(number), all=reader.number(gaps.cases))


def _shown_title(gaps: Gaps, lack: str, lang: str, reader: Reader) -> str:
    words = lack_words()
    if lack in words:
        return f"{words[lack]} ({_share(len(gaps.shown), gaps, reader)})"
    if lang in gaps.missing:
        named = reader.language(lang)
        missing = ngettext("%(num)s case is missing", "%(num)s cases are missing", len(gaps.shown))
        return f"{named}: {missing}"
    return ""
