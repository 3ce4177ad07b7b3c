"""Packs to take along: every form of the table, made once and kept."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, request

from kb.present.book import book_of
from kb.present.packing import making_page
from kb.services.packing import shelf
from kb.services.packing.forms import FORMS
from kb.services.packing.html import policy
from kb.services.packing.shelf import Order, Wish
from kb.services.reading import Moved
from kb.views.showing import desk, library, person, settings, show, wants_fragment
from kb.views.taking import take_turn

blueprint = Blueprint("packing", __name__)
ENDINGS = ",".join(f'"{suffix}"' for suffix in FORMS)
#: What making a file costs, in cases of a list, beside one that is kept.
COST, WAITING_COST = 2_000, 20


@blueprint.get(f"/packs/<slug>.<any({ENDINGS}):ending>", defaults={"lang": ""})
@blueprint.get(f"/packs/<slug>/<lang>.<any({ENDINGS}):ending>")
def form(slug: str, lang: str, ending: str) -> Response:
    """A pack in another form, for trainers or participants; what takes long is waited for."""
    wish = Wish(slug, lang, ending, request.args.get("edition", ""))
    try:
        wanted = shelf.order(library(), person(), settings(), wish)
    except Moved as moved:
        raise Moved(f"{moved.path}.{ending}") from None
    data = shelf.kept(settings(), wanted)
    if data is None and wanted.form.slow:
        take_turn(WAITING_COST)
        return _waiting(wanted)
    if data is None:
        take_turn(COST)
        data = shelf.made(library(), settings(), wanted, book_of)
    return _sent(wanted, data)


def _waiting(wanted: Order) -> Response:
    """The page on which a file is waited for; it looks again by itself, or by its link."""
    making = shelf.ask_for(desk(), wanted)
    response = show(making_page(wanted, making), 202)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Retry-After"] = "3"
    return response


def _sent(wanted: Order, data: bytes) -> Response:
    if wants_fragment():  # the page of those who waited: the browser is led to the file
        response = make_response("", 200)
        response.headers["HX-Redirect"] = request.full_path.removesuffix("?")
        response.headers["Cache-Control"] = "no-store"
        return response
    form, name = wanted.form, wanted.saved_as
    response = Response(data, content_type=form.type)
    if form.type.startswith("text/"):
        response.headers["Content-Type"] = f"{form.type}; charset=utf-8"
    if form.shown:
        response.headers["Content-Security-Policy"] = policy()
    else:
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Robots-Tag"] = "noindex"
    return response
