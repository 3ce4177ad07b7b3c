"""Recent changes as an Atom feed (RFC 4287), made with the standard library."""

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
    Tree.register_namespace("", ATOM)
    feed = Tree.Element(f"{{{ATOM}}}feed", {XML_LANG: reader.lang})
    site = current_app.config["SITE_NAME"]
    _add(feed, "id", absolute(FEED))
    _add(feed, "title", _("%(site)s: recent changes", site=site))
    _add(feed, "updated", iso(changes[0].revision.at) if changes else NEVER)
    _add(feed, "link", rel="self", type="application/atom+xml", href=absolute(FEED))
    _add(feed, "link", rel="alternate", type="text/html", href=absolute("/changes"))
    _add(_add(feed, "author"), "name", site)
    for change in changes:
        _entry(_add(feed, "entry"), change, reader)
    return bytes(Tree.tostring(feed, encoding="utf-8", xml_declaration=True))


def _entry(entry: Tree.Element, change: Change, reader: Reader) -> None:
    row, told = change.revision, moment(change.revision, reader)
    entry.set(XML_LANG, change.lang)
    # a text that was brought back has the name that it had before: the time tells the two apart
    _add(entry, "id", f"{absolute(path_of(row.key))}#{row.hash or 'removed'}-{iso(row.at)}")
    _add(entry, "title", f"{change.title} ({told.what})")
    _add(entry, "updated", iso(row.at))
    _add(entry, "link", rel="alternate", type="text/html", href=absolute(path_of(row.key)))
    if told.compare_url:
        _add(entry, "link", rel="related", type="text/html", href=absolute(told.compare_url))
    _add(_add(entry, "author"), "name", told.who)
    _add(entry, "category", term=row.event)
    _add(entry, "summary", told.message or told.what)


def _add(parent: Tree.Element, name: str, text: str = "", **attributes: str) -> Tree.Element:
    element = Tree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    element.text = _FORBIDDEN.sub("\ufffd", text) or None
    return element
