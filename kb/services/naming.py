"""The name that a new document gets: made of its title, and not anybody else's."""

from __future__ import annotations

import re
from itertools import count

import sqlalchemy as sa

from indexer.head import read, split
from indexer.store import slugify
from indexer.values import MAX_SLUG, Key
from kb.records import journal
from kb.records.journal import Draft
from kb.services.desk import Desk


def name_for(desk: Desk, connection: sa.Connection, draft: Draft, text: str) -> Key:
    """Give the key that a draft with this text has, or is to have.

    Only a new document that is no translation follows its title, for as long as it is not public.
    """
    title = title_of(text)
    if draft.base is not None or draft.lang or not title:
        return draft.key
    wanted = slugify(title)
    unmoved = draft.head is None or title == title_of(draft.text) or _made_of(draft.slug, wanted)
    if draft.slug and unmoved and _free(desk, connection, draft, draft.slug):
        return draft.key
    return free_key(desk, connection, draft, wanted)


def free_key(desk: Desk, connection: sa.Connection, draft: Draft, wanted: str) -> Key:
    """Give the key of this slug, or of the first of `wanted`-2, `wanted`-3, ... that is free."""
    for number in count(1):
        slug = wanted if number == 1 else _with_number(wanted, number)
        key = draft.key._replace(slug=slug)
        if (
            _free(desk, connection, draft, slug)
            and not journal.slug_in_use(connection, key, draft.id)
            and desk.library.find_alias(key.kind, slug) is None
        ):
            return key
    raise AssertionError("there is always another number")


def title_of(text: str) -> str:
    """Give the title in the front matter of a text, "" where there is none that can be read."""
    title = read(split(text).head).values.get("title")
    return title.strip() if isinstance(title, str) else ""


def _free(desk: Desk, connection: sa.Connection, draft: Draft, slug: str) -> bool:
    key = draft.key._replace(slug=slug)
    there = desk.library.store.stamps_of([key])
    return not there and not journal.slug_of_draft(connection, key, draft.id)


def _made_of(slug: str, wanted: str) -> bool:
    found = re.fullmatch(r"(.+?)-\d+", slug)
    return slug == wanted or (found is not None and slug == _with_number(wanted, _number(slug)))


def _number(slug: str) -> int:
    return int(slug.rpartition("-")[2])


def _with_number(wanted: str, number: int) -> str:
    end = f"-{number}"
    return wanted[: MAX_SLUG - len(end)].rstrip("-") + end
