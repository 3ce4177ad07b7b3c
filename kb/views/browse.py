"""Looking around by theme, technology, place, goal and whatever else the shelves hold."""

from __future__ import annotations

from flask import Blueprint, Response, request

from kb.access import VISITOR
from kb.forms.search import page_of
from kb.present.browse import glossary_page, index_page, term_page
from kb.services.browsing import SHELVES, browse, read_term
from kb.views.showing import language, library, reader, show

blueprint = Blueprint("browse", __name__)
PATHS = ",".join(f'"{path}"' for path in SHELVES)


@blueprint.get(f"/<any({PATHS}):path>")
def index(path: str) -> Response:
    """All terms of one kind with the number of their cases."""
    return show(index_page(*browse(library(), path), reader()))


@blueprint.get(f"/<any({PATHS}):path>/<id>")
def term(path: str, id: str) -> Response:
    """One term, and its cases."""
    page = page_of(request.args.get("page"))
    return show(term_page(read_term(library(), path, id, page, VISITOR, lang=language()), reader()))


@blueprint.get("/glossary")
def glossary() -> Response:
    """The words of the field, explained."""
    return show(glossary_page(reader()))
