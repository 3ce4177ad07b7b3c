"""What a request says of a search, as far as searches are counted: the words, and whether anew."""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import parse_qsl, urlsplit

from werkzeug.datastructures import Headers

from indexer.query import Query, from_params

SEARCH, OFFICE = "/search", "/office"
#: The pages that show what a search finds.
SHOWING = (SEARCH, "/map", "/matrix")
#: Programs that read the web by themselves name themselves so.
_ROBOT = re.compile(r"bot|crawl|spider|slurp", re.IGNORECASE)


def counts(method: str, headers: Headers) -> bool:
    """Whether somebody asks who can be counted: no robot, no HEAD, nothing fetched ahead."""
    ahead = headers.get("Sec-Purpose", "") + headers.get("Purpose", "")
    robot = _ROBOT.search(headers.get("User-Agent", ""))
    return method == "GET" and not robot and "prefetch" not in ahead


def asked_anew(query: Query, headers: Headers, origins: Collection[str]) -> bool:
    """Whether words were asked for that were not on the page from which the request comes.

    Another order, a filter or another page for the same words is no new question; nor is a page
    that is loaded again, or one that editors follow from the list of searches in their office.
    htmx says on which page it stands.
    """
    again = "If-None-Match" in headers or headers.get("Cache-Control") == "max-age=0"
    if not query.text or query.page != 1 or again:
        return False
    path, before = _came_from(headers, origins)
    return not path.startswith(OFFICE) and before.text != query.text


def followed(headers: Headers, origins: Collection[str]) -> str:
    """The words of the results page from which a case was opened; "" where it was another page."""
    path, before = _came_from(headers, origins)
    return before.text if path == SEARCH else ""


def _came_from(headers: Headers, origins: Collection[str]) -> tuple[str, Query]:
    """The path of the page of this site that a request comes from, and the search it shows."""
    address = headers.get("HX-Current-URL") or headers.get("Referer") or ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", Query()
    if f"{parts.scheme}://{parts.netloc}" not in origins:
        return "", Query()
    if parts.path not in SHOWING:
        return parts.path, Query()
    return parts.path, from_params(parse_qsl(parts.query))
