"""Counting searches: what was asked for, and what was read of it."""

from __future__ import annotations

from flask import Response, current_app, request

from indexer.query import Query
from kb.forms.searches import asked_anew, counts, followed
from kb.services.searches import Tally
from kb.views.showing import settings


def tally() -> Tally:
    """The counts of this process."""
    found: Tally = current_app.extensions["sankofa.searches"]
    return found


def count_search(query: Query, total: int) -> None:
    """Counts a search that found so many cases, unless it is the same words once more."""
    origins = (settings().origin, request.host_url.rstrip("/"))
    if counts(request.method, request.headers) and asked_anew(query, request.headers, origins):
        tally().asked(query.text, total > 0)


def count_reading(response: Response) -> Response:
    """Counts that a case was opened from a page of results; the response stays as it is."""
    origins = (settings().origin, request.host_url.rstrip("/"))
    if counts(request.method, request.headers):
        tally().followed(followed(request.headers, origins))
    return response
