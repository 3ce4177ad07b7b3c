"""The editors' room: what needs somebody, and what happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from kb.access import require
from kb.forms.account import FormIncomplete
from kb.forms.history import before_of
from kb.forms.office import EventsAsked, span_of, state_of
from kb.forms.search import page_of
from kb.present.dead_links import again_url, links_csv, links_page, of_state
from kb.present.due import due_page, show_of
from kb.present.events import events_csv, events_json, events_page
from kb.present.gaps import gaps_page
from kb.present.office import overview_page
from kb.present.rights import rights_page
from kb.present.searched import searches_csv, searches_page
from kb.records.database import now
from kb.records.events import Event
from kb.services.due import checked_again, due_cases
from kb.services.events import EventPage, all_events, read_events
from kb.services.gaps import gaps as find_gaps
from kb.services.links import known_links, wish_again
from kb.services.room import look_around
from kb.services.searches import by_day, unanswered
from kb.services.stale import StaleEdit
from kb.translation import gettext as _
from kb.views.showing import desk, office, person, reader, settings, show, show_again

blueprint = Blueprint("office", __name__, url_prefix="/office")
#: Words that are taken away at once.
MOST_WORDS = 10_000


@blueprint.get("")
def overview() -> Response:
    """What needs somebody now."""
    return show(overview_page(look_around(desk(), person()), person(), reader()))


@blueprint.get("/due")
def due() -> Response:
    """The cases that are due for another look."""
    group, page = show_of(request.args.get("show")), page_of(request.args.get("page"))
    cases = due_cases(desk(), person())
    return show(due_page(cases, person(), reader(), today=now().date(), show=group, page=page))


@blueprint.post("/due/<slug>")
def again(slug: str) -> AnyResponse:
    """Begins a draft that says that a case was looked at again today."""
    message = _("Looked at again, beside its sources.")
    draft = checked_again(desk(), person(), slug, message)
    return redirect(f"/drafts/{draft.token}?saved=1", 303)


@blueprint.errorhandler(StaleEdit)
def stale(error: StaleEdit) -> AnyResponse:
    """Leads to the page on which both texts stand."""
    return redirect(f"/drafts/{error.draft.token}/conflict", 303)


@blueprint.get("/links")
def links() -> Response:
    """The addresses in public texts that somebody should look at."""
    state, page = state_of(request.args.get("state")), page_of(request.args.get("page"))
    found, done = known_links(desk(), person()), request.args.get("done", "")
    return show(links_page(found, person(), reader(), state=state, page=page, done=done))


@blueprint.get("/links.csv")
def links_table() -> Response:
    """The same addresses as a table."""
    found = of_state(known_links(desk(), person()), state_of(request.args.get("state")))
    return _file(links_csv(found), "text/csv", "links.csv")


@blueprint.post("/links/<name>")
def ask_again(name: str) -> AnyResponse:
    """Lets one address be asked again at once."""
    wish_again(desk(), person(), name)
    return redirect(again_url(request.form.get("here", "")), 303)


@blueprint.get("/searches")
def searches() -> Response:
    """What people looked for and did not find."""
    days = span_of(request.args.get("days"))
    since = now().date() - timedelta(days=days - 1)
    words, told = unanswered(office(), person(), since), by_day(office(), person(), since)
    counted = settings().searches_kept_days > 0
    return show(searches_page(words, told, person(), reader(), span=days, counted=counted))


@blueprint.get("/searches.csv")
def searches_table() -> Response:
    """The same words as a table."""
    since = now().date() - timedelta(days=span_of(request.args.get("days")) - 1)
    found = unanswered(office(), person(), since, MOST_WORDS)
    return _file(searches_csv(found), "text/csv", "searches.csv")


@blueprint.get("/gaps")
def gaps() -> Response:
    """Where the library has little or nothing."""
    columns, lack, lang = (request.args.get(name, "") for name in ("by", "lack", "lang"))
    found, page = (
        find_gaps(desk(), person(), columns, lack, lang),
        page_of(request.args.get("page")),
    )
    return show(
        gaps_page(found, person(), reader(), columns=columns, lack=lack, lang=lang, page=page)
    )


@blueprint.get("/rights")
def rights() -> Response:
    """Who may do what."""
    require(person(), "see-office")
    return show(rights_page(person(), settings().reviews))


@blueprint.get("/events")
def events() -> Response:
    """Who did what to what, newest first."""
    asked, before = EventsAsked.of(request.args), before_of(request.args.get("before"))
    require(person(), "see-events")
    try:
        found = read_events(office(), person(), asked.wanted(), before)
    except FormIncomplete as wrong:
        page = events_page(EventPage((), None), asked, person(), reader(), wrong.problems)
        return show_again(page, wrong)
    return show(events_page(found, asked, person(), reader()))


@blueprint.get("/events.csv")
def events_table() -> Response:
    """The same events as a table."""
    return _exported(events_csv, "text/csv", "events.csv")


@blueprint.get("/events.json")
def events_list() -> Response:
    """The same events as data."""
    return _exported(events_json, "application/json", "events.json")


@blueprint.after_request
def keep_nowhere(response: Response) -> Response:
    """Nobody keeps what is told in this room."""
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _exported(form: Callable[[Iterable[Event]], Iterator[str]], type_: str, name: str) -> Response:
    require(person(), "see-events")
    try:
        wanted = EventsAsked.of(request.args).wanted()
    except FormIncomplete:
        return events()  # the page says what is wrong
    return _file(form(all_events(office(), person(), wanted)), type_, name)


def _file(lines: Iterator[str], type_: str, name: str) -> Response:
    """A file to be taken away, sent as it is made."""
    response = Response(lines, content_type=f"{type_}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
