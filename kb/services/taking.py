"""Taking a list of cases away: one table of forms, each made as it is read, a case at a time."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, Any, cast

import xlsxwriter

from indexer.library import Library
from indexer.listing import Listing
from indexer.query import Query
from indexer.values import Key
from kb.access import Person, visible_to
from kb.records.database import now
from kb.services import citing, tabling
from kb.services.browsing import SHELVES
from kb.services.cells import Cell, csv_lines, harmless
from kb.services.citing import Item, Place
from kb.services.reading import Reading, as_markdown, day_of
from kb.services.tabling import Words

#: Cases in one list at most, and in a zip, which reads a file for each.
MOST, MOST_FILES = 10_000, 2_000
#: Bytes that are sent at once.
PIECE = 64 * 1024
#: Characters that a cell of Excel holds.
CELL = 32_767


@dataclass(frozen=True)
class Taken:
    """A list on its way out: what it is of, where it stands, and its cases.

    `total` counts all that the page lists, of which `cases` may be the first only. `library` holds
    their files; `at` is when it is taken, in UTC.
    """

    title: str
    url: str
    total: int
    cases: Iterable[tuple[Key, Mapping[str, Any]]]
    place: Place
    words: Words
    library: Library
    at: datetime = field(default_factory=now)

    def items(self) -> Iterator[Item]:
        """Its cases as CSL items, one by one."""
        for key, record in self.cases:
            front = record["front"]
            themes = self.words.vocabularies.themes
            keywords = [themes[id_].label(self.words.lang) for id_ in front.get("themes") or ()
                        if id_ in themes]  # fmt: skip
            yield citing.csl_item(key, front, record["revision"], self.place, keywords)


@dataclass(frozen=True)
class Form:
    """One form of a list: what its address ends in, its media type, and how it is made.

    `weight` is what a case of it costs, beside one of CSV.
    """

    suffix: str
    type: str
    write: Callable[[Taken], Iterator[bytes]]
    most: int = MOST
    weight: int = 1


# What is taken ------------------------------------------------------------------------------


def found(library: Library, query: Query, person: Person, most: int) -> Listing:
    """What a search finds, in the order of its pages. Raises IndexMissing."""
    return library.all(query, visible_to(person), most)


def query_of_term(path: str, term_id: str) -> Query:
    """The search behind the page of a term, the newest first."""
    return Query(facets=((SHELVES[path].facet, (term_id,)),), sort="newest")


# The forms ----------------------------------------------------------------------------------


def as_csv(taken: Taken) -> Iterator[bytes]:
    """One row a case."""
    rows = (tabling.row(key, record, taken.place, taken.words) for key, record in taken.cases)
    return pieces(line.encode() for line in csv_lines(tabling.columns(), rows))


def as_json(taken: Taken) -> Iterator[bytes]:
    """The list as one object: what it is, and its cases with front matter and body."""

    def parts() -> Iterator[bytes]:
        about = {
            "title": taken.title, "url": taken.url, "total": taken.total,
            "retrieved": f"{taken.at:%Y-%m-%dT%H:%M:%SZ}", "publisher": taken.place.name,
        }  # fmt: skip
        yield _json(about)[:-1] + b', "cases": ['
        between = b"\n"
        for key, record in taken.cases:
            front = record["front"]
            case = {"slug": key.slug, "lang": key.lang or front.get("lang") or "en",
                    "url": taken.place.of_case(key), "revision": record["revision"],
                    "front": front, "body": record["body"]}  # fmt: skip
            yield between + _json(case)
            between = b",\n"
        yield b"\n]}\n"

    return pieces(parts())


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")


def _cited(write: Callable[[Iterable[Item]], Iterator[str]]) -> Callable[[Taken], Iterator[bytes]]:
    return lambda taken: pieces(text.encode() for text in write(taken.items()))


def as_xlsx(taken: Taken) -> Iterator[bytes]:
    """A workbook: the cases, a sheet for each group that repeats, and what the list is.

    Rows go to the disk as they are written, so that its room does not grow with the list.
    """
    with TemporaryFile() as file:
        _write_book(taken, file)
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def _write_book(taken: Taken, file: IO[bytes]) -> None:
    book = xlsxwriter.Workbook(
        file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "strings_to_numbers": False},
    )  # fmt: skip
    book.set_properties({"title": taken.title, "created": taken.at})
    bold = book.add_format({"bold": True, "text_wrap": False})
    groups = tabling.groups()
    tables = {"Cases": tabling.columns()}
    tables |= {group.title: tabling.columns_of(group) for group in groups}
    sheets, ends = {}, dict.fromkeys(tables, 0)
    for name, head in tables.items():
        sheets[name] = sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, len(head) - 1, 22)
        sheet.write_row(0, 0, head, bold)

    def add(name: str, cells: Iterable[Cell]) -> None:
        ends[name] += 1
        for column, value in enumerate(map(harmless, cells)):
            if isinstance(value, str):
                if value:
                    sheets[name].write_string(ends[name], column, value[:CELL])
            else:
                sheets[name].write_number(ends[name], column, value)

    for key, record in taken.cases:
        add("Cases", tabling.row(key, record, taken.place, taken.words))
        for group in groups:
            for cells in tabling.rows_of(group, key, record, taken.words):
                add(group.title, cells)
    about = book.add_worksheet("About")
    about.set_column(0, 1, 40)
    for number, pair in enumerate(_about(taken)):
        for column, text in enumerate(pair):
            about.write_string(number, column, str(harmless(text)))
    book.close()


def _about(taken: Taken) -> list[tuple[str, str]]:
    return [
        ("List", taken.title), ("Address", taken.url), ("Cases", str(taken.total)),
        ("Retrieved (UTC)", f"{taken.at:%Y-%m-%d %H:%M}"), ("Publisher", taken.place.name),
    ]  # fmt: skip


class _Drained(io.RawIOBase):
    """A file that keeps what was written until it is taken out."""

    def __init__(self) -> None:
        super().__init__()
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._held += data
        return len(data)

    def drain(self) -> bytes:
        held = bytes(self._held)
        self._held.clear()
        return held


def as_zip(taken: Taken) -> Iterator[bytes]:
    """The Markdown file of every case, and a README.md that tells what they are."""

    def parts() -> Iterator[bytes]:
        out, listed = _Drained(), []
        with zipfile.ZipFile(cast("IO[bytes]", out), "w", zipfile.ZIP_DEFLATED) as file:
            for key, record in taken.cases:
                reading = Reading(key, key.lang, record["front"], record["body"],
                                  record["revision"])  # fmt: skip
                text = as_markdown(taken.library, reading).encode("utf-8", "surrogateescape")
                name = f"{key.slug}.{key.lang}.md" if key.lang else f"{key.slug}.md"
                file.writestr(_entry(name, record["front"].get("updated"), taken.at), text)
                listed.append(f"- [{record['front'].get('title')}]({name})")
                yield out.drain()
            lines = [f"# {taken.title}", ""]
            lines += [f"- {name}: {value}" for name, value in _about(taken)[1:]]
            readme = "\n".join([*lines, "", *listed, ""])
            file.writestr(_entry("README.md", None, taken.at), readme.encode("utf-8", "replace"))
        yield out.drain()

    return pieces(parts())


def _entry(name: str, updated: Any, at: datetime) -> zipfile.ZipInfo:
    day = day_of(updated) or at.date()
    entry = zipfile.ZipInfo(name, (max(day.year, 1980), day.month, day.day, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


def pieces(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces that are worth sending."""
    held = bytearray()
    for part in parts:
        held += part
        if len(held) >= PIECE:
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)


FORMS: Mapping[str, Form] = {
    form.suffix: form
    for form in (
        Form("csv", "text/csv", as_csv),
        Form(
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            as_xlsx,
            weight=8,
        ),
        Form("json", "application/json", as_json),
        Form("bib", "application/x-bibtex", _cited(citing.bibtex)),
        Form("ris", "application/x-research-info-systems", _cited(citing.ris)),
        Form("csl.json", "application/vnd.citationstyles.csl+json", _cited(citing.csl_json)),
        Form("zip", "application/zip", as_zip, MOST_FILES, weight=2),
    )
}
