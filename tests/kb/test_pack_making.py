"""Packs in the making: begun in every way, with cases found, pinned and looked after, shared."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from indexer.document import parse
from indexer.library import Library
from indexer.pack import pack_of_text
from indexer.values import Key
from kb.access import Person
from kb.app import create_app
from kb.records import journal
from kb.records.journal import Draft
from kb.services import editing
from kb.services.comparing import compare
from kb.services.desk import Desk
from kb.services.merging import merge
from kb.services.publishing import publish, set_status
from kb.settings import Settings
from tests.desks import CASH, copy_home, made_public, make_home, text_of, with_fields
from tests.kb.test_editor import posted, sent_by
from tests.packs import TITLE, item, pack_text, sections
from tests.people import Browser, add_person, browser, database_of, signed_in

PACK = Key("pack", "money-by-phone-half-a-day")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_home(tmp_path_factory.mktemp("packs"))


@pytest.fixture
def app(home: Path, tmp_path: Path) -> Iterator[Flask]:
    settings = copy_home(home, tmp_path)
    app = create_app(settings, Library.open(settings.content, settings.var, threads=1))
    yield app
    database_of(app).close()


@pytest.fixture
def desk(app: Flask) -> Desk:
    settings: Settings = app.extensions["sankofa.settings"]
    return Desk(database_of(app), app.extensions["sankofa.opening"].library(), settings)


@pytest.fixture
def writer(app: Flask) -> Person:
    return add_person(database_of(app), "contributor", "Ama")


@pytest.fixture
def editor(app: Flask) -> Person:
    return add_person(database_of(app), "editor", "Efua")


@pytest.fixture
def client(app: Flask, writer: Person) -> Browser:
    return signed_in(app, writer)[0]


def draft_at(desk: Desk, path: str) -> Draft:
    with desk.database.reading() as connection:
        return journal.draft(connection, path.split("/")[2])


def begun(desk: Desk, person: Person, **changes: Any) -> Draft:
    return editing.begin(desk, person, None, "pack", pack_text(**changes))


def published(desk: Desk, person: Person, editor: Person, **changes: Any) -> None:
    draft = editing.submit(desk, person, begun(desk, person, **changes).token)
    publish(desk, editor, draft.token)


def plain(page: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


# Begun ---------------------------------------------------------------------------------------


def test_a_pack_begins_with_the_cases_of_a_list_in_their_order(desk: Desk, client: Browser) -> None:
    path = "/packs/new?case=women-coders&case=cash-by-phone"
    page = client.get(path).text
    assert page.index("women-coders") < page.index("cash-by-phone")
    form = {"title": "Two cases", "lang": "en", "case": ["women-coders", "cash-by-phone"]}
    answer = client.send("/packs/new", form)
    assert answer.status_code == 303
    pack = pack_of_text(draft_at(desk, answer.headers["Location"]).text)
    assert (pack.title, pack.cases) == ("Two cases", ("women-coders", "cash-by-phone"))
    assert draft_at(desk, answer.headers["Location"]).kind == "pack"


def test_a_pack_begins_with_what_a_search_finds_and_a_search_leads_there(client: Browser) -> None:
    page = client.get("/search?q=cash+phone").text
    assert 'href="/packs/new?q=cash+phone"' in page
    assert 'value="cash-by-phone" checked' in client.get("/packs/new?q=cash+phone").text
    assert 'href="/packs/new?case=cash-by-phone"' in client.get("/list?case=cash-by-phone").text


def test_a_pack_without_a_title_does_not_begin(client: Browser) -> None:
    page = client.send("/packs/new", {"title": " ", "case": ["cash-by-phone"]}).text
    assert "Write a title first." in page
    assert 'value="cash-by-phone" checked' in page


def test_visitors_and_readers_make_no_packs(app: Flask) -> None:
    assert browser(app).get("/packs/new").headers["Location"].startswith("/account/sign-in")
    reader, _ = signed_in(app, add_person(database_of(app), "reader"))
    assert reader.get("/packs/new").status_code == 403


def test_a_fork_is_a_draft_of_its_own_that_names_its_origin(
    desk: Desk, client: Browser, writer: Person, editor: Person
) -> None:
    published(desk, writer, editor)
    path = f"/packs/{PACK.slug}/fork"
    assert TITLE in client.get(path).text
    answer = client.send(path, {"title": "My own day"})
    draft = draft_at(desk, answer.headers["Location"])
    pack, old = pack_of_text(draft.text), pack_of_text(text_of(desk, PACK))
    assert (pack.title, draft.slug) == ("My own day", "my-own-day")
    assert pack.origin is not None
    assert pack.origin.slug == PACK.slug
    assert (pack.sections, pack.body) == (old.sections, old.body)
    for name in ("published", "updated", "status"):
        assert f"\n{name}:" not in draft.text


def test_there_is_no_fork_of_what_is_not_there(client: Browser) -> None:
    assert client.get("/packs/none/fork").status_code == 404


# In the editor -------------------------------------------------------------------------------


def test_a_form_sent_back_as_it_came_changes_nothing(
    desk: Desk, client: Browser, writer: Person
) -> None:
    draft = begun(desk, writer)
    page = client.get(f"/drafts/{draft.token}/edit").text
    client.post(f"/drafts/{draft.token}/edit", data=posted(sent_by(page), do="save"))
    assert draft_at(desk, f"/drafts/{draft.token}").text == draft.text
    assert "Mobile money and inclusion" in page  # the example of a title is one of packs
    assert "40 minutes" in plain(page)  # of the first section


def test_the_picker_finds_cases_by_words_and_by_meaning(
    desk: Desk, client: Browser, writer: Person
) -> None:
    draft = begun(desk, writer)
    path = "sections.1.items"
    found = client.get(
        f"/drafts/{draft.token}/terms/{path}", query_string={f"find.{path}": "rising rivers"}
    ).text
    assert f'value="take:{path}.flood-warning"' in found
    assert "Cash by phone" not in found or f"take:{path}.cash-by-phone" not in found


def test_more_like_these_leaves_out_what_is_in_it(
    desk: Desk, client: Browser, writer: Person
) -> None:
    draft = begun(desk, writer)
    page = client.get(f"/drafts/{draft.token}/edit").text
    offered = re.findall(r'value="take:sections\.1\.items\.([a-z-]+)"', page)
    assert not {"cash-by-phone", "crop-prices", "women-coders"} & set(offered)


def test_what_became_of_cases_is_told_and_the_text_of_today_taken_with_a_click(
    desk: Desk, client: Browser, writer: Person, editor: Person
) -> None:
    old = desk.library.get(CASH)
    assert old is not None
    pinned = item("cash-by-phone", old["revision"])
    draft = begun(desk, writer, sections=sections(("One", [pinned, item("crop-prices")])))
    edit = f"/drafts/{draft.token}/edit"
    assert 'id="looks"' not in client.get(edit).text
    for summary in ("People in a district sent money by text message, and it went on.",
                    "People in a district sent money by text message, and it ended."):  # fmt: skip
        made_public(desk, writer, editor, CASH, lambda t, s=summary: with_fields(t, summary=s))
    set_status(desk, editor, Key("case", "crop-prices"), "archived", "Out of date.")
    page = client.get(edit).text
    assert "changed 2 times" in plain(page)
    assert "This case was archived. Out of date." in plain(page)
    since = f"/drafts/{draft.token}/since/cash-by-phone/{old['revision']}"
    assert f'href="{since}"' in page
    newest = desk.library.get(CASH)
    assert newest is not None
    action = f"set:sections.0.items.0.revision.{newest['revision']}"
    pressed = client.post(edit, data=posted(sent_by(page), do=action)).text
    assert dict(sent_by(pressed))["f.sections.0.items.0.revision"] == newest["revision"]
    assert "changed 2 times" not in plain(pressed)
    # the same from the page of the difference, which saves
    difference = client.get(since)
    assert "and it ended" in plain(difference.text)
    assert client.send(since).status_code == 303
    pack = pack_of_text(draft_at(desk, edit).text)
    assert pack.items[0].revision == newest["revision"]
    assert "note" in draft.text
    assert (pack.items[0].note, pack.items[1:]) == (
        "On cash-by-phone.", pack_of_text(draft.text).items[1:]
    )  # fmt: skip


def test_a_pack_is_reviewed_published_and_has_a_history(
    app: Flask, desk: Desk, client: Browser, writer: Person, editor: Person
) -> None:
    draft = begun(desk, writer)
    client.send(f"/drafts/{draft.token}/moves/submit", page=f"/drafts/{draft.token}")
    theirs, token = signed_in(app, editor)
    assert "Cash by phone" in theirs.get(f"/drafts/{draft.token}/review").text
    seen = {"csrf_token": token, "text": draft.hash, "point": "order"}
    answer = theirs.post(f"/drafts/{draft.token}/moves/publish", data=seen)
    assert answer.status_code == 303, plain(answer.text)
    assert answer.headers["Location"] == f"/packs/{PACK.slug}"
    assert pack_of_text(text_of(desk, PACK)).title == TITLE
    assert TITLE in browser(app).get(f"/packs/{PACK.slug}/history").text


def test_a_change_deep_inside_is_shown_alone() -> None:
    old, more = pack_text(), item("crop-prices", note="Another note.")
    new = pack_text(sections=sections(
        ("Beginnings", [item("cash-by-phone"), more]), ("Afterwards", [item("women-coders")]),
    ))  # fmt: skip
    (change,) = compare("pack", old, new).fields
    section = next(one for one in change.items if one.how == "changed")
    leaf = next(one for one in section.leaves if one.items)
    assert [one.how for one in leaf.items] == ["same", "changed"]
    assert [one.name for one in leaf.items[1].leaves if one.how == "changed"] == ["note"]


def test_two_people_at_one_pack_are_joined(desk: Desk, writer: Person, editor: Person) -> None:
    draft = begun(desk, writer)
    mine = draft.text.replace("On cash-by-phone.", "Mine.")
    theirs = draft.text.replace("On women-coders.", "Theirs.")
    editing.save(desk, writer, draft.token, mine, draft.hash)
    joined = editing.save(desk, editor, draft.token, theirs, draft.hash)
    assert "Mine." in joined.text
    assert "Theirs." in joined.text


A, B, C = item("a"), item("b"), item("c")


@pytest.mark.parametrize(("theirs", "mine", "joined"), [
    ([B, A, C], [item("a", minutes=25), B, C], [B, item("a", minutes=25), C]),
    ([item("a", note="New."), B, C], [C, A, B], [C, item("a", note="New."), B]),
    ([C, B, A], [A, B, C, item("d")], [C, item("d"), B, A]),  # behind what it stood behind
    ([B, A, C], [A, B], [B, A]),
    ([B, C], [item("a", minutes=25), B, C], None),  # one took out what the other edited
    ([C, A, B], [B, A, C], None),  # both put it in another order
])  # fmt: skip
def test_an_edit_follows_the_case_that_somebody_else_moved(
    theirs: list[Any], mine: list[Any], joined: list[Any] | None
) -> None:
    base, other, own = (
        pack_text(sections=sections(("One", some), ("Two", [item("z")])))
        for some in ([A, B, C], theirs, mine)
    )
    for one, two in ((other, own), (own, other)):
        merged = merge("pack", base, one, two)
        if joined is None:
            assert merged.conflicts
        else:
            assert not merged.conflicts
            found = parse(PACK, merged.text).front["sections"][0]["items"]
            assert found == joined


# Shared --------------------------------------------------------------------------------------


def test_a_secret_link_is_told_once_and_can_be_revoked(
    desk: Desk, client: Browser, writer: Person
) -> None:
    path = f"/drafts/{begun(desk, writer).token}"
    page = client.send(f"{path}/links", {"label": "For Accra"}, page=path).text
    assert "/packs/shared/" in page
    again = client.get(path).text
    assert "/packs/shared/" not in again
    assert "For Accra" in again
    number = re.search(r'name="revoke" value="(\d+)"', again)
    assert number
    assert client.send(f"{path}/links", {"revoke": number[1]}, page=path).status_code == 303
    assert "For Accra" not in client.get(path).text


def test_drafts_of_cases_have_no_secret_links(desk: Desk, client: Browser, writer: Person) -> None:
    draft = editing.begin(desk, writer, CASH)
    page = client.get(f"/drafts/{draft.token}").text
    assert 'id="sharing"' not in page
    answer = client.send(f"/drafts/{draft.token}/links", page=f"/drafts/{draft.token}")
    assert answer.status_code == 404
