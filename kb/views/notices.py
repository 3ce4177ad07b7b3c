"""How one is told of things by mail, and ending that with one click."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from kb.forms.notices import NoticesForm
from kb.pages.notices import UnsubscribePage
from kb.present.notices import ended_page, ending_page, notices_page
from kb.services import notices, unsubscribing
from kb.services.notices import NoSuchPace
from kb.views.showing import office, person, settings, show, show_again

blueprint = Blueprint("notices", __name__)


@blueprint.get("/account/notices")
def paces() -> Response:
    """How one is told of each kind of thing by mail."""
    chosen = notices.choices_of(office(), person())
    return show(notices_page(chosen, settings(), done=request.args.get("done") == "notices"))


@blueprint.post("/account/notices")
def choose() -> Response:
    """Keeps how one wants to be told, and in which language."""
    form = NoticesForm.of(request.form)
    try:
        notices.choose(office(), person(), form.paces, form.lang)
    except NoSuchPace as problem:
        chosen = notices.choices_of(office(), person())
        kept = replace(chosen, paces={**chosen.paces, **form.paces}, lang=form.lang)
        return show_again(notices_page(kept, settings(), problem=problem), problem)
    return redirect("/account/notices?done=notices", 303)


@blueprint.get("/unsubscribe/<token>")
def ask(token: str) -> Response:
    """Asks whether letters are to end; nothing happens yet, for programs follow links too."""
    return _private(ending_page(unsubscribing.look(office(), token), settings().site_name))


@blueprint.post("/unsubscribe/<token>")
def unsubscribe(token: str) -> Response:
    """Ends letters, by the token in the address alone (RFC 8058)."""
    return _private(ended_page(unsubscribing.stop(office(), token), settings().site_name))


def _private(page: UnsubscribePage) -> Response:
    response = show(page)
    response.headers["Cache-Control"] = "no-store"
    return response
