"""Saved searches of which one hears what is new, and their feeds."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from kb.forms.alerts import AlertForm
from kb.forms.search import query_of
from kb.pages import Page
from kb.present.alert_feed import alert_feed
from kb.present.alerts import (
    PROBLEMS,
    alert_page,
    alerts_page,
    delete_alert_page,
    new_alert_page,
    title_for,
    url_of,
)
from kb.services import alerts
from kb.views.showing import desk, language, library, office, person, reader, show, show_again

blueprint = Blueprint("alerts", __name__, url_prefix="/alerts")


def show_mine(page: Page) -> Response:
    """A page with addresses that nobody else should know, which nobody keeps."""
    response = show(page)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("")
def mine() -> Response:
    """The searches of which one hears what is new."""
    found = alerts.mine(desk(), person())
    return show_mine(alerts_page(found, reader(), request.args.get("done")))


@blueprint.get("/new")
def new() -> Response:
    """The form that saves a search, filled in with the one from which somebody comes."""
    count = len(alerts.mine(desk(), person()))
    query = query_of(request.args.items(multi=True), library().vocabularies.regions)
    form = AlertForm(title_for(query, reader()), query=query)
    return show(new_alert_page(form, library().read_as(query.text), reader(), count))


@blueprint.post("")
def save() -> AnyResponse:
    """Saves a search; one that was saved before is shown as it is."""
    count = len(alerts.mine(desk(), person()))
    form = AlertForm.of(request.form, library().vocabularies.regions)
    try:
        form.check()
        kept = alerts.save(desk(), person(), form.query, form.title, form.pace)
    except PROBLEMS as problem:
        read_as = library().read_as(form.query.text)
        return show_again(new_alert_page(form, read_as, reader(), count, problem), problem)
    return redirect(f"/alerts?done={'there' if kept.there else 'saved'}", 303)


@blueprint.get("/<token>")
def one(token: str) -> Response:
    """One saved search, to be changed."""
    alert = alerts.one_of_mine(desk(), person(), token)
    form = AlertForm(alert.saved.title, alert.saved.pace)
    return show_mine(alert_page(alert, form, reader(), request.args.get("done")))


@blueprint.post("/<token>")
def change(token: str) -> AnyResponse:
    """Gives a saved search another title, or another pace."""
    alert = alerts.one_of_mine(desk(), person(), token)
    form = AlertForm.of(request.form, library().vocabularies.regions)
    try:
        form.check()
        alerts.change(office(), person(), token, form.title, form.pace)
    except PROBLEMS as problem:
        return show_again(alert_page(alert, form, reader(), problem=problem), problem)
    return redirect("/alerts?done=changed", 303)


@blueprint.post("/<token>/feed")
def renew_feed(token: str) -> AnyResponse:
    """Gives the feed of a saved search another address, and ends the old one."""
    return redirect(f"{url_of(alerts.renew_feed(office(), person(), token))}?done=feed", 303)


@blueprint.get("/<token>/delete")
def delete_form(token: str) -> Response:
    """Asks once more before a saved search is deleted."""
    return show(delete_alert_page(alerts.one_of_mine(desk(), person(), token), reader()))


@blueprint.post("/<token>/delete")
def delete(token: str) -> AnyResponse:
    """Deletes a saved search."""
    alerts.delete(office(), person(), token)
    return redirect("/alerts?done=deleted", 303)


@blueprint.get("/<token>.atom")
def feed(token: str) -> AnyResponse:
    """What a saved search found, as a feed for whoever knows its address."""
    saved, found = alerts.feed(office(), token)
    text = alert_feed(saved, found, language())
    response = Response(text, content_type="application/atom+xml; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    response.add_etag(weak=True)
    return response.make_conditional(request)
