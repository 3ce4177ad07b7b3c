"""No text keeps a thread busy for long: marks by the thousand, and every pattern of the code."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import time
from collections.abc import Callable, Iterator, Mapping
from types import ModuleType

import pytest

import indexer
import kb
from indexer import passages, query
from indexer.analysis import analyse
from indexer.document import parse
from indexer.plain import plain_text
from indexer.references import references
from indexer.values import Key
from kb.costly import too_costly
from kb.forms.texts import edited_body
from kb.markup import render
from kb.services.comparing import compare
from kb.services.merging import merge
from tests import factories

SIZE = 20_000  # characters
#: Seconds of the processor. Before the bound, 20,000 opening brackets took three minutes.
PATIENCE = 3.0


def times(mark: str) -> str:
    return mark * (SIZE // len(mark))


MARKS = (
    "[", "]", "[]", "[a](", "![a](", "[a](b)", "[a][b]", "[^1]", "[1]", "[a\n", '[a](b "', "*",
    "*a ", "**a", "_a", "**_", "*__a", "***a", "`", "`a``", "\\", "<", "<a ", "<!--", "<b>", "</b>",
    "&#", "&a", "<http://a", "> ", ">", "- a\n", "  - a\n", "1. a\n", "#", "# a\n", "a\n=\n", "|",
    "a|", "a|b\n-|-\n", "a\n: ", "a\n:   b\n", "```\n", "~~~", " ", "\n", "\t", "\r\n", "-",
    "a\n---\n", "\0", "a", "中", "😀", "\u0301", "\u202e", "(", "()", "](", "*_`[<&", "[[a]",
    "<section>", "a@b.", "http://",
)  # fmt: skip
TEXTS: Mapping[str, str] = {
    **{repr(mark): times(mark) for mark in MARKS},
    "brackets in brackets": "[" * (SIZE // 2) + "]" * (SIZE // 2),
    "lists in lists": "".join("  " * level + "- a\n" for level in range(140)),
    "quotes in quotes": "> " * 500 + "a",
    "footnotes": "".join(f"[^{n}]" for n in range(2000))
    + "\n\n"
    + "".join(f"[^{n}]: a\n" for n in range(2000)),
    "one footnote often": times("[^1] ") + "\n\n[^1]: a\n",
    "a wide table": "\n".join(times(cell)[:7000] for cell in ("a|", "-|", "a|")),
    "addresses by name": "".join(f"[{n}]: http://a\n" for n in range(1500)),
}

WORK: Mapping[str, Callable[[str], object]] = {
    "shown": lambda text: render(text, ("1",)),
    "read": lambda text: parse(Key("case", "x"), whole(text), factories.vocabularies()),
    "plain": plain_text,
    "references": lambda text: list(references(text)),
    "passages": lambda text: passages.split(plain_text(text), lambda some: [len(t) for t in some]),
    "analysed": lambda text: analyse(text, "en"),
    "asked": query.parse,
    "compared": lambda text: compare("case", whole("a\n\nb\n"), whole(text)),
    "joined": lambda text: merge("case", whole("a\n"), whole(text), whole(f"x{text}")),
    "edited": lambda text: edited_body("\na\n", text),
}


def whole(body: str) -> str:
    return factories.case_text(f"\n{body}")


@pytest.mark.parametrize("how", WORK)
def test_no_text_takes_long(how: str) -> None:
    slow = {}
    for name, text in TEXTS.items():
        begin = time.thread_time()
        WORK[how](text)
        taken = time.thread_time() - begin
        if taken > PATIENCE:
            slow[name] = taken
    assert slow == {}


def test_what_costs_too_much_is_shown_as_it_was_typed() -> None:
    shown = render("[" * 5000 + "<b>")
    assert str(shown.lead) == f"<pre>{'[' * 5000}&lt;b&gt;</pre>"
    assert shown.sections == ()


@pytest.mark.parametrize("case", sorted((factories.told(slug) for slug in factories.TOLD), key=len))
def test_no_text_that_people_write_costs_too_much(case: str) -> None:
    assert not too_costly(case * 20)


# Patterns -----------------------------------------------------------------------------------


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every pattern that a module of ours keeps, by its name."""
    for package in (indexer, kb):
        for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations." in info.name or info.name.endswith("__main__"):
                continue
            yield from _in_module(importlib.import_module(info.name))


def _in_module(module: ModuleType) -> Iterator[tuple[str, re.Pattern[str]]]:
    for name, value in vars(module).items():
        if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
            yield f"{module.__name__}.{name}", value


PATTERNS = dict(patterns())
#: How often each letter is repeated.
LONG = 10_000
PUMPED = ("a", "1", " ", "\t", "\n", "\r\n", "-", "a-", "a.", "a b", ":", "|-", "[a", "]", "(",
          "<a", "`", "*", "#", "é", "\\", "/", "@", "=", "&", "~", "'", '"', "h:/")  # fmt: skip
AROUND = (("", ""), ("", "!"), ("## ", " x"), ("---\n", "\n--"), ("[", "]("), ("1", "\0"))
#: What makes patterns look back again and again: a start, something that repeats, an end.
PUMPS = [start + pump * (LONG // len(pump)) + end for pump in PUMPED for start, end in AROUND]


def searched(name: str) -> bool:
    """Whether a pattern is looked for anywhere in a text, not only at its start."""
    module, _, own = name.rpartition(".")
    source = inspect.getsource(importlib.import_module(module))
    return re.search(rf"\b{own}\.(?:search|finditer|findall|sub|split)\b", source) is not None


def test_there_are_patterns_to_be_looked_at() -> None:
    assert len(PATTERNS) > 60


@pytest.mark.parametrize("name", PATTERNS)
def test_no_pattern_takes_long(name: str) -> None:
    pattern, anywhere = PATTERNS[name], searched(name)
    begin = time.thread_time()
    for text in PUMPS:
        pattern.fullmatch(text)
        pattern.match(text)
        if anywhere:
            pattern.sub("", text)
        taken = time.thread_time() - begin
        assert taken < PATIENCE, f"{taken:.1f} s up to {text[:8]!r}…{text[-4:]!r}"
