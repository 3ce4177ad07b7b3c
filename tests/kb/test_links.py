"""Dead links: what is asked when, what is written down, the command and the page."""

from __future__ import annotations

import csv
import io
import ipaddress
import json
import re
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from flask import Flask

from indexer.library import Library
from indexer.references import web_addresses
from indexer.values import Key
from kb.access import NotAllowed, Person
from kb.app import ROOT, create_app
from kb.cli.base import WRONG, main
from kb.markup import render
from kb.records import links as records
from kb.records.database import now
from kb.records.links import Link
from kb.records.tables import job
from kb.services import link_checks, links
from kb.services.asking import Answer, Asker
from kb.services.desk import Desk, open_database
from kb.services.link_checks import Offline, ask_again, check_all, check_links
from kb.services.links import NoSuchLink, all_links, due, due_at, judged, places
from kb.services.work import More
from kb.settings import Settings
from kb.tasks import TASKS
from tests import factories
from tests.desks import drop_schema, own_schema
from tests.kb.answering import Site, served
from tests.people import add_person, database_of, signed_in

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
AGENT = "Sankofa (+https://library.example.org)"
AT = datetime(2026, 5, 3, 12)
DAY = timedelta(days=1)


def no_wait(_host: str) -> None:
    """No host is rested in these tests."""


def known(url: str = "https://example.org/", state: str = "good", **changes: Any) -> Link:
    values: dict[str, Any] = {"status": 200, "detail": "", "leads_to": "", "at": AT,
                              "failing_since": None, "tries": 0}  # fmt: skip
    return Link(url, state, **{**values, **changes})


class TestJudging:
    def after(self, *answers: tuple[float, str]) -> Link:
        """What is known after some answers, each some days after the first moment."""
        link: Link | None = None
        for days, state in answers:
            link = judged("https://x.org/", link, Answer(state, 404), AT + days * DAY)
        assert link is not None
        return link

    @pytest.mark.parametrize(
        ("answers", "state"),
        [
            ([(0, "good")], "good"),
            ([(0, "moved")], "moved"),
            ([(0, "not-asked")], "not-asked"),
            ([(0, "failed")], "unsure"),
            ([(0, "failed"), (1, "failed")], "unsure"),
            ([(0, "failed"), (1, "failed"), (2.9, "failed")], "unsure"),
            ([(0, "failed"), (1, "failed"), (3, "failed")], "dead"),
            ([(0, "failed"), (4, "failed")], "unsure"),
            ([(0, "failed"), (0, "failed"), (0, "failed"), (0, "failed")], "unsure"),
            ([(0, "failed"), (0, "failed"), (0, "failed"), (3, "failed")], "dead"),
            ([(0, "unsure"), (1, "unsure"), (9, "unsure"), (30, "unsure")], "unsure"),
            ([(0, "unsure"), (1, "unsure"), (9, "failed"), (13, "failed")], "unsure"),
            ([(0, "failed"), (1, "unsure"), (2, "failed"), (4, "failed")], "dead"),
            ([(0, "failed"), (1, "good"), (4, "failed"), (5, "failed")], "unsure"),
            ([(0, "failed"), (1, "failed"), (4, "failed"), (11, "failed")], "dead"),
            ([(0, "failed"), (1, "failed"), (4, "failed"), (11, "unsure")], "unsure"),
            ([(0, "failed"), (1, "failed"), (4, "failed"), (11, "good")], "good"),
        ],
    )
    def test_dead_is_what_failed_for_certain_three_times_over_three_days(
        self, answers: list[tuple[float, str]], state: str
    ) -> None:
        assert self.after(*answers).state == state

    def test_what_is_good_again_has_no_past(self) -> None:
        link = self.after((0, "failed"), (1, "failed"), (4, "failed"), (5, "good"))
        assert (link.tries, link.failing_since) == (0, None)

    def test_when_an_address_is_asked_again(self) -> None:
        assert due_at(known()) == AT + 30 * DAY
        assert due_at(known(state="moved")) == AT + 30 * DAY
        assert due_at(known(state="not-asked", status=None)) == AT + 30 * DAY
        assert due_at(known(state="unsure", status=403)) == AT + 7 * DAY
        for tries, days in ((1, 1), (2, 3), (3, 7), (4, 7), (50, 7)):
            assert due_at(known(state="unsure", tries=tries)) == AT + days * DAY

    def test_what_failed_comes_first_then_what_is_new_then_the_oldest(self) -> None:
        rows = {
            "fresh": known("fresh", at=AT - DAY),
            "old": known("old", at=AT - 40 * DAY),
            "older": known("older", at=AT - 50 * DAY),
            "failed": known("failed", "unsure", at=AT - 2 * DAY, tries=1),
            "resting": known("resting", "dead", at=AT - 2 * DAY, tries=3),
        }
        found = due([*rows, "new"], rows, AT)
        assert found == ["failed", "new", "older", "old"]


