"""Cases, and their other forms."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from kb.access import may
from kb.interface import wished
from kb.present.case import case_page
from kb.services.packs import packs_with
from kb.services.reading import Reading, as_markdown, read_case
from kb.services.translations import changes_behind
from kb.views.counting import count_reading
from kb.views.showing import desk, language, library, person, reader, settings, show

blueprint = Blueprint("cases", __name__, url_prefix="/cases")


@blueprint.get("/<slug>")
def case(slug: str) -> Response:
    """A case as it was written."""
    return _show(read_case(library(), slug, "", person(), language()))


@blueprint.get("/<slug>/<lang>")
def translation(slug: str, lang: str) -> Response:
    """A translation of a case."""
    return _show(read_case(library(), slug, lang, person()))


def _show(found: Reading) -> Response:
    """The page of a case. Which of its languages is offered depends on who asks."""
    behind = changes_behind(desk(), found) if found.behind else 0
    languages = [lang for _, lang in found.languages]
    wish = wished(request, settings(), languages)
    packs = packs_with(library(), found.key.slug, found.key.lang or language())
    response = show(case_page(found, reader(), may(person(), "write"), wish, behind, packs=packs))
    if len(languages) > 1:
        response.vary.add("Accept-Language")
    return count_reading(response)


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
