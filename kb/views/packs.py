"""Packs: found, read, presented, used in class."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from kb.access import VISITOR
from kb.forms.packs import pack_query_of
from kb.present.links import absolute, pack_url
from kb.present.pack import pack_page, place_of
from kb.present.pack_class import class_page
from kb.present.pack_embed import share_page
from kb.present.pack_item import pack_item_page
from kb.present.pack_list import packs_page, packs_url
from kb.present.pack_screens import join_page, present_page
from kb.services.pack_finding import packs_for
from kb.services.pack_names import pack_named, short_path
from kb.services.packs import ReadPack, read_pack
from kb.views.showing import (
    language,
    library,
    person,
    reader,
    show,
    told_address,
    wants_fragment,
)

blueprint = Blueprint("packs", __name__)
View = TypeVar("View", bound=Callable[..., Response])


def of_pack(rest: str = "") -> Callable[[View], View]:
    """Puts a view below the address of every pack, originals and translations."""

    def put(view: View) -> View:
        blueprint.add_url_rule(f"/packs/<slug>{rest}", view_func=view, defaults={"lang": ""})
        blueprint.add_url_rule(f"/packs/<slug>/<lang>{rest}", view_func=view)
        return view

    return put


def _read(slug: str, lang: str) -> ReadPack:
    return read_pack(library(), person(), slug, lang)


@blueprint.get("/packs")
def index() -> Response:
    """The packs that answer a question, narrowed by what they hold and for whom they are."""
    query, audience = pack_query_of(request.args.items(multi=True), library().vocabularies.regions)
    found = packs_for(library(), query, audience, VISITOR, language())
    response = show(packs_page(found, audience, reader()))
    if wants_fragment():
        told_address(response, packs_url(found.query, audience))
    response.vary.add("HX-Request")
    return response


@of_pack()
def pack(slug: str, lang: str) -> Response:
    """A pack: what one learns, the plan, the cases."""
    found = _read(slug, lang)
    return show(pack_page(found, place_of(found), reader()))


@of_pack("/<int:number>")
def item(slug: str, lang: str, number: int) -> Response:
    """A case within a pack."""
    found = _read(slug, lang)
    return show(pack_item_page(found, number, place_of(found), reader()))


@of_pack("/present")
def present(slug: str, lang: str) -> Response:
    """The first screen of a presentation."""
    return screen(slug, lang, 1)


@of_pack("/present/<int:number>")
def screen(slug: str, lang: str, number: int) -> Response:
    """A screen of a presentation."""
    found = _read(slug, lang)
    return show(present_page(found, number, place_of(found), reader()))


@of_pack("/class")
def classroom(slug: str, lang: str) -> Response:
    """The questions of a pack, to be answered for oneself."""
    found = _read(slug, lang)
    return show(class_page(found, place_of(found)))


@of_pack("/join")
def join(slug: str, lang: str) -> Response:
    """How people in the room come to the questions: a QR code and a short address."""
    found = _read(slug, lang)
    return show(join_page(found, place_of(found), absolute(short_path(library(), found.key))))


@of_pack("/share")
def share(slug: str, lang: str) -> Response:
    """The pack for the pages of others: a list of links, and a frame."""
    found = _read(slug, lang)
    return show(share_page(found, absolute(short_path(library(), found.key))))


@blueprint.get("/p/<name>")
def short(name: str) -> AnyResponse:
    """Leads from a short address to the questions of a pack."""
    key = pack_named(library(), name)
    return redirect(f"{pack_url(key.slug, key.lang)}/class", 302)