class TestAddressesInTexts:
    def test_a_body_leads_where_its_page_leads(self) -> None:
        """On every text of the library: what the check asks is what readers can click."""
        seen = 0
        for path in sorted((ROOT / "content").glob("*/*.md")):
            body = path.read_text(encoding="utf-8").partition("\n---\n")[2]
            page = render(body)
            html = "".join(
                (page.lead, *(s.heading + s.body for s in page.sections), page.footnotes)
            )
            shown = {
                url.replace("&amp;", "&") for url in re.findall(r'href="(https?:[^"]+)"', html)
            }
            assert shown == set(web_addresses(body)), path
            seen += len(shown)
        assert seen > 0

    @pytest.mark.parametrize(
        ("body", "found"),
        [
            ("[a](https://x.org/a_(b)) ![p](https://x.org/p.png 't')",
             ["https://x.org/a_(b)", "https://x.org/p.png"]),
            ("<https://x.org/?a=1&b=2>", ["https://x.org/?a=1&b=2"]),
            ("[n]: https://x.org/q\n\n[a][n]", ["https://x.org/q"]),
            ("[a](https://x.org/?a=1&amp;b=2)", ["https://x.org/?a=1&b=2"]),
            ("`[a](https://x.org)`\n\n```\n<https://x.org>\n```\n", []),
            ("bare https://x.org stays text", []),
            ("[a](/cases/b) [m](mailto:a@x.org) [f](ftp://x.org)", []),
        ],
    )  # fmt: skip
    def test_what_counts_as_a_link(self, body: str, found: list[str]) -> None:
        assert list(web_addresses(body)) == found

    def test_a_hostile_text_takes_no_time(self) -> None:
        for text in ("[" * 50_000, "](" * 50_000, "](https://" + "(" * 50_000, "<https://" * 9000,
                     "[a]:" * 20_000, "](\n" * 50_000, "\n[a" * 30_000):  # fmt: skip
            list(web_addresses(text))


# The whole desk -----------------------------------------------------------------------------


@pytest.fixture
def site() -> Iterator[Site]:
    with served() as site:
        yield site


def make_desk(tmp_path: Path, texts: dict[str, str]) -> Desk:
    content = factories.content_folder(tmp_path / "content", texts)
    settings = Settings(
        content=content, data=tmp_path / "data", var=tmp_path / "var",
        link_check_allow=LOOPBACK, database_url=own_schema(),
    )  # fmt: skip
    library = Library.open(content, settings.var, threads=1)
    return Desk(open_database(settings), library, settings)


def case(*urls: str, body: str = "", **changes: Any) -> str:
    sources = [{"id": n, "title": f"S{n}", "url": url} for n, url in enumerate(urls, 1)]
    return factories.case_text(
        f"\n## Context\n\nA text. {body}\n", sources=sources,
        funding=None, results=None, **changes,
    )  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path, site: Site) -> Iterator[Desk]:
    desk = make_desk(
        tmp_path,
        {
            "one": case(
                site.answer("/good", 200), site.answer("/gone", 404), title="One",
                body=f"See [this]({site.at('/gone')}#part) and [that]({site.at('/in-text')}).",
            ),
            "one.fr": case(
                site.at("/gone"), title="Un", lang="fr",
                translation_of={"slug": "one", "revision": "0" * 12},
            ),
            "two": case(
                site.answer("/forbidden", 403), site.redirect("/old", "/good"),
                "http://192.168.7.7/inside", title="Two",
                contact={"name": "An office", "url": site.answer("/contact", 200)},
                policies=[{"title": "Law", "kind": "law", "url": site.answer("/law", 500)}],
            ),
            "hidden": case(
                site.answer("/hidden", 200), title="Hidden", status="withdrawn",
                status_reason="It was wrong.",
            ),
        },
    )  # fmt: skip
    site.answer("/in-text", 200)
    yield desk
    desk.database.close()
    drop_schema(desk.settings)


