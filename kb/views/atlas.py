"""The map and the matrix of what a search finds, and both as files."""

from __future__ import annotations

from flask import Blueprint, Response, request

from indexer.crossing import Tally
from indexer.vocabulary import Vocabulary
from kb.access import VISITOR
from kb.forms.search import query_of
from kb.present.atlas import map_csv, map_page
from kb.present.matrix import matrix_csv, matrix_page
from kb.services.crossing import Matrix, cross, over_countries
from kb.views.showing import library, reader, show

blueprint = Blueprint("atlas", __name__)


@blueprint.get("/map")
def map() -> Response:
    """The cases by country."""
    return show(map_page(_by_country(), reader()))


@blueprint.get("/map.csv")
def map_table() -> Response:
    """The cases by country as a table."""
    return Response(map_csv(_by_country(), reader()), content_type="text/csv; charset=utf-8")


@blueprint.get("/matrix")
def matrix() -> Response:
    """The cases by any two facets."""
    return show(matrix_page(_crossed(), reader()))


@blueprint.get("/matrix.csv")
def matrix_table() -> Response:
    """The cases by two facets as a table, with all rows and columns."""
    lines = matrix_csv(_crossed(whole=True), reader())
    return Response(lines, content_type="text/csv; charset=utf-8")


def _crossed(whole: bool = False) -> Matrix:
    asked, query = request.args, query_of(request.args.items(multi=True), _regions())
    names, order = (asked.get("rows", ""), asked.get("cols", "")), asked.get("order", "")
    return cross(library(), query, names, VISITOR, order=order, whole=whole)


def _by_country() -> Tally:
    query = query_of(request.args.items(multi=True), _regions())
    return over_countries(library(), query, VISITOR)


def _regions() -> Vocabulary:
    return library().vocabularies.regions
