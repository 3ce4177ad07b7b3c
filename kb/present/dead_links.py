"""The page of the addresses in the library, and the same to take away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from urllib.parse import parse_qsl, urlencode, urlsplit

from kb.access import Person
from kb.forms.office import NEW, TO_DO, state_of
from kb.forms.search import page_of
from kb.pages.office import LinksPage
from kb.pieces.common import Link as Way
from kb.pieces.common import Mark
from kb.pieces.office import LinkRow, PlaceRow
from kb.present.facts import web_address
from kb.present.office import office_tabs, page_turning
from kb.present.words import Reader, sentence
from kb.records.links import Link
from kb.services.cells import csv_lines
from kb.services.history import path_of
from kb.services.links import STATES, Known, Place, due_at
from kb.translation import gettext as _
from kb.translation import ngettext

PATH = "/office/links"
PER_PAGE = 25
#: Documents named beside an address.
MOST_PLACES = 8
HEAD = ("state", "status", "why", "address", "leads_to", "failing_since", "asked", "documents")


def links_page(
    found: Sequence[Known], person: Person, reader: Reader, *, state: str, page: int, done: str = ""
) -> LinksPage:
    """The addresses in a state, "" for all that somebody should look at."""
    chosen = of_state(found, state)
    pages = max(1, -(-len(chosen) // PER_PAGE))
    page = min(page, pages)
    pairs = [("state", state)] if state else []
    here = urlencode([*pairs, *([("page", str(page))] if page > 1 else [])])
    return LinksPage(
        title=_("Links"),
        tabs=office_tabs(person, PATH),
        done=_("It will be asked again in a moment.") if done == "again" else "",
        told=_(
            "Every night a share of the addresses in public texts is asked whether it is still"
            " there. One is called dead after three tries over three days or more; what may be a"
            " mood of its server is unsure."
        ),
        shown=tuple(_choices(found, state, reader)),
        rows=tuple(
            _row(one, reader) for one in chosen[(page - 1) * PER_PAGE : page * PER_PAGE]
        ),
        nothing=_("No address is in this state.") if state else _("Nothing to be mended."),
        turning=page_turning(PATH, pairs, page, pages),
        export_url=f"{PATH}.csv?{urlencode(pairs)}" if pairs else f"{PATH}.csv",
        here=here,
    )  # fmt: skip


def of_state(found: Sequence[Known], state: str) -> list[Known]:
    """The addresses in a state, "" for all that somebody should look at."""
    wanted = (state,) if state else TO_DO
    return [one for one in found if (one.link.state if one.link else NEW) in wanted]


def again_url(here: str) -> str:
    """The page from which an address was asked again; `here` is what its form held."""
    asked = dict(parse_qsl(here))
    pairs = [("state", state_of(asked.get("state"))), ("page", str(page_of(asked.get("page"))))]
    shown = [(name, value) for name, value in pairs if value not in ("", "1")]
    return f"{PATH}?{urlencode([*shown, ('done', 'again')])}"


def links_csv(found: Sequence[Known]) -> Iterator[str]:
    """Addresses as the lines of a CSV file."""
    return csv_lines(HEAD, map(_cells, found))


def _cells(one: Known) -> tuple[object, ...]:
    link = one.link
    documents = " ".join(dict.fromkeys(path_of(place.key) for place in one.places))
    if link is None:
        return NEW, "", "", one.url, "", "", "", documents
    since = link.failing_since.date() if link.failing_since else ""
    return (
        link.state, link.status or "", link.detail, one.url, link.leads_to, since,
        link.at.date(), documents,
    )  # fmt: skip


def state_marks() -> Mapping[str, Mark]:
    """What the states of addresses are called."""
    return {
        "dead": Mark(_("dead"), "warning"),
        "unsure": Mark(_("unsure"), "neutral"),
        "moved": Mark(_("moved"), "neutral"),
        "not-asked": Mark(_("left out"), "neutral"),
        "good": Mark(_("good"), "good"),
        NEW: Mark(_("not asked yet"), "neutral"),
    }


def _choices(found: Sequence[Known], state: str, reader: Reader) -> Iterator[Way]:
    marks = state_marks()
    for name in ("", *STATES, NEW):
        label = sentence(marks[name].label) if name else _("To look at")
        number = len(of_state(found, name))
        url = f"{PATH}?state={name}" if name else PATH
        yield Way(label, url, note=reader.number(number), current=name == state)


def _row(one: Known, reader: Reader) -> LinkRow:
    link = one.link
    places = tuple(_places(one.places))
    shown = places[:MOST_PLACES]
    facts = list(_facts(link, reader)) if link else []
    if len(places) > len(shown):
        more = len(places) - len(shown)
        facts.append(
            ngettext("%(num)s more text leads there", "%(num)s more texts lead there", more)
        )
    leads_to = link.leads_to if link else ""
    return LinkRow(
        address=one.url,
        url=web_address(one.url),
        state=state_marks()[link.state if link else NEW],
        told=why(link) if link else "",
        facts=tuple(facts),
        leads_to=Way(leads_to, web_address(leads_to), note=_start_page(one.url, leads_to)),
        places=shown,
        again_url=f"{PATH}/{link.name}" if link else "",
    )


def _facts(link: Link, reader: Reader) -> Iterator[str]:
    yield _("asked on %(day)s", day=reader.date(link.at.date().isoformat()))
    if link.failing_since:
        since = reader.date(link.failing_since.date().isoformat())
        yield _("failing since %(day)s", day=since)
    yield _("to be asked again on %(day)s", day=reader.date(due_at(link).date().isoformat()))


def _places(places: Sequence[Place]) -> Iterator[PlaceRow]:
    """The documents that lead to an address, each with all places in which it does."""
    for (key, title, lang), some in groupby(places, lambda one: (one.key, one.title, one.lang)):
        where = (_("in the text") if one.place == "text" else _field(one.place) for one in some)
        path = path_of(key)
        yield PlaceRow(Way(title, path, lang=lang), ", ".join(where), f"{path}/edit")


def _field(place: str) -> str:
    """The path of a field as it is read aloud."""
    return place.removesuffix(", url").replace("_", " ")


def _start_page(url: str, leads_to: str) -> str:
    """A warning where what was moved leads to the first page of a site: it may be gone."""
    deep, now_at = urlsplit(url).path.strip("/"), urlsplit(leads_to)
    if leads_to and deep and not now_at.path.strip("/") and not now_at.query:
        return _("This is the first page of the site: what was there may be gone.")
    return ""


def why(link: Link) -> str:
    """Why an address is in its state, in words; "" for what is good."""
    if link.detail:
        word, _space, told = link.detail.partition(" ")
        return _details().get(word, "%(told)s") % {"told": told}
    return _status_told(link.status) if link.state in ("dead", "unsure") else ""


def _details() -> Mapping[str, str]:
    return {
        "no-name": _("There is no site of this name."),
        "resolver": _("The name could not be looked up."),
        "timeout": _("No answer came in time."),
        "refused": _("The site refuses the connection."),
        "unreachable": _("There is no way to the site from here."),
        "broken": _("The site breaks its answer off."),
        "tls": _("The site does not speak TLS."),
        "certificate": _("The certificate of the site is not valid: %(told)s."),
        "redirects": _("It leads from one address to the next and never to a page."),
        "private": _("Not asked, because it leads into a private network: %(told)s."),
        "port": _("Not asked, because of its port: %(told)s."),
        "scheme": _("Not asked: only http and https are."),
        "credentials": _("Not asked, because it holds a name or a password."),
        "odd": _("Not asked, because it is written oddly."),
    }


def _status_told(status: int | None) -> str:
    if status is None:
        return ""
    words = {
        401: _("It asks for a password (401)."),
        403: _("It refuses machines, or everybody (403)."),
        404: _("There is no such page (404)."),
        410: _("The page was taken away (410)."),
        429: _("It was asked too often (429)."),
    }
    broken = _("The site has trouble of its own (%(status)s).", status=status)
    other = _("It answers with %(status)s.", status=status)
    return words.get(status) or (broken if status >= 500 else other)
