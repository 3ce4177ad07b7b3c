"""Cases, and their other forms."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from kb.access import may
from kb.present.case import case_page
from kb.services.reading import as_markdown, read_case
from kb.views.counting import count_reading
from kb.views.showing import library, person, reader, show

blueprint = Blueprint("cases", __name__, url_prefix="/cases")


@blueprint.get("/<slug>")
def case(slug: str) -> Response:
    """A case as it was written."""
    found = read_case(library(), slug, "", person())
    return count_reading(show(case_page(found, reader(), may(person(), "write"))))


@blueprint.get("/<slug>/<lang>")
def translation(slug: str, lang: str) -> Response:
    """A translation of a case."""
    found = read_case(library(), slug, lang, person())
    return count_reading(show(case_page(found, reader(), may(person(), "write"))))


@blueprint.get("/<slug>.json", defaults={"lang": ""})
@blueprint.get("/<slug>/<lang>.json")
def as_json(slug: str, lang: str) -> Response:
    """A case as data: its front matter, its body as Markdown, its revision."""
    found = read_case(library(), slug, lang, person())
    return jsonify(slug=slug, lang=found.lang, revision=found.revision, **found.content)


@blueprint.get("/<slug>.md", defaults={"lang": ""})
@blueprint.get("/<slug>/<lang>.md")
def as_text(slug: str, lang: str) -> Response:
    """A case as a Markdown file with front matter."""
    text = as_markdown(library(), read_case(library(), slug, lang, person()))
    return Response(text, content_type="text/markdown; charset=utf-8")
