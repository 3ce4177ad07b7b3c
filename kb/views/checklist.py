"""The checklist of reviewers, changed by editors."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from kb.forms.review import point_of
from kb.present.checklist import checklist_page
from kb.services import checklist
from kb.services.checklist import BadPoint
from kb.views.showing import office, person, show

blueprint = Blueprint("checklist", __name__, url_prefix="/office/checklist")


@blueprint.get("")
def points() -> Response:
    """The points that reviewers look for, by kind of document."""
    found = checklist.read_checklist(office(), person(), request.args.get("kind", "case"))
    done, key = request.args.get("done", ""), request.args.get("point", "")
    return show(checklist_page(found, person(), done=done, key=key))


@blueprint.post("")
def change() -> Response:
    """Add a point, change, move or retire one, or undo what was done last."""
    kind, point = request.form.get("kind", "case"), point_of(request.form)
    try:
        done, key = checklist.act_on(office(), person(), kind, request.form.get("do", ""), point)
    except BadPoint as problem:
        found = checklist.read_checklist(office(), person(), kind)
        return show(checklist_page(found, person(), typed=point, problem=problem), 422)
    asked = urlencode({"kind": kind, "done": done, "point": key})
    return redirect(f"/office/checklist?{asked}", 303)