def asker(**changes: Any) -> Asker:
    return Asker(AGENT, LOOPBACK, patience=2, longest=5, **changes)


def states(desk: Desk) -> dict[str, str]:
    return {
        one.url.partition("://")[2].partition("/")[2]: one.link.state if one.link else "new"
        for one in all_links(desk)
    }


def rewind(desk: Desk, days: float) -> None:
    """Let everything that is known be some days older."""
    with desk.database.writing() as connection:
        for link in records.links(connection).values():
            since = link.failing_since - days * DAY if link.failing_since else None
            records.put(connection, replace(link, at=link.at - days * DAY, failing_since=since))


class TestChecking:
    def test_every_address_of_a_public_text_is_known_with_its_places(
        self, desk: Desk, site: Site
    ) -> None:
        found = places(desk.library)
        assert set(found) == {
            site.at(path)
            for path in ("/good", "/gone", "/in-text", "/forbidden", "/old", "/contact", "/law")
        } | {"http://192.168.7.7/inside"}
        gone = [(one.key, one.place) for one in found[site.at("/gone")]]
        assert gone == [
            (Key("case", "one"), "sources 2, url"), (Key("case", "one"), "text"),
            (Key("case", "one", "fr"), "sources 1, url"),
        ]  # fmt: skip
        assert found[site.at("/contact")][0].place == "contact, url"
        assert found[site.at("/law")][0].place == "policies 1, url"

    def test_all_are_asked_once_and_written_down(self, desk: Desk, site: Site) -> None:
        seen: list[tuple[int, int]] = []
        checked = check_all(desk, asker(), 0, lambda *step: seen.append(step))
        assert states(desk) == {
            "good": "good", "gone": "unsure", "in-text": "good", "forbidden": "unsure",
            "old": "moved", "contact": "good", "law": "unsure", "inside": "not-asked",
        }  # fmt: skip
        assert checked.asked == 8
        assert checked.counts == {"good": 3, "unsure": 3, "moved": 1, "not-asked": 1}
        assert seen == [(n, 8) for n in range(1, 9)]
        asked = len(site.asked)
        assert check_all(desk, asker(), 0).asked == 0
        assert len(site.asked) == asked

    def test_dead_after_three_tries_over_three_days(self, desk: Desk, site: Site) -> None:
        check_all(desk, asker(), 0)
        for days, state in ((1, "unsure"), (3, "dead"), (7, "dead")):
            assert check_all(desk, asker(), 0).asked == 0
            rewind(desk, days)
            check_all(desk, asker(), 0)
            assert states(desk)["gone"] == state
        site.answer("/gone", 200)
        rewind(desk, 7)
        check_all(desk, asker(), 0)
        assert states(desk)["gone"] == "good"

    def test_a_check_that_was_broken_off_goes_on(self, desk: Desk, site: Site) -> None:
        def stop(done: int, total: int) -> None:
            if done == 3:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            check_all(desk, asker(), 0, stop, hosts=1)
        with desk.database.reading() as connection:
            assert len(records.links(connection)) == 3
        assert check_all(desk, asker(), 0).asked == 5

    def test_what_no_text_leads_to_any_more_is_forgotten(self, desk: Desk, site: Site) -> None:
        check_all(desk, asker(), 0)
        path = desk.library.store.path(Key("case", "two"))
        path.write_text(case(site.at("/good"), title="Two"), encoding="utf-8")
        desk.library.update([Key("case", "two")])
        assert set(states(desk)) == {"good", "gone", "in-text"}
        check_all(desk, asker(), 0)
        with desk.database.reading() as connection:
            assert len(records.links(connection)) == 3

    def test_a_host_that_was_asked_too_often_is_left_for_the_next_time(
        self, tmp_path: Path, site: Site
    ) -> None:
        urls = [site.answer(f"/{n}", 429) for n in range(9)]
        desk = make_desk(tmp_path, {"one": case(*urls)})
        assert check_all(desk, asker(), 0).asked == 1
        assert check_links(desk, asker(), no_wait) == 0
        assert len(site.asked) == 2
        desk.database.close()

    def test_hosts_are_asked_side_by_side_and_one_host_never_twice_at_once(
        self, tmp_path: Path, site: Site
    ) -> None:
        together, at_once, most = threading.Barrier(2, timeout=10), Counter[str](), Counter[str]()

        def answer(handler: Any) -> None:
            host = handler.headers["Host"].partition(":")[0]
            at_once[host] += 1
            most[host] = max(most[host], at_once[host])
            together.wait()  # for the other host: nobody gets by who asks one after the other
            at_once[host] -= 1
            handler.send_response(200)
            handler.end_headers()

        for number in range(4):
            site.says[f"/{number}"] = answer
        urls = [site.at(f"/{n}", host) for n in range(4) for host in ("a.example", "b.example")]
        desk = make_desk(tmp_path, {"one": case(*urls)})
        check_all(desk, asker(resolve=lambda host, port: ["127.0.0.1"]), 0, hosts=2)
        assert [one.link and one.link.state for one in all_links(desk)] == ["good"] * 8
        assert most == {"a.example": 1, "b.example": 1}
        desk.database.close()
        drop_schema(desk.settings)


