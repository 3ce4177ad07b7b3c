"""Searching, and suggestions while typing."""

from __future__ import annotations

from flask import Blueprint, Response, request

from kb.access import VISITOR
from kb.forms.search import query_of
from kb.present.finder import search_page, suggest_fragment
from kb.present.links import search_url
from kb.services.search import search as search_cases
from kb.services.search import suggest as suggest_names
from kb.views.counting import count_search
from kb.views.showing import language, library, reader, show, told_address, wants_fragment

blueprint = Blueprint("search", __name__)


@blueprint.get("/search")
def search() -> Response:
    """Cases that answer a question, narrowed by facets; for htmx the changing part alone."""
    query = query_of(request.args.items(multi=True), library().vocabularies.regions)
    found = search_cases(library(), query, VISITOR, language())
    count_search(query, found.total)
    page = search_page(found, reader())
    if not wants_fragment():
        response = show(page)
    else:
        response = show(page, template="search/_fragment.html")
        told_address(response, search_url(query))
    response.vary.add("HX-Request")
    return response


@blueprint.get("/suggest")
def suggest() -> Response:
    """Titles, themes, places and organisations that begin like what is being typed."""
    text = request.args.get("q", "")
    return show(suggest_fragment(suggest_names(library(), text, language()), reader()))
