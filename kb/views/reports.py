"""What becomes of the problems that people report: for them, for all, for those who answer."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from kb.forms.history import before_of, key_of
from kb.forms.outside import answer_of
from kb.present import letters_outside as letters
from kb.present.reports import again_page, desk_page, report_page, reports_page
from kb.services import reports
from kb.services.outside import open_public
from kb.services.reports import AnsweredMeanwhile, ReasonNeeded, may_answer
from kb.views.documents import of_document
from kb.views.outside import secret
from kb.views.showing import desk, person, reader, settings, show, show_again

blueprint = Blueprint("reports", __name__)


@blueprint.get("/reports/<token>")
def status(token: str) -> Response:
    """What became of a problem, for whoever has the address."""
    found = reports.read_report(desk(), token)
    return secret(show(report_page(found, reader(), answering=may_answer(person()))))


@of_document(blueprint, "reports")
def of_text(folder: str, slug: str, lang: str) -> Response:
    """The problems of a document that were answered, for everybody."""
    document = open_public(desk(), person(), key_of(folder, slug, lang))
    found, waiting = reports.answered(desk(), person(), document.key)
    return show(reports_page(document, found, waiting, reader()))


@blueprint.get("/office/reports")
def pile() -> Response:
    """The problems that wait for an answer, or those in one state, or a single one."""
    state, before = request.args.get("state", ""), before_of(request.args.get("before"))
    found = reports.pile(desk(), person(), state, before, request.args.get("report", ""))
    return show(desk_page(found, person(), reader(), done="done" in request.args))


@blueprint.post("/office/reports/<token>")
def answer(token: str) -> AnyResponse:
    """Answer a problem, and write to whoever reported it."""
    given = answer_of(request.form)
    try:
        reports.answer(desk(), person(), token, given, letters.report_changed(settings()))
    except (ReasonNeeded, AnsweredMeanwhile) as problem:
        found = reports.pile(desk(), person(), only=token)
        return show_again(again_page(found, given, problem, person(), reader()), problem)
    return redirect(f"/office/reports?report={token}&done=1", 303)
