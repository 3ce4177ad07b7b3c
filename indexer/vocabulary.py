"""Terms, their labels and synonyms, and the tree of regions: pure values, made from YAML texts.

Countries and languages are not written in content/: their names come from CLDR through Babel.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from babel import Locale

from indexer.head import BREAK, Reading, read

if TYPE_CHECKING:
    from indexer.lexicon import Lexicon, Phrases

LANGUAGES = ("en", "fr", "es", "ar", "zh", "ru")  # the labels that every term should have

NAMES = (
    "themes", "technologies", "beneficiaries", "organisations", "sdgs", "action_lines",
    "modality", "outcomes", "evidence", "roles", "instruments", "policy_kinds", "counted_by",
    "organisation_types", "regions", "glossary", "countries", "languages",
)  # fmt: skip
FROM_CLDR = ("countries", "languages")

WORLD = "world"  # the root of the region tree: it says nothing about a case

_NO_COUNTRIES = ("EU", "EZ", "UN", "QO", "ZZ", "XA", "XB")  # two letters in CLDR all the same
#: The vocabularies whose terms are also words of questions in other languages.
CARRIED = ("themes", "technologies", "beneficiaries", "glossary", "countries", "regions", "sdgs",
           "outcomes", "organisations")  # fmt: skip
_KNOWN = {"id", "labels", "names", "name", "label", "definition", "synonyms", "broader"}


@dataclass(frozen=True)
class Term:
    """One entry of a vocabulary."""

    id: str
    labels: Mapping[str, str] = field(default_factory=dict)  # language -> label
    definition: str = ""
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # language -> names
    broader: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)  # tone, iati, m49, countries, ...

    def label(self, lang: str = "en") -> str:
        """Give the label in a language (of "pt-BR" also "pt"), else English, else the id."""
        labels = self.labels
        base = lang.partition("-")[0]
        return labels.get(lang) or labels.get(base) or labels.get("en") or self.id

    def spoken(self, lang: str) -> tuple[str, ...]:
        """Give what it is called in one language: the label, then the synonyms."""
        label = (self.labels[lang],) if lang in self.labels else ()
        return (*label, *self.synonyms.get(lang, ()))

    @cached_property
    def called(self) -> tuple[str, ...]:
        """Give every label and synonym, in all languages."""
        return (*self.labels.values(), *(one for many in self.synonyms.values() for one in many))

    @property
    def overlays(self) -> bool:
        """Tell whether it is a group of countries laid over the areas of the world, as LDCs are."""
        return bool(self.extra.get("overlay"))


class Vocabulary(Mapping[str, Term]):
    """The terms of one vocabulary by id, in the order of its file."""

    def __init__(self, name: str, terms: Iterable[Term] = ()) -> None:
        self.name = name
        self._terms = {term.id: term for term in terms}

    def __getitem__(self, id: str) -> Term:
        return self._terms[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._terms)

    def __len__(self) -> int:
        return len(self._terms)

    def __repr__(self) -> str:
        return f"Vocabulary({self.name!r}, {len(self)} terms)"

    def ancestors(self, id: str) -> tuple[str, ...]:
        """Give the ids above a term, nearest first; none for an unknown id."""
        above: list[str] = []
        term = self._terms.get(id)
        while term is not None and term.broader and term.broader not in (*above, id):
            above.append(term.broader)
            term = self._terms.get(term.broader)
        return tuple(above)

    @cached_property
    def _children(self) -> Mapping[str | None, tuple[str, ...]]:
        below: dict[str | None, list[str]] = {}
        for term in self._terms.values():
            below.setdefault(term.broader or None, []).append(term.id)
        return {above: tuple(ids) for above, ids in below.items()}

    def children(self, id: str | None) -> tuple[str, ...]:
        """Give the ids right below a term; `None` gives those with nothing above."""
        return self._children.get(id, ())


MAX_FILE = 5_000_000  # characters of one vocabulary file


def read_terms(text: str) -> Reading:
    """Read a vocabulary file: a list of terms, or a mapping that has it under `terms:`."""
    text = text.removeprefix("\ufeff")
    for line in BREAK.split(text):
        if line.startswith("- ") or line == "-":
            # A head is a mapping; the line that makes it one counts as line 0.
            return read(f"terms:\n{text}", first_line=0, most=MAX_FILE)
        if line.strip() and not line.lstrip().startswith("#"):
            break
    return read(text, first_line=1, most=MAX_FILE)


def terms_of(text: str) -> list[Any]:
    """Give the raw terms of a vocabulary file; one that cannot be read has none.

    `indexer.checking` tells why.
    """
    terms = read_terms(text).values.get("terms")
    return terms if isinstance(terms, list) else []


def term_of(raw: Any) -> Term | None:
    """Make a term of what stands in the file; `None` where it has no id."""
    if not isinstance(raw, dict) or raw.get("id") in (None, ""):
        return None
    labels = raw.get("labels") or raw.get("names") or raw.get("name") or raw.get("label") or {}
    if not isinstance(labels, dict):
        labels = {"en": labels}
    synonyms = raw.get("synonyms") or {}
    if not isinstance(synonyms, dict):
        synonyms = {"en": synonyms}
    broader = raw.get("broader")
    return Term(
        id=str(raw["id"]),
        labels={str(lang): str(label) for lang, label in labels.items() if label is not None},
        definition=str(raw.get("definition") or ""),
        synonyms={str(lang): _texts(names) for lang, names in synonyms.items()},
        broader=None if broader is None else str(broader),
        extra={name: value for name, value in raw.items() if name not in _KNOWN},
    )


def _folded(name: str) -> str:
    """Give a name as it is compared: in lower case, hyphens as spaces."""
    return " ".join(name.casefold().replace("-", " ").split())


def _texts(value: Any) -> tuple[str, ...]:
    many = value if isinstance(value, list) else [value]
    return tuple(str(one) for one in many if one is not None)


class Vocabularies(Mapping[str, Vocabulary]):
    """All vocabularies of a library: `vocabularies["themes"]` or `vocabularies.themes`.

    A vocabulary without a file is there and empty.
    """

    def __init__(self, texts: Mapping[str, str]) -> None:
        """Take the texts of the files by name ("action_lines" for action-lines.yaml)."""
        self._texts = dict(texts)
        self._loaded: dict[str, Vocabulary] = {}
        self._called: dict[str, Mapping[str, tuple[str, ...]]] = {}
        self._finders: dict[str, Callable[[str], Iterator[tuple[int, int, str]]]] = {}
        self._phrases: dict[str, Phrases[str]] = {}
        self._spoken: dict[tuple[str, str, bool], Mapping[str, Mapping[str, None]]] = {}

    def __getitem__(self, name: str) -> Vocabulary:
        if name not in self._loaded:
            if name not in NAMES and name not in self._texts:
                raise KeyError(name)
            self._loaded[name] = self._make(name)
        return self._loaded[name]

    def __getattr__(self, name: str) -> Vocabulary:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    @property
    def names(self) -> tuple[str, ...]:
        """Give the names of all vocabularies, the built-in ones first."""
        return (*NAMES, *(name for name in self._texts if name not in NAMES))

    @property
    def revision(self) -> str:
        """Name the state of all files: 12 hex digits."""
        digest = hashlib.sha256()
        for name in sorted(self._texts):
            digest.update(f"{name}\0{self._texts[name]}\0".encode("utf-8", "surrogatepass"))
        return digest.hexdigest()[:12]

    def label(self, name: str, id: str, lang: str = "en") -> str:
        """Give the label of a term; of an unknown one its id."""
        term = self[name].get(id) if name in self else None
        return term.label(lang) if term is not None else id

    def spoken(self, name: str, id: str, synonyms: bool) -> Mapping[str, Mapping[str, None]]:
        """Give the names of a term by language, as an ordered set; none of an unknown term."""
        key = (name, id, synonyms)
        if key not in self._spoken:
            term = self[name].get(id)
            if term is None:
                return {}
            names = {lang: {label: None} for lang, label in term.labels.items()}
            for lang, more in term.synonyms.items() if synonyms else ():
                names.setdefault(lang, {}).update(dict.fromkeys(more))
            self._spoken[key] = names
        return self._spoken[key]

    def named(self, name: str, text: str) -> tuple[str, ...]:
        """Give the ids of the terms called `text`: by id, label or synonym, in any language."""
        return self.called(name).get(_folded(text), ())

    def called(self, name: str) -> Mapping[str, tuple[str, ...]]:
        """Give the ids by what people call the terms of a vocabulary, in folded letters."""
        if name not in self._called:
            called: dict[str, tuple[str, ...]] = {}
            for term in self[name].values() if name in self else ():
                synonyms = (one for many in term.synonyms.values() for one in many)
                for label in dict.fromkeys(
                    map(_folded, (term.id, *term.labels.values(), *synonyms))
                ):
                    called[label] = (*called.get(label, ()), term.id)
            self._called[name] = called
        return self._called[name]

    @cached_property
    def lexicon(self) -> Lexicon:
        """The words of lexicon.yaml, then the names of terms, to carry questions over by."""
        from indexer.lexicon import Lexicon  # here, so that vocabularies stay light

        words = [one for one in terms_of(self._texts.get("lexicon", "")) if isinstance(one, dict)]
        entries = [{lang: _texts(forms) for lang, forms in one.items()} for one in words]
        for term in (term for name in CARRIED if name in self for term in self[name].values()):
            names = {lang: term.spoken(lang) for lang in term.labels}
            entries.append({**names, "en": (term.label("en"),)})
        return Lexicon(entries)

    def terms_in(self, text: str, lang: str) -> Iterator[tuple[int, int, str]]:
        """Yield where terms of the glossary stand in a text of `lang`: start, end, id.

        Several words with capitals are a name, such as that of a programme, and no term.
        """
        for start, end, found in self._glossary(lang.partition("-")[0]).pieces(text):
            words = text[start:end].split()
            named = len(words) > 1 and all(word[:1].isupper() for word in words)
            if found and (not named or text[start:end].isupper()):
                yield start, end, found

    def finder(self, lang: str) -> Callable[[str], Iterator[tuple[int, int, str]]]:
        """Give `terms_in` for one language; the same one again for the same language."""
        return self._finders.setdefault(lang, lambda text: self.terms_in(text, lang))

    def _glossary(self, lang: str) -> Phrases[str]:
        from indexer.lexicon import Phrases  # here, so that vocabularies stay light

        if lang not in self._phrases:
            terms = self["glossary"].values()
            own = ((term, term.spoken(lang)) for term in terms)
            pairs = ((name, term.id) for term, names in own for name in names)
            self._phrases[lang] = Phrases(lang, pairs)
        return self._phrases[lang]

    def regions_of(self, countries: Iterable[str], regions: Iterable[str] = ()) -> tuple[str, ...]:
        """Give every region of these countries and regions, with all above and the overlays.

        "world" is left out; the order is that of regions.yaml.
        """
        vocabulary = self["regions"]
        by_country = self._regions_by_country
        found = {one for country in countries for one in by_country.get(country, ())}
        for region in regions:
            found.update((region, *vocabulary.ancestors(region)))
        return tuple(one for one in vocabulary if one in found and one != WORLD)

    @cached_property
    def _regions_by_country(self) -> Mapping[str, frozenset[str]]:
        vocabulary = self["regions"]
        found: dict[str, set[str]] = {}
        for term in vocabulary.values():
            for country in _texts(term.extra.get("countries") or []):
                found.setdefault(country, set()).update((term.id, *vocabulary.ancestors(term.id)))
        return {country: frozenset(ids) for country, ids in found.items()}

    def _make(self, name: str) -> Vocabulary:
        if name == "countries":
            return Vocabulary(name, _countries(self._regions_by_country))
        if name == "languages":
            return Vocabulary(name, _from_cldr("languages", None))
        terms = (term_of(raw) for raw in terms_of(self._texts.get(name, "")))
        return Vocabulary(name, (term for term in terms if term is not None))


def _countries(regions: Mapping[str, frozenset[str]]) -> list[Term]:
    """Give the countries and areas of the region tree with their CLDR names."""
    return _from_cldr("territories", set(regions))


def _from_cldr(table: str, only: set[str] | None) -> list[Term]:
    """Give a term for each code of a CLDR table of names, in English alphabetical order.

    Country codes are two letters; without a region tree all that CLDR knows are taken.
    """
    named = {lang: getattr(Locale.parse(lang), table) for lang in LANGUAGES}
    codes = [code for code in named["en"] if _is_code(table, code, only)]
    codes.sort(key=lambda code: (named["en"][code].casefold(), code))
    return [
        Term(
            code.replace("_", "-"),
            MappingProxyType({lang: names[code] for lang, names in named.items() if code in names}),
        )
        for code in codes
    ]


def _is_code(table: str, code: str, only: set[str] | None) -> bool:
    if table == "languages":
        return True
    if only:
        return code in only
    return len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
