"""Checking a content folder: each file, and the files against each other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from indexer.checking import check, check_vocabulary
from indexer.store import Store
from tests.factories import (
    case_text,
    content_folder,
    file_text,
    term_text,
    vocabularies,
)

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return content_folder(tmp_path / "content", {"cash-by-phone": case_text()})


def said(*paths: Path, errors: bool = True) -> list[str]:
    """Give the errors (else all problems) of these paths as `name: field: message`."""
    return [
        f"{path.name}: {problem.field}: {problem.message}"
        for path, problem in check(paths)
        if not (errors and problem.warning)
    ]


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_valid_content_folder_has_no_errors(content: Path) -> None:
    assert said(content) == []
    assert list(check(Store(content))) == list(check([content]))


def test_the_content_of_this_repository_is_valid() -> None:
    assert said(REPOSITORY / "content") == []


def test_a_file_is_checked_with_the_vocabularies_above_it(content: Path) -> None:
    path = write(content / "cases" / "other.md", case_text(themes=["unknown"]))
    (message,) = said(path)
    assert message.startswith("other.md: themes[1]: ")


def test_one_bad_file_does_not_stop_the_others(content: Path) -> None:
    write(content / "cases" / "a.md", "---\ntitle: 'x\n---\n")
    (content / "cases" / "b.md").write_bytes(b"\xff\xfe")
    write(content / "pages" / "c.md", "---\ntitle: 5\n---\nx")
    names = {message.split(":")[0] for message in said(content)}
    assert names == {"a.md", "b.md", "c.md"}


def test_the_kind_follows_from_the_folder(content: Path) -> None:
    page = write(content / "pages" / "about.md", "---\ntitle: About\n---\nText")
    pack = write(content / "packs" / "course.md", "---\ntitle: Course\n---\n")
    assert said(page) == []
    assert [message.split(":")[1] for message in said(pack)] == [" sections"]


def test_a_file_outside_of_a_library_is_checked_as_a_case(tmp_path: Path) -> None:
    path = write(tmp_path / "draft.md", case_text(themes=["unknown"], title=None))
    assert [message.split(":")[1] for message in said(path)] == [" title"]
    found = [problem.field for _, problem in check([path], fallback=vocabularies())]
    assert found == ["title", "themes[1]"]


def test_a_bad_file_name_is_a_problem_of_the_file(content: Path) -> None:
    path = write(content / "cases" / "Bad Name.md", case_text())
    assert said(path)[0].startswith('Bad Name.md: file name: "Bad Name" is no name')
    path = write(content / "cases" / "a.french language.md", case_text())
    assert "<slug>.<lang>.md" in said(path)[0]
    assert "reserved" in said(write(content / "cases" / "new.md", case_text()))[0]


def test_what_cannot_be_read_is_said(content: Path, tmp_path: Path) -> None:
    assert said(content / "cases" / "none.md") == [
        "none.md: file: cannot be read: No such file or directory"
    ]
    link = content / "cases" / "link.md"
    link.symlink_to(content / "cases" / "cash-by-phone.md")
    assert "is a link" in said(link)[0]


def test_a_translation_needs_its_original(content: Path) -> None:
    def french(slug: str) -> str:
        of = {"slug": slug, "revision": "3f9a0c12b7de"}
        return case_text(lang="fr", translation_of=of)

    write(content / "cases" / "cash-by-phone.fr.md", french("cash-by-phone"))
    assert said(content) == []
    write(content / "cases" / "lost.fr.md", french("lost"))
    assert said(content) == [
        "lost.fr.md: translation_of: there is no original lost.md beside this file"
    ]


def test_an_alias_is_one_case_s_alone_and_no_case_s_name(content: Path) -> None:
    write(content / "cases" / "a.md", case_text(aliases=["old", "cash-by-phone"]))
    write(content / "cases" / "b.md", case_text(aliases=["old"]))
    write(content / "pages" / "c.md", file_text({"title": "x", "aliases": ["old"]}, "x", "page"))
    assert said(content) == [
        "a.md: aliases[2]: there is a case of this name: delete the alias",
        "b.md: aliases[1]: a.md has the same alias: delete one of the two",
    ]


def test_a_translation_may_repeat_the_aliases_of_its_original(content: Path) -> None:
    of = {"slug": "cash-by-phone", "revision": "3f9a0c12b7de"}
    changes: dict[str, Any] = {"aliases": ["old"]}
    write(content / "cases" / "cash-by-phone.md", case_text(**changes))
    text = case_text(lang="fr", translation_of=of, **changes)
    write(content / "cases" / "cash-by-phone.fr.md", text)
    assert said(content) == []


def test_a_pack_names_cases_that_are_there(content: Path) -> None:
    items = [{"case": "cash-by-phone"}, "cash-by-fone"]
    values = {"title": "Course", "sections": [{"title": "One", "items": items}]}
    path = write(content / "packs" / "course.md", file_text(values, "", "pack"))
    (problem,) = [problem for _, problem in check([path]) if not problem.warning]
    assert problem.field == "sections[1].items[2]"
    assert "did you mean cash-by-phone?" in problem.message


def test_other_files_in_the_folder_are_left_alone(content: Path) -> None:
    for name in ("README.md", "cases/.a.md.tmp", "media/x.md", ".git/cases/x.md", "cases/x.txt"):
        write(content / name, "x")
    assert said(content) == []


# Vocabularies.


def vocabulary(text: str, name: str = "themes") -> list[str]:
    found = check_vocabulary(name, text, vocabularies())
    return [f"{p.line}: {p.field}: {p.message.split(':')[0]}" for p in found if not p.warning]


def test_a_vocabulary_is_checked_with_the_folder(content: Path) -> None:
    write(content / "vocabularies" / "themes.yaml", "- id: a b\n")
    assert "themes.yaml: terms[1].id" in said(content)[-2] + said(content)[-1]


def test_labels_are_expected_in_six_languages() -> None:
    assert check_vocabulary("themes", term_text("x")) == []
    text = '- id: x\n  labels: {en: "X", fr: "X", es: "X", ar: "X"}\n'
    found = check_vocabulary("themes", text)
    assert [(p.line, p.field, p.warning) for p in found] == [
        (2, "terms[1].labels.zh", True), (2, "terms[1].labels.ru", True)
    ]  # fmt: skip


def test_ids_are_unique_and_the_broader_term_exists() -> None:
    text = term_text("payments") + term_text("payments") + term_text("x") + "  broader: payment\n"
    assert vocabulary(text) == [
        '4: terms[2].id: "payments" is there twice',
        '10: terms[3].broader: there is no term "payment"',
    ]


def test_terms_may_not_go_round_in_a_circle() -> None:
    text = term_text("a") + "  broader: b\n" + term_text("b") + "  broader: a\n"
    assert len(vocabulary(text)) == 2
    assert "circle" in vocabulary(text)[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- a\n", "1: terms[1]: must be a term"),
        ("", "1: terms: is missing"),
        ("# only a comment\n", "1: terms: is missing"),
        ("a: 1\n", "1: terms: is missing"),
        ("# x\n- id: 'a\n", "3: front matter: is not valid YAML"),
        ("- id: a\x01\n", "1: text: control character U+0001"),
    ],
)
def test_a_file_that_is_no_vocabulary_says_so_at_its_line(text: str, expected: str) -> None:
    assert vocabulary(text)[0] == expected


def test_countries_are_not_written_by_hand() -> None:
    assert "delete this file" in str(check_vocabulary("countries", term_text("KE"))[0])


def test_organisations_have_a_name_a_type_and_a_seat() -> None:
    text = "- {id: a, name: A, type: ngo, country: KE}\n- {id: b, type: gang, country: Kenya}\n"
    assert vocabulary(text, "organisations") == [
        '2: terms[2].type: "gang" is not in vocabularies/organisation-types.yaml',
        '2: terms[2].country: "Kenya" is not in the ISO 3166-1 alpha-2 codes',
        "2: terms[2].labels: is missing",
    ]
