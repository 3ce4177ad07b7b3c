"""Taking lists and cases away: what a page shows, in the forms that other programs read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint, Response, current_app, request

from indexer.query import Query
from indexer.values import Key
from kb.access import VISITOR
from kb.forms.keeping import named
from kb.forms.search import query_of
from kb.interface import kept_of
from kb.present.alerts import title_for
from kb.present.filters import value_label
from kb.present.linked_data import linked_data
from kb.present.links import absolute, case_url, search_url, term_url
from kb.present.search_feed import FEED, search_feed
from kb.present.taking import item_of, list_url, place, words
from kb.services.browsing import SHELVES, read_term
from kb.services.citing import bibtex, csl_json, ris
from kb.services.gathering import gather
from kb.services.keeping import MOST as MOST_KEPT
from kb.services.reading import Moved, read_case
from kb.services.taking import FORMS, Taken, found, query_of_term
from kb.services.turns import Turns
from kb.translation import gettext as _
from kb.views.showing import library, person, reader, settings

Cases = Iterable[tuple[Key, Mapping[str, Any]]]

blueprint = Blueprint("taking", __name__)
SHELF = ",".join(f'"{path}"' for path in SHELVES)
ATOM = "application/atom+xml"
ENDINGS = ",".join(f'"{suffix}"' for suffix in (*FORMS, "atom"))
LIST = f"any({ENDINGS})"
#: What a case is cited by, and how it is written.
CITED = {"bib": bibtex, "ris": ris, "csl.json": csl_json}
CASE = 'any("bib","ris","jsonld")'  # csl.json has rules of its own, which come before .json
#: Cases up to which a list is made whole, so that it has a length and a name (ETag).
SMALL = 500


def turns() -> Turns:
    """What this process has let be taken away."""
    held: Turns = current_app.extensions["sankofa.turns"]
    return held


def take_turn(cost: int) -> None:
    """Counts what a request costs, in cases, for its address. Raises TooMuchTaken."""
    turns().take(request.remote_addr or "unknown", cost)


# Lists --------------------------------------------------------------------------------------


@blueprint.get(f"/search.<{LIST}:form>")
def search(form: str) -> Response:
    """All that a search finds, in the order of its pages; as a feed the newest of it."""
    query = query_of(request.args.items(multi=True), library().vocabularies.regions)
    path = search_url(query.replace(page=1))
    return _list_of(query, title_for(query, reader()), path, form)


@blueprint.get(f"/<any({SHELF}):path>/<id>.<{LIST}:form>")
def term(path: str, id: str, form: str) -> Response:
    """The cases of a term, the newest first."""
    try:
        shelf = read_term(library(), path, id, 1, VISITOR).shelf
    except Moved as moved:
        raise Moved(f"{moved.path}.{form}") from None
    title = value_label(shelf.facet, id, reader())
    return _list_of(query_of_term(path, id), title, term_url(shelf.facet, id), form)


@blueprint.get(f"/list.<{LIST}:form>")
def kept(form: str) -> Response:
    """The cases that the address names, or those on the reader's own list."""
    wanted = named(request.args.getlist("case"))[:MOST_KEPT] or kept_of(request, settings())
    hits = gather(library(), wanted, VISITOR).cases
    path = list_url(*(hit.key.slug for hit in hits))
    cases = [(hit.key, hit.record) for hit in hits]
    title = _("A list of cases")
    if form == "atom":
        return _feed(cases, title, path)
    taken = _taken(cases, len(cases), title, path)
    return _sent(taken, form, len(cases), "list")


def _list_of(query: Query, title: str, path: str, form: str) -> Response:
    """The list that a query finds and the page at `path` shows."""
    if form == "atom":
        newest = query.replace(sort="newest", page=1)
        listing = found(library(), newest, VISITOR, FEED)
        take_turn(len(listing))
        return _feed(listing, title, path)
    listing = found(library(), query, VISITOR, FORMS[form].most)
    taken = _taken(listing, listing.total, title, path)
    return _sent(taken, form, len(listing), path.partition("?")[0].rsplit("/", 1)[-1])


def _taken(cases: Cases, total: int, title: str, path: str) -> Taken:
    return Taken(title, absolute(path), total, cases, place(), words(reader()), library())


def _feed(cases: Cases, title: str, path: str) -> Response:
    text = search_feed(cases, title, path, reader())
    return _unlisted(Response(text, content_type=f"{ATOM}; charset=utf-8"))


def _sent(taken: Taken, suffix: str, size: int, name: str) -> Response:
    """A list on its way out: whole where it is small, else as it is made, few at a time."""
    form = FORMS[suffix]
    take_turn(size * form.weight)
    if size <= SMALL:
        response = Response(b"".join(form.write(taken)))
    else:
        turns().enter()
        response = Response(form.write(taken))
        response.call_on_close(turns().leave)
    response.headers["Content-Type"] = (
        f"{form.type}; charset=utf-8" if form.type.startswith("text/") else form.type
    )
    told = f'attachment; filename="{name}-{taken.at:%Y-%m-%d}.{suffix}"'
    response.headers["Content-Disposition"] = told
    return _unlisted(response)


def _unlisted(response: Response) -> Response:
    """The page is to be found by search engines, not the forms of it."""
    response.headers["X-Robots-Tag"] = "noindex"
    return response


# Cases --------------------------------------------------------------------------------------


@blueprint.get("/cases/<slug>.csl.json", defaults={"lang": "", "form": "csl.json"})
@blueprint.get("/cases/<slug>/<lang>.csl.json", defaults={"form": "csl.json"})
@blueprint.get(f"/cases/<slug>.<{CASE}:form>", defaults={"lang": ""})
@blueprint.get(f"/cases/<slug>/<lang>.<{CASE}:form>")
def case(slug: str, lang: str, form: str) -> Response:
    """A case for a bibliography, or as linked data."""
    try:
        reading = read_case(library(), slug, lang, person())
    except Moved as moved:
        raise Moved(f"{moved.path}.{form}") from None
    if form == "jsonld":
        url = absolute(case_url(slug, lang))
        text = json.dumps(linked_data(reading, reader(), url), ensure_ascii=False)
        return Response(text, content_type="application/ld+json")
    text = "".join(CITED[form]([item_of(reading, reader())]))
    response = Response(text, content_type=FORMS[form].type)
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}.{form}"'
    return response
