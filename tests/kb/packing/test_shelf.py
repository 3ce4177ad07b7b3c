"""Files of packs are made once, kept until the pack changes, and given to those who may."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from indexer.library import Library
from kb.access import CONSOLE, VISITOR, SignInNeeded
from kb.app import ROOT, create_app
from kb.cli import main
from kb.present.book import book_of
from kb.records import jobs
from kb.records.database import now
from kb.services.desk import Desk
from kb.services.packing import pdf, shelf
from kb.services.packing.book import Book
from kb.services.packing.forms import FORMS, Report
from kb.services.packing.shelf import FormLacking, Order, Wish
from kb.services.packs import NoSuchPack, read_pack
from kb.services.work import do_all
from kb.settings import Settings
from kb.tasks import TASKS
from tests import books
from tests.kb.conftest import visitor
from tests.kb.packing.validators import require_pdf
from tests.people import add_person, database_of, signed_in

PDF = "/packs/learning-to-pay.pdf"


@pytest.fixture
def own(desk_settings: Settings, tmp_path: Path) -> Settings:
    """Settings with folders of their own."""
    return replace(desk_settings, data=tmp_path / "data", var=tmp_path / "var")


@pytest.fixture
def site(packs: Library, own: Settings) -> Iterator[Flask]:
    app = create_app(own, packs)
    yield app
    if own.data.exists():
        database_of(app).close()


@pytest.fixture
def asking(site: Flask) -> FlaskClient:
    return visitor(site)


def an_order(library: Library, settings: Settings, **changes: str) -> Order:
    wanted = replace(Wish("learning-to-pay", "", "epub"), **changes)
    return shelf.order(library, CONSOLE, settings, wanted)


def files(settings: Settings) -> list[str]:
    return sorted(path.name for path in (settings.var / "packs").glob("[a-z]*"))


class TestTheShelf:
    def test_a_file_is_made_once_and_kept(self, packs: Library, own: Settings) -> None:
        wanted = an_order(packs, own)
        assert shelf.kept(own, wanted) is None
        data = shelf.made(packs, own, wanted, book_of)

        def never(book: Book, report: Report) -> bytes:
            raise AssertionError("made a second time")

        again = replace(wanted, form=replace(wanted.form, make=never))
        assert shelf.made(packs, own, again, book_of) == data == shelf.kept(own, wanted)
        assert files(own) == [wanted.name]

    def test_a_newer_one_takes_its_place_and_leaves_others_alone(
        self, packs: Library, own: Settings
    ) -> None:
        old = replace(an_order(packs, own), stamp="0" * 16)
        others = [an_order(packs, own, edition="trainer"), an_order(packs, own, lang="ar"),
                  an_order(packs, own, suffix="html")]  # fmt: skip
        new = an_order(packs, own)
        for wanted in (old, *others, new):
            shelf.made(packs, own, wanted, book_of)
        assert files(own) == sorted(wanted.name for wanted in (*others, new))

    def test_what_fails_leaves_nothing_behind(self, packs: Library, own: Settings) -> None:
        def broken(book: Book, report: Report) -> bytes:
            report(1, 2)
            raise pdf.PressFailed("no ink")

        wanted = an_order(packs, own)
        wanted = replace(wanted, form=replace(wanted.form, make=broken))
        with pytest.raises(pdf.PressFailed):
            shelf.made(packs, own, wanted, book_of)
        assert files(own) == []
        assert list((own.var / "packs").glob("*.progress")) == []

    def test_threads_that_ask_at_once_share_one_file(self, packs: Library, own: Settings) -> None:
        made: list[str] = []
        both = threading.Barrier(3)

        def counted(book: Book, report: Report) -> bytes:
            made.append(book.stamp)
            return b"x"

        wanted = an_order(packs, own)
        wanted = replace(wanted, form=replace(wanted.form, make=counted))

        def ask() -> None:
            both.wait()
            shelf.made(packs, own, wanted, book_of)

        threads = [threading.Thread(target=ask) for _ in range(3)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert len(made) == 1

    def test_processes_that_ask_at_once_share_one_file(self, tmp_path: Path) -> None:
        books.library_of_packs(tmp_path)
        makers = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.kb.packing.makers", str(tmp_path), name],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
            )
            for name in ("a", "b")
        ]  # fmt: skip
        for one in makers:
            assert one.stdout and one.stdout.readline() == "ready\n"
        told = []
        for one in makers:
            assert one.stdin
            one.stdin.write("go\n")
            one.stdin.flush()
        for one in makers:
            told.append(one.communicate(timeout=60)[0].split())
        assert sorted(times for times, _ in told) == ["0", "1"]
        assert told[0][1] == told[1][1]

    def test_a_stamp_is_that_of_all_that_is_in_the_book(
        self, packs: Library, own: Settings
    ) -> None:
        stamps = {
            an_order(packs, settings, **changes).stamp
            for settings in (own, replace(own, base_url="https://example.org"))
            for changes in ({}, {"edition": "trainer"}, {"lang": "ar"}, {"slug": "open-to-all"})
        }
        assert len(stamps) == 8


class TestWhoMay:
    def test_notes_are_for_those_who_may_see_them(self, packs: Library, own: Settings) -> None:
        wish = Wish("learning-to-pay", "", "epub", "trainer")
        with pytest.raises(SignInNeeded):
            shelf.order(packs, VISITOR, own, wish)
        wish = replace(wish, slug="open-to-all")
        assert shelf.order(packs, VISITOR, own, wish).edition == "trainer"

    def test_the_site_says_so_too(self, site: Flask, asking: FlaskClient) -> None:
        path = "/packs/learning-to-pay.epub"
        assert asking.get(f"{path}?edition=trainer").status_code in (303, 401)
        add_person(database_of(site), "contributor", "Ama", "ama@example.org")
        reader = add_person(database_of(site), "reader", "Bo", "bo@example.org")
        assert signed_in(site, reader)[0].get(f"{path}?edition=trainer").status_code == 403

    def test_a_trainer_gets_their_edition_and_nobody_keeps_it(self, site: Flask) -> None:
        ama = add_person(database_of(site), "contributor", "Ama", "ama@example.org")
        answer = signed_in(site, ama)[0].get("/packs/learning-to-pay.epub?edition=trainer")
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert "learning-to-pay.trainer.epub" in answer.headers["Content-Disposition"]


class TestTheSite:
    def test_a_form_is_a_file_that_everybody_may_keep(
        self, asking: FlaskClient, own: Settings
    ) -> None:
        answer = asking.get("/packs/learning-to-pay/ar.epub")
        assert answer.status_code == 200
        assert answer.content_type == "application/epub+zip"
        assert answer.headers["Content-Disposition"] == (
            'attachment; filename="learning-to-pay.ar.epub"'
        )
        assert answer.headers["Cache-Control"].startswith("public")
        assert answer.headers["X-Robots-Tag"] == "noindex"
        again = asking.get(
            "/packs/learning-to-pay/ar.epub", headers={"If-None-Match": answer.headers["ETag"]}
        )
        assert again.status_code == 304
        assert not own.data.exists(), "no database was opened"

    def test_the_page_to_print_is_shown_under_a_policy_of_its_own(
        self, asking: FlaskClient
    ) -> None:
        answer = asking.get("/packs/learning-to-pay.html")
        assert answer.content_type == "text/html; charset=utf-8"
        assert "Content-Disposition" not in answer.headers
        assert "sha256-" in answer.headers["Content-Security-Policy"]
        assert "who was paid" not in answer.text

    @pytest.mark.parametrize("path", ["/packs/none.epub", "/packs/learning-to-pay/fr.epub"])
    def test_a_pack_that_is_not_there_has_no_forms(self, asking: FlaskClient, path: str) -> None:
        assert asking.get(path).status_code == 404

    def test_a_form_that_is_not_there_is_no_page(self, asking: FlaskClient) -> None:
        assert asking.get("/packs/learning-to-pay.exe").status_code == 404

    def test_what_takes_long_is_waited_for_and_made_once(
        self, asking: FlaskClient, packs: Library, own: Settings, site: Flask
    ) -> None:
        require_pdf(pdf.lacks())
        desk = Desk(database_of(site), packs, own)
        for _ in range(2):  # a second visitor waits for the same
            answer = asking.get(PDF)
            assert answer.status_code == 202
            assert answer.headers["Cache-Control"] == "no-store"
            assert re.search(r"<progress[^>]*></progress>", answer.text)
        with desk.database.reading() as connection:
            assert jobs.standing(connection, now()).due == 1
        (done,) = list(do_all(desk, {shelf.TASK: TASKS[shelf.TASK]}))
        assert done.error == ""
        answer = asking.get(PDF)
        assert (answer.status_code, answer.data[:5]) == (200, b"%PDF-")
        led = asking.get(PDF, headers={"HX-Request": "true"})
        assert (led.headers["HX-Redirect"], led.data) == (PDF, b"")
        (own.var / "packs").joinpath(files(own)[0]).unlink()
        assert asking.get(PDF).status_code == 202, "var may be deleted at any time"
        with desk.database.reading() as connection:
            assert jobs.standing(connection, now()).due == 1

    def test_what_went_wrong_is_told_to_those_who_wait(
        self, asking: FlaskClient, packs: Library, own: Settings, site: Flask, monkeypatch: Any
    ) -> None:
        require_pdf(pdf.lacks())
        desk = Desk(database_of(site), packs, own)
        asking.get(PDF)
        monkeypatch.setattr(pdf, "PATIENCE", 0.0)
        (done,) = list(do_all(desk, {shelf.TASK: TASKS[shelf.TASK]}))
        assert done.error.startswith("PressFailed")
        assert "It could not be made yet" in asking.get(PDF).text

    def test_what_cannot_be_made_here_says_what_is_missing(
        self, asking: FlaskClient, packs: Library, own: Settings, monkeypatch: Any
    ) -> None:
        monkeypatch.setattr(pdf, "LIBRARIES", {"pango-of-nowhere": "libpango-1.0-0"})
        with pytest.raises(FormLacking):
            an_order(packs, own, suffix="pdf")
        answer = asking.get(PDF)
        assert answer.status_code == 501
        assert "apt-get install libpango-1.0-0" in answer.text or "pip install" in answer.text


class TestTheCommand:
    @pytest.fixture(autouse=True)
    def here(self, own: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("content", "data", "var"):
            monkeypatch.setenv(f"KB_{name.upper()}", str(getattr(own, name)))

    def test_a_pack_is_written_where_one_says(self, tmp_path: Path, own: Settings) -> None:
        told = CliRunner().invoke(main, [
            "pack", "export", "learning-to-pay", "--format", "epub", "--lang", "ar",
            "--edition", "trainer", "--out", str(tmp_path), "--json",
        ])  # fmt: skip
        assert told.exit_code == 0, told.output
        path = tmp_path / "learning-to-pay.ar.trainer.epub"
        answer = json.loads(told.stdout[told.stdout.index("{") :])
        assert (answer["path"], answer["bytes"]) == (str(path), path.stat().st_size)
        assert not own.data.exists()

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            (["none", "--format", "epub"], "There is no public pack none."),
            (["learning-to-pay", "--format", "doc"], "There is no form doc."),
        ],
    )
    def test_what_cannot_be_done_is_said(self, given: list[str], said: str) -> None:
        told = CliRunner().invoke(main, ["pack", "export", *given])
        assert told.exit_code == 1
        assert said in told.stderr

    def test_the_forms_are_listed(self) -> None:
        told = CliRunner().invoke(main, ["pack", "forms", "--json"])
        assert [row["format"] for row in json.loads(told.stdout)] == list(FORMS)


def test_a_pack_that_went_away_meanwhile_needs_no_file(
    packs: Library, own: Settings, site: Flask
) -> None:
    desk = Desk(database_of(site), packs, own)
    assert TASKS[shelf.TASK].run(desk, slug="gone", lang="", suffix="epub", edition="") == ""
    with pytest.raises(NoSuchPack):
        read_pack(packs, VISITOR, "gone")
