"""What waits for a decision, and a draft beside what is public."""

from __future__ import annotations

from flask import Blueprint, Response, request

from kb.forms.review import wish_of
from kb.present.queue import draft_compare_page, queue_page
from kb.services.history import compare_draft
from kb.services.queue import queue as read_queue
from kb.views.showing import desk, person, reader, show

blueprint = Blueprint("queue", __name__)


@blueprint.get("/queue")
def queue() -> Response:
    """The drafts that wait, with what each would change."""
    found = read_queue(desk(), person(), wish_of(request.args))
    return show(queue_page(found, person(), reader()))


@blueprint.get("/drafts/<token>/compare")
def difference(token: str) -> Response:
    """A draft beside what is public of its document, or beside an earlier text of its own."""
    old, new = request.args.get("old", ""), request.args.get("new", "")
    return show(draft_compare_page(compare_draft(desk(), person(), token, old, new), reader()))
