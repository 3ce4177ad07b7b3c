"""One's own work."""

from __future__ import annotations

from flask import Blueprint, Response

from kb.present.mine import mine_page
from kb.services.working import my_work
from kb.views.showing import office, person, reader, show

blueprint = Blueprint("mine", __name__)


@blueprint.get("/mine")
def mine() -> Response:
    """My drafts, what came back to me, what I am asked to check."""
    return show(mine_page(my_work(office(), person()), person(), reader()))
