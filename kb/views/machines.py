"""What machines read instead of pages: the sitemap, how to search here, pictures of pages."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from flask import Blueprint, Response, current_app, jsonify, request
from werkzeug.exceptions import NotFound

from kb.access import VISITOR
from kb.present.finder import suggest_fragment
from kb.present.head import version_of
from kb.present.links import absolute
from kb.present.pictures import case_picture, site_picture
from kb.present.sitemap import Entry, entries, open_search, parts_of, sitemap, sitemap_index
from kb.services.pictures import EDITION, Album
from kb.services.reading import read_case
from kb.services.search import suggest as suggest_names
from kb.services.sitemap import terms, texts
from kb.translation import gettext as _
from kb.translation import speaking
from kb.views.showing import language, library, reader, settings

blueprint = Blueprint("machines", __name__)
#: For how long others may keep a picture; its address changes with what it shows.
KEPT = "public, max-age=86400"


def album() -> Album:
    """The pictures of this process."""
    found: Album = current_app.extensions["sankofa.album"]
    return found


@blueprint.get("/sitemap.xml")
def whole_sitemap() -> Response:
    """Every public address with its languages, or the list of its parts where they are many."""
    found = _entries()
    return _xml(sitemap(found) if parts_of(found) == 1 else sitemap_index(found))


@blueprint.get("/sitemap-<int:part>.xml")
def part_of_sitemap(part: int) -> Response:
    """A part of the sitemap."""
    found = _entries()
    if not 1 <= part <= parts_of(found):
        raise NotFound
    return _xml(sitemap(found, part))


@blueprint.get("/opensearch.xml")
def describe_search() -> Response:
    """Tells browsers how to search here from a box of their own."""
    return _xml(open_search(settings().languages), "application/opensearchdescription+xml")


@blueprint.get("/suggest.json")
def suggest() -> Response:
    """What is offered while typing, in the form that browsers read."""
    text = request.args.get("q", "")
    found = suggest_fragment(suggest_names(library(), text, language()), reader()).suggestions
    answer = jsonify(
        [text, [one.label for one in found], [one.note for one in found],
         [absolute(one.url) for one in found]]
    )  # fmt: skip
    answer.mimetype = "application/x-suggestions+json"
    return answer


@blueprint.get("/picture.png")
def picture_of_site() -> Response:
    """The picture of pages that have none of their own."""
    countries = sorted(library().counts("country"))
    with speaking(settings().languages[0]):  # whoever asks: there is one picture for all
        line = _("What worked and what failed in ICT for development")
    shown = "\0".join((settings().site_name, line, *countries))
    version = f"{hashlib.sha256(shown.encode()).hexdigest()[:12]}-{EDITION}"
    return _picture("site", version, lambda: site_picture(countries, line))


@blueprint.get("/cases/<slug>.png", defaults={"lang": ""})
@blueprint.get("/cases/<slug>/<lang>.png")
def picture_of_case(slug: str, lang: str) -> Response:
    """The picture of a case for where it is shared."""
    found = read_case(library(), slug, lang, VISITOR)
    name = f"case.{slug}.{lang}" if lang else f"case.{slug}"
    return _picture(name, version_of(found), lambda: case_picture(found, reader()))


def _entries() -> tuple[Entry, ...]:
    return entries(texts(library(), VISITOR), tuple(terms(library())))


def _xml(content: bytes, mimetype: str = "application/xml") -> Response:
    return Response(content, content_type=f"{mimetype}; charset=utf-8")


def _picture(name: str, version: str, drawing: Callable[[], str]) -> Response:
    """A picture, not drawn for whoever has it already; `version` changes with what it shows."""
    response = Response(mimetype="image/png")
    response.headers["Cache-Control"] = KEPT
    response.set_etag(version)
    response.make_conditional(request)
    if response.status_code == 200:
        response.data = album().picture(name, version, drawing)
    return response
