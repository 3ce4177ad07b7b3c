"""Pages of text such as About."""

from __future__ import annotations

from flask import Blueprint, Response

from kb.present.browse import text_page
from kb.services.reading import read_page
from kb.views.showing import language, library, reader, show

blueprint = Blueprint("pages", __name__)


@blueprint.get("/pages/<slug>")
def page(slug: str) -> Response:
    """A page of text, in the reader's language where there is one."""
    return show(text_page(read_page(library(), slug, language()), reader()))
