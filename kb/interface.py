"""The visitor's own choices: the language of the interface and the colours of the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Request
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from kb.access import VISITOR, Person, may
from kb.pieces.common import Link, Option, Site
from kb.present.words import locale_of, own_name
from kb.services import keeping
from kb.services.gathering import Slugs
from kb.settings import Settings
from kb.translation import gettext as _

THEMES = ("system", "light", "dark")
KEPT = "list"  # the cookie that holds the reader's list of cases
YEAR = 365 * 24 * 3600
NAV = (
    ("/search", lazy_gettext("Search")),
    ("/packs", lazy_gettext("Packs")),
    ("/themes", lazy_gettext("Themes")),
    ("/regions", lazy_gettext("Places")),
    ("/technologies", lazy_gettext("Technologies")),
    ("/sdgs", lazy_gettext("Goals")),
)
OWN = (
    ("/mine", lazy_gettext("My work"), "keep-account"),
    ("/alerts", lazy_gettext("Alerts"), "keep-alerts"),
    ("/attachments", lazy_gettext("Pictures and files"), "attach"),
    ("/office", lazy_gettext("Editors’ room"), "see-office"),
    ("/queue", lazy_gettext("Queue"), "see-queue"),
    ("/office/reports", lazy_gettext("Reported problems"), "answer-reports"),
    ("/people", lazy_gettext("People"), "see-people"),
    ("/account", lazy_gettext("Your account"), "keep-account"),
)
FOOT = (
    ("/list", lazy_gettext("My list")),
    ("/changes", lazy_gettext("Recent changes")),
    ("/insight", lazy_gettext("In figures")),
    ("/pages/about", lazy_gettext("About")),
    ("/glossary", lazy_gettext("Glossary")),
    ("/pages/contact", lazy_gettext("Contact")),
    ("/pages/privacy", lazy_gettext("Privacy")),
    ("/pages/accessibility", lazy_gettext("Accessibility")),
    ("/pages/licence", lazy_gettext("Licence")),
)


def cookie_name(name: str, secure: bool) -> str:
    """The name of a cookie; on https no other host or path can set one of this name."""
    return f"__Host-{name}" if secure else name


def language_of(asked: Request, settings: Settings) -> str:
    """The language of the interface: what the address asks, else the cookie, else the browser."""
    cookie = asked.cookies.get(cookie_name("ui", settings.secure))
    for wish in (asked.args.get("ui"), cookie):
        if wish in settings.languages:
            return str(wish)
    return _accepted(asked, settings.languages) or settings.languages[0]


def wished(asked: Request, settings: Settings, offered: Sequence[str]) -> str:
    """The one of the languages `offered` that the visitor reads best, "" where none is known."""
    cookie = asked.cookies.get(cookie_name("ui", settings.secure))
    for wish in (asked.args.get("ui"), cookie):
        if wish in offered:
            return str(wish)
    return _accepted(asked, offered)


def _accepted(asked: Request, offered: Sequence[str]) -> str:
    """The first language of the browser that is offered, "" for none: es-MX is content with es."""
    for wish in asked.accept_languages.values():
        for name in (wish, wish.partition("-")[0]):
            found = [lang for lang in offered if lang.lower() == name.lower()]
            if found:
                return found[0]
    return ""


def theme_of(asked: Request, settings: Settings) -> str:
    """The colours chosen, "system" when nothing was chosen."""
    cookie = asked.cookies.get(cookie_name("theme", settings.secure))
    return str(cookie) if cookie in THEMES else "system"


def kept_of(asked: Request, settings: Settings) -> Slugs:
    """The cases on the reader's list; none, and no key is read, without its cookie."""
    cookie = asked.cookies.get(cookie_name(KEPT, settings.secure))
    return keeping.read(settings.data, cookie) if cookie else ()


def keep(response: Response, slugs: Slugs, settings: Settings) -> None:
    """Gives the reader the list to keep; an empty one is forgotten."""
    response.set_cookie(
        cookie_name(KEPT, settings.secure),
        keeping.signed(settings.data, slugs) if slugs else "",
        max_age=YEAR if slugs else 0,
        secure=settings.secure,
        httponly=True,
        samesite="Lax",
    )


def remember(response: Response, form: Mapping[str, str], settings: Settings) -> None:
    """Sets a cookie for each valid choice in `form`, and for nothing else."""
    valid: Mapping[str, Sequence[str]] = {"theme": THEMES, "ui": settings.languages}
    for name, values in valid.items():
        if form.get(name) in values:
            response.set_cookie(
                cookie_name(name, settings.secure),
                form[name],
                max_age=YEAR,
                secure=settings.secure,
                httponly=True,
                samesite="Lax",
            )


def local_path(text: str) -> str:
    """The text when it is a path of this site, else "/": a form must not lead elsewhere."""
    plain = text.startswith("/") and not text.startswith(("//", "/\\"))
    return text if plain and text.isprintable() and "\\" not in text else "/"


def site_of(asked: Request, settings: Settings, person: Person = VISITOR, token: str = "") -> Site:
    """What stands around the page that was asked for by `person`; its forms carry `token`."""
    lang = language_of(asked, settings)
    theme = theme_of(asked, settings)
    here = asked.full_path if asked.query_string else asked.path
    labels = {"system": _("As the system"), "light": _("Light"), "dark": _("Dark")}
    return Site(
        name=settings.site_name,
        logo=settings.site_logo,
        picture=f"{settings.origin}/picture.png",
        lang=lang,
        direction=locale_of(lang).text_direction,
        theme=theme,
        themes=tuple(Option(t, t, labels[t], selected=t == theme) for t in THEMES),
        languages=tuple(
            Link(own_name(code), code, current=code == lang, lang=code)
            for code in settings.languages
        ),
        nav=_ways(NAV, asked.path),
        foot=_ways(FOOT, asked.path),
        here=here,
        person=person.name,
        own=own_ways(person, asked.path),
        token=token,
        kept=kept_of(asked, settings),
    )


def own_ways(person: Person, path: str) -> tuple[Link, ...]:
    """Where somebody who is signed in may go; nowhere for visitors."""
    rows = [(url, label) for url, label, action in OWN if may(person, action)]
    return () if person.is_visitor else _ways(rows, path)


def _ways(rows: Sequence[tuple[str, object]], path: str) -> tuple[Link, ...]:
    return tuple(
        Link(str(label), url, current=path == url or path.startswith(f"{url}/"))
        for url, label in rows
    )
