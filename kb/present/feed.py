"""Atom feeds (RFC 4287), made with the standard library; the one of recent changes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree as Tree

from flask import current_app

from kb.present.history import FEED, iso, moment
from kb.present.links import absolute
from kb.present.words import Reader
from kb.services.history import Change, path_of
from kb.translation import gettext as _

ATOM = "http://www.w3.org/2005/Atom"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
#: Characters that XML 1.0 cannot hold, which messages and titles of broken files may.
_FORBIDDEN = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]"
)
NEVER = "1970-01-01T00:00:00Z"


def changes_feed(changes: Sequence[Change], reader: Reader) -> bytes:
    """The feed of these changes, newest first, with absolute addresses."""
    title = _("%(site)s: recent changes", site=current_app.config["SITE_NAME"])
    updated = iso(changes[0].revision.at) if changes else NEVER
    feed = begun(reader.lang, FEED, title, updated, "/changes")
    for change in changes:
        _entry(add(feed, "entry"), change, reader)
    return written(feed)


def begun(lang: str, path: str, title: str, updated: str, page: str) -> Tree.Element:
    """A feed without entries: where it is, what it is called, and the page that it is of."""
    Tree.register_namespace("", ATOM)
    feed = Tree.Element(f"{{{ATOM}}}feed", {XML_LANG: lang})
    add(feed, "id", absolute(path))
    add(feed, "title", title)
    add(feed, "updated", updated)
    add(feed, "link", rel="self", type="application/atom+xml", href=absolute(path))
    add(feed, "link", rel="alternate", type="text/html", href=absolute(page))
    add(add(feed, "author"), "name", current_app.config["SITE_NAME"])
    return feed


def written(feed: Tree.Element) -> bytes:
    """A feed as it is sent."""
    return bytes(Tree.tostring(feed, encoding="utf-8", xml_declaration=True))


def _entry(entry: Tree.Element, change: Change, reader: Reader) -> None:
    row, told = change.revision, moment(change.revision, reader)
    entry.set(XML_LANG, change.lang)
    # a text that was brought back has the name that it had before: the time tells the two apart
    add(entry, "id", f"{absolute(path_of(row.key))}#{row.hash or 'removed'}-{iso(row.at)}")
    add(entry, "title", f"{change.title} ({told.what})")
    add(entry, "updated", iso(row.at))
    add(entry, "link", rel="alternate", type="text/html", href=absolute(path_of(row.key)))
    if told.compare_url:
        add(entry, "link", rel="related", type="text/html", href=absolute(told.compare_url))
    add(add(entry, "author"), "name", told.who)
    add(entry, "category", term=row.event)
    add(entry, "summary", told.message or told.what)


def add(parent: Tree.Element, name: str, text: str = "", **attributes: str) -> Tree.Element:
    """A new element of Atom below another one; what XML cannot hold is replaced."""
    element = Tree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    element.text = clean(text) or None
    return element


def clean(text: str) -> str:
    """The text with what XML cannot hold replaced."""
    return _FORBIDDEN.sub("\ufffd", text)
