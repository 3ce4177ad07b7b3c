"""Pages of text such as About, and the pictures that texts show."""

from __future__ import annotations

from flask import Blueprint, Response, send_from_directory

from kb.present.browse import text_page
from kb.services.reading import read_page
from kb.views.showing import language, library, reader, settings, show

blueprint = Blueprint("pages", __name__)
PICTURES = '"png","jpg","jpeg","gif","webp","avif"'  # no SVG, which can hold scripts


@blueprint.get("/pages/<slug>")
def page(slug: str) -> Response:
    """A page of text, in the reader's language where there is one."""
    return show(text_page(read_page(library(), slug, language()), reader()))


@blueprint.get(f"/media/<path:name>.<any({PICTURES}):suffix>")
def media(name: str, suffix: str) -> Response:
    """A picture that belongs to the content."""
    folder = (settings().content / "media").absolute()
    return send_from_directory(folder, f"{name}.{suffix}", max_age=3600)
