"""Templates use what their page has, all of it, and nothing that could run."""

import dataclasses
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jinja2
import jinja2.meta
import pytest
from jinja2 import nodes
from jinja2.ext import i18n

import kb.pages
from kb.app import ROOT
from kb.pieces.common import Site
from kb.services.letter import Letter

FOLDER = ROOT / "templates"
PAGES = [
    value
    for module in pkgutil.iter_modules(kb.pages.__path__, "kb.pages.")
    for value in vars(importlib.import_module(module.name)).values()
    if dataclasses.is_dataclass(value) and hasattr(value, "template")
]
TEMPLATES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.html"))
ENVIRONMENT = jinja2.Environment(
    loader=jinja2.FileSystemLoader(FOLDER), extensions=[i18n], autoescape=True
)
LONGEST = 90
#: The one template that is no page: a letter has no stylesheet to link, so its style stands in it.
LETTER = "mail/letter.html"
FORBIDDEN = {
    "the filter safe": r"\|\s*safe\b",
    "autoescape switched off": r"autoescape\s+false",
    "an inline style": r"\sstyle\s*=",
    "a style element": r"<style\b",
    "an inline handler": r"\son[a-z]+\s*=",
    "a script of htmx": r"hx-on|hx-vals=.js:|hx-vars",
    "an address of another site": r"""(?:src|href|action)\s*=\s*["']?(?:https?:)?//""",
    "an inline script": r"<script(?![^>]*\bsrc=)(?![^>]*application/ld\+json)[^>]*>",
    "a physical direction": r"\b(?:align|dir)=.(?:left|right)",
}


def parsed(name: str) -> nodes.Template:
    source = (FOLDER / name).read_text(encoding="utf-8")
    return ENVIRONMENT.parse(source, name)


def family(name: str) -> Iterator[str]:
    """The template, those it stands in and those it takes in."""
    yield name
    for kind in (nodes.Extends, nodes.Include):
        for node in parsed(name).find_all(kind):
            assert isinstance(node.template, nodes.Const), f"{name}: a template chosen at run time"
            yield from family(node.template.value)


def used(name: str, variable: str) -> set[str]:
    return {
        node.attr
        for part in family(name)
        for node in parsed(part).find_all(nodes.Getattr)
        if isinstance(node.node, nodes.Name) and node.node.name == variable
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.__name__)
def test_a_template_uses_every_field_of_its_page_and_no_other(page: Any) -> None:
    assert used(page.template, "page") == {field.name for field in dataclasses.fields(page)}


def test_a_letter_shows_all_that_it_says_in_both_its_forms() -> None:
    """To whom it goes and how it is ended stand in its head."""
    shown = {field.name for field in dataclasses.fields(Letter)} - {"to", "unsubscribe"}
    assert used(LETTER, "letter") == shown
    text = (FOLDER / LETTER.replace(".html", ".txt")).read_text(encoding="utf-8")
    assert set(re.findall(r"letter\.(\w+)", text)) == shown - {"subject", "lang"}


def test_what_stands_around_a_page_has_no_field_too_many() -> None:
    frame = ("base.html", "components/frame.html", "components/head.html", "search/_fragment.html")
    fields = {name for template in frame for name in used(template, "site")}
    assert fields == {field.name for field in dataclasses.fields(Site)}


@pytest.mark.parametrize("name", TEMPLATES)
@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_holds(name: str, what: str) -> None:
    source = (FOLDER / name).read_text(encoding="utf-8")
    if (name, what) == (LETTER, "a style element"):
        assert re.search(FORBIDDEN[what], source), "the exception is not needed any more"
        return
    assert not re.search(FORBIDDEN[what], source, re.IGNORECASE), f"{name} holds {what}"


@pytest.mark.parametrize("name", TEMPLATES)
def test_words_go_through_gettext(name: str) -> None:
    """No letters stand in a template outside of tags, expressions and what is told to a person."""
    source = (FOLDER / name).read_text(encoding="utf-8")
    plain = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", source, flags=re.DOTALL)
    plain = re.sub(
        r"<code>.*?</code>|<style>.*?</style>|<!doctype html>", "", plain, flags=re.DOTALL
    )
    words = re.findall(r"[A-Za-z]{2,}", re.sub(r"<[^>]*>", " ", plain))
    assert not words, f"{name}: {words}"


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_is_short(name: str) -> None:
    assert len((FOLDER / name).read_text(encoding="utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_component_names_its_arguments_and_sees_nothing_else(name: str) -> None:
    if not name.startswith("components/"):
        return
    tree = parsed(name)
    free = jinja2.meta.find_undeclared_variables(tree)
    assert free <= {"_", "ngettext", "asset"}, f"{name} looks at {free}"
    assert "with context" not in Path(FOLDER / name).read_text(encoding="utf-8")


def test_every_template_is_used() -> None:
    reached = {part for page in PAGES for part in family(page.template)}
    reached |= set(family("search/_fragment.html")) | {LETTER}
    for name in list(reached) + [n for n in TEMPLATES if n.startswith("components/")]:
        reached |= {node.template.value for node in parsed(name).find_all(nodes.FromImport)}
    assert reached == set(TEMPLATES)


def test_the_stylesheet_knows_no_left_and_right_and_no_colour_outside_of_its_names() -> None:
    sheet = (ROOT / "static" / "sankofa.css").read_text(encoding="utf-8")
    rules = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    physical = (
        r"(?:margin|padding|border|inset)-(?:left|right|top|bottom)|(?:^|[\s;{])(?:left|right)\s*:"
    )
    assert not re.findall(physical, rules)
    assert not re.findall(r"text-align:\s*(?:left|right)|float:\s*(?:left|right)", rules)
    named = re.findall(r"--[\w-]+:\s*#[0-9a-f]{3,8}", rules)
    assert len(re.findall(r"#[0-9a-f]{3,8}\b(?=\s*[;)])", rules)) == len(named)
    assert "@import" not in rules
    assert "url(" not in rules
