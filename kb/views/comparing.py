"""Two to four cases side by side; which ones is in the address."""

from __future__ import annotations

from flask import Blueprint, Response, request

from kb.access import VISITOR
from kb.forms.keeping import named
from kb.present.side_by_side import compare_page
from kb.services.side_by_side import side_by_side
from kb.views.showing import language, library, reader, show

blueprint = Blueprint("comparing", __name__)


@blueprint.get("/compare")
def compare() -> Response:
    """The cases that the address names, field by field; what is missing for that in words."""
    slugs = named(request.args.getlist("case"))
    return show(compare_page(side_by_side(library(), slugs, VISITOR, language()), reader()))
