"""Plain text of Markdown: the words that are read, without the marks."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.plain import plain_text


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("One\ntwo\n\nthree", "One two\n\nthree"),
        ("## Context ##\nText", "Context\n\nText"),
        ("Context\n=======\nText", "Context\n\nText"),
        ("a **b** *c* __d__ _e_ `f` ~~g~~", "a b c d e f g"),
        ("snake_case and 2 * 3 and R&D and C11", "snake_case and 2 * 3 and R&D and C11"),
        ("in 2018 [1]. And [2][3], so", "in 2018. And, so"),
        ("a note[^1]\n\n[^1]: The note", "a note\n\nThe note"),
        ("[M-*Pesa*](https://x.example/a_(b) \"t\") works", "M-Pesa works"),
        ("see [it][x]\n\n[x]: https://x.example", "see it"),
        ("![A map](map.png)", "A map"),
        ("<https://x.example/a>", "https://x.example/a"),
        ("- one\n- **two**\n  more\n* [x] three\n1. four\n2) five",
         "one\ntwo more\nthree\nfour\nfive"),
        ("> a quote\n> goes on", "a quote goes on"),
        ("| a | b |\n|---|:-:|\n| 1 | 2 |", "a b\n1 2"),
        ("before\n```py\nx = y\n\nz\n```\nafter", "before\n\nx = y\nz\n\nafter"),
        ("~~~\n```\n# code\n~~~~", "# code"),
        ("Term\n:   What it is", "Term\nWhat it is"),
        ("a<br>b H<sub>2</sub>O <!-- hidden\n\n --> c", "a b H2O c"),
        ("M&amp;E &lt;b&gt; caf&eacute; &nosuch; AT&T", "M&E <b> café &nosuch; AT&T"),
        (r"\*kept\* \[1\] \\", r"*kept* [1] \ ".strip()),
        ("a\r\n\r\nb\rc", "a\n\nb c"),
        ("***\na\n\n---\n\nb\n\n___", "a\n\nb"),
        ("## Head {#id .x}\n", "Head"),
        ("*[ICT]: Information", "[ICT]: Information"),
        ("这是**文字** [1]。\n\nنص *مائل*", "这是文字。\n\nنص مائل"),
        ("", ""),
        ("<!-- open", "<!-- open"),
        ("a \0 b", "a b"),
    ],
)  # fmt: skip
def test_the_marks_go_and_the_words_stay(markdown: str, plain: str) -> None:
    assert plain_text(markdown) == plain


@given(st.text(st.sampled_from(list("ab \n\t[]()!*_`~#>-|\\<&;:{}.1\0é"))))
def test_any_text_has_a_plain_text_of_clean_paragraphs(markdown: str) -> None:
    text = plain_text(markdown)
    assert text == text.strip()
    assert "\n\n\n" not in text
    assert "  " not in text


@given(st.lists(st.from_regex(r"[a-zé]{1,8}( [a-zé]{1,8}){0,5}", fullmatch=True), min_size=1))
def test_prose_without_marks_is_left_as_it_is(paragraphs: list[str]) -> None:
    text = "\n\n".join(paragraphs)
    assert plain_text(text) == text


@pytest.mark.parametrize(
    "mark",
    ["[", "![", "[a](", "<", "<!--", "`", "*_", "[[a]", "\\[", "](", "[x][", "&a", "{#", "> ", "| ",
     "- ", "_ ", "***", "(((", "[a](b(", "[^", "#", "|-", "~~~\n", " ", "\t", "=-"],
)  # fmt: skip
def test_a_hostile_text_takes_no_more_time_than_its_length(mark: str) -> None:
    assert seconds(mark * (100_000 // len(mark))) < 2


@pytest.mark.parametrize("before", ["# ", "## ", "|", "- ", "> ", "-", "{", "<", "[", "<a ", "x"])
def test_a_long_blank_takes_no_more_time_than_its_length(before: str) -> None:
    assert seconds(f"{before}{' ' * 100_000}x") < 2
    assert seconds(f"{before}{' ' * 100_000}x#") < 2


def seconds(markdown: str) -> float:
    start = time.process_time()
    plain_text(markdown)
    return time.process_time() - start