class TestWithoutAWayOut:
    @pytest.fixture
    def away(self, tmp_path: Path) -> Iterator[Desk]:
        desk = make_desk(tmp_path, {"one": case(*(f"https://h{n}.example/a" for n in range(5)))})
        yield desk
        desk.database.close()
        drop_schema(desk.settings)

    def silent(self) -> Asker:
        def nobody(host: str, _port: int) -> list[str]:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")

        return asker(resolve=nobody)

    def test_a_check_says_so_and_blames_no_address(self, away: Desk) -> None:
        for _ in range(4):
            with pytest.raises(Offline):
                check_all(away, self.silent(), 0)
        assert set(states(away).values()) == {"new"}

    def test_what_was_good_stays_good_through_any_silence(
        self, away: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        urls = sorted(places(away.library))
        with away.database.writing() as connection:
            for url in urls:
                records.put(connection, known(url, at=now() - 40 * DAY))
        for seconds in (0.0, 60.0, 60.0):
            monkeypatch.setattr(link_checks, "SLICE", seconds)
            assert check_links(away, self.silent(), no_wait) == 0
        with pytest.raises(Offline):
            check_all(away, self.silent(), 0)
        with away.database.reading() as connection:
            found = records.links(connection)
        assert {link.state for link in found.values()} == {"good"}

    def test_a_check_is_broken_off_when_many_hosts_are_silent(self, tmp_path: Path) -> None:
        texts = {"one": case(*(f"https://h{n}.example/a" for n in range(60)))}
        desk = make_desk(tmp_path, texts)
        asked: list[str] = []

        def nobody(host: str, _port: int) -> list[str]:
            asked.append(host)
            raise socket.gaierror(socket.EAI_AGAIN, "no answer")

        with pytest.raises(Offline):
            check_all(desk, asker(resolve=nobody), 0, hosts=4)
        assert link_checks.MOST_SILENT <= len(asked) < 40
        desk.database.close()
        drop_schema(desk.settings)

    def test_the_nightly_share_ends_without_an_alarm(self, away: Desk) -> None:
        for _ in range(4):
            assert check_links(away, self.silent(), no_wait) == 0
            rewind(away, 8)
        assert "dead" not in states(away).values()

    def test_one_that_answered_before_is_asked_too_so_that_a_dead_one_can_be_told(
        self, tmp_path: Path, site: Site
    ) -> None:
        gone = "http://gone.example/"
        desk = make_desk(tmp_path, {"one": case(site.answer("/good", 200), gone)})

        def resolve(host: str, _port: int) -> list[str]:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")

        check_all(desk, asker(resolve=resolve), 0)
        for days in (4, 4, 8):
            rewind(desk, days)
            site.asked.clear()
            check_links(desk, asker(resolve=resolve), no_wait)
            assert site.asked == ["HEAD /good"]
        assert states(desk) == {"good": "good", "": "dead"}
        desk.database.close()
        drop_schema(desk.settings)


class TestTheNightlyShare:
    def test_a_seventh_is_asked_each_day_and_all_in_a_week(
        self, tmp_path: Path, site: Site
    ) -> None:
        desk = make_desk(tmp_path, {"one": case(*(site.answer(f"/{n}", 200) for n in range(100)))})
        asked = []
        for _ in range(8):
            before = len(site.asked)
            assert check_links(desk, asker(), no_wait) == 0
            assert check_links(desk, asker(), no_wait) == 0
            asked.append(len(site.asked) - before)
            rewind(desk, 1)
        assert asked == [15, 15, 15, 15, 15, 15, 10, 0]
        desk.database.close()
        drop_schema(desk.settings)

    def test_a_slice_ends_in_time_and_the_next_goes_on(
        self, desk: Desk, site: Site, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(link_checks, "SLICE", 0.0)
        assert check_links(desk, asker(), no_wait) == 7
        monkeypatch.undo()
        assert check_links(desk, asker(), no_wait) == 0
        with desk.database.reading() as connection:
            assert len(records.links(connection)) == 8

    def test_it_is_in_the_table_of_tasks(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(link_checks, "PACE", no_wait)
        assert TASKS["links"].every == DAY
        assert TASKS["links"].run(desk) == ""
        assert "new" not in states(desk).values()
        rewind(desk, 31)
        monkeypatch.setattr(link_checks, "SLICE", 0.0)
        assert TASKS["links"].run(desk) == More("7 links left to be asked tonight")

    def test_hosts_take_turns(self) -> None:
        urls = ["http://a/1", "http://a/2", "http://a/3", "http://b/1", "http://c/1", "http://b/2"]
        assert link_checks._in_turns(urls) == [
            "http://a/1", "http://b/1", "http://c/1", "http://a/2", "http://b/2", "http://a/3",
        ]  # fmt: skip


class TestAskingOneAgain:
    def test_an_editor_lets_one_be_asked_at_once(
        self, desk: Desk, site: Site, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        check_all(desk, asker(), 0)
        eva = add_person(desk.database, "editor", "Eva", "eva@example.org")
        name = records.name_of(site.at("/gone"))
        for _ in range(3):
            links.wish_again(desk, eva, name)
        with desk.database.reading() as connection:
            (row,) = connection.execute(sa.select(job)).mappings().all()
        assert row["task"] == links.ASK_AGAIN
        site.answer("/gone", 200)
        monkeypatch.setattr(link_checks, "PACE", no_wait)
        TASKS[row["task"]].run(desk, **json.loads(row["payload"]))
        assert states(desk)["gone"] == "good"
        links.wish_again(desk, eva, name)
        with desk.database.reading() as connection:
            assert len(connection.execute(sa.select(job)).all()) == 2

    def test_nobody_else_may_and_nothing_else_is_asked(self, desk: Desk, site: Site) -> None:
        check_all(desk, asker(), 0)
        rosa = add_person(desk.database, "reviewer", "Rosa", "rosa@example.org")
        eva = add_person(desk.database, "editor", "Eva", "eva@example.org")
        with pytest.raises(NotAllowed):
            links.wish_again(desk, rosa, records.name_of(site.at("/gone")))
        with pytest.raises(NoSuchLink):
            links.wish_again(desk, eva, records.name_of("http://10.0.0.1/"))
        before = len(site.asked)
        ask_again(desk, records.name_of(site.at("/hidden")), asker(), no_wait)
        assert len(site.asked) == before


def test_two_who_write_down_the_same_address_both_succeed(desk: Desk) -> None:
    with desk.database.writing() as connection:
        records.put(connection, known())
        records.put(connection, known(state="dead", status=404))
    with desk.database.reading() as connection:
        assert records.links(connection)["https://example.org/"].state == "dead"
        assert records.counts(connection) == {"dead": 1}


# The command --------------------------------------------------------------------------------


@pytest.fixture
def run(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Any:
    for name, value in {
        "KB_CONTENT": desk.settings.content, "KB_DATA": desk.settings.data,
        "KB_VAR": desk.settings.var, "LINK_CHECK_ALLOW": "127.0.0.0/8",
        "DATABASE_URL": desk.settings.database_url,
        "BASE_URL": "https://library.example.org",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, str(value))

    def invoke(*words: str) -> Result:
        return CliRunner().invoke(main, ["links", *words], catch_exceptions=False)

    return invoke


def test_the_command_asks_and_lists_what_is_wrong(run: Any, site: Site) -> None:
    done = run("--host-delay", "0")
    assert done.exit_code == 0
    moved, gone = f"{site.at('/old')} -> {site.at('/good')}", site.at("/gone")
    assert f"moved     200  {moved}\n          in case/two" in done.stdout
    assert f"unsure    404  {gone}\n          in case/one\n          in case/one/fr" in done.stdout
    assert "not-asked private 192.168.7.7  http://192.168.7.7/inside" in done.stdout
    assert "8 asked; 3 good, 1 moved, 1 not-asked, 3 unsure." in done.stderr
    assert {head["User-Agent"].partition("(")[2] for head in site.heads} == {
        "+https://library.example.org)"
    }


def test_the_command_tells_of_dead_ones_alone_and_ends_with_1(
    run: Any, desk: Desk, site: Site
) -> None:
    for days in (4, 4, 0):
        run("--host-delay", "0")
        rewind(desk, days)
    done = run("--json", "--only-dead", "--host-delay", "0")
    assert done.exit_code == WRONG
    (one,) = json.loads(done.stdout)
    assert (one["url"], one["state"], one["status"], one["tries"]) == (
        site.at("/gone"), "dead", 404, 3,
    )  # fmt: skip
    assert [place["document"] for place in one["in"]] == ["case/one", "case/one", "case/one/fr"]


def test_without_the_setting_nothing_on_this_machine_is_asked(
    run: Any, desk: Desk, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINK_CHECK_ALLOW", "")
    assert run("--host-delay", "0").exit_code == 0
    assert set(states(desk).values()) == {"not-asked"}
    assert site.asked == []


# The page -----------------------------------------------------------------------------------


@pytest.fixture
def app(desk: Desk) -> Iterator[Flask]:
    check_all(desk, asker(), 0)
    made = create_app(desk.settings, desk.library)
    yield made
    database_of(made).close()


@pytest.fixture
def eva(app: Flask) -> Person:
    return add_person(database_of(app), "editor", "Eva", "eva@example.org")


def test_the_page_tells_what_is_wrong_and_where(app: Flask, eva: Person, site: Site) -> None:
    client, _ = signed_in(app, eva)
    page = client.get("/office/links").text
    for told in (site.at("/gone"), "There is no such page (404).", "It refuses machines",
                 "The site has trouble of its own (500).", site.at("/good"),
                 "Not asked, because it leads into a private network: 192.168.7.7.",
                 'href="/cases/one"', 'href="/cases/one/edit"', 'href="/cases/one/fr/edit"',
                 "sources 2, in the text", "contact" and "policies 1"):  # fmt: skip
        assert told in page, told
    assert site.at("/contact") not in page
    assert site.at("/contact") in client.get("/office/links?state=good").text
    assert "No address is in this state." in client.get("/office/links?state=dead").text
    assert client.get("/office/links?state=nonsense&page=99").status_code == 200


def test_asking_again_leads_back_to_where_one_was(app: Flask, eva: Person, site: Site) -> None:
    client, token = signed_in(app, eva)
    name = records.name_of(site.at("/gone"))
    form = {"csrf_token": token, "here": "state=unsure&page=2&next=//evil.example"}
    answer = client.post(f"/office/links/{name}", data=form)
    assert answer.headers["Location"] == "/office/links?state=unsure&page=2&done=again"
    assert "It will be asked again in a moment." in client.get(answer.headers["Location"]).text
    assert client.post(f"/office/links/{'0' * 64}", data=form).status_code == 404


def test_the_list_can_be_taken_away(app: Flask, eva: Person, site: Site) -> None:
    client, _ = signed_in(app, eva)
    answer = client.get("/office/links.csv")
    rows = {
        row["address"]: row
        for row in csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""))
    }
    gone = rows[site.at("/gone")]
    assert (gone["state"], gone["status"]) == ("unsure", "404")
    assert gone["documents"] == "/cases/one /cases/one/fr"
    assert rows[site.at("/old")]["leads_to"] == site.at("/good")
    assert len(rows) == 5
    assert "good," in client.get("/office/links.csv?state=good").text


def test_an_address_that_is_none_is_shown_and_not_followed(
    desk: Desk, app: Flask, eva: Person
) -> None:
    with desk.database.writing() as connection:
        found = known(
            "http://192.168.7.7/inside", "moved", leads_to="javascript:alert(1)", at=now()
        )
        records.put(connection, found)
    client, _ = signed_in(app, eva)
    page = client.get("/office/links?state=moved").text
    assert 'href="javascript' not in page
    assert "javascript:alert(1)" in page
