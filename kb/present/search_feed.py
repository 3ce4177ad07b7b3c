"""The newest cases of a list as an Atom feed (RFC 4287), for everybody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree import ElementTree as Tree

from flask import current_app

from indexer.values import Key
from kb.present.feed import NEVER, XML_LANG, add, begun, written
from kb.present.links import absolute, case_url
from kb.present.taking import with_suffix
from kb.present.words import Reader
from kb.services.reading import day_of
from kb.translation import gettext as _

Record = Mapping[str, Any]
#: Cases that stand in a feed.
FEED = 50


def search_feed(
    cases: Iterable[tuple[Key, Record]], title: str, path: str, reader: Reader
) -> bytes:
    """The feed of the list at `path`; the date is that of its last change, at midnight UTC."""
    entries = [(key, record, _moment(record)) for key, record in cases]
    updated = max((moment for *_one, moment in entries), default=NEVER)
    title = _("%(title)s · %(site)s", title=title, site=current_app.config["SITE_NAME"])
    feed = begun(reader.lang, with_suffix(path, "atom"), title, updated, path)
    for key, record, moment in entries:
        _entry(add(feed, "entry"), key, record, moment, reader)
    return written(feed)


def _entry(entry: Tree.Element, key: Key, record: Record, moment: str, reader: Reader) -> None:
    front, url = record["front"], absolute(case_url(key.slug, key.lang))
    entry.set(XML_LANG, str(front.get("lang") or "en"))
    add(entry, "id", url)
    add(entry, "title", str(front.get("title") or key.slug))
    add(entry, "updated", moment)
    published = day_of(front.get("published"))
    if published:
        add(entry, "published", f"{published.isoformat()}T00:00:00Z")
    add(entry, "link", rel="alternate", type="text/html", href=url)
    for theme in front.get("themes") or ():
        add(entry, "category", term=str(theme), label=reader.label("themes", str(theme)))
    add(entry, "summary", str(front.get("summary") or ""))


def _moment(record: Record) -> str:
    front = record["front"]
    day = day_of(front.get("updated")) or day_of(front.get("published"))
    return f"{day.isoformat()}T00:00:00Z" if day else NEVER
