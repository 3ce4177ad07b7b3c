"""What the editors' room knows of each public document, read once for each state of the index."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from weakref import WeakKeyDictionary

from indexer import headings
from indexer.field import Field
from indexer.fields import FIELDS
from indexer.library import Library
from indexer.references import headings as headings_of
from indexer.references import prose, web_addresses
from indexer.snapshot import Snapshot
from indexer.values import Key
from kb.services.reading import GONE, day_of

#: What a case may lack, in the order in which it is told.
LACKS = ("failure", "figures", "baseline", "money", "evidence", "review")
_FAILURE = "What went wrong"


@dataclass(frozen=True)
class Use:
    """Where an address stands: the field of the front matter, or "text", and a number in it."""

    url: str
    place: str


@dataclass(frozen=True)
class Surveyed:
    """A public document: its dates, what it lacks, the addresses it leads to."""

    key: Key
    title: str
    lang: str
    review_by: date | None
    checked: date | None
    contact: str
    lacks: frozenset[str]
    uses: tuple[Use, ...]


#: Generation and segment of the index, and the number in it.
_Place = tuple[str, str, int]
#: What was read of the states of the index that somebody still holds.
_KNOWN: WeakKeyDictionary[Snapshot, tuple[Surveyed, ...]] = WeakKeyDictionary()
#: What was read of the documents of a library, by their place in it, which never holds another;
#: None for one that is not public.
_READ: WeakKeyDictionary[Library, Mapping[_Place, Surveyed | None]] = WeakKeyDictionary()


def survey(library: Library) -> tuple[Surveyed, ...]:
    """All public documents, translations too, by key. Raises IndexMissing.

    What did not change since the last time is not read again.
    """
    snapshot = library.snapshot()
    found = _KNOWN.get(snapshot)
    if found is None:
        known = _READ[library] = _read(snapshot, _READ.get(library, {}))
        public = {one.key: one for one in known.values() if one is not None}
        found = _KNOWN[snapshot] = tuple(
            public[key] for key in sorted(public) if key._replace(lang="") in public
        )
    return found


def _read(
    snapshot: Snapshot, before: Mapping[_Place, Surveyed | None]
) -> Mapping[_Place, Surveyed | None]:
    generation = snapshot.number.partition(" ")[0]
    found: dict[_Place, Surveyed | None] = {}
    for key, slot in snapshot.slot_of.items():
        segment, number = snapshot.place(slot)
        place = generation, snapshot.segments[segment].name, number
        if place in before:
            found[place] = before[place]
            continue
        record = snapshot.record(slot)["record"]
        gone = record["front"].get("status") in GONE
        found[place] = None if gone else _surveyed(key, record["front"], record["body"])
    return found


def _surveyed(key: Key, front: Mapping[str, Any], body: str) -> Surveyed:
    lang = key.lang or str(front.get("lang") or "en")
    checked, contact = front.get("checked"), front.get("contact")
    return Surveyed(
        key=key,
        title=str(front.get("title") or key.slug),
        lang=lang,
        review_by=day_of(front.get("review_by")),
        checked=day_of(checked.get("date")) if isinstance(checked, dict) else None,
        contact=str(contact.get("name") or "") if isinstance(contact, dict) else "",
        lacks=frozenset(_lacks(front, body, lang)) if key.kind == "case" else frozenset(),
        uses=tuple(_uses(key.kind, front, body)),
    )


def _lacks(front: Mapping[str, Any], body: str, lang: str) -> Iterator[str]:
    results = [row for row in front.get("results") or () if isinstance(row, dict)]
    names = (text for _, text in headings_of(prose(body), 2))
    if not any(headings.meaning(name, lang) == _FAILURE for name in names):
        yield "failure"
    if not results:
        yield "figures"
    if not any(row.get("baseline") is not None for row in results):
        yield "baseline"
    for field, lack in (("funding", "money"), ("evidence", "evidence"), ("review_by", "review")):
        if not front.get(field):
            yield lack


def _uses(kind: str, front: Mapping[str, Any], body: str) -> Iterator[Use]:
    for path, url in _in_fields(FIELDS[kind], front, ""):
        if url.lower().startswith(("http://", "https://")):
            yield Use(url, path)
    for url in web_addresses(body):
        yield Use(url, "text")


def _in_fields(
    fields: tuple[Field, ...], values: Mapping[str, Any], above: str
) -> Iterator[tuple[str, str]]:
    """Give every field of the type url that holds something, with its path."""
    for field in fields:
        value = values.get(field.name)
        items = value if isinstance(value, list) else [value]
        for number, item in enumerate(items, 1):
            path = f"{above}{field.name}" + (f" {number}" if isinstance(value, list) else "")
            if field.type == "url" and isinstance(item, str):
                yield path, item
            elif field.type == "group" and isinstance(item, dict):
                yield from _in_fields(field.fields, item, f"{path}, ")
