"""The way in."""

from __future__ import annotations

from flask import Blueprint, Response

from kb.access import VISITOR
from kb.present.browse import home_page
from kb.services.browsing import overview
from kb.views.showing import language, library, reader, show

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def home() -> Response:
    """The home page."""
    return show(home_page(overview(library(), VISITOR, language()), reader()))
