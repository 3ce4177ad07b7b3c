"""The map and the matrix of what a search finds, and both as files."""

from __future__ import annotations

from functools import lru_cache

from flask import Blueprint, Response, render_template, request

from indexer.crossing import Tally
from indexer.vocabulary import Vocabulary
from kb.access import VISITOR
from kb.forms.search import query_of
from kb.pieces.drawing import Sheet
from kb.present.atlas import map_csv, map_page
from kb.present.matrix import matrix_csv, matrix_page
from kb.present.sheets import map_sheet, matrix_sheet, pixels_of
from kb.records.database import now
from kb.services.crossing import Matrix, cross, over_countries
from kb.services.drawing_png import png
from kb.views.showing import library, reader, show

blueprint = Blueprint("atlas", __name__)
#: Pictures that were asked for a moment ago are not drawn again.
_drawn = lru_cache(maxsize=16)(png)


@blueprint.get("/map")
def by_country() -> Response:
    """The cases by country."""
    return show(map_page(_by_country(), reader()))


@blueprint.get("/map.csv")
def map_table() -> Response:
    """The cases by country as a table."""
    return Response(map_csv(_by_country(), reader()), content_type="text/csv; charset=utf-8")


@blueprint.get("/map.svg")
def map_drawing() -> Response:
    """The map as a drawing of its own."""
    return _drawing(map_sheet(_by_country(), reader(), now().date()))


@blueprint.get("/map.png")
def map_picture() -> Response:
    """The map as a picture."""
    return _picture(map_sheet(_by_country(), reader(), now().date()))


@blueprint.get("/matrix")
def crossed() -> Response:
    """The cases by any two facets."""
    return show(matrix_page(_crossed(), reader()))


@blueprint.get("/matrix.csv")
def matrix_table() -> Response:
    """The cases by two facets as a table, with all rows and columns."""
    lines = matrix_csv(_crossed(whole=True), reader())
    return Response(lines, content_type="text/csv; charset=utf-8")


@blueprint.get("/matrix.svg")
def matrix_drawing() -> Response:
    """The matrix as a drawing of its own."""
    return _drawing(matrix_sheet(_crossed(), reader(), now().date()))


@blueprint.get("/matrix.png")
def matrix_picture() -> Response:
    """The matrix as a picture."""
    return _picture(matrix_sheet(_crossed(), reader(), now().date()))


def _crossed(whole: bool = False) -> Matrix:
    asked, query = request.args, query_of(request.args.items(multi=True), _regions())
    names, order = (asked.get("rows", ""), asked.get("cols", "")), asked.get("order", "")
    return cross(library(), query, names, VISITOR, order=order, whole=whole)


def _by_country() -> Tally:
    query = query_of(request.args.items(multi=True), _regions())
    return over_countries(library(), query, VISITOR)


def _drawing(sheet: Sheet) -> Response:
    return _file(render_template("atlas/sheet.svg", sheet=sheet), "image/svg+xml", "svg")


def _picture(sheet: Sheet) -> Response:
    drawing = render_template("atlas/sheet.svg", sheet=sheet)
    return _file(_drawn(drawing, pixels_of(sheet)), "image/png", "png")


def _file(content: str | bytes, type_: str, ending: str) -> Response:
    """A file to be taken away, under the name of the page."""
    name = request.path.strip("/").partition(".")[0]
    response = Response(content, content_type=type_)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return response


def _regions() -> Vocabulary:
    return library().vocabularies.regions
