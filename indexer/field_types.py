"""The types of fields: how a value of each is checked, and what JSON Schema says of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from math import isnan
from typing import Any
from urllib.parse import urlsplit

from babel import Locale
from babel.numbers import list_currencies
from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extractOne

from indexer.field import Field
from indexer.values import MAX_SLUG, REVISION, SLUG
from indexer.vocabulary import Vocabularies

FIRST_YEAR, LAST_YEAR = 1900, 2100

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_ID = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")
# language, script, region, variants, extensions and private use of RFC 5646, section 2.1
_BCP47 = re.compile(
    r"(?P<language>[A-Za-z]{2,3})(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*"
    r"(?:-[0-9A-WY-Za-wy-z](?:-[A-Za-z0-9]{2,8})+)*(?:-x(?:-[A-Za-z0-9]{1,8})+)?"
)
_HOST = re.compile(r"(?:[\w-]+\.)*[\w-]+\.?|\[[0-9A-Fa-f:.]+\]")
MAX_URL = 2000
_LONGEST_GUESS = 100  # characters of a wrong value that are compared with the right ones


@dataclass(frozen=True)
class Asked:
    """What a check may look at beside the value."""

    vocabularies: Vocabularies | None = None
    sources: frozenset[int] = frozenset()  # the ids in `sources`


Check = Callable[[Any, Field, Asked], str | None]
Schema = Callable[[Field, Vocabularies | None], dict[str, Any]]


@dataclass(frozen=True)
class Type:
    """A type of field."""

    noun: str  # for the reference page
    check: Check  # what is wrong and what would be right, or None
    schema: Schema


def shown(value: Any) -> str:
    """Give a value as one would write it, cut to a readable length."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def nearest(value: str, known: Mapping[str, str]) -> str:
    """Give ": did you mean ...?" for the closest of `known` (what may be typed -> id), or ""."""
    folded = {name.casefold(): meant for name, meant in known.items()}
    return _guess(value, folded)


def _guess(value: str, folded: Mapping[str, str]) -> str:
    typed = value[:_LONGEST_GUESS].casefold()
    close = extractOne(typed, folded.keys(), scorer=ratio, score_cutoff=60)
    return f": did you mean {folded[close[0]]}?" if close else ""


def _text(value: Any, field: Field, asked: Asked) -> str | None:
    if not isinstance(value, str):
        if isinstance(value, list | dict):
            return "must be one text, not a list or group"
        return f'must be a text: write it in double quotes, "{_plain(value)}"'
    if not value.strip():
        return "is empty: fill it in or delete the line"
    if "\n" in value.strip() and not field.lines:
        return "has several lines: write it as one"
    bad = _CONTROL.search(value)
    if bad:
        return f"holds the control character U+{ord(bad.group()):04X}: delete it"
    if field.max is not None and len(value) > field.max:
        return f"has {len(value)} characters: at most {field.max} are possible"
    if field.min is not None and len(value) < field.min:
        return f"has {len(value)} characters: write at least {field.min}"
    return None


def _plain(value: Any) -> str:
    return shown(value).strip('"')


def _number(value: Any, field: Field, asked: Asked) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or isnan(value):
        hint = ", without quotes, separators or words" if isinstance(value, str) else ""
        return f"must be a number, not {shown(value)}: write digits{hint}"
    if value in (float("inf"), float("-inf")):
        return "must be a finite number"
    return _size(value, field)


def listed(ids: Iterable[int]) -> str:
    """Give ", or use one of ..." with the first few ids; "" where there are none."""
    known = ", ".join(map(str, sorted(ids)[:20]))
    return f", or use one of {known}" if known else ""


def _integer(value: Any, field: Field, asked: Asked) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return f"must be a whole number, not {shown(value)}"
    return _size(value, field)


def _size(value: float, field: Field) -> str | None:
    if field.min is not None and value < field.min:
        return f"is {value}: at least {field.min} is possible"
    if field.max is not None and value > field.max:
        return f"is {value}: at most {field.max} is possible"
    return None


def _year(value: Any, field: Field, asked: Asked) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return f"must be a year of four digits without quotes, not {shown(value)}"
    if not FIRST_YEAR <= value <= LAST_YEAR:
        return f"is {value}: a year from {FIRST_YEAR} to {LAST_YEAR} is expected"
    return None


def _date(value: Any, field: Field, asked: Asked) -> str | None:
    if isinstance(value, date) and not isinstance(value, datetime):
        return None
    return f"must be a date that exists, as 2026-11-23 without quotes, not {shown(value)}"


def _url(value: Any, field: Field, asked: Asked) -> str | None:
    right = "write a full address that begins with https:// or http://"
    if not isinstance(value, str):
        return f"must be an address, not {shown(value)}: {right}"
    if len(value) > MAX_URL:
        return f"has {len(value)} characters: at most {MAX_URL} are possible"
    if re.search(r"[\s<>\"\\^`{|}]", value) or _CONTROL.search(value):
        return "holds a blank, quote, backslash or bracket: write such characters as %20, %22 ..."
    try:
        parts = urlsplit(value)
        host, port = parts.hostname, parts.port
    except ValueError:
        return f"is no address: {right}"
    if parts.scheme.lower() not in ("http", "https") or not value.lower().startswith(
        ("http://", "https://")
    ):
        return f"is no web address: {right}"
    if not host or port == 0 or not _HOST.fullmatch(f"[{host}]" if ":" in host else host):
        return f"has no valid host: {right}, such as https://example.org/report"
    if "@" in parts.netloc:
        return "holds a user name: delete what stands before @"
    return None


