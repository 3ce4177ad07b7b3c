"""Packs that are not public, for whoever has their secret address: nobody keeps these pages."""

from __future__ import annotations

from flask import Blueprint, Response

from kb.present.links import absolute
from kb.present.pack import Place, pack_page
from kb.present.pack_class import class_page
from kb.present.pack_item import pack_item_page
from kb.present.pack_screens import join_page, present_page
from kb.services.packs import ReadPack
from kb.services.sharing import read_shared
from kb.views.showing import desk, reader, show

blueprint = Blueprint("shared_packs", __name__, url_prefix="/packs/shared/<token>")


def _read(token: str) -> tuple[ReadPack, Place]:
    return read_shared(desk(), token), Place(f"/packs/shared/{token}", secret=True)


@blueprint.after_request
def unkept(response: Response) -> Response:
    """What is secret is kept by nobody and found by no search engine."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@blueprint.get("")
def pack(token: str) -> Response:
    """A pack by its secret address."""
    found, place = _read(token)
    return show(pack_page(found, place, reader()))


@blueprint.get("/<int:number>")
def item(token: str, number: int) -> Response:
    """A case within it."""
    found, place = _read(token)
    return show(pack_item_page(found, number, place, reader()))


@blueprint.get("/present", defaults={"number": 1})
@blueprint.get("/present/<int:number>")
def screen(token: str, number: int) -> Response:
    """A screen of its presentation."""
    found, place = _read(token)
    return show(present_page(found, number, place, reader()))


@blueprint.get("/class")
def classroom(token: str) -> Response:
    """Its questions, to be answered for oneself."""
    return show(class_page(*_read(token)))


@blueprint.get("/join")
def join(token: str) -> Response:
    """How people in the room come to the questions."""
    found, place = _read(token)
    return show(join_page(found, place, absolute(f"{place.path}/class")))
