"""The event log in words, and the same to take away."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote, urlencode

from indexer.store import FOLDERS
from kb.access import Person
from kb.forms.office import EventsAsked, day_of
from kb.pages.office import EventsPage
from kb.pieces.common import FormField, Link, Option
from kb.pieces.office import EventRow
from kb.present.history import iso, time_told
from kb.present.office import office_tabs
from kb.present.people import role_name
from kb.present.problems import linked
from kb.present.words import Reader
from kb.records.events import Event
from kb.services.cells import csv_lines
from kb.services.events import EventPage
from kb.translation import gettext as _

PATH = "/office/events"
HEAD = ("id", "at", "person", "name", "action", "subject", "detail")


def events_page(
    found: EventPage,
    asked: EventsAsked,
    person: Person,
    reader: Reader,
    problems: Mapping[str, str] | None = None,
) -> EventsPage:
    """A page of the log, with what it was narrowed by."""
    fields = _fields(asked, problems or {})
    older = urlencode([*asked.pairs, ("before", str(found.older or ""))])
    return EventsPage(
        title=_("Events"),
        tabs=office_tabs(person, PATH),
        problems=linked(problems or {}, fields),
        fields=fields,
        events=tuple(_row(one, reader) for one in found.events),
        nothing=_("Nothing of this kind happened.") if asked.pairs else _("Nothing happened yet."),
        older_url=f"{PATH}?{older}" if found.older else "",
        exports=() if problems else _exports(asked),
    )


def events_csv(found: Iterable[Event]) -> Iterator[str]:
    """The log as the lines of a CSV file."""
    return csv_lines(HEAD, (tuple(_values(one).values()) for one in found))


def events_json(found: Iterable[Event]) -> Iterator[str]:
    """The log as a JSON list, a line for each event."""
    before = "["
    for one in found:
        yield f"{before}\n{json.dumps(_values(one), ensure_ascii=False)}"
        before = ","
    yield "[]\n" if before == "[" else "\n]\n"


def _values(one: Event) -> dict[str, object]:
    return {
        "id": one.id, "at": iso(one.at), "person": one.person_id or "", "name": one.name,
        "action": one.action, "subject": one.subject, "detail": one.detail,
    }  # fmt: skip


def _exports(asked: EventsAsked) -> tuple[Link, ...]:
    more = f"?{urlencode(asked.pairs)}" if asked.pairs else ""
    return (Link(_("CSV"), f"{PATH}.csv{more}"), Link(_("JSON"), f"{PATH}.json{more}"))


def _fields(asked: EventsAsked, problems: Mapping[str, str]) -> tuple[FormField, ...]:
    actions = sorted((_(words), action) for action, words in EVENT_WORDS.items())
    chosen = [("", _("Everything"), ""), *((action, label, action) for label, action in actions)]
    options = tuple(
        Option(f"action-{id_}", value, label, selected=value == asked.action)
        for value, label, id_ in chosen
    )
    return (
        FormField("action", _("What"), "select", options=options),
        FormField("name", _("Who"), value=asked.name),
        FormField("words", _("Words in it"), value=asked.words),
        _day_field("since", _("From"), asked.since, problems),
        _day_field("until", _("To"), asked.until, problems),
    )


def _day_field(name: str, label: str, typed: str, problems: Mapping[str, str]) -> FormField:
    """The question for a day; what is none stays as it was typed, which a field of days forbids."""
    day = day_of(typed)
    value, kind = (day.isoformat(), "date") if day else (typed, "text" if typed else "date")
    return FormField(name, label, kind, value, error=problems.get(name, ""))


def _row(one: Event, reader: Reader) -> EventRow:
    return EventRow(
        when=time_told(one.at, reader),
        iso=iso(one.at),
        who=one.name or _("somebody"),
        what=event_words(one.action),
        subject=subject_link(one.subject),
        detail=_detail(one),
    )


def subject_link(subject: str) -> Link:
    """What an event is about, with its address where it has one."""
    kind, _slash, rest = subject.partition("/")
    path = "/".join(map(quote, rest.split("/")))
    if kind in FOLDERS and rest:
        return Link(subject, f"/{FOLDERS[kind]}/{path}")
    if kind in ("attachment", "draft", "report") and rest:
        return Link(subject, f"/{kind}s/{path}")
    return Link(subject)


def _detail(one: Event) -> str:
    if one.action == "role":  # "contributor to editor"
        old, to, new = one.detail.partition(" to ")
        if to:
            return _("%(old)s to %(new)s", old=role_name(old), new=role_name(new))
    return one.detail


def event_words(action: str) -> str:
    """What an action that was noted is called."""
    found = EVENT_WORDS.get(action)
    return _(found) if found else action.replace("-", " ")


def N_(text: str) -> str:  # noqa: N802 (the name that Babel looks for)
    """The text itself, noted for translation."""
    return text


#: action -> words; each action that some service notes has its row.
EVENT_WORDS = {
    "joined": N_("made an account"),
    "signed-in": N_("signed in"),
    "signed-out": N_("ended sessions"),
    "changed-password": N_("changed the password"),
    "reset-password": N_("chose a new password by a link"),
    "second-step-on": N_("switched the second step on"),
    "second-step-off": N_("switched the second step off"),
    "new-codes": N_("made new recovery codes"),
    "code-reused": N_("sent a code that was used before"),
    "renamed": N_("changed the own name"),
    "changed-address": N_("changed the own mail address"),
    "deleted-account": N_("deleted the own account"),
    "invited": N_("invited somebody"),
    "took-back-invitation": N_("took an invitation back"),
    "role": N_("gave somebody another role"),
    "disabled": N_("kept somebody out"),
    "enabled": N_("let somebody in again"),
    "made-reset-link": N_("made a link for a new password"),
    "published": N_("published"),
    "withdrawn": N_("withdrew"),
    "archived": N_("archived"),
    "reinstated": N_("brought back"),
    "purged": N_("removed for good"),
    "submitted": N_("handed in"),
    "taken-back": N_("took back from review"),
    "changes-requested": N_("asked for changes of"),
    "approved": N_("approved"),
    "rejected": N_("turned down"),
    "discarded": N_("discarded"),
    "shared": N_("made a secret link to"),
    "unshared": N_("revoked a secret link to"),
    "checklist": N_("changed the checklist"),
    "suggested": N_("suggested from outside"),
    "reported": N_("reported a problem"),
    "answered-report": N_("answered a reported problem"),
    "attached": N_("added a file"),
    "removed-attachment": N_("removed a file"),
    "unsubscribed": N_("wants no more letters"),
    "reminded": N_("reminded of another look"),
}
