"""Checking files of content/, one by one and against each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from indexer.document import Document, parse
from indexer.errors import BadSlug, NoSuchDocument
from indexer.field_types import Asked, nearest, shown
from indexer.fields import TERM_RULES, term_fields
from indexer.head import BREAK, forbidden, read, split
from indexer.lexicon import TO
from indexer.media import name_in_address
from indexer.pack import Item, pack_of, pins_in
from indexer.references import addresses, prose
from indexer.store import (
    KINDS,
    VOCABULARIES,
    Store,
    files_below,
    is_pinned,
    key_of,
    read_text,
    slugify,
)
from indexer.validation import Finding, check_group, problems
from indexer.values import Key, Problem, revision_of
from indexer.vocabulary import FROM_CLDR, Vocabularies, read_terms

_LEVELS = 4  # how far above a file the content folder is looked for


def check(
    source: Store | Iterable[Path], fallback: Vocabularies | None = None
) -> Iterator[tuple[Path, Problem]]:
    """Give every problem of these files and folders (of a Store: of all its files).

    The kind follows from the folder's name and the slug from the file's; the vocabularies are
    those of the content folder above, else `fallback`. Never raises for what is in a file.
    """
    paths = [source.root] if isinstance(source, Store) else [Path(path) for path in source]
    checked = _Checked(fallback)
    for given in paths:
        for path in files_below(given) if given.is_dir() else [given]:
            for problem in _file(path, checked):
                yield path, problem


@dataclass
class _Checked:
    """What is remembered from file to file."""

    fallback: Vocabularies | None
    stores: dict[Path, Store] = field(default_factory=dict)
    vocabularies: dict[Path, Vocabularies] = field(default_factory=dict)
    keys: dict[Path, frozenset[Key]] = field(default_factory=dict)
    aliases: dict[tuple[Path, str, str], Path] = field(default_factory=dict)

    def root(self, path: Path) -> Path | None:
        """Give the content folder above a file, if there is one."""
        for above in path.absolute().parents[1 : _LEVELS + 1]:
            if above in self.vocabularies:
                return above
            if (above / VOCABULARIES).is_dir():
                self.stores[above] = Store(above)
                self.vocabularies[above] = self.stores[above].vocabularies()
                self.keys[above] = frozenset(self.stores[above].keys())
                return above
        return None


def _file(path: Path, checked: _Checked) -> Iterator[Problem]:
    try:
        text = read_text(path)
    except OSError as error:
        why = "is a link: put the file itself here" if path.is_symlink() else error.strerror
        yield Problem(1, "file", f"cannot be read: {why}")
        return
    root = checked.root(path)
    vocabularies = checked.vocabularies[root] if root else checked.fallback
    if path.suffix == ".yaml":
        yield from check_vocabulary(path.stem.replace("-", "_"), text, vocabularies)
        return
    if is_pinned(path.parent):
        yield from _kept(path, text, checked.stores[root] if root else None)
        return
    kind = KINDS.get(path.parent.name, "case")
    try:
        key = key_of(kind, path.name)
    except BadSlug as error:
        yield Problem(1, "file name", str(error))
        key = Key(kind, slugify(path.name.split(".")[0]))
    document = parse(key, text, vocabularies)
    yield from document.problems
    if root:
        yield from _among_others(document, path, root, checked)


def _among_others(
    document: Document, path: Path, root: Path, checked: _Checked
) -> Iterator[Problem]:
    """Check what a document says of other documents and files."""
    found = [*_aliases(document, path, root, checked), *_links(document, checked.keys[root])]
    found += _pins(document, checked.stores[root])
    if found:
        yield from problems(found, read(split(document.text).head))
    yield from missing_media(document, checked.stores[root].has_media)


def missing_media(document: Document, there: Callable[[str], bool]) -> Iterator[Problem]:
    """Give a problem for each picture or document that a text names and that is not `there`."""
    parts = split(document.text)
    first = len(BREAK.findall(parts.start + parts.head + parts.close)) + 1
    seen: set[str] = set()
    for line, address in addresses(prose(parts.body)):
        name = name_in_address(address)
        if name is not None and name not in seen and not there(name):
            seen.add(name)
            message = f"there is no file {shown(name)} in media: upload it, or mend the name"
            yield Problem(first + line, "body", message)


def _aliases(document: Document, path: Path, root: Path, checked: _Checked) -> Iterator[Finding]:
    kind, slug, _ = document.key
    for position, alias in enumerate(_list(document.front.get("aliases"))):
        if not isinstance(alias, str):
            continue
        first = checked.aliases.setdefault((root, kind, alias), path)
        where = ("aliases", position)
        if Key(kind, alias) in checked.keys[root]:
            yield Finding(where, f"there is a {kind} of this name: delete the alias")
        elif first != path and key_of(kind, first.name).slug != slug:
            yield Finding(where, f"{first.name} has the same alias: delete one of the two")


def _links(document: Document, keys: frozenset[Key]) -> Iterator[Finding]:
    kind, slug, lang = document.key
    if lang and Key(kind, slug) not in keys:
        yield Finding(("translation_of",), f"there is no original {slug}.md beside this file")
    cases = {key.slug: key.slug for key in keys if key.kind == "case" and not key.lang}
    for number, section in enumerate(_list(document.front.get("sections"))):
        items = section.get("items") if isinstance(section, dict) else None
        for place, item in enumerate(_list(items)):
            named = item.get("case") if isinstance(item, dict) else item
            if isinstance(named, str) and named not in cases:
                where = ("sections", number, "items", place)
                yield Finding(where, f"there is no case {shown(named)}{nearest(named, cases)}")


def _pins(document: Document, store: Store) -> Iterator[Finding]:
    """Find items of a pack that pin a text which neither its case has nor the pack keeps."""
    sections = pack_of(document.front).sections if document.key.kind == "pack" else ()
    for number, section in enumerate(sections):
        for place, item in enumerate(section.items):
            if item.pinned and not _is_there(document.key.slug, item, store):
                where = ("sections", number, "items", place, "revision")
                said = f"the text {item.revision} of {item.case} is neither its file nor kept"
                yield Finding(where, f"{said} beside the pack: run kb sync, or write latest", True)


def _is_there(slug: str, item: Item, store: Store) -> bool:
    if item.revision in store.pinned_names(slug):
        return True
    for lang in store.languages("case", item.case):
        try:
            if revision_of(store.read(Key("case", item.case, lang))) == item.revision:
                return True
        except NoSuchDocument:
            continue
    return False


def _kept(path: Path, text: str, store: Store | None) -> Iterator[Problem]:
    """Check a text of a case that a pack keeps: that it is what it is called, and is used."""
    slug = path.parent.parent.name
    if path.name != f"{revision_of(text)}.md":
        yield Problem(1, "file name", f"must be {revision_of(text)}.md, the revision of this text")
        return
    keys = [key for key in store.keys("pack") if key.slug == slug] if store else []
    named = {revision for key in keys for _, revision in pins_in(_text_of(store, key))}
    if store and path.stem not in named:
        yield Problem(1, "file", f"pack {slug} does not pin this text: run kb sync", True)


def _text_of(store: Store | None, key: Key) -> str:
    try:
        return store.read(key) if store else ""
    except NoSuchDocument:
        return ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def check_vocabulary(
    name: str, text: str, vocabularies: Vocabularies | None = None
) -> list[Problem]:
    """Check a file of vocabularies/: ids, labels in six languages, the tree of terms."""
    reading = read_terms(text)
    found = [*forbidden(text), *reading.problems]
    if reading.broken:
        return found
    terms = reading.values.get("terms")
    if name in FROM_CLDR:
        found.append(Problem(1, "file", f"{name} come from CLDR: delete this file"))
    elif not isinstance(terms, list) or not terms:
        found.append(Problem(1, "terms", "is missing: write a list of terms, each with an id"))
    else:
        found += problems(_terms(name, terms, vocabularies), reading)
    return sorted(found, key=lambda problem: problem.line)


def _terms(name: str, terms: list[Any], vocabularies: Vocabularies | None) -> Iterator[Finding]:
    asked, fields = Asked(vocabularies), term_fields(name)
    broader = {str(term.get("id")): term.get("broader") for term in terms if isinstance(term, dict)}
    seen: set[str] = set()
    said: dict[tuple[str, str], str] = {}  # of a lexicon: language and form, and its first word
    for position, term in enumerate(terms):
        path = ("terms", position)
        if not isinstance(term, dict):
            yield Finding(path, "must be a term: - id: some-id, and its labels below")
            continue
        yield from check_group(fields, TERM_RULES.get(name, ()), term, path, asked, open=True)
        if name == "lexicon":
            yield from _said_before(term, path, said)
            continue
        term_id = str(term.get("id"))
        if term_id in seen:
            yield Finding((*path, "id"), f"{shown(term_id)} is there twice: ids must differ")
        seen.add(term_id)
        yield from _above(term_id, broader, (*path, "broader"))


def _said_before(
    entry: dict[str, Any], path: tuple[str | int, ...], said: dict[tuple[str, str], str]
) -> Iterator[Finding]:
    """Find forms of an entry of the lexicon that an entry before it has too."""
    first = str((_list(entry.get(TO)) or [""])[0])
    for lang, forms in entry.items():
        for place, form in enumerate(_list(forms)) if lang != TO else ():
            before = said.setdefault((str(lang), str(form).casefold()), first)
            if before != first:
                where = (*path, str(lang), place)
                yield Finding(where, f"{shown(form)} stands for {shown(before)} already: keep one")


def _above(term_id: str, broader: dict[str, Any], path: tuple[str | int, ...]) -> Iterator[Finding]:
    above = broader.get(term_id)
    if above is None:
        return
    if str(above) not in broader:
        hint = nearest(str(above), {known: known for known in broader})
        yield Finding(path, f"there is no term {shown(above)}{hint}")
        return
    passed, current = {term_id}, str(above)
    while current in broader and broader[current] is not None and current not in passed:
        passed.add(current)
        current = str(broader[current])
    if current == term_id:
        yield Finding(path, "goes round in a circle back to this term")
