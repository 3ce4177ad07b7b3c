"""A search as a value: its parts, its URL form, the language of its text, its plain words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

#: The facets of a search in the order in which pages and addresses name them.
FACETS = (
    "theme", "technology", "region", "country", "sdg", "action_line", "modality", "outcome",
    "evidence", "beneficiary", "language", "funding", "organisation",
)  # fmt: skip
#: Those that packs have of their own, beside what their cases have.
PACK_FACETS = ("level", "length")
MODES = ("any", "all", "none")
SORTS = ("relevance", "newest", "start", "title")
_ALL = (*FACETS, *PACK_FACETS)
#: Values of one facet that an address may name; further ones are left out.
MOST_VALUES = 40
YEARS = range(1900, 2200)
LAST_PAGE = 10_000
#: Letters that the cases are not written in: Cyrillic, Arabic, Chinese and all beyond.
_OTHER_LETTERS = re.compile("[\u0400-\u1dff\u2e80-\uffff]")
#: Brackets, exclusions and NOTs a text may hold before it is read as words.
MOST_NESTED = 50
#: Words that may stand before a colon, and the facet or field they mean.
FIELDS = {
    "theme": "theme", "technology": "technology", "tech": "technology", "region": "region",
    "country": "country", "sdg": "sdg", "line": "action_line", "modality": "modality",
    "outcome": "outcome", "evidence": "evidence", "beneficiary": "beneficiary",
    "lang": "language", "language": "language", "org": "organisation",
    "organisation": "organisation", "title": "title", "year": "year",
}  # fmt: skip


@dataclass(frozen=True)
class Query:
    """What a reader asked for: the text typed and everything chosen beside it.

    An `exact` text is searched as it was typed, never corrected.
    """

    text: str = ""
    facets: tuple[tuple[str, tuple[str, ...]], ...] = ()
    modes: tuple[tuple[str, str], ...] = ()
    year_from: int | None = None
    year_to: int | None = None
    sort: str = "relevance"
    page: int = 1
    exact: bool = False

    def chosen(self, facet: str) -> tuple[str, ...]:
        """Return the values chosen of `facet`."""
        return dict(self.facets).get(facet, ())

    def mode(self, facet: str) -> str:
        """Return how the values of `facet` combine: any, all or none."""
        return dict(self.modes).get(facet, "any")

    def with_value(self, facet: str, value: str) -> Query:
        """Return this query with `value` chosen too, on its first page."""
        values = self.chosen(facet)
        return self if value in values else self._choosing(facet, (*values, value))

    def without_value(self, facet: str, value: str) -> Query:
        """Return this query without `value`, on its first page."""
        return self._choosing(facet, tuple(v for v in self.chosen(facet) if v != value))

    def without_facets(self) -> Query:
        """Return this query with its text and order alone."""
        return Query(text=self.text, sort=self.sort, exact=self.exact)

    def without(self, filters: Iterable[tuple[str, str]]) -> Query:
        """Return this query without some (facet, value) pairs; ("year", "") stands for the years.

        ("text", "") stands for the words.
        """
        query = self
        for facet, value in filters:
            if facet == "year":
                query = query.replace(year_from=None, year_to=None, page=1)
            elif facet == "text":
                query = query.replace(text="", exact=False, page=1)
            else:
                query = query.without_value(facet, value)
        return query

    @property
    def filters(self) -> tuple[tuple[str, str], ...]:
        """Everything but the text that narrows, as pairs that `without` takes."""
        chosen = [(facet, value) for facet, values in self.facets for value in values]
        years = self.year_from is not None or self.year_to is not None
        return (*chosen, *([("year", "")] if years else []))

    def replace(self, **changes: object) -> Query:
        """Return this query with `changes`."""
        return replace(self, **changes)  # type: ignore[arg-type]

    @property
    def narrowed(self) -> bool:
        """Whether anything but the text narrows the search."""
        return bool(self.facets) or self.year_from is not None or self.year_to is not None

    def _choosing(self, facet: str, values: tuple[str, ...]) -> Query:
        chosen = {**dict(self.facets), facet: values}
        facets = tuple((name, chosen[name]) for name in _ALL if chosen.get(name))
        modes = tuple((name, mode) for name, mode in self.modes if chosen.get(name))
        return replace(self, facets=facets, modes=modes, page=1)


def to_params(query: Query) -> list[tuple[str, str]]:
    """Return the address parameters of `query` in their fixed order, defaults left out."""
    params = [("q", query.text)] if query.text else []
    for facet in _ALL:
        params += [(facet, value) for value in query.chosen(facet)]
        if query.chosen(facet) and query.mode(facet) != "any":
            params.append((f"{facet}.mode", query.mode(facet)))
    if query.year_from is not None:
        params.append(("year.from", str(query.year_from)))
    if query.year_to is not None:
        params.append(("year.to", str(query.year_to)))
    if query.sort != "relevance":
        params.append(("sort", query.sort))
    if query.page != 1:
        params.append(("page", str(query.page)))
    if query.exact:
        params.append(("exact", "1"))
    return params


def from_params(pairs: Iterable[tuple[str, str]], facets: tuple[str, ...] = FACETS) -> Query:
    """Return the query of address parameters; what cannot be read is left out, never refused.

    Of `facets` alone values are read: packs have more of them than cases. `exact` is 1, or the
    very text that is meant, as a form sends it in which another can be typed.
    """
    chosen: dict[str, tuple[str, ...]] = {}
    modes: dict[str, str] = {}
    single: dict[str, str] = {}
    for name, raw in pairs:
        value = raw.strip()
        facet, _, suffix = name.partition(".")
        values = chosen.get(name, ())
        if name in facets and value and value not in values and len(values) < MOST_VALUES:
            chosen[name] = (*values, value)
        elif suffix == "mode" and facet in facets and value in MODES:
            modes[facet] = value
        else:
            single.setdefault(name, value)
    sort = single.get("sort", "relevance")
    text = " ".join(single.get("q", "").split())
    exact = " ".join(single.get("exact", "").split())
    return Query(
        text=text,
        facets=tuple((facet, chosen[facet]) for facet in _ALL if facet in chosen),
        modes=tuple((f, modes[f]) for f in _ALL if f in chosen and modes.get(f, "any") != "any"),
        year_from=_year(single.get("year.from")),
        year_to=_year(single.get("year.to")),
        sort=sort if sort in SORTS else "relevance",
        page=_number(single.get("page"), range(1, LAST_PAGE)) or 1,
        exact=bool(text) and exact in ("1", text),
    )


def _number(text: str | None, allowed: range) -> int | None:
    if text and re.fullmatch(r"[0-9]{1,6}", text) and int(text) in allowed:
        return int(text)
    return None


def _year(text: str | None) -> int | None:
    return _number(text, YEARS)


# The language of a query's text -------------------------------------------------------------


@dataclass(frozen=True)
class Word:
    """One run of letters as typed; `prefix` when it ends in a star."""

    text: str
    prefix: bool = False


@dataclass(frozen=True)
class Phrase:
    """Words that must stand side by side."""

    text: str


@dataclass(frozen=True)
class Field:
    """A word or phrase that must be in a field, or a value that a facet must have."""

    name: str
    text: str
    prefix: bool = False


@dataclass(frozen=True)
class Years:
    """A range of years, both ends included; None leaves an end open."""

    start: int | None
    end: int | None


@dataclass(frozen=True)
class Group:
    """Clauses joined: "all" of them, "any" of them, or "none" of them."""

    how: str
    clauses: tuple[Clause, ...]


Clause = Word | Phrase | Field | Years | Group


@dataclass(frozen=True)
class ReadAs:
    """How a text was read.

    `words` are scored by words and meaning; `required` are the clauses a case must meet; `note`
    names what was malformed and therefore read as words. A question in another language is
    `carried` over piece by piece from that language, `lang`, to that of the cases.
    """

    words: tuple[Word, ...] = ()
    required: tuple[Clause, ...] = ()
    note: str = ""
    skipped: tuple[str, ...] = ()
    lang: str = ""
    carried: tuple[Carried, ...] = ()

    @property
    def carried_over(self) -> str:
        """The text in the language of the cases; a rest in other letters would only be noise."""
        pieces = (piece.into[0] if piece.into else piece.typed for piece in self.carried)
        return " ".join(piece for piece in pieces if not _OTHER_LETTERS.search(piece))

    @property
    def meaning(self) -> str:
        """The text whose meaning is searched: everything that was not excluded."""
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True)
class Carried:
    """One piece of a question: as typed, and the words it is carried over to, the first shown."""

    typed: str
    into: tuple[str, ...] = ()


class _Malformed(ValueError):
    pass


_LEX = re.compile(
    rf"""
      (?P<open>\()|(?P<close>\))
     |(?P<minus>-(?=[^\s\-)]))
     |(?P<field>(?i:{"|".join(FIELDS)})):(?=\S)
     |["“”«»](?P<phrase>[^"“”«»]*)(?P<end>["“”«»])?
     |(?P<word>[^\s()"“”«»]+)
    """,
    re.VERBOSE,
)
#: Marks around a word that are not part of it.
EDGES = "\"()“”«».,;:!?¿¡؟،。？！、'’…"
_OPERATORS = ("AND", "OR", "NOT")
#: What a text must hold to be more than words side by side, which most are.
_MORE = re.compile(r'[()"“”«»*:-]|AND|OR|NOT')


def parse(text: str) -> ReadAs:
    """Return how `text` is read; never fails: what is malformed is read as words."""
    if not _MORE.search(text):
        return ReadAs(words=tuple(map(Word, text.split())))
    try:
        return _Reader(text).read()
    except _Malformed as problem:
        plain = re.sub(r'[()"“”«»*]', " ", text)
        words = tuple(Word(w) for w in plain.split() if w not in _OPERATORS)
        return ReadAs(words=words, note=str(problem))


class _Reader:
    """Recursive descent over the pieces of a text."""

    def __init__(self, text: str):
        self.pieces = list(_LEX.finditer(text))
        self.at = 0
        self.scored: list[Word] = []
        grouped = {"AND", "OR", "NOT"} & set(text.split()) or re.search(r"(^|\s)-\(", text)
        if not grouped:  # brackets as prose has them
            self.pieces = [m for m in self.pieces if m.lastgroup not in ("open", "close")]
        if sum(m.lastgroup in ("open", "minus") for m in self.pieces) > MOST_NESTED:
            raise _Malformed("bracket")
        if sum(m.group("word") == "NOT" for m in self.pieces) > MOST_NESTED:
            raise _Malformed("operator")

    def read(self) -> ReadAs:
        required: list[Clause] = []
        loose: list[Clause] = []
        while self.at < len(self.pieces):
            clause, bound = self._alternatives()
            if isinstance(clause, Word) and not bound and not clause.prefix:
                loose.append(clause)
            else:
                required.append(clause)
        return ReadAs(words=tuple(self.scored), required=tuple(required))

    def _peek(self) -> str:
        if self.at >= len(self.pieces):
            return ""
        piece = self.pieces[self.at]
        word = piece.group("word")
        return word if word in _OPERATORS else (piece.lastgroup or "")

    def _alternatives(self) -> tuple[Clause, bool]:
        """Read `a AND b OR c`; the flag tells whether an operator bound it."""
        options = [self._chain()]
        bound = options[0][1]
        while self._peek() == "OR":
            self.at += 1
            options.append(self._chain())
            bound = True
        if len(options) == 1:
            return options[0]
        return Group("any", tuple(option for option, _ in options)), bound

    def _chain(self) -> tuple[Clause, bool]:
        parts = [self._unit()]
        while self._peek() == "AND":
            self.at += 1
            parts.append(self._unit())
        if len(parts) == 1:
            return parts[0], isinstance(parts[0], Group)
        return Group("all", tuple(parts)), True

    def _unit(self, positive: bool = True) -> Clause:
        kind = self._peek()
        if kind in ("", "AND", "OR", "close"):
            raise _Malformed("operator" if kind != "close" else "bracket")
        piece = self.pieces[self.at]
        self.at += 1
        if kind in ("NOT", "minus"):
            return Group("none", (self._unit(not positive),))
        if kind == "open":
            return self._bracket(positive)
        if kind == "field":
            return self._field(piece.group("field"), positive)
        if piece.group("phrase") is not None:
            if not piece.group("end"):
                raise _Malformed("quotation")
            if positive:
                self.scored += [Word(word) for word in piece.group("phrase").split()]
            return Phrase(piece.group("phrase"))
        word = self._word(piece.group("word"))
        if positive:
            self.scored.append(word)
        return word

    def _word(self, text: str) -> Word:
        starred = text.endswith("*") and len(text) > 2
        return Word(text.rstrip("*") if starred else text, prefix=starred)

    def _bracket(self, positive: bool) -> Clause:
        before = len(self.scored)
        clauses = []
        while self._peek() not in ("close", ""):
            clauses.append(self._alternatives()[0])
        if self._peek() != "close":
            raise _Malformed("bracket")
        self.at += 1
        if not positive:
            del self.scored[before:]
        if not clauses:
            raise _Malformed("bracket")
        return clauses[0] if len(clauses) == 1 else Group("all", tuple(clauses))

    def _field(self, name: str, positive: bool) -> Clause:
        before = len(self.scored)
        field = FIELDS[name.lower()]
        value = self._unit(positive) if self._peek() in ("word", "phrase", "end") else None
        if not isinstance(value, Word | Phrase):
            raise _Malformed("field")
        text = value.text
        if field == "year":
            del self.scored[before:]
            return _years(text)
        if field != "title":
            del self.scored[before:]
        return Field(field, text, isinstance(value, Word) and value.prefix)


def _years(text: str) -> Years:
    match = re.fullmatch(r"([0-9]{4})?(\.\.|-|–)?([0-9]{4})?", text)
    if not match or not (match[1] or match[3]) or (match[3] and not match[2]):
        raise _Malformed("year")
    if not match[2]:
        return Years(int(match[1]), int(match[1]))
    return Years(int(match[1]) if match[1] else None, int(match[3]) if match[3] else None)


def explain(read_as: ReadAs, _: Callable[[str], str] = lambda text: text) -> str:
    """Return in plain words how a text was read; `_` translates, as gettext does."""
    parts: list[str] = []
    if read_as.carried:
        told = [f"{c.typed} → {c.into[0]}" if c.into else c.typed for c in read_as.carried]
        shown = ", ".join(told[:12]) + (" …" if len(told) > 12 else "")
        language = _languages(_).get(read_as.lang, read_as.lang)
        parts.append(_("in %(language)s: %(words)s") % {"language": language, "words": shown})
    read = (
        []
        if read_as.carried
        else [word.text for word in read_as.words if word.text not in read_as.skipped]
    )
    words = list(dict.fromkeys(word.strip(EDGES) or word for word in read))
    if words:
        shown = ", ".join(words[:12]) + (" …" if len(words) > 12 else "")
        one = _("the word %(words)s and its meaning")
        many = _("the words %(words)s and their meaning")
        parts.append((one if len(words) == 1 else many) % {"words": shown})
    parts += [_explained(clause, _) for clause in read_as.required]
    if read_as.note:
        parts.append(_notes(_)[read_as.note])
    return "; ".join(parts)


def _explained(clause: Clause, _: Callable[[str], str]) -> str:
    if isinstance(clause, Phrase):
        return _("with the phrase “%(phrase)s”") % {"phrase": clause.text}
    if isinstance(clause, Field):
        star = "*" if clause.prefix else ""
        return f"{clause.name}: {clause.text}{star}"
    if isinstance(clause, Years):
        return _("years %(start)s to %(end)s") % {
            "start": clause.start or "…",
            "end": clause.end or "…",
        }
    if isinstance(clause, Word):
        if clause.prefix:
            return _("words that begin with %(word)s") % {"word": clause.text}
        return _("with %(word)s") % {"word": clause.text}
    inner = [_explained(part, _) for part in clause.clauses]
    if clause.how == "none":
        return _("without: %(clause)s") % {"clause": ", ".join(inner)}
    joint = _(" and ") if clause.how == "all" else _(" or ")
    return "(" + joint.join(inner) + ")"


def _languages(_: Callable[[str], str]) -> dict[str, str]:
    return {
        "fr": _("French"), "es": _("Spanish"), "ar": _("Arabic"), "zh": _("Chinese"),
        "ru": _("Russian"),
    }  # fmt: skip


def _notes(_: Callable[[str], str]) -> dict[str, str]:
    return {
        "operator": _("AND, OR or NOT had nothing to join, so all was read as words"),
        "bracket": _("a bracket was not closed or not opened, so all was read as words"),
        "quotation": _("a quotation mark was not closed, so all was read as words"),
        "field": _("a field needs a word or a phrase after its colon, so all was read as words"),
        "year": _("a year is written year:2010 or year:2010..2015, so all was read as words"),
        "value": _("no such value is known, so it was read as words"),
    }
