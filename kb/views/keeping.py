"""A reader's own list of cases, without an account; and one that somebody shared."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from kb.access import VISITOR
from kb.forms.keeping import Change, Changed, named
from kb.interface import keep, kept_of, local_path
from kb.present.kept import after, kept_fragment, list_page
from kb.services.gathering import gather
from kb.services.keeping import MOST, ListFull
from kb.views.showing import language, library, reader, settings, show, wants_fragment

blueprint = Blueprint("keeping", __name__)


@blueprint.get("/list")
def show_list() -> Response:
    """One's own list, or the one whose cases the address names."""
    shared = named(request.args.getlist("case"))[:MOST]
    found = gather(library(), shared or kept_of(request, settings()), VISITOR, language())
    changed = Changed.of(request.args)
    dropped = gather(library(), changed.dropped, VISITOR, language())
    return show(list_page(found, dropped, changed, reader(), own=not shared))


@blueprint.post("/list")
def change_list() -> AnyResponse:
    """Puts a case on the list, takes one off, moves one; leads back to where the reader was."""
    change, before = Change.of(request.form), kept_of(request, settings())
    full = False
    try:
        slugs = change.made(before)
    except ListFull:
        slugs, full = before, True
    response: AnyResponse
    if wants_fragment():
        response = show(
            kept_fragment(change, slugs, gather(library(), change.slugs, VISITOR, language()), full)
        )
        response.headers["Cache-Control"] = "no-store"
    else:
        then = local_path(change.then) if change.then else ""
        response = redirect(after(change, before, full, then), 303)
    keep(response, slugs, settings())
    return response
