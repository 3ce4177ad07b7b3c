"""The history of documents, texts compared and brought back, and recent changes."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from kb.access import may
from kb.forms.history import before_of, key_of, restoring_of, standing_of
from kb.present.feed import changes_feed
from kb.present.history import (
    changes_page,
    compare_page,
    gone_page,
    history_page,
    refused_told,
    revision_page,
)
from kb.services.history import (
    compare,
    path_of,
    read_history,
    read_revision,
    recent,
)
from kb.services.publishing import NotValid, restore, set_status
from kb.services.reading import CaseWithdrawn
from kb.services.search import near
from kb.services.stale import StaleEdit
from kb.views.documents import of_document
from kb.views.showing import desk, library, person, reader, show

blueprint = Blueprint("history", __name__)
PER_PAGE = 50


@of_document(blueprint, "history")
def history(folder: str, slug: str, lang: str) -> Response:
    """All that happened to a document, newest first."""
    key, before = key_of(folder, slug, lang), before_of(request.args.get("before"))
    return show(history_page(read_history(desk(), person(), key, before), reader()))


@of_document(blueprint, "history/<revision>")
def revision(folder: str, slug: str, lang: str, revision: str) -> Response:
    """One text of a document as it was."""
    key = key_of(folder, slug, lang)
    return show(revision_page(read_revision(desk(), person(), key, revision), reader()))


@of_document(blueprint, "compare")
def comparison(folder: str, slug: str, lang: str) -> Response:
    """Two texts of a document, field by field and word by word."""
    old, new = request.args.get("old", ""), request.args.get("new", "")
    found = compare(desk(), person(), key_of(folder, slug, lang), old, new)
    return show(compare_page(found, reader()))


@of_document(blueprint, "restore", "POST")
def bring_back(folder: str, slug: str, lang: str) -> AnyResponse:
    """Brings an old text back as a draft, whole or some of its fields."""
    name, fields, message = restoring_of(request.form)
    draft = restore(desk(), person(), key_of(folder, slug, lang), name, fields, message)
    return redirect(f"/drafts/{draft.token}", 303)


@of_document(blueprint, "status", "POST")
def stand(folder: str, slug: str, lang: str) -> AnyResponse:
    """Withdraws or archives a document, or brings it back."""
    key, (status, reason) = key_of(folder, slug, lang), standing_of(request.form)
    try:
        set_status(desk(), person(), key, status, reason)
    except NotValid as refused:
        wrong = refused_told(refused.problems)
        page = history_page(read_history(desk(), person(), key), reader(), wrong, reason)
        return show(page, 422)
    return redirect(f"{path_of(key)}/history", 303)


@blueprint.errorhandler(StaleEdit)
def stale(error: StaleEdit) -> AnyResponse:
    """Leads to the page on which both texts stand, where an old text met a newer draft."""
    return redirect(f"/drafts/{error.draft.token}/conflict", 303)


@blueprint.get("/changes")
def changes() -> Response:
    """What changed lately in the whole library."""
    found = recent(desk(), PER_PAGE + 1, before_of(request.args.get("before")))
    return show(changes_page(found, reader(), PER_PAGE))


@blueprint.get("/changes.atom")
def feed() -> Response:
    """What changed lately, as a feed."""
    text = changes_feed(recent(desk(), PER_PAGE), reader())
    return Response(text, content_type="application/atom+xml; charset=utf-8")


def show_gone(gone: Exception) -> Response:
    """What stands in the place of a document that was withdrawn or archived, with 410.

    Machines that asked for data or text get the same in a form that they can read.
    """
    assert isinstance(gone, CaseWithdrawn)
    if request.path.endswith(".json"):
        response = jsonify(status=gone.status, title=gone.title, reason=gone.reason)
    elif request.path.endswith(".md"):
        text = f"{gone.title}\n{gone.status}: {gone.reason}\n"
        response = Response(text, content_type="text/plain; charset=utf-8")
    else:
        response = show(
            gone_page(
                gone, near(library(), gone.title, person()), reader(), may(person(), "restore")
            )
        )
    response.status_code = 410
    return response
