"""The forms for people without an account, and what becomes of what they sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from indexer.document import Document
from kb.access import Person, may
from kb.forms.account import EMAIL, FormIncomplete
from kb.forms.outside import (
    ASKED,
    NAME,
    NOTE,
    PART,
    PLACE,
    TRAP,
    WORDS,
    ReportForm,
    Sending,
    SuggestForm,
    UsedForm,
    longest,
)
from kb.forms.sections import Section, sections_of
from kb.pages.outside import AskPage, FollowPage
from kb.pieces.common import Hidden, Link, Mark, Option
from kb.pieces.outside import Box, BoxGroup
from kb.present.history import time_told
from kb.present.links import absolute
from kb.present.problems import span
from kb.present.words import Reader
from kb.services.history import path_of
from kb.services.limits import TooManyTries
from kb.services.outside import REPLICATION, Followed, NothingNew, Sender
from kb.services.reports import ABOUT
from kb.services.stamps import SentTooSoon, StampTooOld
from kb.translation import gettext as _

#: What the forms can be shown again for.
PROBLEMS = (FormIncomplete, NothingNew, SentTooSoon, StampTooOld, TooManyTries)
#: Lines of a box: as many as its text has, within reason.
FEWEST, MOST = 4, 24
#: Longest title and summary that a browser lets one type; a little more than is taken, so that
#: the form can say what is too long.
_LONG = {"title": 300, "summary": 1000}


@dataclass(frozen=True)
class Asking:
    """Who is asked, with which stamp, and what was wrong with the answers."""

    person: Person
    reader: Reader
    stamp: str
    problem: Exception | None = None

    @property
    def problems(self) -> Mapping[str, str]:
        """Name of the field -> what is to be done; "" is the form as a whole."""
        return told(self.problem)


def sender_of(sending: Sending, person: Person, ui: str, address: str) -> Sender:
    """Who sends a form: the account of whoever is signed in, else what they say of themselves."""
    if not person.is_visitor:
        return Sender(person.name, person.name, person.email, ui, address, sending.stamp)
    name = sending.name or _("A visitor")
    signature = _("%(name)s (from outside)", name=name) if sending.name else name
    return Sender(name, signature, sending.email, ui, address, sending.stamp)


def told(problem: Exception | None) -> Mapping[str, str]:
    """What is wrong with a form, at its fields."""
    if isinstance(problem, FormIncomplete):
        return problem.problems
    if isinstance(problem, TooManyTries):
        return {"": _("Much was sent from your address on the network lately. Please send this"
                      " again in %(time)s. What you wrote stands below.",
                      time=span(problem.seconds))}  # fmt: skip
    if isinstance(problem, NothingNew) and problem.meanwhile:
        return {"": _("Somebody made this very change meanwhile: the text says so already.")}
    words = {
        NothingNew: _("Nothing was changed yet. Change the text in one of the boxes and send it."),
        SentTooSoon: _("This came faster than people type, as from a machine. Nothing is lost:"
                       " please press the button once more."),
        StampTooOld: _("This page was opened more than a day ago. Nothing is lost: please press"
                       " the button once more."),
    }  # fmt: skip
    return {"": words[type(problem)]} if problem is not None else {}


# The forms -----------------------------------------------------------------------------------


def suggest_page(document: Document, form: SuggestForm, asking: Asking) -> AskPage:
    """The real text in boxes, one for each part of it."""
    problems = asking.problems
    sections = sections_of(document.body)
    boxes = [
        _asked_box(name, form, document.lang, problems) for name in ASKED if name in form.typed
    ]
    boxes += [
        _part_box(place, section, form, document.lang, problems, alone=len(sections) == 1)
        for place, section in enumerate(sections)
    ]
    why = Box(
        "why", "why", _("What you changed, and why"), "lines", form.why,
        _("Those who check it read this, and everybody does once it is public. Where did you see"
          " it? A web address helps."),
        problems.get("why", ""), rows=3, longest=str(WORDS),
    )  # fmt: skip
    writes = may(asking.person, "write")
    edit = Link(_("You may write here: the editor has more room, and keeps a draft of yours."),
                f"{path_of(document.key)}/edit")  # fmt: skip
    return _page(
        document, asking, "suggest",
        title=_("Suggest an edit"),
        intro=(_("Change what is wrong or missing, in the text itself. Nothing becomes public at"
                 " once: somebody of the library reads it first."), _licence(document)),
        instead=edit if writes else None,
        groups=(BoxGroup(_("The text"), _markdown(), tuple(boxes)),
                BoxGroup(_("About your change"), "", (why,)), *_who(form.sending, asking)),
        hidden=(Hidden("base", form.base or document.revision),),
        submit=_("Send the suggestion"),
    )  # fmt: skip


def _asked_box(name: str, form: SuggestForm, lang: str, problems: Mapping[str, str]) -> Box:
    labels = {"title": _("Title"), "summary": _("Summary")}
    value = form.typed[name]
    long = name != "title"
    return Box(
        name, name, labels[name], "lines" if long else "line", value,
        error=problems.get(name, ""), rows=3 if long else 1, longest=str(_LONG[name]), lang=lang,
    )  # fmt: skip


def _part_box(
    place: int, section: Section, form: SuggestForm, lang: str, problems: Mapping[str, str],
    *, alone: bool,
) -> Box:  # fmt: skip
    name = f"{PART}{place}"
    value = form.parts.get(place, section.shown)
    return Box(
        name, f"part-{place}",
        section.heading or (_("The text") if alone else _("The beginning")),
        "lines", value, error=problems.get(name, ""),
        rows=min(MOST, max(FEWEST, value.count("\n") + len(value) // 70 + 1)),
        longest=str(longest(section.shown)), lang=lang, named_in=lang if section.heading else "",
    )  # fmt: skip


def used_page(document: Document, form: UsedForm, asking: Asking) -> AskPage:
    """Where and when somebody did the same, and what came of it."""
    problems, reader = asking.problems, asking.reader

    def box(name: str, label: str, kind: str = "line", hint: str = "", **more: object) -> Box:
        value, error = str(getattr(form, name)), problems.get(name, "")
        made = Box(name, name, label, kind, value, hint, error)
        return replace(made, **more)  # type: ignore[arg-type]

    about = (
        box("country", _("Country"), "select", options=_countries(reader, form.country)),
        box("year", _("Year"), "year", _("When it began."), longest="4"),
        box("who", _("Who did it"), hint=_("An organisation, an office, a group; not needed."),
            longest=str(NAME), autocomplete="organization"),
        box("told", _("What you did differently, and what came of it"), "lines",
            _("One to three sentences, of at most %(most)s characters. What failed is as welcome"
              " as what worked.", most=NOTE), rows=5, longest=str(WORDS), lang=document.lang),
        box("url", _("A web address where one can read of it"), "url",
            _("A report, an article, a page of yours; not needed, but it counts for much."),
            longest="2000"),
        box("url_title", _("The title of that page"), hint=_("Not needed."), longest=str(PLACE)),
    )  # fmt: skip
    return _page(
        document, asking, "used",
        title=_("I used this"),
        intro=(_("Did you, or people whom you know, do the same somewhere else? Tell others. Once"
                 " somebody of the library has checked it, it stands in the case under “Done again"
                 " elsewhere”."), _licence(document)),
        groups=(BoxGroup(_("What you did"), "", about), *_who(form.sending, asking)),
        hidden=(Hidden("base", form.base or document.revision),),
        submit=_("Send it"),
    )  # fmt: skip


def report_page(document: Document, form: ReportForm, asking: Asking) -> AskPage:
    """What is wrong, and where."""
    problems = asking.problems
    first = ABOUT[0]
    about = Box(
        "about", "about", _("What is wrong"), "choice", form.about,
        error=problems.get("about", ""),
        options=tuple(
            Option("about" if word == first else f"about-{word}", word, about_told(word),
                   selected=word == form.about)
            for word in ABOUT
        ),
    )  # fmt: skip
    place = Box(
        "place", "place", _("Where"), "line", form.place,
        _("A heading, a sentence, the name of a source; not needed."), problems.get("place", ""),
        longest=str(PLACE),
    )  # fmt: skip
    words = Box(
        "words", "words", _("In your words"), "lines", form.words,
        _("What is wrong, and what would be right. Only those who run the library read this."),
        problems.get("words", ""), rows=6, longest=str(WORDS),
    )  # fmt: skip
    return _page(
        document, asking, "report",
        title=_("Report a problem"),
        intro=(_("You get a page on which you can see what becomes of it. What was answered is"
                 " public; your words, your name and your address are not."),),
        groups=(BoxGroup(_("The problem"), "", (about, place, words)),
                *_who(form.sending, asking, public=False)),
        hidden=(),
        submit=_("Send the report"),
    )  # fmt: skip


def _page(
    document: Document, asking: Asking, name: str, *, title: str, intro: Sequence[str],
    groups: Sequence[BoxGroup], hidden: Sequence[Hidden], submit: str, instead: Link | None = None,
) -> AskPage:  # fmt: skip
    path = path_of(document.key)
    boxes = {box.name: box.id for group in groups for box in group.boxes}
    return AskPage(
        title=title,
        document=Link(str(document.front.get("title") or document.key.slug), path,
                      lang=document.lang),
        intro=tuple(intro),
        instead=instead,
        problems=tuple(
            Link(text, f"#{boxes[field]}" if field in boxes else "")
            for field, text in asking.problems.items()
        ),
        action=f"{path}/{name}",
        groups=tuple(groups),
        hidden=(*hidden, Hidden("stamp", asking.stamp)),
        trap=TRAP,
        submit=submit,
    )  # fmt: skip


def _who(sending: Sending, asking: Asking, *, public: bool = True) -> tuple[BoxGroup, ...]:
    """Who sends it, where that is not known; `public` where the name may come to stand in it."""
    if not asking.person.is_visitor:
        told = _("It is sent in your name, %(name)s.", name=asking.person.name)
        return (BoxGroup(_("About you"), told, ()),)
    problems = asking.problems
    name = Box(
        "name", "name", _("Your name"), "line", sending.name,
        _("Not needed. Once the text is public, it stands in its history.")
        if public else _("Not needed. Only those who run the library read it."),
        problems.get("name", ""), longest=str(NAME), autocomplete="name",
    )  # fmt: skip
    email = Box(
        "email", "email", _("Your mail address"), "email", sending.email,
        _("Not needed. It is for an answer alone, and is shown to nobody."),
        problems.get("email", ""), longest=str(EMAIL), autocomplete="email",
    )  # fmt: skip
    return (BoxGroup(_("About you"), "", (name, email)),)


def _licence(document: Document) -> str:
    licence = str(document.front.get("license") or "CC-BY-4.0")
    return _("What you send may be published under the licence of this text, %(licence)s.",
             licence=licence)  # fmt: skip


def _markdown() -> str:
    return _("Numbers such as [1] lead to the sources; an empty line begins a new paragraph.")


def _countries(reader: Reader, chosen: str) -> tuple[Option, ...]:
    named = [(reader.label("countries", code), code) for code in reader.vocabularies["countries"]]
    rows = [("", _("Choose")), *((code, label) for label, code in sorted(named, key=_by_name))]
    return tuple(Option("", code, label, selected=code == chosen) for code, label in rows)


def _by_name(row: tuple[str, str]) -> str:
    return row[0].casefold()


def about_told(word: str) -> str:
    """What can be wrong with a text, in words."""
    words = {
        "wrong": _("A fact or a figure is wrong"),
        "dead-link": _("A link is dead"),
        "outdated": _("It is out of date"),
        "harmful": _("It tells something private, or does harm"),
        "access": _("I cannot read or use it (accessibility)"),
        "other": _("Something else"),
    }
    return words.get(word, words["other"])


# What became of it ---------------------------------------------------------------------------


def follow_page(found: Followed, token: str, reader: Reader) -> FollowPage:
    """What became of a suggestion, for whoever has its address."""
    path = path_of(found.key)
    what = {
        True: _("Your account of how you used it"),
        False: _("Your suggestion"),
    }[found.purpose == REPLICATION]
    text = [_state_told(found.state)]
    if found.state in ("submitted", "changes-requested", "draft", "approved"):
        text.append(_keep(mailed=found.answered_by_mail))
    return FollowPage(
        title=what,
        document=Link(found.title, path, lang=found.lang),
        state=suggestion_mark(found.state),
        sent=_("Sent %(when)s", when=time_told(found.at, reader)),
        text=tuple(text),
        reason=found.reason,
        address=absolute(f"/suggestions/{token}"),
        ways=(Link(_("Back to the text"), path),),
    )


def suggestion_mark(state: str) -> Mark:
    """The state of a suggestion as its sender is told it."""
    marks = {
        "submitted": Mark(_("waits to be read")),
        "approved": Mark(_("was read, waits to be published"), "good"),
        "published": Mark(_("published"), "good"),
        "rejected": Mark(_("not taken"), "warning"),
        "discarded": Mark(_("not taken"), "warning"),
    }
    return marks.get(state, Mark(_("somebody works on it")))


def _state_told(state: str) -> str:
    words = {
        "submitted": _("It arrived. Somebody of the library compares it with the text and decides;"
                       " they may mend a word before it becomes public."),
        "approved": _("Somebody of the library has read it and found it good. It is published"
                      " next."),
        "published": _("It is part of the text now. Thank you."),
        "rejected": _("It was not taken into the text."),
        "discarded": _("It was not taken into the text."),
    }  # fmt: skip
    return words.get(state, _("Somebody of the library works on it."))


def _keep(*, mailed: bool) -> str:
    if mailed:
        return _("You get an answer by mail. With the address below, which is yours alone, you can"
                 " look for yourself.")  # fmt: skip
    return _("Keep the address below: it is yours alone, and tells what becomes of it.")