def _slug(value: Any, field: Field, asked: Asked) -> str | None:
    if isinstance(value, str) and SLUG.fullmatch(value) and len(value) <= MAX_SLUG:
        return None
    return (
        f"must be a name of a-z, 0-9 and single hyphens, at most {MAX_SLUG} characters,"
        f" not {shown(value)}"
    )


def _id(value: Any, field: Field, asked: Asked) -> str | None:
    if isinstance(value, str | int) and not isinstance(value, bool) and _ID.fullmatch(str(value)):
        return None
    return f"must be an id of letters, digits and single hyphens, not {shown(value)}"


def _revision(value: Any, field: Field, asked: Asked) -> str | None:
    if isinstance(value, str) and REVISION.fullmatch(value):
        return None
    return f'must be 12 hex digits in double quotes, such as "3f9a0c12b7de", not {shown(value)}'


def _pin(value: Any, field: Field, asked: Asked) -> str | None:
    if value == "latest" or _revision(value, field, asked) is None:
        return None
    return f"must be latest or 12 hex digits in double quotes, not {shown(value)}"


@cache
def _languages() -> frozenset[str]:
    return frozenset(str(code).split("_")[0] for code in Locale.parse("en").languages)


def _language(value: Any, field: Field, asked: Asked) -> str | None:
    found = _BCP47.fullmatch(value) if isinstance(value, str) and len(value) < 100 else None
    if found and found["language"].lower() in _languages():
        return None
    return f"must be a language tag (BCP 47) such as en, fr, pt-BR or zh-Hans, not {shown(value)}"


@cache
def _currencies() -> frozenset[str]:
    return frozenset(list_currencies())


def _currency(value: Any, field: Field, asked: Asked) -> str | None:
    if isinstance(value, str) and value in _currencies():
        return None
    hint = nearest(value, {code: code for code in _currencies()}) if isinstance(value, str) else ""
    return f"must be a currency code (ISO 4217) such as USD, not {shown(value)}{hint}"


def _choice(value: Any, field: Field, asked: Asked) -> str | None:
    if isinstance(value, str) and value in field.choices:
        return None
    hint = nearest(value, {name: name for name in field.choices}) if isinstance(value, str) else ""
    return f"must be one of {', '.join(field.choices)}, not {shown(value)}{hint}"


def _term(value: Any, field: Field, asked: Asked) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return f"must be one id, not {shown(value)}"
    if asked.vocabularies is None or str(value) in asked.vocabularies[field.vocabulary]:
        return None
    called = asked.vocabularies.called(field.vocabulary)
    hint = _guess(str(value), {name: found[0] for name, found in called.items()})
    return f"{shown(value)} is not in {_place(field.vocabulary)}{hint}"


def _place(vocabulary: str) -> str:
    places = {"countries": "the ISO 3166-1 alpha-2 codes", "languages": "the language codes"}
    return places.get(vocabulary) or f"vocabularies/{vocabulary.replace('_', '-')}.yaml"


def _source(value: Any, field: Field, asked: Asked) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return f"must be the id of one of the sources, a number, not {shown(value)}"
    if value in asked.sources:
        return None
    return f"there is no source {shown(value)}: add it to sources{listed(asked.sources)}"


def _plain_schema(**schema: Any) -> Schema:
    return lambda field, vocabularies: dict(schema)


def _text_schema(field: Field, vocabularies: Vocabularies | None) -> dict[str, Any]:
    limits = {"minLength": field.min or 1, "maxLength": field.max}
    return {"type": "string", **{key: limit for key, limit in limits.items() if limit}}


def _number_schema(type: str) -> Schema:
    def schema(field: Field, vocabularies: Vocabularies | None) -> dict[str, Any]:
        limits = {"minimum": field.min, "maximum": field.max}
        return {"type": type, **{key: limit for key, limit in limits.items() if limit is not None}}

    return schema


def _term_schema(field: Field, vocabularies: Vocabularies | None) -> dict[str, Any]:
    if vocabularies is None or not vocabularies[field.vocabulary]:
        return {"type": ["string", "integer"]}
    ids = list(vocabularies[field.vocabulary])
    return {"enum": [*ids, *(int(one) for one in ids if one.isdecimal())]}


#: type name -> how it is checked
TYPES: Mapping[str, Type] = {
    "text": Type("text", _text, _text_schema),
    "number": Type("number", _number, _number_schema("number")),
    "integer": Type("whole number", _integer, _number_schema("integer")),
    "year": Type("year", _year, _plain_schema(
        type="integer", minimum=FIRST_YEAR, maximum=LAST_YEAR)),
    "date": Type("date", _date, _plain_schema(type="string", format="date")),
    "url": Type("web address", _url, _plain_schema(
        type="string", format="uri", pattern="^[Hh][Tt][Tt][Pp][Ss]?://", maxLength=MAX_URL)),
    "slug": Type("name", _slug, _plain_schema(
        type="string", pattern=f"^{SLUG.pattern}$", maxLength=MAX_SLUG)),
    "id": Type("id", _id, _plain_schema(type=["string", "integer"])),
    "revision": Type("revision", _revision, _plain_schema(
        type="string", pattern=f"^{REVISION.pattern}$")),
    "pin": Type("revision or latest", _pin, _plain_schema(
        type="string", pattern=f"^({REVISION.pattern}|latest)$")),
    "language": Type("language tag", _language, _plain_schema(
        type="string", pattern="^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$")),
    "currency": Type("currency code", _currency, _plain_schema(
        type="string", pattern="^[A-Z]{3}$")),
    "choice": Type("choice", _choice, lambda field, _: {"enum": list(field.choices)}),
    "term": Type("id", _term, _term_schema),
    "source": Type("source id", _source, _plain_schema(type="integer", minimum=1)),
}  # fmt: skip
