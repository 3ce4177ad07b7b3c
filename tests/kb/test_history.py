"""History as it is read: a journal of its own for each test, no other part of the desk needed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as Tree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from indexer.library import Library
from indexer.values import Key, revision_of
from kb.access import VISITOR, NotAllowed, Person, SignInNeeded
from kb.app import create_app
from kb.records import journal
from kb.records.database import Database
from kb.records.journal import Draft, NoSuchDraft, NoSuchRevision, Revision
from kb.services import editing, history
from kb.services.desk import Desk, open_database
from kb.services.queue import queue
from kb.services.reading import CaseWithdrawn, Moved, NoSuchCase
from kb.services.reviewing import review
from kb.settings import Settings
from tests import factories
from tests.kb.conftest import CASES, HOME, visitor
from tests.kb.test_views import text_of
from tests.people import add_person, signed_in

CASH = Key("case", "cash-by-phone")
GONE = Key("case", "taken-back")
FIRST = factories.case_text("\n## Context\n\nPeople had no bank.\n", title="Cash by phone")
SECRET = factories.case_text(
    "\n## Context\n\nA secret that nobody may read.\n", title="Hidden words"
)


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    return replace(settings, data=tmp_path / "data")


@pytest.fixture
def desk(settings: Settings, library: Library) -> Iterator[Desk]:
    database = open_database(settings)
    yield Desk(database, library, settings)
    database.close()


@pytest.fixture
def app(settings: Settings, library: Library, desk: Desk) -> Flask:
    return create_app(settings, library)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return visitor(app)


def somebody(database: Database, name: str, role: str) -> Person:
    return add_person(database, role, name, f"{name.lower()}@example.org")


def published(
    desk: Desk,
    text: str,
    key: Key = CASH,
    event: str = "published",
    author: str = "Ama",
    **more: str,
) -> Revision:
    with desk.database.writing() as connection:
        return journal.append(connection, key, text, event, author=author, **more)


def begun(desk: Desk, owner: Person, text: str, key: Key = CASH, state: str = "submitted") -> Draft:
    assert owner.id is not None
    with desk.database.writing() as connection:
        public = journal.public(connection, key) if key.slug else None
        token = journal.begin(connection, key, owner.id, public.hash if public else None, state)
        draft = journal.draft(connection, token)
        journal.append(
            connection, key, text, "saved", author_id=owner.id, author=owner.name,
            draft_id=draft.id, message="A first try",
        )  # fmt: skip
        return journal.draft(connection, token)


@pytest.fixture
def told(desk: Desk) -> tuple[Revision, Revision]:
    """A case that was published, and then changed by hand."""
    return (
        published(desk, FIRST, message="The first text"),
        published(desk, CASES["cash-by-phone"], event="changed-on-disk", author=""),
    )


class TestWhoMayReadWhat:
    def test_everybody_reads_what_was_published_and_nobody_else_s_drafts(
        self, desk: Desk, told: tuple[Revision, Revision]
    ) -> None:
        owner = somebody(desk.database, "Owner", "contributor")
        other = somebody(desk.database, "Other", "contributor")
        editor = somebody(desk.database, "Editor", "editor")
        draft = begun(desk, owner, SECRET, state="draft")
        public = [told[1].hash, told[0].hash]
        for person in (VISITOR, other):
            assert [row.hash for row in history.revisions_of(desk, person, CASH)] == public
            with pytest.raises(NoSuchRevision):
                history.text_of(desk, person, CASH, draft.hash)
            with pytest.raises(NoSuchRevision):
                history.compare(desk, person, CASH, told[0].hash, draft.hash)
            with pytest.raises(NoSuchRevision):
                history.compare(desk, person, CASH, draft.hash)
        for person in (owner, editor):
            found = history.revisions_of(desk, person, CASH)
            assert [row.hash for row in found] == [draft.hash, *public]
            assert history.text_of(desk, person, CASH, draft.hash) == SECRET

    def test_a_text_of_another_document_is_not_found_under_this_one(
        self, desk: Desk, told: tuple[Revision, Revision]
    ) -> None:
        other = published(desk, CASES["wallets-in-togo"], Key("case", "wallets-in-togo"))
        with pytest.raises(NoSuchRevision):
            history.text_of(desk, VISITOR, CASH, other.hash)

    def test_what_was_withdrawn_is_read_by_those_who_may_bring_it_back(self, desk: Desk) -> None:
        row = published(desk, CASES["taken-back"], GONE)
        for person in (VISITOR, somebody(desk.database, "Kofi", "contributor")):
            with pytest.raises(CaseWithdrawn) as gone:
                history.text_of(desk, person, GONE, row.hash)
            assert gone.value.title == "A case that was taken back"
        editor = somebody(desk.database, "Editor", "editor")
        assert history.text_of(desk, editor, GONE, row.hash) == row.text

    def test_what_was_removed_by_hand_is_read_by_those_who_may_bring_it_back(
        self, desk: Desk
    ) -> None:
        key = Key("case", "lost-case")
        row = published(desk, FIRST, key)
        with desk.database.writing() as connection:
            journal.append(connection, key, None, "removed-on-disk", base=row.hash)
        with pytest.raises(NoSuchCase):
            history.revisions_of(desk, VISITOR, key)
        editor = somebody(desk.database, "Editor", "editor")
        found = history.read_history(desk, editor, key)
        assert [one.event for one in found.revisions] == ["removed-on-disk", "published"]
        assert found.title == "Cash by phone"

    def test_unknown_and_old_names(self, desk: Desk) -> None:
        for slug in ("no-such-case", "Not_A_Slug", "edit", "../etc"):
            with pytest.raises(NoSuchCase):
                history.revisions_of(desk, VISITOR, Key("case", slug))
        with pytest.raises(Moved) as moved:
            history.read_history(desk, VISITOR, Key("case", "old-cash"))
        assert moved.value.path == "/cases/cash-by-phone/history"

    def test_a_draft_is_compared_by_those_who_may_see_it(
        self, desk: Desk, told: tuple[Revision, Revision]
    ) -> None:
        owner = somebody(desk.database, "Owner", "contributor")
        draft = begun(desk, owner, SECRET, state="draft")
        assert history.compare_draft(desk, owner, draft.token).comparison.body_differs
        with pytest.raises(SignInNeeded):
            history.compare_draft(desk, VISITOR, draft.token)
        with pytest.raises(NotAllowed):
            other = somebody(desk.database, "Other", "reviewer")
            history.compare_draft(desk, other, draft.token)
        with pytest.raises(NoSuchDraft):
            history.compare_draft(desk, owner, str(draft.id))


class TestComparing:
    def test_without_names_the_last_change_is_told(
        self, desk: Desk, told: tuple[Revision, Revision]
    ) -> None:
        found = history.compare(desk, VISITOR, CASH)
        assert found.old is not None
        assert (found.old.hash, found.new.hash) == (told[0].hash, told[1].hash)
        assert found.current == told[1].hash

    def test_the_first_text_is_compared_with_nothing(
        self, desk: Desk, told: tuple[Revision, Revision]
    ) -> None:
        found = history.compare(desk, VISITOR, CASH, new=told[0].hash)
        assert found.old is None
        assert "".join(row.new for row in found.comparison.head + found.comparison.body) == FIRST

    def test_a_long_history_has_pages(self, desk: Desk) -> None:
        for number in range(history.PER_PAGE + 3):
            published(desk, FIRST.replace("People", f"{number} people"))
        page = history.read_history(desk, VISITOR, CASH)
        assert len(page.revisions) == history.PER_PAGE
        rest = history.read_history(desk, VISITOR, CASH, page.older)
        assert len(rest.revisions) == 3
        assert rest.older is None


class TestPages:
    def test_the_history_of_a_case(
        self, client: FlaskClient, told: tuple[Revision, Revision]
    ) -> None:
        answer = client.get("/cases/cash-by-phone/history")
        words = text_of(answer.text)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
        assert "public" in answer.headers["Cache-Control"]
        assert "changed on disk" in words
        assert "by hand, in the files" in words
        assert "Ama" in words
        assert "The first text" in words
        assert f'href="/cases/cash-by-phone/history/{told[0].hash}"' in answer.text

    def test_one_text_with_its_fields(
        self, client: FlaskClient, told: tuple[Revision, Revision]
    ) -> None:
        page = client.get(f"/cases/cash-by-phone/history/{told[0].hash}").text
        words = text_of(page)
        assert "People had no bank." in words
        assert "Digital payments" in words
        assert "KE Kenya" in words
        assert 'name="csrf_token"' not in page
        assert client.get("/cases/cash-by-phone/history/000000000000").status_code == 404

    def test_two_texts_with_what_came_and_what_went(
        self, client: FlaskClient, told: tuple[Revision, Revision]
    ) -> None:
        page = client.get(
            f"/cases/cash-by-phone/compare?old={told[0].hash}&new={told[1].hash}"
        ).text
        assert '<ins><span class="unseen">[added: </span> in Kenya<span' in page
        assert "<del>" in page
        assert "Title" in text_of(page)
        assert "Bring" not in page

    def test_what_a_text_holds_is_shown_and_not_run(self, client: FlaskClient, desk: Desk) -> None:
        evil = "<script>alert(1)</script>"
        row = published(
            desk,
            factories.case_text(f"\n{evil}\n\n[x](javascript:alert)\n", title=f"A title {evil}"),
            message=evil,
            author=evil,
        )
        for path in ("history", f"history/{row.hash}", "compare"):
            page = client.get(f"/cases/cash-by-phone/{path}")
            assert page.status_code == 200
            assert "<script>alert" not in page.text
            assert 'href="javascript' not in page.text

    def test_a_broken_text_can_be_read_and_compared(self, client: FlaskClient, desk: Desk) -> None:
        published(desk, FIRST)
        broken = "---\ntitle: [\n---\nHalf\udc80 a byte\n"
        row = published(desk, broken, event="broken-on-disk", author="")
        assert row.hash == revision_of(broken)
        for path in ("history", f"history/{row.hash}", f"compare?new={row.hash}"):
            assert client.get(f"/cases/cash-by-phone/{path}").status_code == 200

    def test_fields_of_odd_types_are_shown(self, client: FlaskClient, desk: Desk) -> None:
        odd = "---\ntitle: 3\nsdgs: {a: b}\nperiod: [x, {y: z}]\nsources: text\nlang: [en]\n---\n"
        row = published(desk, odd)
        for path in (f"history/{row.hash}", "compare", "history"):
            assert client.get(f"/cases/cash-by-phone/{path}").status_code == 200

    def test_translations_and_pages_have_their_own_history(
        self, client: FlaskClient, desk: Desk
    ) -> None:
        published(desk, CASES["cash-by-phone.fr"], Key("case", "cash-by-phone", "fr"))
        assert "téléphone" in client.get("/cases/cash-by-phone/fr/history").text
        assert client.get("/pages/about/history").status_code == 200
        assert client.get("/packs/none/history").status_code == 404

    def test_a_case_leads_to_its_history_and_visitors_to_no_editor(
        self, client: FlaskClient
    ) -> None:
        page = client.get("/cases/cash-by-phone").text
        assert 'href="/cases/cash-by-phone/history"' in page
        assert "/cases/cash-by-phone/edit" not in page

    def test_a_history_that_has_not_begun(self, client: FlaskClient) -> None:
        assert "begins with the next change" in client.get("/cases/cash-by-phone/history").text


class TestRecentChanges:
    def test_they_are_listed_by_day_without_drafts(
        self, client: FlaskClient, desk: Desk, told: tuple[Revision, Revision]
    ) -> None:
        begun(desk, somebody(desk.database, "Owner", "contributor"), SECRET)
        for path in ("/changes", "/changes.atom"):
            page = client.get(path).text
            assert "Cash by phone in Kenya" in page
            assert "Hidden words" not in page

    def test_the_feed_is_valid_absolute_and_cacheable(
        self, client: FlaskClient, told: tuple[Revision, Revision]
    ) -> None:
        answer = client.get("/changes.atom")
        assert answer.content_type == "application/atom+xml; charset=utf-8"
        assert "public, max-age" in answer.headers["Cache-Control"]
        again = client.get("/changes.atom", headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304
        atom = "{http://www.w3.org/2005/Atom}"
        feed = Tree.fromstring(answer.data)
        assert feed.tag == f"{atom}feed"
        for element in (feed, *feed.findall(f"{atom}entry")):
            for name in ("id", "title", "updated"):
                assert element.findtext(f"{atom}{name}")
        ids = [entry.findtext(f"{atom}id") for entry in feed.findall(f"{atom}entry")]
        assert len(set(ids)) == len(ids) == 2
        hrefs = [link.attrib["href"] for link in feed.iter(f"{atom}link")]
        assert all(href.startswith(f"{HOME}/") for href in hrefs)

    def test_what_xml_cannot_hold_does_not_break_the_feed(
        self, client: FlaskClient, desk: Desk
    ) -> None:
        published(desk, '---\ntitle: "a\\x07 ]]> & <b>"\n---\n', message="bell \x07 \ufffe here")
        feed = Tree.fromstring(client.get("/changes.atom").data)
        assert "]]> & <b>" in "".join(feed.itertext())

    def test_older_ones_follow(self, client: FlaskClient, desk: Desk) -> None:
        for number in range(55):
            published(desk, FIRST, message=f"Change {number:02}.")
        page = client.get("/changes").text
        assert "Change 54." in page
        assert "Change 04." not in page
        older = page.rpartition('href="/changes?before=')[2].partition('"')[0]
        assert "Change 04." in client.get(f"/changes?before={older}").text
        assert client.get("/changes?before=x").status_code == 200


class TestQueue:
    def test_it_tells_what_waits_and_what_it_would_change(
        self, desk: Desk, told: tuple[Revision, Revision]
    ) -> None:
        owner = somebody(desk.database, "Owner", "contributor")
        begun(desk, owner, SECRET, state="draft")
        waiting = begun(desk, owner, SECRET)
        fresh = begun(desk, owner, FIRST, Key("case", ""), "approved")
        found = queue(desk, somebody(desk.database, "Editor", "editor"))
        assert [(one.draft.state, one.draft.token) for one in found.waiting] == [
            ("submitted", waiting.token), ("approved", fresh.token),
        ]  # fmt: skip
        one = found.waiting[0].compared
        assert "title" in [change.name for change in one.comparison.fields]

    def test_reviewers_are_offered_what_they_may_do(self, desk: Desk) -> None:
        draft = begun(desk, somebody(desk.database, "Owner", "contributor"), FIRST)
        reviewer = somebody(desk.database, "Reviewer", "reviewer")
        assert set(review(desk, reviewer, draft.token).decisions) == {"request-changes", "approve"}

    def test_it_is_for_those_who_check(self, desk: Desk, client: FlaskClient) -> None:
        with pytest.raises(SignInNeeded):
            queue(desk, VISITOR)
        with pytest.raises(NotAllowed):
            queue(desk, somebody(desk.database, "Owner", "contributor"))
        answer = client.get("/queue")
        assert answer.status_code in (302, 303, 401)


class TestGone:
    def test_a_withdrawn_case_says_so_to_people_and_machines(self, client: FlaskClient) -> None:
        page = client.get("/cases/taken-back")
        assert page.status_code == 410
        assert "The figures could not be confirmed." in page.text
        assert "A case that was taken back" in page.text
        assert "/cases/taken-back/history" not in page.text
        told = client.get("/cases/taken-back.json")
        assert told.status_code == 410
        assert told.json == {
            "status": "withdrawn", "title": "A case that was taken back",
            "reason": "The figures could not be confirmed.",
        }  # fmt: skip
        plain = client.get("/cases/taken-back.md")
        assert (plain.status_code, plain.mimetype) == (410, "text/plain")
        assert client.get("/cases/taken-back/history").status_code == 410

    def test_an_archived_case_leads_to_its_history(self, tmp_path: Path) -> None:
        text = factories.case_text(status="archived", status_reason="See the newer case.")
        content = factories.content_folder(tmp_path / "content", {"old-case": text})
        library = Library.open(content, tmp_path / "var")
        client = visitor(create_app(Settings(content=content, data=tmp_path / "data"), library))
        page = client.get("/cases/old-case")
        assert page.status_code == 410
        assert "This case was archived" in page.text
        assert "See the newer case." in page.text
        assert 'href="/cases/old-case/history"' in page.text
        assert client.get("/cases/old-case.json").status_code == 410
        assert client.get("/cases/old-case/history").status_code == 200


class TestSignedIn:
    """What people see and send who are signed in: pages with forms, rights asked again."""

    def test_editors_bring_a_text_back_whole_or_some_fields(
        self, app: Flask, desk: Desk, library: Library
    ) -> None:
        editor = add_person(desk.database, "editor")
        old = published(desk, FIRST)
        published(desk, library.store.read(CASH), event="changed-on-disk", author="")
        browser, token = signed_in(app, editor)
        page = browser.get(f"/cases/cash-by-phone/compare?old={old.hash}").text
        assert 'name="field" value="title"' in page
        assert 'name="field" value="body"' in page
        form = {"csrf_token": token, "revision": old.hash, "message": "As it was"}
        answer = browser.post("/cases/cash-by-phone/restore", data={**form, "field": "title"})
        assert answer.status_code == 303
        draft = history.compare_draft(desk, editor, answer.headers["Location"].rpartition("/")[2])
        assert [change.name for change in draft.comparison.fields] == ["title"]
        assert not draft.comparison.body_differs
        assert draft.draft.head is not None
        assert (draft.draft.head.event, draft.draft.head.message) == ("restored", "As it was")
        browser.post("/cases/cash-by-phone/restore", data=form)
        again = history.compare_draft(desk, editor, draft.draft.token)
        assert again.draft.text == FIRST

    def test_what_is_saved_in_one_sitting_is_told_as_one(self, app: Flask, desk: Desk) -> None:
        published(desk, FIRST)
        owner = add_person(desk.database, "contributor")
        draft = begun(desk, owner, SECRET, state="draft")
        for number in range(150):
            text = SECRET.replace("nobody", f"{number} people")
            draft = editing.save(desk, owner, draft.token, text, draft.hash)
        page = signed_in(app, owner)[0].get("/cases/cash-by-phone/history")
        assert "99 saves before it" in page.text
        older = page.text.rpartition("history?before=")[2].partition('"')[0]
        rest = signed_in(app, owner)[0].get(f"/cases/cash-by-phone/history?before={older}").text
        assert "A first try" in rest
        assert text_of(rest).count("public now") == 1
        assert history.text_of(desk, owner, CASH, draft.hash) == draft.text
        first = revision_of(SECRET.replace("nobody", "0 people"))
        assert "0 people may read" in history.text_of(desk, owner, CASH, first)

    def test_readers_are_offered_no_restoring_and_refused_and_contributors_may(
        self, app: Flask, desk: Desk
    ) -> None:
        old = published(desk, FIRST)
        published(desk, CASES["cash-by-phone"], event="changed-on-disk", author="")
        for role, status in (("reader", 403), ("contributor", 303)):
            browser, token = signed_in(app, add_person(desk.database, role))
            page = browser.get(f"/cases/cash-by-phone/history/{old.hash}").text
            assert ("/restore" in page) == (status == 303)
            form = {"csrf_token": token, "revision": old.hash}
            answer = browser.post("/cases/cash-by-phone/restore", data=form)
            assert answer.status_code == status

    def test_the_queue_leads_to_buttons_for_what_one_may_do(self, app: Flask, desk: Desk) -> None:
        published(desk, FIRST)
        draft = begun(desk, add_person(desk.database, "contributor"), SECRET)
        for role, may, may_not in (
            ("editor", ("publish", "reject", "request-changes"), ("discard",)),
            ("reviewer", ("approve", "request-changes"), ("publish", "reject")),
        ):
            browser, _ = signed_in(app, add_person(desk.database, role))
            path = f"/drafts/{draft.token}"
            for here in ("/queue", f"{path}/compare", f"{path}/review"):
                page = browser.get(here)
                assert page.status_code == 200
                assert page.headers["Cache-Control"] == "no-store"
                assert "Hidden words" in page.text
                assert here.endswith("/review") or f'href="{path}/review"' in page.text
            for move in may:
                assert f'formaction="{path}/moves/{move}"' in page.text
            for move in may_not:
                assert f"/moves/{move}" not in page.text

    def test_an_empty_queue_says_so(self, app: Flask, desk: Desk) -> None:
        browser, _ = signed_in(app, add_person(desk.database, "reviewer"))
        assert "Nothing waits." in browser.get("/queue").text


class TestStanding:
    """Withdrawing, archiving and bringing back, on a library of its own."""

    @pytest.fixture
    def content(self, tmp_path: Path) -> Path:
        return factories.content_folder(
            tmp_path / "content", {"cash-by-phone": CASES["cash-by-phone"]}
        )

    @pytest.fixture
    def settings(self, content: Path, tmp_path: Path) -> Settings:
        return Settings(content=content, var=tmp_path / "var", data=tmp_path / "data")

    @pytest.fixture
    def library(self, settings: Settings) -> Library:
        return Library.open(settings.content, settings.var)

    def test_editors_archive_withdraw_and_bring_back_with_a_reason(
        self, app: Flask, desk: Desk
    ) -> None:
        browser, token = signed_in(app, add_person(desk.database, "editor"))
        guest = visitor(app)
        published(desk, CASES["cash-by-phone"])
        assert 'value="withdrawn"' in browser.get("/cases/cash-by-phone/history").text
        for status, code, history_code in (
            ("archived", 410, 200), ("withdrawn", 410, 410), ("published", 200, 200),
        ):  # fmt: skip
            form = {"csrf_token": token, "status": status, "reason": f"It is {status}\r\nnow."}
            answer = browser.post("/cases/cash-by-phone/status", data=form)
            assert answer.status_code == 303
            page = guest.get("/cases/cash-by-phone")
            assert page.status_code == code
            assert (f"It is {status} now." in page.text) == (code == 410)
            assert guest.get("/cases/cash-by-phone/history").status_code == history_code
            assert browser.get("/cases/cash-by-phone/history").status_code == 200
        events = [row.event for row in history.revisions_of(desk, VISITOR, CASH)]
        assert events[:3] == ["reinstated", "withdrawn", "archived"]

    def test_without_a_reason_nothing_happens_and_the_form_says_so(
        self, app: Flask, desk: Desk
    ) -> None:
        browser, token = signed_in(app, add_person(desk.database, "editor"))
        published(desk, CASES["cash-by-phone"])
        form = {"csrf_token": token, "status": "withdrawn", "reason": " "}
        answer = browser.post("/cases/cash-by-phone/status", data=form)
        assert answer.status_code == 422
        assert "Write one sentence that tells readers why" in answer.text
        assert visitor(app).get("/cases/cash-by-phone").status_code == 200
        for bad in ("deleted", ""):
            answer = browser.post("/cases/cash-by-phone/status", data={**form, "status": bad})
            assert answer.status_code in (400, 404, 409, 422)

    def test_others_may_not(self, app: Flask, desk: Desk) -> None:
        published(desk, CASES["cash-by-phone"])
        for role in ("contributor", "reviewer"):
            browser, token = signed_in(app, add_person(desk.database, role))
            assert "/status" not in browser.get("/cases/cash-by-phone/history").text
            form = {"csrf_token": token, "status": "withdrawn", "reason": "Because."}
            assert browser.post("/cases/cash-by-phone/status", data=form).status_code == 403
