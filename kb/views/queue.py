"""What waits for a decision, and a draft beside what is public."""

from __future__ import annotations

from flask import Blueprint, Response

from kb.present.queue import draft_compare_page, queue_page
from kb.services.history import compare_draft
from kb.services.queue import queue as read_queue
from kb.views.showing import desk, person, reader, show

blueprint = Blueprint("queue", __name__)


@blueprint.get("/queue")
def queue() -> Response:
    """The drafts that wait, with what each would change."""
    return show(queue_page(read_queue(desk(), person()), reader()))


@blueprint.get("/drafts/<token>/compare")
def difference(token: str) -> Response:
    """A draft beside what is public of its document."""
    return show(draft_compare_page(compare_draft(desk(), person(), token), reader()))
