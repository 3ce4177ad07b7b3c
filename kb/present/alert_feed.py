"""What a saved search found, as an Atom feed (RFC 4287); made without the library."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as Tree

from flask import current_app

from kb.present.alerts import change_told, feed_url, why_told
from kb.present.feed import XML_LANG, add, begun, written
from kb.present.history import iso
from kb.present.links import absolute, search_url
from kb.records.saved import Found, Saved
from kb.services.history import path_of
from kb.services.watching import query_of
from kb.translation import gettext as _


def alert_feed(saved: Saved, found: Sequence[Found], lang: str) -> bytes:
    """The feed of a saved search, newest first; one entry says so where nothing is new yet."""
    site = current_app.config["SITE_NAME"]
    feed = begun(
        lang,
        feed_url(saved.token),
        f"{saved.title} · {site}",
        iso(found[0].at if found else saved.at),
        search_url(query_of(saved)),
    )
    for one in found:
        _entry(add(feed, "entry"), one)
    if not found:
        _nothing(add(feed, "entry"), saved)
    return written(feed)


def _entry(entry: Tree.Element, one: Found) -> None:
    reason = one.reason
    path, title = path_of(one.key), str(reason.get("title") or one.key.slug)
    told = change_told(one.change, reason)
    entry.set(XML_LANG, str(reason.get("lang") or "en"))
    add(entry, "id", f"{absolute(path)}#{one.hash}-{iso(one.at)}")
    add(entry, "title", _("New: %(title)s", title=title) if one.change == "new"
        else _("Changed: %(title)s", title=title))  # fmt: skip
    add(entry, "updated", iso(one.at))
    add(entry, "link", rel="alternate", type="text/html", href=absolute(path))
    add(entry, "link", rel="related", type="text/html", href=absolute(f"{path}/history"))
    add(entry, "category", term=one.change)
    add(entry, "summary", f"{told}. {why_told(reason)}.")


def _nothing(entry: Tree.Element, saved: Saved) -> None:
    add(entry, "id", f"{absolute(feed_url(saved.token))}#begun")
    add(entry, "title", _("Nothing is new yet"))
    add(entry, "updated", iso(saved.at))
    add(entry, "link", rel="alternate", type="text/html",
        href=absolute(search_url(query_of(saved))))  # fmt: skip
    add(entry, "summary", _("Cases that are new in this search, or have changed, will stand here."))
