"""Remembering how a visitor likes to read."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from kb.interface import local_path, remember
from kb.services import notices
from kb.views.showing import office, person, settings

blueprint = Blueprint("choices", __name__)


@blueprint.post("/choices")
def choose() -> Response:
    """Stores the colours or the language chosen, and goes back to where one was.

    Letters to somebody who is signed in are in that language from then on.
    """
    response = redirect(local_path(request.form.get("next", "/")), 303)
    remember(response, request.form, settings())
    notices.choose_language(office(), person(), request.form.get("ui", ""))
    return response
