"""What people without an account may do: suggest an edit, tell of their own use, report a problem.

These pages hold a stamp, so they are never cached; no cookie is set for a visitor. Browsers may
keep them for going back, so that nothing that was typed is lost on the way.
"""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from indexer.values import Key
from kb.forms.history import key_of
from kb.forms.outside import ReportForm, Sending, SuggestForm, UsedForm
from kb.pages.outside import AskPage
from kb.present.outside import (
    PROBLEMS,
    Asking,
    follow_page,
    report_page,
    sender_of,
    suggest_page,
    used_page,
)
from kb.records.database import now
from kb.services import reports
from kb.services.outside import (
    EDIT,
    REPLICATION,
    Offer,
    Sender,
    follow,
    open_base,
    open_known,
    open_public,
    send_in,
)
from kb.services.stamps import StampTooOld, stamp
from kb.views.documents import of_document
from kb.views.showing import desk, language, library, person, reader, settings, show, show_again

blueprint = Blueprint("outside", __name__)


# A changed text ------------------------------------------------------------------------------


@of_document(blueprint, "suggest")
def suggest_form(folder: str, slug: str, lang: str) -> Response:
    """The text of a document in boxes, for whoever wants to mend it without an account."""
    document = open_public(desk(), person(), key_of(folder, slug, lang))
    return _asked(suggest_page(document, SuggestForm.made_of(document), _asking()))


@of_document(blueprint, "suggest", "POST")
def suggest(folder: str, slug: str, lang: str) -> AnyResponse:
    """Hand a changed text in, or show it again with what is to be mended first."""
    form = SuggestForm.of(request.form)
    base = open_base(desk(), person(), key_of(folder, slug, lang), form.base)
    try:
        offer = Offer(base, form.text(base), form.why, EDIT)
        token = send_in(desk(), person(), offer, _sender(form.sending))
    except PROBLEMS as problem:
        return show_again(suggest_page(base, form, _asking(form.sending, problem)), problem)
    return redirect(f"/suggestions/{token}", 303)


# "I used this" -------------------------------------------------------------------------------


@blueprint.get("/cases/<slug>/used", defaults={"lang": ""})
@blueprint.get("/cases/<slug>/<lang>/used")
def used_form(slug: str, lang: str) -> Response:
    """The form of whoever did the same as a case tells."""
    document = open_public(desk(), person(), Key("case", slug, lang))
    return _asked(used_page(document, UsedForm(), _asking()))


@blueprint.post("/cases/<slug>/used", defaults={"lang": ""})
@blueprint.post("/cases/<slug>/<lang>/used")
def used(slug: str, lang: str) -> AnyResponse:
    """Hand in that somebody did the same, as a row more among the replications of the case."""
    form = UsedForm.of(request.form)
    base = open_base(desk(), person(), Key("case", slug, lang), form.base)
    try:
        text = form.text(base, library().vocabularies, now().year)
        offer = Offer(base, text, form.note, REPLICATION)
        token = send_in(desk(), person(), offer, _sender(form.sending))
    except PROBLEMS as problem:
        return show_again(used_page(base, form, _asking(form.sending, problem)), problem)
    return redirect(f"/suggestions/{token}", 303)


@blueprint.get("/suggestions/<token>")
def suggestion(token: str) -> Response:
    """What became of something that was sent in, for whoever has the address."""
    return secret(show(follow_page(follow(desk(), token), token, reader())))


# A problem -----------------------------------------------------------------------------------


@of_document(blueprint, "report")
def report_form(folder: str, slug: str, lang: str) -> Response:
    """The form of whoever found something wrong."""
    document = open_public(desk(), person(), key_of(folder, slug, lang))
    return _asked(report_page(document, ReportForm(), _asking()))


@of_document(blueprint, "report", "POST")
def report(folder: str, slug: str, lang: str) -> AnyResponse:
    """Keep a problem, and lead to the page that tells what becomes of it."""
    form, key = ReportForm.of(request.form), key_of(folder, slug, lang)
    try:
        token = reports.report(desk(), person(), key, form.problem(), _sender(form.sending))
    except PROBLEMS as problem:
        document = open_known(desk(), person(), key)
        return show_again(report_page(document, form, _asking(form.sending, problem)), problem)
    return redirect(f"/reports/{token}", 303)


# What they share -----------------------------------------------------------------------------


def _asking(sending: Sending | None = None, problem: Exception | None = None) -> Asking:
    """Whom a form asks; a stamp that can still be used is kept."""
    kept = sending.stamp if sending and not isinstance(problem, StampTooOld) else ""
    return Asking(person(), reader(), kept or stamp(settings().data), problem)


def _sender(sending: Sending) -> Sender:
    return sender_of(sending, person(), language(), request.remote_addr or "")


def _asked(page: AskPage) -> Response:
    response = show(page)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def secret(response: Response) -> Response:
    """The page of whoever has its address, which nobody keeps."""
    response.headers["Cache-Control"] = "no-store"
    return response
