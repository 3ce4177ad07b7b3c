"""A conflict between two people, shown and settled."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from kb.forms.resolving import choices_of
from kb.present.conflict import conflict_page
from kb.services.editing import conflict as read_conflict
from kb.services.resolving import Undecided, settle_conflict
from kb.services.stale import StaleEdit
from kb.views.showing import desk, person, reader, show

blueprint = Blueprint("conflict", __name__)
UNDECIDED = _("Some places are still to be decided. What you chose and typed is kept.")
AGAIN = _("Somebody saved again meanwhile. What you chose is kept where the texts are the same.")


@blueprint.get("/drafts/<token>/conflict")
def conflict(token: str) -> Response:
    """The places that two people changed, each with what was there and what each wrote."""
    stale = read_conflict(desk(), person(), token)
    return show(conflict_page(stale, {}, reader())) if stale else redirect(f"/drafts/{token}", 303)


@blueprint.post("/drafts/<token>/conflict")
def settle(token: str) -> Response:
    """Saves the text that the choices make, or shows again what is left to be chosen."""
    choices = choices_of(request.form)
    try:
        settle_conflict(desk(), person(), token, choices)
    except Undecided as undecided:
        return show(conflict_page(undecided.stale, choices, reader(), str(UNDECIDED)), 422)
    except StaleEdit as stale:
        return show(conflict_page(stale, choices, reader(), str(AGAIN)), 409)
    return redirect(f"/drafts/{token}", 303)
