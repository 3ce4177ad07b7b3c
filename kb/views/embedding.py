"""Packs in frames of other sites' pages, and how those learn of them (oEmbed).

The only pages that others may frame. They are for everybody: nobody is asked who they are.
"""

from __future__ import annotations

from flask import Blueprint, Response, abort, jsonify, request

from kb.access import VISITOR
from kb.forms.packs import framed_of, size_of
from kb.present.pack_embed import as_xml, embed_page, oembed
from kb.services.packs import read_pack
from kb.views.showing import library, reader, settings, show

blueprint = Blueprint("embedding", __name__)
#: Forms of oEmbed's answer.
JSON, XML = "json", "xml"


@blueprint.get("/embed/packs/<slug>", defaults={"lang": ""})
@blueprint.get("/embed/packs/<slug>/<lang>")
def pack(slug: str, lang: str) -> Response:
    """A pack for a frame: its plan, whose links open the pages of this site."""
    return show(embed_page(read_pack(library(), VISITOR, slug, lang), reader()), who=VISITOR)


@blueprint.get("/oembed")
def answer() -> Response:
    """Tells how the page at an address is shown in a frame (oEmbed 1.0)."""
    form = request.args.get("format", JSON)
    if form not in (JSON, XML):
        abort(501)
    slug, lang = framed_of(request.args.get("url", ""), settings().origin)
    found = oembed(read_pack(library(), VISITOR, slug, lang), *size_of(request.args))
    if form == XML:
        return Response(as_xml(found), content_type="text/xml; charset=utf-8")
    return jsonify(found)
