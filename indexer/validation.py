"""The checks that parse() runs: every problem of a document at once, each with its line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any, NamedTuple

from indexer import headings as parts
from indexer.field import Field, Rule
from indexer.field_types import TYPES, Asked, listed, nearest, shown
from indexer.fields import BODIES, FIELDS, RULES
from indexer.head import FIELD, Reading
from indexer.media import MEDIA, PICTURES, name_in_address, suffix_of
from indexer.references import headings, pictures, prose, references
from indexer.values import Key, Problem
from indexer.vocabulary import Vocabularies

Path = tuple[str | int, ...]

MAX_PROBLEMS = 200  # of one file; more help nobody, and finding them takes time


class Finding(NamedTuple):
    """A problem with a place in the values instead of a line."""

    path: Path
    message: str
    warning: bool = False
    at_key: bool = False  # the key is what is wrong, not its value


def check_front(key: Key, reading: Reading, vocabularies: Vocabularies | None) -> list[Problem]:
    """Check the front matter against the table of fields of its kind."""
    values = reading.values
    asked = Asked(vocabularies, frozenset(source_ids(values)))
    found = check_group(FIELDS[key.kind], RULES[key.kind], values, (), asked)
    return problems(chain(_language(key, values), islice(found, MAX_PROBLEMS)), reading)


def problems(found: Iterable[Finding], reading: Reading) -> list[Problem]:
    """Give findings their lines."""
    return [
        Problem(
            reading.line(finding.path, finding.at_key),
            name_of(finding.path),
            finding.message,
            finding.warning,
        )
        for finding in found
    ]


def name_of(path: Path) -> str:
    """Write a path as people read it: ("results", 0, "year") is "results[1].year"."""
    name = ""
    for step in path:
        name += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if name else step
    return name or FIELD


def source_ids(values: Mapping[str, Any]) -> list[int]:
    """Give the ids of the sources that have a usable one."""
    sources = values.get("sources")
    items = sources if isinstance(sources, list) else []
    ids = (item.get("id") for item in items if isinstance(item, dict))
    return [one for one in ids if isinstance(one, int) and not isinstance(one, bool)]


def check_group(
    fields: Iterable[Field],
    rules: Iterable[Rule],
    values: Mapping[str, Any],
    path: Path,
    asked: Asked,
    *,
    open: bool = False,
) -> Iterator[Finding]:
    """Check one group of fields with all that is nested in it; `path` is where it stands.

    Unknown keys are warnings unless the group is open.
    """
    known = {field.name: field for field in fields}
    for name, field in known.items():
        if name in values:
            yield from _field(field, values[name], (*path, name), asked)
        elif field.required or field.recommended:
            message = f"is missing: {_lower(field.help)}"
            yield Finding((*path, name), message, not field.required)
    for name in values:
        if name not in known and not open:
            hint = nearest(name, {name: name for name in known})
            message = f"is an unknown field, kept as it is{hint}"
            yield Finding((*path, name), message, warning=True, at_key=True)
    for rule in rules:
        broken = rule.broken(values)
        if broken:
            name, message = broken
            yield Finding((*path, name), message, rule.warning)


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:].rstrip(".")


def _field(field: Field, value: Any, path: Path, asked: Asked) -> Iterator[Finding]:
    if field.discouraged:
        yield Finding(path, field.discouraged, warning=True)
    if value is None:
        if not field.nullable:
            message = "is empty: fill it in or delete the line"
            yield Finding(path, message, warning=not field.required)
    elif field.many:
        yield from _many(field, value, path, asked)
    else:
        yield from _one(field, value, path, asked)


def _many(field: Field, value: Any, path: Path, asked: Asked) -> Iterator[Finding]:
    if not isinstance(value, list):
        yield Finding(path, f"must be a list: write [{shown(value)}]")
        return
    if not value and field.required:
        yield Finding(path, f"is an empty list: {_lower(field.help)}")
    seen: set[str | int] = set()
    for position, item in enumerate(value):
        where: Path = (*path, position)
        yield from _one(field, item, where, asked)
        grouped = isinstance(item, dict)
        same = item.get(field.unique) if grouped else item
        if isinstance(same, str | int):
            if same in seen:
                message = f"{shown(same)} is there twice: delete one or change it"
                yield Finding((*where, field.unique) if grouped else where, message, not grouped)
            seen.add(same)


def _one(field: Field, value: Any, path: Path, asked: Asked) -> Iterator[Finding]:
    if field.type != "group":
        message = TYPES[field.type].check(value, field, asked)
        if message:
            yield Finding(path, message)
        return
    short = field.field(field.short) if field.short else None
    if isinstance(value, dict):
        yield from check_group(field.fields, field.rules, value, path, asked, open=field.open)
    elif short is not None and isinstance(value, str | int | float):
        # A bare value stands for {short: value}; what else is missing is said as of a group.
        yield from check_group(field.fields, field.rules, {short.name: value}, path, asked)
    else:
        names = ": ..., ".join(nested.name for nested in field.fields[:3])
        yield Finding(path, f"must be a group in braces, {{{names}: ...}}, not {shown(value)}")


def _language(key: Key, values: Mapping[str, Any]) -> Iterator[Finding]:
    """Check that a translation says what it is, and that an original does not."""
    of, lang = values.get("translation_of"), values.get("lang")
    where: Path = ("translation_of",)
    if not key.lang:
        if of is not None:
            message = f"is for translations: name the file {key.slug}.<lang>.md, or delete it"
            yield Finding(where, message, at_key=True)
        return
    if lang != key.lang:
        message = f"must be {key.lang}, as the file name says, not {shown(lang)}"
        yield Finding(("lang",), message)
    if of is None:
        yield Finding(where, "is missing: say which original, and which revision of it")
    elif isinstance(of, dict) and of.get("slug") not in (None, key.slug):
        yield Finding((*where, "slug"), f'must be "{key.slug}", as the file name says')


def check_body(key: Key, values: Mapping[str, Any], body: str, first_line: int) -> list[Problem]:
    """Check the body: that it is there, its pictures, its headings, its references to sources."""
    if not body.strip():
        message = "is empty: write the text below the front matter"
        return [Problem(first_line, "body", message)] if key.kind in BODIES else []
    lines = prose(body)
    found: Iterable[tuple[int, str, bool]] = _pictures(lines)
    if key.kind == "case":
        lang = str(values.get("lang") or "en")
        own = _headings(lines, lang) if parts.places(lang) else ()
        found = chain(found, _references(values, lines), own)
    return [
        Problem(first_line + line, "body", message, warning)
        for line, message, warning in islice(found, MAX_PROBLEMS)
    ]


def _pictures(lines: list[str]) -> Iterator[tuple[int, str, bool]]:
    """Check that pictures say what they show, and come from the folder of media."""
    for line, words, address in pictures(lines):
        if not words.strip():
            yield (
                line,
                (
                    f"the picture {shown(address)} has no words for those who cannot see it: write"
                    f" what it shows between the brackets, ![A map of the district]({address})"
                ),
                False,
            )
        name = name_in_address(address)
        if name is None:
            yield line, *_elsewhere(address)
        elif suffix_of(name) == "pdf":
            yield (
                line,
                (
                    f"{shown(address)} is a document, not a picture: write [its title]({address}),"
                    " without the !"
                ),
                False,
            )
        elif suffix_of(name) not in PICTURES:
            yield (
                line,
                (f"{shown(address)} cannot be shown as a picture: save it as PNG, JPEG or WebP"),
                False,
            )


def _elsewhere(address: str) -> tuple[str, bool]:
    """Say what is wrong with a picture that does not lie in the folder of media."""
    if address.casefold().startswith(("http://", "https://", "//")):
        return (
            f"the picture {shown(address)} of another site is shown as a link only: upload it"
            f" here, or put it into {MEDIA}/, and write {MEDIA}/ and its name"
        ), True
    return (
        f"the picture {shown(address)} is not in the folder of media: put it there and write"
        f" {MEDIA}/ and its name"
    ), False


def _references(values: Mapping[str, Any], lines: list[str]) -> Iterator[tuple[int, str, bool]]:
    known = set(source_ids(values))
    for line, number in references(lines):
        if number not in known:
            message = f"[{number}] leads to no source: add it to sources{listed(known)}"
            yield line, message, False


def _headings(lines: list[str], lang: str) -> Iterator[tuple[int, str, bool]]:
    """Check the level-2 headings of a text in a language that has words for them."""
    own, last = parts.IN[lang.partition("-")[0]], -1
    for line, text in headings(lines, level=2):
        position = parts.places(lang).get(parts.folded(text))
        if position is None:
            hint = nearest(text, {name: name for name in own})
            yield line, f'"{text}" is not one of the headings of a case{hint}', True
        elif position == last:
            yield line, f'"{text}" is there twice: join the two parts', False
        elif position < last:
            yield line, f'"{text}" must stand before "{own[last]}"', False
        else:
            last = position
