"""Real and hostile files from the shared corpora, beside the repository where they are at hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from indexer.case import entry_of
from indexer.document import Key, dump, edit, parse
from indexer.field_types import TYPES
from tests.factories import document, vocabularies

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
KEY = Key("case", "a-case")

#: Invalid YAML that libyaml reads all the same (id: what it lets pass). It may only shrink.
LENIENT = {
    "9C9N": "a list over several lines without indent",
    "DK95/01": "a tab at the beginning of a line inside of quotes",
    "QB6E": "a quoted text over several lines without indent",
    "S98Z": "an empty block text with lines of blanks longer than the next",
    "SU5Z": "a comment right behind a closing quote",
    "X4QW": "a comment right behind the mark of a block text",
}


def shared(name: str) -> Path:
    """Give a folder or file of the corpora, or skip the test."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"the corpora are not here: no shared/data/{name} beside the repository")
    return path


def loaded(name: str) -> list[Any]:
    """Give a corpus that is a list in a JSON file."""
    values: list[Any] = json.loads(shared(name).read_text(encoding="utf-8"))
    return values


def as_front_matter(yaml: str) -> str:
    """Give a YAML text as the head of a file; its own first "---" opens the head."""
    head = yaml.removeprefix("---\n")
    return f"---\n{head}{'' if head.endswith(chr(10)) else chr(10)}---\n\nBody\n"


def complaints(yaml: str) -> list[str]:
    """Give what is wrong with the YAML as such, not with the fields of a page."""
    problems = parse(Key("page", "a-page"), as_front_matter(yaml)).errors
    return [str(problem) for problem in problems if problem.field not in ("title", "body")]


def test_the_front_matter_of_public_sites_is_read_and_dumped_identically() -> None:
    files = [*shared("frontmatter").rglob("*.md"), *shared("frontmatter").rglob("*.mdx")]
    count = 0
    for path in files:
        data = path.read_bytes()
        read = parse(KEY, data.decode("utf-8"))
        if not data.startswith(b"---"):
            continue  # SOURCE.md
        count += 1
        assert dump(read).encode("utf-8") == data
        assert read.front, path
        assert not [p for p in read.problems if p.field in ("front matter", "text")], path
    assert count == 308


def test_an_edit_of_a_public_site_s_file_touches_one_line() -> None:
    for path in shared("frontmatter").rglob("*.md"):
        text = path.read_bytes().decode("utf-8")
        old = parse(KEY, text)
        if not isinstance(old.front.get("title"), str):
            continue
        new = edit(old, {"title": "A new title"})
        assert new.front == {**old.front, "title": "A new title"}, path
        assert new.body == old.body
        before, after = text.split("\n"), new.text.split("\n")
        title = next(n for n, line in enumerate(after) if "A new title" in line)
        assert before[:title] == after[:title]
        assert before[len(before) - len(after) + title + 1 :] == after[title + 1 :]


def test_the_files_of_public_sites_have_an_entry_for_the_index() -> None:
    for path in shared("frontmatter").rglob("*.md"):
        entry = entry_of(parse(KEY, path.read_bytes().decode("utf-8")), vocabularies())
        json.dumps(entry.record)
        assert (
            entry.body
            or path.name in ("_index.md", "SOURCE.md")
            or not entry.record["body"].strip()
        )


def test_every_yaml_case_is_read_without_a_crash_and_comes_back() -> None:
    for case in loaded("naughty/yaml-cases.json"):
        text = as_front_matter(case["yaml"])
        assert dump(parse(KEY, text, vocabularies())) == text, case["id"]


def test_every_invalid_yaml_case_gives_an_error_but_for_the_lenient_ones() -> None:
    cases = [case for case in loaded("naughty/yaml-cases.json") if case["fail"]]
    assert len(cases) == 94
    passed = {case["id"] for case in cases if not complaints(case["yaml"])}
    assert passed == set(LENIENT)


def test_edits_of_yaml_cases_keep_their_other_values() -> None:
    for case in loaded("naughty/yaml-cases.json"):
        old = parse(KEY, as_front_matter(case["yaml"]))
        if any(problem.field == "front matter" for problem in old.errors):
            continue
        new = edit(old, {"title": "A new title"})
        assert str(new.front) == str({**old.front, "title": "A new title"}), case["id"]


def test_naughty_strings_are_kept_as_titles_and_as_new_fields() -> None:
    old = document()
    for text in loaded("naughty/blns.json"):
        new = edit(old, {"title": text, "contact": {"name": text}})
        assert new.front["title"] == text
        assert new.front["contact"] == {"name": text}
        assert edit(new, {"title": old.front["title"], "contact": None}).text == old.text


def test_naughty_strings_as_any_field_are_checked_without_a_crash() -> None:
    strings = loaded("naughty/blns.json")
    for name in (
        "lang",
        "published",
        "themes",
        "countries",
        "sdgs",
        "period",
        "sources",
        "results",
    ):
        for text in strings[::7]:
            problems = document(**{name: text}).problems
            assert problems or not text
    assert {"text", "url", "language"} <= set(TYPES)


def test_hostile_payloads_are_no_valid_addresses_unless_they_are_harmless_ones() -> None:
    payloads = json.loads(shared("xss/payloads.json").read_text(encoding="utf-8"))
    source = {"id": 1, "title": "x", "publisher": "y"}
    for payload in payloads:
        text = payload if isinstance(payload, str) else str(payload.get("payload"))
        problems = document(sources=[{**source, "url": text}, {**source, "id": 2}]).problems
        rejected = "sources[1].url" in {problem.field for problem in problems}
        assert rejected or text.lower().startswith(("http://", "https://"))
