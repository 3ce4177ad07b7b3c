"""A search as an address and as words: both say what was meant, and neither ever fails."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import query as queries
from indexer.query import FACETS, MODES, Field, Group, Phrase, Query, Word, Years, parse

NAUGHTY = Path(__file__).parents[3] / "shared/data/naughty/blns.json"

values = st.text(min_size=1, max_size=20).map(str.strip).filter(bool)
pieces = st.sampled_from(
    ['"', "“", "”", "(", ")", "-", "*", ":", "AND", "OR", "NOT", "theme:", "year:", "title:",
     "2010..2015", "cash", "a*", "R&D", " ", "  ", "\t", "\0", "水", "é"]
)  # fmt: skip
typed = st.one_of(st.text(), st.lists(pieces, max_size=30).map("".join),
                  st.lists(pieces, max_size=30).map(" ".join))  # fmt: skip


@st.composite
def normalised(draw: st.DrawFn) -> Query:
    names = [name for name in FACETS if draw(st.booleans())]
    chosen = {name: tuple(draw(st.lists(values, min_size=1, max_size=3, unique=True)))
              for name in names}  # fmt: skip
    modes = {name: draw(st.sampled_from(MODES)) for name in names}
    years = st.none() | st.integers(1900, 2199)
    text = " ".join(draw(st.text()).split())
    return Query(
        text=text,
        facets=tuple(chosen.items()),
        modes=tuple((name, mode) for name, mode in modes.items() if mode != "any"),
        year_from=draw(years),
        year_to=draw(years),
        sort=draw(st.sampled_from(queries.SORTS)),
        page=draw(st.integers(1, 9999)),
        exact=bool(text) and draw(st.booleans()),
    )


@given(normalised())
def test_an_address_says_the_whole_query(query: Query) -> None:
    assert queries.from_params(queries.to_params(query)) == query


@given(st.lists(st.tuples(st.sampled_from([*FACETS, "q", "page", "year.from", "theme.mode", "x"])
                          | st.text(), st.text())))  # fmt: skip
def test_any_address_is_some_query_and_settles(pairs: list[tuple[str, str]]) -> None:
    query = queries.from_params(pairs)
    assert queries.from_params(queries.to_params(query)) == query


def test_a_text_that_was_insisted_on_stays_as_it_was_typed_and_another_does_not() -> None:
    insisted = Query("M-Pessa", exact=True)
    assert queries.from_params([("q", "M-Pessa"), ("exact", "1")]) == insisted
    assert queries.from_params([("q", "M-Pessa"), ("exact", "M-Pessa")]) == insisted
    assert queries.from_params([("q", "schol"), ("exact", "M-Pessa")]) == Query("schol")
    assert queries.to_params(insisted)[-1] == ("exact", "1")


def test_an_address_names_no_more_values_than_anybody_chooses() -> None:
    pairs = [("theme", f"t{n}") for n in range(300)]
    assert len(queries.from_params(pairs).chosen("theme")) == queries.MOST_VALUES


@given(normalised())
def test_without_all_its_filters_only_words_and_order_are_left(query: Query) -> None:
    left = query.without(query.filters)
    assert not left.narrowed
    assert left == query.replace(page=1).without_facets() if query.narrowed else query
    assert query.without([("text", "")]).text == ""


@given(typed)
def test_any_text_is_read_and_explained(text: str) -> None:
    read_as = parse(text)
    assert isinstance(queries.explain(read_as), str)
    assert bool(queries.explain(read_as)) == bool(read_as.words or read_as.required or read_as.note)


@pytest.mark.parametrize(
    "text",
    ["a:" * 5000 + "x", "theme:" * 5000 + "x", "(" * 5000, "NOT " * 5000, "-(" * 5000 + "x",
     "a" + " " * 100_000, '"' * 5001, "cash OR " * 5000 + "x", "x" * 100_000, "word " * 50_000],
)  # fmt: skip
def test_long_and_nested_texts_are_read_too(text: str) -> None:
    assert queries.explain(parse(text)) is not None


def test_naughty_strings_are_read() -> None:
    if not NAUGHTY.exists():
        pytest.skip(f"{NAUGHTY.name} is not here")
    for text in json.loads(NAUGHTY.read_text(encoding="utf-8")):
        assert isinstance(queries.explain(parse(text)), str)


@pytest.mark.parametrize(
    ("text", "words", "required"),
    [
        ("cash crisis", ("cash", "crisis"), ()),
        ('cash "mobile money"', ("cash", "mobile", "money"), (Phrase("mobile money"),)),
        ("cash -kenya", ("cash",), (Group("none", (Word("kenya"),)),)),
        ("cash NOT kenya", ("cash",), (Group("none", (Word("kenya"),)),)),
        ("e-Gov well-known", ("e-Gov", "well-known"), ()),
        ("a OR b", ("a", "b"), (Group("any", (Word("a"), Word("b"))),)),
        ("a AND b OR c", ("a", "b", "c"),
         (Group("any", (Group("all", (Word("a"), Word("b"))), Word("c"))),)),
        ("a AND (b OR c)", ("a", "b", "c"),
         (Group("all", (Word("a"), Group("any", (Word("b"), Word("c"))))),)),
        ("farm*", ("farm",), (Word("farm", prefix=True),)),
        ("title:cash", ("cash",), (Field("title", "cash"),)),
        ("theme:e-health", (), (Field("theme", "e-health"),)),
        ("Tech:satellite", (), (Field("technology", "satellite"),)),
        ('country:"Sierra Leone" flood', ("flood",), (Field("country", "Sierra Leone"),)),
        ("org:safaricom", (), (Field("organisation", "safaricom"),)),
        ("sdg:5", (), (Field("sdg", "5"),)),
        ("year:2010..2015", (), (Years(2010, 2015),)),
        ("year:2010", (), (Years(2010, 2010),)),
        ("year:..2015", (), (Years(None, 2015),)),
        ("year:2010..", (), (Years(2010, None),)),
        ("-theme:e-health", (), (Group("none", (Field("theme", "e-health"),)),)),
        ("what (in short) is cash?", ("what", "in", "short", "is", "cash?"), ()),
        ("https://example.org/a", ("https://example.org/a",), ()),
        ("-https://example.org", (), (Group("none", (Word("https://example.org"),)),)),
    ],
)  # fmt: skip
def test_the_language_of_a_query(text: str, words: tuple, required: tuple) -> None:
    read_as = parse(text)
    assert tuple(word.text for word in read_as.words) == words
    assert read_as.required == required
    assert not read_as.note


@pytest.mark.parametrize(
    ("text", "note"),
    [("cash AND", "operator"), ("OR cash", "operator"), ("cash AND (kenya", "bracket"),
     ("a) OR b", "bracket"), ('"mobile money', "quotation"), ("theme:-x", "field"),
     ("year:20102015", "year"), ("year:soon", "year"), ("title:(a) OR b", "field")],
)  # fmt: skip
def test_what_is_malformed_is_read_as_words_and_said(text: str, note: str) -> None:
    read_as = parse(text)
    assert read_as.note == note
    assert not read_as.required
    assert "read as words" in queries.explain(read_as)


def test_what_is_excluded_has_no_meaning() -> None:
    assert parse("cash -(kenya togo) NOT banks").meaning == "cash"


def test_a_query_is_told_in_plain_words() -> None:
    told = queries.explain(parse('cash crisis "mobile money" -kenya year:2010..2015'))
    assert told == (
        "the words cash, crisis, mobile, money and their meaning; with the phrase “mobile money”;"
        " without: with kenya; years 2010 to 2015"
    )


def test_choosing_and_leaving_out_a_value_starts_at_the_first_page() -> None:
    query = Query(text="cash", page=3).with_value("theme", "e-health")
    assert (query.page, query.chosen("theme")) == (1, ("e-health",))
    assert query.without_value("theme", "e-health") == Query(text="cash")
    assert not Query(text="cash").narrowed and query.narrowed
