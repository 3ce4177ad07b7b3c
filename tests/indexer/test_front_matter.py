"""Reading front matter: what counts as a head, which values it gives, what is refused."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.document import Key, dump, edit, parse
from indexer.errors import UnreadableHead
from indexer.head import MAX_HEAD, read, split

KEY = Key("page", "a-page")

# Texts with many of the characters that matter to a reader of front matter.
torture = st.text(
    st.one_of(
        st.sampled_from(list("---\n\r\t \ufeff\0:#'\"[]{}&*!|>%@`,?a1\u2028\x85")), st.characters()
    )
)
heads = st.builds("---\n{}\n---\n{}".format, torture, torture)


def values(head: str) -> dict[str, object]:
    return read(head).values


def syntax(head: str) -> list[str]:
    return [str(problem) for problem in read(head).problems]


@given(st.one_of(torture, heads, st.text()))
def test_any_text_is_parsed_without_an_exception_and_comes_back_as_it_was(text: str) -> None:
    document = parse(KEY, text)
    assert dump(document) == text
    parts = split(text)
    assert parts.start + parts.head + parts.close + parts.body == text
    assert document.body == parts.body


@given(st.one_of(torture, heads))
def test_every_problem_points_at_a_line_of_the_file(text: str) -> None:
    lines = text.count("\n") + text.count("\r") + 1
    assert all(1 <= problem.line <= lines + 1 for problem in parse(KEY, text).problems)


@given(st.binary(max_size=200))
def test_bytes_that_are_not_utf8_are_kept_and_reported(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    document = parse(KEY, text)
    assert dump(document).encode("utf-8", "surrogateescape") == data
    if any("\udc80" <= character <= "\udcff" for character in text):
        assert "text" in {problem.field for problem in document.errors}


def test_a_lone_surrogate_is_reported_and_has_a_revision() -> None:
    document = parse(KEY, "---\ntitle: x\n---\n\ud800")
    assert len(document.revision) == 12
    assert [problem.line for problem in document.errors] == [4]


def test_the_revision_is_the_beginning_of_the_sha256_of_the_bytes() -> None:
    assert parse(KEY, "é\r\n").revision == sha256(b"\xc3\xa9\r\n").hexdigest()[:12]


def test_bytes_that_are_not_utf8_are_named() -> None:
    text = b"---\ntitle: x\n---\ncaf\xe9\n".decode("utf-8", "surrogateescape")
    (problem,) = parse(KEY, text).errors
    assert str(problem) == "4: text: byte 0xe9 is not UTF-8: save the file as UTF-8"


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("---\ntitle: x\n---\nBody", "Body"),
        ("---\r\ntitle: x\r\n---\r\nBody\r\n", "Body\r\n"),
        ("---\rtitle: x\r---\rBody\r", "Body\r"),
        ("\ufeff---\ntitle: x\n---\nBody", "Body"),
        ("---  \ntitle: x\n--- \nBody", "Body"),
        ("---\ntitle: x\n---", ""),
        ("---\ntitle: x\n---\n\r", "\r"),
        ("---\ntitle: x\n---\nOne\n\n---\n\nTwo", "One\n\n---\n\nTwo"),
        ("---\ntitle: x\n---\n---\n", "---\n"),
    ],
)
def test_the_body_is_all_that_follows_the_closing_line(text: str, body: str) -> None:
    document = parse(KEY, text)
    assert document.front == {"title": "x"}
    assert document.body == body


@pytest.mark.parametrize(
    "text", ["", "\n", "Body", "--\na: 1\n--\n", "----\na: 1\n----\n", "\ufeff"]
)
def test_a_file_without_front_matter_is_all_body_and_says_so(text: str) -> None:
    document = parse(KEY, text)
    assert (document.front, document.body) == ({}, text)
    assert "front matter" in {problem.field for problem in document.errors}


def test_an_unclosed_head_and_a_late_one_are_told_apart() -> None:
    unclosed = parse(KEY, "---\ntitle: x\n\nBody").errors[0]
    late = parse(KEY, "\n\n---\ntitle: x\n---\nBody").errors[0]
    assert "not closed" in unclosed.message
    assert "first line" in late.message


def test_an_empty_head_is_a_head() -> None:
    document = parse(KEY, "---\n---\nBody")
    assert document.body == "Body"
    assert "title" in {problem.field for problem in document.errors}


@pytest.mark.parametrize(
    "word", ["NO", "no", "on", "Off", "yes", "y", "True", "12:30", "1_000", "0b1"]
)
def test_words_that_yaml_1_1_takes_for_something_else_stay_texts(word: str) -> None:
    assert values(f"a: {word}\n") == {"a": word}


def test_scalars_are_those_of_yaml_1_2_and_dates() -> None:
    head = "a: true\nb: 017\nc: 0x1F\nd: 1.5e3\ne: ~\nf:\ng: 2026-11-23\nh: 2026-02-30\ni: '5'\n"
    assert values(head) == {
        "a": True, "b": 17, "c": 31, "d": 1500.0, "e": None, "f": None,
        "g": date(2026, 11, 23), "h": "2026-02-30", "i": "5",
    }  # fmt: skip


def test_keys_are_kept_as_they_are_written() -> None:
    assert values("2007: a\ntrue: b\nnull: c\n") == {"2007": "a", "true": "b", "null": "c"}


def test_a_number_too_long_for_a_number_is_kept_as_text() -> None:
    assert values("a: " + "9" * 5000) == {"a": "9" * 5000}


def test_a_key_given_twice_is_reported_with_both_lines() -> None:
    assert syntax("a: 1\nb: 2\na: 3\n") == [
        "4: a: is given twice, first on line 2: keep one of the two"
    ]
    assert values("a: 1\nb: 2\na: 3\n") == {"a": 3, "b": 2}


def test_a_nested_key_given_twice_is_reported() -> None:
    (problem,) = read("a:\n  - {b: 1,\n     b: 2}\n").problems
    assert problem.line == 4


def test_aliases_are_followed() -> None:
    assert values("a: &x [1]\nb: *x\n") == {"a": [1], "b": [1]}


@pytest.mark.parametrize(
    "head",
    [
        "a: &a [*a]\n",
        "a: &a {b: *a}\n",
        "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
        + "".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)),
    ],
)
def test_an_alias_bomb_is_refused_in_words(head: str) -> None:
    reading = read(head)
    assert reading.broken
    assert reading.values == {}
    assert "aliases" in reading.problems[0].message


@pytest.mark.parametrize("head", ["a: " + "[" * 100_000, "- " * 90_000, "{a: " * 45_000])
def test_deep_nesting_is_refused_in_words(head: str) -> None:
    assert "levels of nesting" in read(head).problems[0].message


def test_a_head_beyond_all_measure_is_not_read() -> None:
    assert "longer than" in read("a: " + "x" * MAX_HEAD).problems[0].message


@pytest.mark.parametrize(
    ("head", "line", "advice"),
    [
        ("a: 1\nb: x: y\n", 3, "double quotes"),
        ("a: 1\nb: 'x\nc: 2\n", 5, "not closed"),
        ("a: 1\nb:\n\t- x\n", 4, "spaces"),
        ("a: @x\n", 2, "double quotes"),
        ("a: *x\n", 2, "begins with *"),
        ('a: "\\d"\n', 2, "backslash"),
        ("a: 1\nb: [1, 2\nc: 3\n", 4, "comma"),
        ("a: {b: 1\nc: 3\n", 3, "comma"),
        ("a: 'it's'\n", 2, "quotes"),
        ("a: 1\njust words\n", 4, "key: value"),
        ("a: 1\n--- \tb\n", 3, "---"),
        ("- a\n", 2, "key: value"),
        ("words\n", 2, "key: value"),
        ("a: !python/object:os.system x\n", 2, "tag"),
        ("a: !!binary x\n", 2, "tag"),
        ("? [a]\n: b\n", 2, "key"),
    ],
)
def test_broken_yaml_is_explained_at_its_line(head: str, line: int, advice: str) -> None:
    problem = next(p for p in parse(KEY, f"---\n{head}---\nBody").errors if p.field != "title")
    assert (problem.line, problem.field) == (line, "front matter")
    assert advice in problem.message


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_are_counted_alike_with_every_line_ending(newline: str) -> None:
    head = newline.join(["---", "title: x", "lang: 1", "---", "Body", "\x01"])
    found = {(problem.field, problem.line) for problem in parse(KEY, head).errors}
    assert found == {("lang", 3), ("text", 6)}


def test_control_characters_are_reported_once_a_line_wherever_they_stand() -> None:
    document = parse(KEY, "---\ntitle: a\0\1b\n---\nx\x1b\ny\x7f\n")
    assert [problem.line for problem in document.errors] == [2, 4, 5]
    assert document.front == {}


def test_a_tab_in_a_text_is_no_problem() -> None:
    assert parse(KEY, '---\ntitle: "a\tb"\n---\nx\ty\n').front == {"title": "a\tb"}


@given(st.one_of(torture, heads), st.text())
def test_an_edit_of_any_text_adds_a_title_and_keeps_the_rest(text: str, title: str) -> None:
    old = parse(KEY, text)
    try:
        new = edit(old, {"title": title})
    except UnreadableHead:
        assert {"front matter", "text"} & {problem.field for problem in old.errors}
        return
    assert str(dict(new.front)) == str({**old.front, "title": title})
    assert new.body.endswith(old.body.removeprefix("\ufeff"))
