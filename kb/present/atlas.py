"""What the map and the matrix have in common, and the page of the map."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from indexer.crossing import Tally
from indexer.narrowing import within
from indexer.query import Query, explain, to_params
from kb.pages.atlas import MapPage
from kb.pieces.atlas import Asked
from kb.pieces.common import Hidden, Link
from kb.pieces.drawing import CountryRow, WorldMap
from kb.present.filters import chips
from kb.present.hits import cases_label
from kb.present.links import absolute, contribute_url, map_url, search_url
from kb.present.views import views
from kb.present.words import Reader
from kb.present.world import drawn, level_of, world_map
from kb.services.cells import csv_lines
from kb.translation import gettext as _
from kb.translation import ngettext

#: Countries that are listed beside the map at once; the others unfold.
SEEN = 15
#: How a drawing can be taken away, by the end of its address.
DRAWINGS = ((".svg", "SVG"), (".png", "PNG"), (".csv", "CSV"))


def searched(tally: Tally) -> Query:
    """The query as it was answered, its text corrected."""
    return tally.query.replace(text=tally.corrected or tally.query.text, page=1)


def found_url(query: Query) -> str:
    """The search whose results are those that were counted, the words taken as they are."""
    return search_url(query.replace(exact=bool(query.text)))


def asked_of(tally: Tally, here: str, reader: Reader, **more: str) -> Asked:
    """What stands above the map and the matrix; `more` are parameters of the page itself."""
    query, path = tally.query.replace(page=1), f"/{here}"
    kept = to_params(query.replace(text="", exact=False))
    kept += [("exact", query.text)] if query.exact else []
    exact = search_url(query.replace(exact=True), path, **more)
    return Asked(
        text=query.text,
        read_as=explain(tally.read_as, _) if query.text else "",
        corrected=tally.corrected or "",
        exact_url=exact if tally.corrected else "",
        kept=tuple(Hidden(name, value) for name, value in (*kept, *more.items())),
        chips=chips(query, reader, lambda other: search_url(other, path, **more)),
        clear_url=search_url(query.without_facets(), path, **more),
        filters_url=search_url(query),
        views=views(query, here, **more),
    )


def described(query: Query, reader: Reader) -> str:
    """What was asked for in one line, for the head of a drawing; "" for the whole library."""
    words = [f"“{query.text}”"] if query.text else []
    return " · ".join((*words, *(chip.label for chip in chips(query, reader))))


def map_page(tally: Tally, reader: Reader) -> MapPage:
    """All that the page of the map shows."""
    query, drawing = searched(tally), shaded(tally, reader)
    rows = tuple(_rows(tally, drawing, reader))
    return MapPage(
        title=_("%(text)s: map", text=query.text) if query.text else _("Map of the cases"),
        canonical=absolute(map_url(tally.query)),
        asked=asked_of(tally, "map", reader),
        total=tally.total,
        told=told(tally, len(rows), reader),
        map=drawing,
        rows=rows[:SEEN],
        more=rows[SEEN:],
        empty=tuple(_without(query, tally.counts["country"], reader)),
        files=files(lambda suffix: map_url(tally.query, suffix)),
    )


def _rows(tally: Tally, drawing: WorldMap, reader: Reader) -> Iterator[CountryRow]:
    """The countries with cases, most of them first, in the colours of the map."""
    query, begins = searched(tally), [step.least for step in drawing.steps]
    for code, name, number in _countries(tally, reader):
        way = Link(name, _country_url(query, code, reader), reader.number(number))
        yield CountryRow(way, level_of(number, begins))


def _countries(tally: Tally, reader: Reader) -> list[tuple[str, str, int]]:
    """The code, name and number of each country with cases, most cases first."""
    counts = _reachable(tally, reader)
    found = [(code, reader.label("countries", code), number) for code, number in counts.items()]
    return sorted(found, key=lambda one: (-one[2], one[1].casefold()))


def shaded(tally: Tally, reader: Reader) -> WorldMap:
    """The drawing of the map."""
    query = searched(tally)
    return world_map(
        _reachable(tally, reader),
        reader,
        lambda code: _country_url(query, code, reader),
        title=_("Cases by country"),
    )


def _reachable(tally: Tally, reader: Reader) -> dict[str, int]:
    """The countries whose cases an address can ask for, which is all but in odd searches."""
    regions = reader.vocabularies.regions
    return {
        code: number
        for code, number in tally.counts["country"].items()
        if within(tally.query, "country", code, regions) is not None
    }


def _country_url(query: Query, code: str, reader: Reader) -> str:
    found = within(query, "country", code, reader.vocabularies.regions)
    return found_url(found) if found is not None else ""


def _without(query: Query, counts: Mapping[str, int], reader: Reader) -> Iterator[Link]:
    """The countries without a case, each with the way to write one."""
    wanted = wish(query)
    countries = reader.vocabularies.countries
    names = {code: reader.label("countries", code) for code in countries if drawn(code)}
    for code in sorted(names, key=lambda code: names[code].casefold()):
        if not counts.get(code):
            about = wanted.replace(facets=tuple(p for p in wanted.facets if p[0] != "country"))
            yield Link(names[code], contribute_url(about.with_value("country", code)))


def wish(query: Query) -> Query:
    """What a case that is missing would be about: the values chosen, not those excluded."""
    return Query(facets=tuple((f, values) for f, values in query.facets if query.mode(f) != "none"))


def told(tally: Tally, countries: int, reader: Reader) -> str:
    """How many cases there are, and in how many countries."""
    if not countries:
        return cases_label(tally.total)
    places = ngettext(
        "%(count)s country", "%(count)s countries", countries, count=reader.number(countries)
    )
    return _("%(cases)s in %(places)s", cases=cases_label(tally.total), places=places)


def files(url_of: Callable[[str], str]) -> tuple[Link, ...]:
    """The ways to take a drawing away."""
    return tuple(Link(name, url_of(suffix)) for suffix, name in DRAWINGS)


def map_csv(tally: Tally, reader: Reader) -> Iterator[str]:
    """The map as a table: a row for each country with a case, most cases first."""
    query = searched(tally)
    rows = [
        (code, name, number, absolute(_country_url(query, code, reader)))
        for code, name, number in _countries(tally, reader)
    ]
    return csv_lines((_("code"), _("country"), _("cases"), _("search")), rows)
