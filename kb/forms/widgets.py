"""From the type of a field to its widget, and between values and what a widget sends back."""

from __future__ import annotations

import re
from datetime import date
from enum import Enum
from typing import Any, Final, Literal

from indexer.field import Field
from indexer.vocabulary import Vocabularies


class Absent(Enum):
    """The value of a field that is not there; `None` is a value, as in `end: null`."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT
Shape = Literal["one", "terms", "texts", "group", "rows"]

LONG = 200  # characters from which a text is given several lines
FEW = 24  # terms that can be shown at once; of more, the chosen ones and those searched for
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_DECIMAL = re.compile(r"-?[0-9]{1,18}\.[0-9]{1,12}")
_UNSENDABLE = re.compile("[\0\ud800-\udfff]")
_BREAK = re.compile("\r\n|\r|\n")

#: type of field -> widget, where the type alone decides
WIDGETS = {
    "number": "number", "integer": "number", "year": "number", "source": "number",
    "date": "date", "url": "url", "choice": "select", "pin": "pin",
}  # fmt: skip


def shape(field: Field) -> Shape:
    """How a field is laid out: one value, many terms or texts, a group, rows of groups."""
    if field.type == "group":
        return "rows" if field.many else "group"
    if field.many:
        return "terms" if field.type == "term" else "texts"
    return "one"


def widget(field: Field, vocabularies: Vocabularies) -> str:
    """The widget of a field: the name of a macro of templates/components/fields.html."""
    laid = shape(field)
    if laid in ("group", "rows"):
        return laid
    if laid == "texts":
        return "lines"
    if field.type == "term":
        few = len(vocabularies[field.vocabulary]) <= FEW
        if laid == "terms":
            return "ticks" if few else "picker"
        return "select" if few else "named"
    if field.names:
        return "document"
    if field.type == "text":
        return "lines" if field.lines or (field.max or 0) > LONG else "line"
    return WIDGETS.get(field.type, "line")


def sent_line(text: str) -> str:
    """The text as a browser sends it back from a field of one line."""
    return _BREAK.sub("", _UNSENDABLE.sub("\ufffd", text))


def sent_lines(text: str) -> str:
    """The text as a browser sends it back from a field of several lines, with line feeds."""
    return _BREAK.sub("\n", _UNSENDABLE.sub("\ufffd", text))


def is_scalar(value: Any) -> bool:
    """Whether a value can stand in a field of one line."""
    return value is None or isinstance(value, str | int | float | date)


def shown(field: Field, value: Any) -> str:
    """A single value as its field shows it, exactly as a browser sends it back."""
    if value is None or value is ABSENT:
        return ""
    text = value.isoformat() if isinstance(value, date) else str(value)
    if isinstance(value, bool):
        text = text.lower()
    many_lines = field.lines or (field.type == "text" and (field.max or 0) > LONG)
    return sent_lines(text) if many_lines else sent_line(text)


def value_of(field: Field, typed: str, vocabularies: Vocabularies | None) -> Any:
    """What was typed as a value; the text itself where it is not what the field asks for.

    Nothing typed is ABSENT, or null where that is an answer.
    """
    text = typed.strip()
    if not text:
        return None if field.nullable else ABSENT
    if field.type == "number":
        return int(text) if _WHOLE.fullmatch(text) else _decimal(text)
    if field.type in ("integer", "year", "source"):
        return int(text) if _WHOLE.fullmatch(text) else text
    if field.type == "date":
        return _date(text)
    if field.type == "term":
        return term_of(field, text, vocabularies)
    if field.type == "text":
        return "\n".join(text.splitlines()) if field.lines else " ".join(text.splitlines())
    return text


def term_of(field: Field, text: str, vocabularies: Vocabularies | None) -> Any:
    """The id of the term that is called so; the text itself where none or several are."""
    if vocabularies is not None and text not in vocabularies[field.vocabulary]:
        named = vocabularies.named(field.vocabulary, text)
        text = named[0] if len(named) == 1 else text
    return int(text) if re.fullmatch(r"[1-9][0-9]{0,3}", text) else text


def _decimal(text: str) -> float | str:
    return float(text) if _DECIMAL.fullmatch(text) else text


def _date(text: str) -> date | str:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else text
    except ValueError:
        return text
