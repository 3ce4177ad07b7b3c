"""Dates, numbers, amounts, periods and names in the words of one reader."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_compact_decimal, format_decimal, format_percent

from indexer.vocabulary import Vocabularies
from kb.pieces.common import Mark
from kb.translation import gettext as _

COMPACT_FROM = 1_000_000  # from here a round number is easier to read as "10 million"
#: Between names in a row. The lists of units in the CLDR say one twice, or leave no room between.
COMMAS = {"ar": "، ", "fa": "، ", "ur": "، ", "ja": "、", "zh": "、"}
TONES = ("good", "neutral", "warning")  # as the vocabulary of outcomes names them


@lru_cache(maxsize=64)
def locale_of(lang: str) -> Locale:
    """The Babel locale of a language code, English when Babel knows none.

    English without a country is that of the world, not of America: 23 November 2026.
    """
    try:
        return Locale.parse("en-001" if lang == "en" else lang, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_001")


def direction_of(lang: str) -> str:
    """Whether a language runs from left to right, "ltr", or from right to left, "rtl"."""
    return locale_of(lang).text_direction


@dataclass(frozen=True)
class Reader:
    """For whom words are chosen: the language of the interface, and the vocabularies."""

    lang: str
    vocabularies: Vocabularies

    @property
    def locale(self) -> Locale:
        """How dates and numbers are written for the reader."""
        return locale_of(self.lang)

    def label(self, vocabulary: str, id_: str) -> str:
        """The name of a term in the reader's language, its id where the term is unknown."""
        return self.vocabularies.label(vocabulary, id_, self.lang)

    def labels(self, vocabulary: str, ids: Iterable[str]) -> tuple[str, ...]:
        """The names of several terms of one vocabulary."""
        return tuple(self.label(vocabulary, id_) for id_ in ids)

    def number(self, value: float) -> str:
        """A number as it is written in the reader's language; round millions as words."""
        if isinstance(value, int) and 0 <= value < 1000:
            return str(value)  # alike in all the languages of the site, and asked for most often
        if abs(value) >= COMPACT_FROM and value % (COMPACT_FROM // 100) == 0:
            return format_compact_decimal(
                value, format_type="long", locale=self.locale, fraction_digits=2
            )
        return format_decimal(value, locale=self.locale)

    def percent(self, value: float) -> str:
        """A share, `value` being in per cent."""
        share = Decimal(str(value)) / 100  # 70.7 / 100 is no 0.707 in floating point
        return format_percent(share, locale=self.locale, decimal_quantization=False)

    def date(self, text: Any) -> str:
        """An ISO date in words, the text itself where it is none, "" for nothing."""
        if not text:
            return ""
        try:
            day = datetime.date.fromisoformat(str(text)[:10])
        except ValueError:
            return str(text)
        return format_date(day, "long", locale=self.locale)

    def listed(self, items: Iterable[str]) -> str:
        """Several names, one after another."""
        return COMMAS.get(self.locale.language, ", ").join(items)

    def money(self, funding: Mapping[str, Any]) -> str:
        """An amount with its currency."""
        return f"{self.number(funding['amount'])} {funding['currency']}"

    def language(self, code: str) -> str:
        """The name of a language in that language itself."""
        return own_name(code)


def own_name(code: str) -> str:
    """The name of a language in that language itself, the code where Babel knows none."""
    try:
        locale = Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        return code
    return sentence(locale.get_display_name(locale) or code)


def period(front: Mapping[str, Any]) -> str:
    """When the case took place; "" when no year is known."""
    span = front.get("period") or {}
    start, end = span.get("start"), span.get("end")
    if start and end:
        if start == end:
            return str(start)
        return _("%(start)s to %(end)s", start=start, end=end)
    if start:
        return _("since %(year)s", year=start)
    if end:
        return _("until %(year)s", year=end)
    return ""


def places(front: Mapping[str, Any], reader: Reader, most: int = 3) -> str:
    """The countries and regions of a case, the lead country first, shortened when many."""
    names = list(reader.labels("countries", front.get("countries") or ()))
    names += reader.labels("regions", front.get("regions") or ())
    if len(names) > most + 1:
        return _(
            "%(places)s and %(count)s more",
            places=reader.listed(names[:most]),
            count=len(names) - most,
        )
    return reader.listed(names)


def outcome_mark(front: Mapping[str, Any], reader: Reader) -> Mark | None:
    """The outcome by word and tone, the tone being the vocabulary's."""
    id_ = front.get("outcome")
    if not id_:
        return None
    term = reader.vocabularies.outcomes.get(id_)
    tone = str(term.extra.get("tone")) if term else "neutral"
    return Mark(reader.label("outcomes", id_), tone if tone in TONES else "neutral")


def sentence(text: str) -> str:
    """The text with a capital letter in front."""
    return text[:1].upper() + text[1:]


def shortened(text: str, most: int) -> str:
    """The text, cut between words where it is longer than `most` letters."""
    if len(text) <= most:
        return text
    begin = text[:most].rpartition(" ")[0] or text[:most]
    return f"{begin.rstrip()} …"


def isolated(text: str) -> str:
    """The text so that its direction has no power over the words around it."""
    return f"\u2068{text}\u2069"
