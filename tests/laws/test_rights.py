"""Every address and method against every role, and against what belongs to others.

The table below says which action of kb.access an address asks for; an address that is missing from
it fails a test, and so does a row whose address is gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from indexer.library import Library
from indexer.values import Key
from kb.access import ACTIONS, ROLES, VISITOR, Person, may
from kb.app import create_app
from kb.records import journal
from kb.records.journal import Draft
from kb.services import editing, moving
from kb.services.desk import Desk
from kb.settings import Settings
from kb.views.signing import OPEN_VIEWS, SIGNED_VIEWS
from tests import factories
from tests.laws.addresses import address_of, addresses
from tests.people import Browser, add_person, browser, database_of, signed_in

EVERYBODY = "read"
RIGHTS = {
    "GET home.home": EVERYBODY,
    "GET search.search": EVERYBODY,
    "GET search.suggest": EVERYBODY,
    "GET atlas.by_country": EVERYBODY,
    "GET atlas.map_table": EVERYBODY,
    "GET atlas.map_drawing": EVERYBODY,
    "GET atlas.map_picture": EVERYBODY,
    "GET atlas.crossed": EVERYBODY,
    "GET atlas.matrix_table": EVERYBODY,
    "GET atlas.matrix_drawing": EVERYBODY,
    "GET atlas.matrix_picture": EVERYBODY,
    "GET browse.glossary": EVERYBODY,
    "GET browse.figures": EVERYBODY,
    "GET browse.index": EVERYBODY,
    "GET browse.term": EVERYBODY,
    "GET cases.case": EVERYBODY,
    "GET cases.translation": EVERYBODY,
    "GET cases.as_json": EVERYBODY,
    "GET cases.as_text": EVERYBODY,
    "GET pages.page": EVERYBODY,
    # packs; those that are not public for whoever has their secret address
    "GET packs.index": EVERYBODY,
    "GET packs.pack": EVERYBODY,
    "GET packs.item": EVERYBODY,
    "GET packs.present": EVERYBODY,
    "GET packs.screen": EVERYBODY,
    "GET packs.classroom": EVERYBODY,
    "GET packs.join": EVERYBODY,
    "GET packs.share": EVERYBODY,
    "GET packs.short": EVERYBODY,
    "GET shared_packs.pack": EVERYBODY,
    "GET shared_packs.item": EVERYBODY,
    "GET shared_packs.screen": EVERYBODY,
    "GET shared_packs.classroom": EVERYBODY,
    "GET shared_packs.join": EVERYBODY,
    "GET embedding.pack": EVERYBODY,
    "GET embedding.answer": EVERYBODY,
    # comparing, keeping, taking away
    "GET comparing.compare": EVERYBODY,
    "GET keeping.show_list": EVERYBODY,
    "POST keeping.change_list": EVERYBODY,
    "GET taking.search": EVERYBODY,
    "GET taking.term": EVERYBODY,
    "GET taking.kept": EVERYBODY,
    "GET taking.case": EVERYBODY,
    "GET packing.form": EVERYBODY,
    "GET attachments.media": EVERYBODY,
    "GET health.alive": EVERYBODY,
    "GET health.ready": EVERYBODY,
    "GET health.robots": EVERYBODY,
    "GET health.favicon": EVERYBODY,
    "GET health.static": EVERYBODY,
    "GET machines.whole_sitemap": EVERYBODY,
    "GET machines.part_of_sitemap": EVERYBODY,
    "GET machines.describe_search": EVERYBODY,
    "GET machines.suggest": EVERYBODY,
    "GET machines.picture_of_site": EVERYBODY,
    "GET machines.picture_of_case": EVERYBODY,
    "POST choices.choose": EVERYBODY,
    # history: what was public
    "GET history.history": EVERYBODY,
    "GET history.revision": EVERYBODY,
    "GET history.comparison": EVERYBODY,
    "GET history.changes": EVERYBODY,
    "GET history.feed": EVERYBODY,
    "POST history.bring_back": "write",
    "POST history.stand": "withdraw",
    # coming in, by oneself or by a link
    "GET account.sign_in_form": EVERYBODY,
    "POST account.sign_in": EVERYBODY,
    "POST account.second_step_code": EVERYBODY,
    "POST account.sign_out": EVERYBODY,
    "GET account.register_form": EVERYBODY,
    "POST account.register": EVERYBODY,
    "GET account.welcome_form": EVERYBODY,
    "POST account.welcome": EVERYBODY,
    "GET account.invitation_form": EVERYBODY,
    "POST account.invitation": EVERYBODY,
    "GET account.forgotten_form": EVERYBODY,
    "POST account.forgotten": EVERYBODY,
    "GET account.reset_form": EVERYBODY,
    "POST account.reset": EVERYBODY,
    # one's own account
    "GET mine.mine": "keep-account",
    "GET account.account": "keep-account",
    "GET notices.paces": "keep-account",
    "POST notices.choose": "keep-account",
    "POST account.name": "keep-account",
    "GET account.password_form": "keep-account",
    "POST account.password": "keep-account",
    "POST account.end_session": "keep-account",
    "POST account.sign_out_everywhere": "keep-account",
    "GET account.two_step_form": "keep-account",
    "POST account.two_step": "keep-account",
    "GET account.two_step_off_form": "keep-account",
    "POST account.two_step_off": "keep-account",
    "GET account.new_codes_form": "keep-account",
    "POST account.new_codes": "keep-account",
    "GET account.delete_form": "keep-account",
    "POST account.delete": "keep-account",
    # saved searches; a feed is for whoever knows its address
    "GET alerts.mine": "keep-alerts",
    "GET alerts.new": "keep-alerts",
    "POST alerts.save": "keep-alerts",
    "GET alerts.one": "keep-alerts",
    "POST alerts.change": "keep-alerts",
    "POST alerts.renew_feed": "keep-alerts",
    "GET alerts.delete_form": "keep-alerts",
    "POST alerts.delete": "keep-alerts",
    "GET alerts.feed": EVERYBODY,
    "GET account.address_form": "keep-account",
    "POST account.change_address": "keep-account",
    "GET account.confirm_address_form": EVERYBODY,
    "POST account.confirm_address": EVERYBODY,
    # by the link of a letter alone, which is signed
    "GET notices.ask": EVERYBODY,
    "POST notices.unsubscribe": EVERYBODY,
    # people
    "GET people.index": "see-people",
    "POST people.invite": "manage-people",
    "POST people.take_back": "manage-people",
    "POST people.role": "manage-people",
    "POST people.door": "manage-people",
    "POST people.reset": "manage-people",
    # the editors' room
    "GET office.overview": "see-office",
    "GET office.due": "see-office",
    "POST office.again": "see-office",
    "GET office.links": "see-office",
    "GET office.links_table": "see-office",
    "POST office.ask_again": "see-office",
    "GET office.searches": "see-office",
    "GET office.searches_table": "see-office",
    "GET office.gaps": "see-office",
    "GET office.rights": "see-office",
    "GET office.events": "see-events",
    "GET office.events_table": "see-events",
    "GET office.events_list": "see-events",
    # pictures and documents
    "GET attachments.index": "attach",
    "POST attachments.upload": "attach",
    "GET attachments.attached": "attach",
    "POST attachments.remove": "remove-attachment",
    # writing
    "GET drafts.new": "write",
    "POST drafts.begin_new": "write",
    "GET drafts.ask_fork": "write",
    "POST drafts.begin_fork": "write",
    "GET drafts.ask": "write",
    "POST drafts.begin": "write",
    "GET drafts.draft": "see-draft",
    "GET queue.difference": "see-draft",
    "GET queue.queue": "see-queue",
    "POST drafts.make_move": "submit-draft",
    "POST drafts.share": "invite-co-author",
    "POST drafts.links": "share-draft",
    "POST drafts.take_public": "edit-draft",
    "GET edit.edit": "edit-draft",
    "POST edit.change": "edit-draft",
    "GET edit.raw": "edit-draft",
    "POST edit.change_raw": "edit-draft",
    "POST edit.autosave": "edit-draft",
    "POST edit.preview": "edit-draft",
    "POST edit.helping": "edit-draft",
    "GET edit.terms": "edit-draft",
    "GET edit.changed": "see-draft",
    "POST edit.take_today": "edit-draft",
    "GET conflict.conflict": "edit-draft",
    "POST conflict.settle": "edit-draft",
    # checking
    "GET review.checked": "see-draft",
    "POST review.say": "comment",
    "POST review.answer": "comment",
    "POST review.resolve": "comment",
    "POST review.take_up": "comment",
    "POST review.claim": "claim",
    "GET checklist.points": "set-checklist",
    "POST checklist.change": "set-checklist",
    # from outside
    "GET outside.suggest_form": "suggest",
    "POST outside.suggest": "suggest",
    "GET outside.used_form": "suggest",
    "POST outside.used": "suggest",
    "GET outside.suggestion": EVERYBODY,
    "GET outside.report_form": "report",
    "POST outside.report": "report",
    "GET reports.status": EVERYBODY,
    "GET reports.of_text": EVERYBODY,
    "GET reports.pile": "answer-reports",
    "POST reports.answer": "answer-reports",
}
#: Changes by visitors' pages, which are cached and hold no token, so that the origin is asked for;
#: and what the link of a letter does, whose address holds a token of its own.
WITHOUT_TOKEN = (*OPEN_VIEWS, *SIGNED_VIEWS)
NAMES = ("visitor", *ROLES)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    root = tmp_path_factory.mktemp("rights")
    text = factories.case_text()
    content = factories.content_folder(root / "content", {"cash-by-phone": text})
    (content / "cases" / "cash-by-phone.fr.md").write_text(
        factories.case_text(
            lang="fr", translation_of={"slug": "cash-by-phone", "revision": "0" * 12}
        ),
        encoding="utf-8",
    )
    library = Library.open(content, root / "var")
    settings = Settings(content=content, data=root / "data", registration="open")
    made = create_app(settings, library)
    made.extensions["sankofa.desk"] = Desk(database_of(made), library, settings)
    yield made
    database_of(made).close()


@pytest.fixture(scope="module")
def desk(app: Flask) -> Desk:
    found: Desk = app.extensions["sankofa.desk"]
    return found


@pytest.fixture(scope="module")
def people(app: Flask) -> dict[str, Person]:
    found = {role: add_person(database_of(app), role) for role in ROLES}
    return {"visitor": VISITOR, **found}


@pytest.fixture(scope="module")
def owner(app: Flask) -> Person:
    return add_person(database_of(app), "contributor", "Ama", "ama@example.org")


def draft_of(desk: Desk, owner: Person, state: str = "draft") -> Draft:
    """A new draft of somebody, in a state; more of them than anybody begins in a day."""
    assert owner.id is not None
    with desk.database.writing() as connection:
        token = journal.begin(connection, Key("case", "", ""), owner.id, None, state)
        draft = journal.draft(connection, token)
        text = factories.case_text(title="A secret draft")
        journal.append(connection, draft.key, text, "saved", author_id=owner.id,
                       author=owner.name, draft_id=draft.id)  # fmt: skip
    return editing.open_draft(desk, owner, token)


def client_of(app: Flask, person: Person) -> tuple[Browser, str]:
    """A browser of somebody, and the token of their forms; visitors get theirs from a form."""
    if not person.is_visitor:
        return signed_in(app, person)
    client = browser(app)
    return client, client.token("/account/sign-in")


def refused(answer: object) -> bool:
    status, place = answer.status_code, answer.headers.get("Location", "")  # type: ignore[attr-defined]
    assert status < 500, answer.text  # type: ignore[attr-defined]
    return status in (401, 403) or place.startswith("/account/sign-in?next=")


def rules(app: Flask) -> Iterator[tuple[str, str]]:
    for rule, _ in addresses(app):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, rule.endpoint


def test_the_table_names_every_address_and_no_other(app: Flask) -> None:
    assert {f"{method} {endpoint}" for method, endpoint in rules(app)} == set(RIGHTS)
    assert set(RIGHTS.values()) <= set(ACTIONS)


@pytest.mark.parametrize("name", NAMES)
def test_every_address_answers_those_who_may_and_nobody_else(
    app: Flask, desk: Desk, people: dict[str, Person], owner: Person, name: str
) -> None:
    person, wrong = people[name], []
    target = add_person(database_of(app), "reader", email=f"target-of-{name}@example.org")
    for rule, _ in addresses(app):
        for method in (rule.methods or set()) & {"GET", "POST"}:
            action = RIGHTS[f"{method} {rule.endpoint}"]
            draft = draft_of(desk, owner) if "token" in rule.arguments else None
            values: dict[str, Any] = {}
            if draft and not rule.endpoint.startswith("account."):
                values["token"] = draft.token
            if rule.endpoint == "drafts.make_move":
                values["name"] = "submit"
            if rule.endpoint.startswith("people."):
                values["id"] = target.id
            address = address_of(app, rule, **values)
            client, token = client_of(app, person)
            answer = client.open(
                address, method=method, data={"csrf_token": token} if method == "POST" else None
            )
            expected = may(person, action, draft if values.get("token") else None)
            # 404 refuses too: as if there were no such draft
            no = refused(answer)
            right = not no if expected else no or answer.status_code == 404
            if not right and rule.endpoint not in LINKS:
                wrong.append(f"{method} {address}: {answer.status_code}, {action}")
    assert wrong == []


#: Addresses that are secret by themselves: an invented one is told to be no link.
LINKS = ("account.welcome_form", "account.welcome", "account.invitation_form",
         "account.invitation", "account.reset_form", "account.reset",
         "account.second_step_code", "account.confirm_address_form",
         "account.confirm_address", "notices.ask", "notices.unsubscribe")  # fmt: skip


@pytest.mark.parametrize("state", ["draft", "submitted", "approved", "published"])
@pytest.mark.parametrize("name", NAMES)
def test_a_draft_of_somebody_else_is_seen_by_those_who_may_alone(
    app: Flask, desk: Desk, people: dict[str, Person], owner: Person, name: str, state: str
) -> None:
    draft = draft_of(desk, owner, state)
    client, _ = client_of(app, people[name])
    answer = client.get(f"/drafts/{draft.token}")
    seen = answer.status_code == 200
    assert seen == may(people[name], "see-draft", draft)
    assert ("A secret draft" in answer.text) == seen


def test_the_owner_and_co_authors_may_see_and_write_and_nobody_publishes_their_own(
    app: Flask, desk: Desk, people: dict[str, Person], owner: Person
) -> None:
    draft = draft_of(desk, owner)
    editing.add_co_author(desk, owner, draft.token, people["contributor"].email)
    for person in (owner, people["contributor"]):
        client, token = signed_in(app, person)
        assert client.get(f"/drafts/{draft.token}/edit").status_code == 200
        moving.submit(desk, person, draft.token)
        answer = client.post(f"/drafts/{draft.token}/moves/publish", data={"csrf_token": token})
        assert answer.status_code in (403, 404)
        moving.withdraw_submission(desk, person, draft.token)


def test_no_draft_is_found_by_its_number_or_by_what_is_nearly_its_name(
    app: Flask, desk: Desk, people: dict[str, Person], owner: Person
) -> None:
    draft = draft_of(desk, owner)
    client, _ = signed_in(app, people["administrator"])
    for guess in (str(draft.id), draft.token[:-1], draft.token.swapcase(), "%00", "../1"):
        assert client.get(f"/drafts/{guess}").status_code == 404
    assert len(draft.token) >= 22  # more than 128 random bits


def test_every_change_by_somebody_signed_in_needs_the_token_of_a_page(
    app: Flask, people: dict[str, Person]
) -> None:
    for rule, address in addresses(app):
        for method in (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}:
            if rule.endpoint in WITHOUT_TOKEN:
                continue
            client, _ = signed_in(app, people["administrator"])
            _, foreign = signed_in(app, people["editor"])
            for form in ({}, {"csrf_token": ""}, {"csrf_token": "x"}, {"csrf_token": foreign}):
                answer = client.open(address, method=method, data=form)
                assert answer.status_code == 403, f"{method} {address} {form}"


def test_every_form_about_accounts_needs_the_token_of_a_page_from_visitors_too(app: Flask) -> None:
    for rule, address in addresses(app):
        if "POST" in (rule.methods or ()) and rule.endpoint.startswith("account."):
            assert browser(app).post(address, data={}).status_code == 403, address


def test_no_page_for_visitors_tells_of_a_draft(app: Flask, desk: Desk, owner: Person) -> None:
    draft = draft_of(desk, owner, "submitted")
    editing.begin(desk, owner, Key("case", "cash-by-phone", ""))
    client = browser(app)
    for rule, address in addresses(app):
        if "GET" in (rule.methods or ()):
            answer = client.get(address)
            assert draft.token.encode() not in answer.data, address
            assert b"A secret draft" not in answer.data, address
    for words in ("secret draft", "secret"):
        assert "A secret draft" not in client.get(f"/search?q={words}").text
        assert "A secret draft" not in client.get(f"/suggest?q={words}").text
