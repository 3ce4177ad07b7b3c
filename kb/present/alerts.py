"""Saved searches as their owner sees them: in plain words, with how often one is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from indexer.fields import FIELDS
from indexer.query import FACETS, Query, ReadAs, explain, to_params
from kb.forms.account import FormIncomplete
from kb.forms.alerts import AlertForm
from kb.pages.accounts import FormPage
from kb.pages.alerts import AlertPage, AlertsPage
from kb.pieces.alerts import AlertRow
from kb.pieces.common import FormField, Hidden, Link, Option
from kb.present.fieldwords import title_of
from kb.present.filters import facet_title, value_label
from kb.present.links import absolute, search_url
from kb.present.problems import linked, problems_of
from kb.present.words import Reader, sentence
from kb.services.alerts import LONGEST, MOST, TITLE, Alert, SearchTooLong, TooManyAlerts, lasting
from kb.services.watching import BODY
from kb.translation import gettext as _
from kb.translation import ngettext

MINE = "/alerts"
#: What was done, by the word in the address that one is sent to afterwards.
DONE: Mapping[str, Callable[[], str]] = {
    "saved": lambda: _("Saved. What is new here from now on will be told."),
    "there": lambda: _("You had saved this search before. Here it is; nothing was changed."),
    "changed": lambda: _("The search was changed."),
    "deleted": lambda: _("The search was deleted, and its feed ended."),
    "feed": lambda: _("The feed has a new address. The old one answers no more."),
}
#: What a form can be shown again for.
PROBLEMS = (FormIncomplete, TooManyAlerts, SearchTooLong)


def url_of(token: str, rest: str = "") -> str:
    """An address of one saved search."""
    return f"{MINE}/{token}/{rest}" if rest else f"{MINE}/{token}"


def feed_url(token: str) -> str:
    """The address of the feed of one saved search."""
    return f"{MINE}/{token}.atom"


# In words ----------------------------------------------------------------------------------


def plain_words(query: Query, read_as: ReadAs, reader: Reader) -> str:
    """A whole search in plain words, as one sentence without its full stop."""
    parts = [explain(read_as, _)] if query.text else []
    parts += [
        f"{facet_title(facet)}: {_values(query, facet, reader)}" for facet, _ids in query.facets
    ]
    if query.year_from or query.year_to:
        parts.append(_("Years: %(years)s", years=_years(query)))
    return sentence("; ".join(parts)) if parts else _("Every case")


def title_for(query: Query, reader: Reader) -> str:
    """A title for a search that its owner may change."""
    labels = [query.text] if query.text else []
    for facet in FACETS:
        chosen = [value_label(facet, id_, reader) for id_ in query.chosen(facet)]
        if query.mode(facet) == "none":
            chosen = [_("not %(value)s", value=label) for label in chosen]
        labels += chosen
    if query.year_from or query.year_to:
        labels.append(_years(query))
    title = " · ".join(labels) or _("Every case")
    return title if len(title) <= TITLE else f"{title[: TITLE - 2]} …"


def _values(query: Query, facet: str, reader: Reader) -> str:
    labels = [value_label(facet, id_, reader) for id_ in query.chosen(facet)]
    joints = {"any": _(" or "), "all": _(" and "), "none": _(", ")}
    told = joints[query.mode(facet)].join(labels)
    return _("none of %(values)s", values=told) if query.mode(facet) == "none" else told


def _years(query: Query) -> str:
    start, end = query.year_from, query.year_to
    if start and end:
        return _("%(start)s to %(end)s", start=start, end=end)
    return _("since %(year)s", year=start) if start else _("until %(year)s", year=end)


def why_told(reason: Mapping[str, Any]) -> str:
    """Why a case matches a search, as the page of results says it."""
    matches = ", ".join([*reason.get("words", ()), *reason.get("names", ())])
    if reason.get("meaning"):
        if not matches:
            return _("Close in meaning")
        return _("Close in meaning; also matches %(words)s", words=matches)
    return _("Matches %(words)s", words=matches) if matches else _("Meets all that is asked for")


def change_told(change: str, reason: Mapping[str, Any]) -> str:
    """That a case is new, or what has changed in it, field by field."""
    if change == "new":
        return _("New")
    names = tuple(_field_names(reason.get("fields", ())))
    return _("Changed: %(fields)s", fields=", ".join(names)) if names else _("Changed")


def _field_names(fields: Sequence[str]) -> Iterator[str]:
    known = {field.name: field for field in FIELDS["case"]}
    for name in fields:
        if name == BODY:
            yield _("the text")
        else:
            yield title_of(known[name]).lower() if name in known else name


def pace_told(pace: str) -> str:
    """How often one is told."""
    told = {
        "day": _("by mail, at most once a day"),
        "week": _("by mail, at most once a week"),
        "never": _("no mail, the feed alone"),
    }
    return told[pace]


# Pages -------------------------------------------------------------------------------------


def alerts_page(alerts: Sequence[Alert], reader: Reader, word: str | None = None) -> AlertsPage:
    """All searches that one saved; `word` names what was just done."""
    done = DONE.get(word or "")
    return AlertsPage(
        title=_("Alerts"),
        intro=_("Searches of which you hear what is new or changed, by mail or in a feed reader."),
        done=done() if done else "",
        rows=tuple(_row(alert, reader) for alert in alerts),
        ways=(Link(_("Search the cases"), "/search"),),
    )


def _row(alert: Alert, reader: Reader) -> AlertRow:
    saved = alert.saved
    told = _on(saved.told_at, reader) if saved.pace != "never" else ""
    found = _on(alert.found_at, reader)
    return AlertRow(
        title=saved.title,
        url=search_url(alert.query),
        words=plain_words(alert.query, alert.read_as, reader),
        pace=sentence(pace_told(saved.pace)),
        told=_("last told on %(day)s", day=told) if told else "",
        found=(
            _("last found something on %(day)s", day=found) if found else _("nothing new so far")
        ),
        feed_url=feed_url(saved.token),
        change_url=url_of(saved.token),
        delete_url=url_of(saved.token, "delete"),
    )


def _on(at: datetime | None, reader: Reader) -> str:
    return reader.date(at.isoformat()) if at else ""


def new_alert_page(
    form: AlertForm,
    read_as: ReadAs,
    reader: Reader,
    count: int,
    problem: Exception | None = None,
) -> FormPage:
    """The form that saves a search, whose text is `read_as`; `count` tells how many one has."""
    problems = _problems(problem)
    fields = _fields(form, problems)
    query = lasting(form.query)
    return FormPage(
        title=_("Tell me what is new here"),
        intro=(
            f"{plain_words(query, read_as, reader)}.",
            _("You will be told of cases that are new here or have changed, and why they match."),
            *((_room(count),) if count else ()),
        ),
        problems=linked(problems, fields),
        action=MINE,
        fields=fields,
        hidden=(Hidden("query", urlencode(to_params(query))),),
        submit=_("Save the search"),
        ways=(Link(_("Back to the results"), search_url(query)), Link(_("Your alerts"), MINE)),
    )


def _room(count: int) -> str:
    told = ngettext("You have saved %(num)s search", "You have saved %(num)s searches", count)
    return _("%(told)s of at most %(most)s.", told=told, most=MOST)


def alert_page(
    alert: Alert,
    form: AlertForm,
    reader: Reader,
    word: str | None = None,
    problem: Exception | None = None,
) -> AlertPage:
    """One saved search, to be changed."""
    problems, saved = _problems(problem), alert.saved
    fields, done = _fields(form, problems), DONE.get(word or "")
    return AlertPage(
        title=saved.title,
        done=done() if done else "",
        problems=linked(problems, fields),
        search=Link(plain_words(alert.query, alert.read_as, reader), search_url(alert.query)),
        action=url_of(saved.token),
        fields=fields,
        feed=absolute(feed_url(saved.token)),
        feed_url=url_of(saved.token, "feed"),
        delete_url=url_of(saved.token, "delete"),
    )


def delete_alert_page(alert: Alert, reader: Reader) -> FormPage:
    """Asks once more before a saved search is deleted."""
    return FormPage(
        title=_("Delete “%(title)s”?", title=alert.saved.title),
        intro=(
            f"{plain_words(alert.query, alert.read_as, reader)}.",
            _("No more letters come, and the address of the feed answers no more. This cannot be"
              " undone; the search itself can be saved again."),
        ),
        problems=(),
        action=url_of(alert.saved.token, "delete"),
        fields=(),
        hidden=(),
        submit=_("Delete the search"),
        ways=(Link(_("Keep it"), MINE),),
    )  # fmt: skip


def _fields(form: AlertForm, problems: Mapping[str, str]) -> tuple[FormField, ...]:
    labels = (
        _("Once a day, by mail"),
        _("Once a week, by mail"),
        _("No mail: I read the feed"),
    )
    return (
        FormField(
            "title", _("Title"), "text", form.title,
            _("By which you know it again."), problems.get("title", ""),
        ),
        FormField(
            "pace", _("How often"), "radio",
            options=tuple(
                Option(f"pace-{pace}", pace, label, selected=pace == form.pace)
                for pace, label in zip(("day", "week", "never"), labels, strict=True)
            ),
        ),
    )  # fmt: skip


def _problems(problem: Exception | None) -> dict[str, str]:
    if isinstance(problem, TooManyAlerts):
        told = _("You have saved %(most)s searches, the most that one person may have. Delete one"
                 " that you need no more, then save this one.", most=MOST)  # fmt: skip
        return {"": told}
    if isinstance(problem, SearchTooLong):
        told = _("This search is too long to be saved: %(most)s characters of its address are the"
                 " most. Ask with fewer words.", most=LONGEST)  # fmt: skip
        return {"": told}
    return problems_of(problem)
