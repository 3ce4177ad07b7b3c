"""The editor through its addresses: begun, typed, saved, shown again, with nothing lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import html5lib
import pytest
from flask import Flask
from sqlalchemy import select

from indexer.field import Field
from indexer.fields import FIELDS
from indexer.library import Library
from indexer.values import revision_of
from kb.access import Person
from kb.app import create_app
from kb.present.fieldwords import HINTS
from kb.records.rows import read
from kb.records.tables import draft as draft_table
from kb.records.tables import revision
from kb.settings import Settings
from tests import factories
from tests.people import Browser, add_person, browser, database_of, signed_in

HTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture
def desk(library: Library, content: Path, tmp_path: Path) -> Iterator[Flask]:
    """A desk with a database of its own over the shared library."""
    settings = Settings(content=content, data=tmp_path / "data", languages=("en", "fr"))
    app = create_app(settings, library)
    yield app
    database_of(app).close()


@pytest.fixture
def writer(desk: Flask) -> Person:
    return add_person(database_of(desk), "contributor", "Ama")


@pytest.fixture
def at_desk(desk: Flask, writer: Person) -> tuple[Browser, str]:
    return signed_in(desk, writer)


def sent_by(page: str, submit: tuple[str, str] | None = None) -> list[tuple[str, str]]:
    """What a browser sends of the form on a page, line breaks as browsers send them."""
    tree = html5lib.parse(page)
    form = next(one for one in tree.iter(f"{HTML}form") if one.get("id") == "form")
    pairs: list[tuple[str, str]] = []
    for one in form.iter():
        name, kind = one.get("name"), one.get("type", "text")
        if not name or one.tag == f"{HTML}button":
            continue
        if one.tag == f"{HTML}select":
            options = list(one.iter(f"{HTML}option"))
            chosen = [o for o in options if o.get("selected") is not None] or options[:1]
            pairs += [(name, str(o.get("value"))) for o in chosen]
        elif one.tag == f"{HTML}textarea":
            pairs.append((name, (one.text or "").replace("\n", "\r\n")))
        elif kind != "checkbox" or one.get("checked") is not None:
            pairs.append((name, one.get("value", "").replace("\n", "")))
    return pairs + ([submit] if submit else [])


def posted(pairs: list[tuple[str, str]], **changes: str) -> dict[str, list[str]]:
    form: dict[str, list[str]] = {}
    for name, text in pairs:
        form.setdefault(name, []).append(text)
    return {**form, **{name: [text] for name, text in changes.items()}}


def begin(client: Browser, token: str, path: str = "/cases/cash-by-phone/edit") -> str:
    """The address of a new draft."""
    answer = client.post(path, data={"csrf_token": token})
    assert answer.status_code == 303
    return str(answer.headers["Location"]).removesuffix("/edit")


def text_of(app: Flask, path: str) -> str:
    """The newest text of a draft."""
    with database_of(app).reading() as connection:
        row = connection.execute(
            select(revision.c.text)
            .join(draft_table, draft_table.c.id == revision.c.draft_id)
            .where(draft_table.c.token == path.rsplit("/", 1)[-1])
            .order_by(revision.c.id.desc())
        ).first()
    assert row is not None
    return read(row[0])


def test_a_form_sent_back_as_it_came_changes_nothing(desk: Flask, at_desk: Any) -> None:
    client, token = at_desk
    path = begin(client, token)
    before = text_of(desk, path)
    page = client.get(f"{path}/edit")
    assert page.status_code == 200
    answer = client.post(f"{path}/edit", data=posted(sent_by(page.text)))
    assert answer.status_code == 303
    assert text_of(desk, path) == before


@pytest.mark.parametrize("text", [
    factories.case_text("\r\n## Context\r\n\r\nA <b> & \"q\" [1].\r\n").replace(
        "\nthemes:", "\nodd: {a: 1}  # kept\nthemes:"),
    "---\ntitle: 2007\nthemes: digital-payments\nsdgs: [1, {goal: 5, x: y}]\n---\n",
    "---\nresults: {a: 1}\nsources: [1, 2]\nperiod: [x]\n---\n\n\nText\n",
])  # fmt: skip
def test_odd_texts_pass_through_the_page_byte_for_byte(
    desk: Flask, at_desk: Any, text: str
) -> None:
    client, token = at_desk
    path = begin(client, token)
    raw = client.get(f"{path}/raw")
    client.post(f"{path}/raw", data=posted(sent_by(raw.text), raw=text))
    kept = text_of(desk, path)
    assert kept.replace("\r\n", "\n") == text.replace("\r\n", "\n")
    page = client.get(f"{path}/edit")
    client.post(f"{path}/edit", data=posted(sent_by(page.text)))
    assert text_of(desk, path) == kept


def test_what_is_edited_is_saved_and_nothing_else(desk: Flask, at_desk: Any) -> None:
    client, token = at_desk
    path = begin(client, token)
    before = text_of(desk, path).splitlines()
    pairs = sent_by(client.get(f"{path}/edit").text)
    answer = client.post(f"{path}/edit", data=posted(pairs, **{"f.outcome": "mixed", "do": "save"}))
    after = text_of(desk, path).splitlines()
    assert [line for line in after if line not in before] == ["outcome: mixed"]
    told = client.get(answer.headers["Location"]).text
    assert "Saved." in told


def test_buttons_inside_the_form_keep_everything_typed(desk: Flask, at_desk: Any) -> None:
    client, token = at_desk
    path = begin(client, token)
    pairs = sent_by(client.get(f"{path}/edit").text)
    form = posted(pairs, **{"f.title": "Typed & kept", "f.review_by": "soon"})
    for do in ("add:results", "remove:sources.1", "up:countries.TZ", "heading:Lessons",
               "take:themes.e-health", "preview", "find:countries", "nonsense"):  # fmt: skip
        page = client.post(f"{path}/edit", data={**form, "do": do, "find.countries": "tog"})
        assert page.status_code == 200
        form = posted(sent_by(page.text))
        assert form["f.title"] == ["Typed & kept"], do
    assert form["f.review_by"] == ["soon"]
    assert "f.results.3.indicator" in form
    assert not any(name.startswith("f.sources.1.") for name in form)
    assert form["f.countries"] == ["", "TZ", "KE"]
    assert "## Lessons" in form["body"][0]
    assert form["f.themes"][-1] == "e-health"


def test_the_picker_finds_without_and_with_script(at_desk: Any) -> None:
    client, token = at_desk
    path = begin(client, token)
    pairs = sent_by(client.get(f"{path}/edit").text)
    page = client.post(
        f"{path}/edit", data=posted(pairs, **{"find.countries": "togo", "do": "find:countries"})
    )
    assert 'value="TG"' in page.text
    found = client.get(
        f"{path}/terms/countries?find.countries=togo", headers={"HX-Request": "true"}
    )
    assert 'value="TG"' in found.text
    assert "<html" not in found.text
    assert client.get(f"{path}/terms/title?find.title=x").status_code == 200


def test_faults_are_told_at_the_field_and_in_the_summary(at_desk: Any) -> None:
    client, token = at_desk
    path = begin(client, token)
    pairs = sent_by(client.get(f"{path}/edit").text)
    form = posted(pairs, **{"f.results.1.year": "then", "f.title": "", "do": "check"})
    form["body"] = ["## Context\r\n\r\nSee [9].\r\n"]
    page = client.get(client.post(f"{path}/edit", data=form).headers["Location"]).text
    assert 'href="#f-results-1-year"' in page
    assert 'id="f-results-1-year-told"' in page
    assert 'href="#f-title"' in page
    assert "line 3: [9] leads to no source" in page
    assert 'value="then"' in page


def test_saving_by_itself_tells_the_time_and_the_next_base(desk: Flask, at_desk: Any) -> None:
    client, token = at_desk
    path = begin(client, token)
    form = posted(sent_by(client.get(f"{path}/edit").text), **{"f.title": "One"})
    told = client.post(f"{path}/autosave", data=form).get_json()
    assert told["base"] == revision_of(text_of(desk, path))
    assert "Ama" in told["told"]
    form = {**form, "base": [told["base"]], "f.title": ["Two"]}
    assert client.post(f"{path}/autosave", data=form).status_code == 200
    assert 'title: "Two"' in text_of(desk, path)


def test_two_people_on_one_draft_are_joined_or_asked(desk: Flask, at_desk: Any) -> None:
    client, token = at_desk
    path = begin(client, token)
    editor, _ = signed_in(desk, add_person(database_of(desk), "editor", "Efua"))
    mine, theirs = (posted(sent_by(one.get(f"{path}/edit").text)) for one in (client, editor))
    editor.post(f"{path}/edit", data={**theirs, "f.outcome": ["mixed"]})
    answer = client.post(f"{path}/edit", data={**mine, "f.title": ["Mine"]})
    assert "joined=1" in answer.headers["Location"]
    text = text_of(desk, path)
    assert 'title: "Mine"' in text
    assert "outcome: mixed" in text
    late = {**theirs, "f.title": ["Theirs"]}
    answer = editor.post(f"{path}/edit", data=late)
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("/conflict")
    assert editor.post(f"{path}/autosave", data=late).status_code == 409


def test_saving_by_itself_goes_on_after_a_join(desk: Flask, at_desk: Any) -> None:
    client, token = at_desk
    path = begin(client, token)
    editor, _ = signed_in(desk, add_person(database_of(desk), "editor", "Efua"))
    mine, theirs = (posted(sent_by(one.get(f"{path}/edit").text)) for one in (client, editor))
    editor.post(f"{path}/edit", data={**theirs, "f.outcome": ["mixed"]})
    for title in ("A", "A b", "A b c"):
        told = client.post(f"{path}/autosave", data={**mine, "f.title": [title]})
        assert told.status_code == 200, told.text
        mine["base"] = [told.get_json()["base"]]
    text = text_of(desk, path)
    assert 'title: "A b c"' in text
    assert "outcome: mixed" in text


def test_a_new_case_begins_with_its_title_after_a_look_at_those_like_it(
    desk: Flask, at_desk: Any
) -> None:
    client, token = at_desk
    assert client.get("/cases/new").status_code == 200
    form = {"csrf_token": token, "title": "Cash sent by telephone in Kenya", "lang": "en"}
    page = client.post("/cases/new", data=form)
    assert "/cases/cash-by-phone" in page.text
    answer = client.post("/cases/new", data={**form, "sure": "1"})
    path = answer.headers["Location"]
    page = client.get(path)
    assert page.status_code == 200
    assert "Cash sent by telephone in Kenya" in page.text
    assert 'id="faults"' not in page.text, "an empty form is not full of reproaches"
    assert 'id="faults"' in client.get(f"{path}?checked=1").text
    assert client.post("/cases/new", data={**form, "title": " "}).status_code == 200


def test_a_new_case_begins_with_what_the_gap_it_fills_is_about(desk: Flask, at_desk: Any) -> None:
    client, token = at_desk
    page = client.get("/cases/new?theme=e-health&theme=none&country=KE&organisation=safaricom")
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([\w-]+)">', page.text)
    assert [pair for pair in hidden if pair[0] != "csrf_token"] == [
        ("theme", "e-health"),
        ("country", "KE"),
    ]
    sent = {"csrf_token": token, "title": "Quite another thing", "lang": "en", "sure": "1"}
    answer = client.post("/cases/new", data={**sent, "theme": "e-health", "country": "KE"})
    text = text_of(desk, answer.headers["Location"])
    assert "themes: [e-health]\n" in text
    assert "countries: [KE]\n" in text
    assert "organisations" not in text


def test_a_draft_is_for_its_authors(desk: Flask, at_desk: Any) -> None:
    client, token = at_desk
    path = begin(client, token)
    other, other_token = signed_in(
        desk, add_person(database_of(desk), "contributor", "Kojo", "k@x.org")
    )
    for view in ("", "/edit", "/raw", "/terms/themes"):
        assert other.get(f"{path}{view}").status_code == 403, view
        assert other.get(f"/drafts/{'0' * 22}{view}").status_code == 404, view
        assert browser(desk).get(f"{path}{view}").status_code in (302, 303, 401), view
    for view in ("/edit", "/raw", "/autosave", "/preview", "/help", "/moves/submit"):
        answer = other.post(f"{path}{view}", data={"csrf_token": other_token})
        assert answer.status_code == 403, view


def test_a_session_that_has_ended_keeps_what_was_typed(desk: Flask, at_desk: Any) -> None:
    client, token = at_desk
    path = begin(client, token)
    form = posted(sent_by(client.get(f"{path}/edit").text), **{"f.title": "Typed before"})
    page = browser(desk).post(f"{path}/edit", data=form)
    assert "Typed before" in page.text
    assert "password" in page.text


def test_a_broken_head_is_mended_in_the_whole_text(desk: Flask, at_desk: Any) -> None:
    client, token = at_desk
    path = begin(client, token)
    raw = posted(sent_by(client.get(f"{path}/raw").text), raw="---\ntitle: [\n---\n\nText\n")
    client.post(f"{path}/raw", data=raw)
    answer = client.get(f"{path}/edit")
    assert answer.status_code == 303
    page = client.get(answer.headers["Location"])
    assert "there is no form" in page.text
    assert "Line 2" in page.text or "Line 3" in page.text


def test_the_preview_is_clean_html_and_the_help_knows_the_library(at_desk: Any) -> None:
    client, token = at_desk
    path = begin(client, token)
    form = posted(sent_by(client.get(f"{path}/edit").text))
    form["body"] = ["## Context\r\n\r\n<script>x</script> **bold** [1]\r\n"]
    page = client.post(f"{path}/preview", data=form).text
    assert "<strong>bold</strong>" in page
    assert "<script" not in page
    form["f.title"] = ["Clinics linked by satellite"]
    form["f.summary"] = ["Nurses in clinics in Togo asked doctors far away over a satellite."]
    page = client.post(f"{path}/help", data=form).text
    assert "/cases/clinic-by-satellite" in page
    assert "take:countries.TG" in page


def test_a_draft_is_submitted_and_published_from_its_page(desk: Flask, at_desk: Any) -> None:
    client, token = at_desk
    path = begin(client, token)
    page = client.get(path)
    assert f"{path}/moves/submit" in page.text
    assert client.post(f"{path}/moves/submit", data={"csrf_token": token}).status_code == 303
    form = {"csrf_token": token, "opened": "", "base": "", "f.title": "Late"}
    late = client.post(f"{path}/edit", data=form)
    assert (late.status_code, "kept beside it" in late.text) == (409, True)
    assert f"{path}/moves/withdraw-submission" in late.text
    assert client.post(f"{path}/moves/nothing", data={"csrf_token": token}).status_code == 404
    assert client.get(f"{path}/edit").status_code == 409
    client.post(f"{path}/moves/withdraw-submission", data={"csrf_token": token})
    assert f"{path}/conflict" in client.get(path).text


def test_co_authors_are_added_by_their_address(desk: Flask, at_desk: Any) -> None:
    client, token = at_desk
    path = begin(client, token)
    add_person(database_of(desk), "contributor", "Kojo", "kojo@example.org")
    share = {"csrf_token": token, "email": "kojo@example.org"}
    assert client.post(f"{path}/co-authors", data=share).status_code == 303
    assert "Kojo" in client.get(path).text
    gone = {"csrf_token": token, "remove": "kojo@example.org"}
    assert client.post(f"{path}/co-authors", data=gone).status_code == 303
    assert "Kojo" not in client.get(path).text
    nobody = {"csrf_token": token, "email": "no@example.org"}
    assert client.post(f"{path}/co-authors", data=nobody).status_code == 422


def test_pages_have_a_form_too(desk: Flask, at_desk: Any) -> None:
    client, token = at_desk
    path = begin(client, token, "/pages/about/edit")
    before = text_of(desk, path)
    page = client.get(f"{path}/edit")
    client.post(f"{path}/edit", data=posted(sent_by(page.text)))
    assert text_of(desk, path) == before
    assert client.get(path).status_code == 200


def test_a_draft_of_a_translation_has_its_language(desk: Flask, at_desk: Any) -> None:
    client, token = at_desk
    path = begin(client, token, "/cases/cash-by-phone/fr/edit")
    before = text_of(desk, path)
    pairs = sent_by(client.get(f"{path}/edit").text)
    client.post(f"{path}/edit", data=posted(pairs))
    assert text_of(desk, path) == before
    assert ("f.lang", "fr") in pairs
    assert client.get("/cases/no-such-case/edit").status_code == 404


def test_hostile_words_stay_words(desk: Flask, at_desk: Any) -> None:
    client, token = at_desk
    path = begin(client, token)
    form = posted(sent_by(client.get(f"{path}/edit").text))
    evil = '</textarea><script>alert(1)</script>" onfocus=x {{ 7 * 7 }}'
    form.update({"f.title": [evil], "f.summary": [evil], "body": [evil], "message": [evil]})
    form.update({"f.themes": ["", evil], "f.results.0.year": [evil], "find.countries": [evil]})
    for do in ("preview", f"take:themes.{evil}", f"up:{evil}", "save"):
        answer = client.post(f"{path}/edit", data={**form, "do": do})
        assert answer.status_code in (200, 303)
        assert "<script>alert" not in answer.text
    for view in ("", "/edit?checked=1", "/raw"):
        page = client.get(f"{path}{view}").text
        assert "<script>alert" not in page
        assert "{{ 7 * 7 }}" in page


def test_strange_forms_never_fail(at_desk: Any) -> None:
    client, token = at_desk
    path = begin(client, token)
    own = {"csrf_token": token}
    for form in (
        {"f.sdgs": "", "f.sdgs.0.@": "99", "f.sdgs.0.goal": "x", "f.sdgs.77777.goal": "1"},
        {"f.period": "", "f.period.start.x": "1", "f.results": "", "f.results.-1.value": "2"},
        {"f.themes.0": "x", "f.": "y", "f.results.0": "z", "do": "add:results.0.x.y"},
        {"opened": "", "base": "", "body": "\0\ud7ff\ufffe", "f.title": "\0\x85\u2028x"},
        {"f.results": "", **{f"f.results.{n}.value": "1" for n in range(600)}, "do": "add:results"},
    ):
        answer = client.post(f"{path}/edit", data={**own, **form})
        assert answer.status_code in (200, 303), form
        assert client.get(f"{path}/edit").status_code in (200, 303)
    assert client.post(f"{path}/edit", data={**own, "opened": "0" * 12}).status_code == 404


def helps(fields: tuple[Field, ...]) -> set[str]:
    return {one.help for one in fields}.union(*(helps(one.fields) for one in fields))


def test_hints_stand_for_sentences_of_the_table_of_fields() -> None:
    assert set(HINTS) <= helps(tuple(one for fields in FIELDS.values() for one in fields))
