"""What is wrong with a text, at the fields of its form and in a summary."""

from __future__ import annotations

from collections.abc import Iterable

from indexer.document import Document
from indexer.fields import FIELDS
from indexer.head import BREAK, split
from indexer.values import Problem
from kb.entries import Fault
from kb.forms.editing import Typed
from kb.present.entries import Told
from kb.present.fieldwords import title_of
from kb.present.paths import STEP, form_path
from kb.present.words import sentence
from kb.translation import gettext as _

_MISSING = ("is missing", "is empty", "is an empty list")


def is_missing(problem: Problem) -> bool:
    """Whether a problem is that something has not been written yet."""
    return problem.message.startswith(_MISSING)


def told_at_fields(problems: Iterable[Problem], typed: Typed, now: Document) -> Told:
    """What is said at each field of the form."""
    errors: dict[str, list[str]] = {}
    warnings: dict[str, list[str]] = {}
    for problem in problems:
        text = sentence(_in_body(problem, now))
        where = warnings if problem.warning else errors
        where.setdefault(form_path(problem.field, typed), []).append(text)
    return Told(errors, warnings)


def faults_of(
    problems: Iterable[Problem], typed: Typed, now: Document, warnings: bool
) -> tuple[Fault, ...]:
    """The summary of what is wrong, each fault with the way to its field."""
    found = []
    for problem in problems:
        if problem.warning != warnings:
            continue
        path = form_path(problem.field, typed)
        known = path.partition(".")[0] in typed or path == "body"
        url = f"#f-{path.replace('.', '-')}" if known else ""
        found.append(Fault(_label(problem, now), _in_body(problem, now), url, warnings))
    return tuple(found)


def _in_body(problem: Problem, now: Document) -> str:
    if problem.field != "body":
        return problem.message
    parts = split(now.text)
    above = len(BREAK.findall(parts.start + parts.head + parts.close))
    lead = len(parts.body) - len(parts.body.lstrip("\r\n"))
    line = problem.line - above - len(BREAK.findall(parts.body[:lead]))
    return _("line %(number)s: %(what)s", number=max(line, 1), what=problem.message)


def _label(problem: Problem, now: Document) -> str:
    """The name of a field as a person knows it: "Results 2, Figure"."""
    words: list[str] = []
    fields = FIELDS[now.key.kind]
    for name, number in STEP.findall(problem.field):
        if number:
            words[-1] += f" {number}"
            continue
        field = next((one for one in fields if one.name == name), None)
        fields = field.fields if field else ()
        words.append(title_of(field) if field else _("Text") if name == "body" else sentence(name))
    return ", ".join(words)
