"""The doctor says what is wrong, and what mends it, without changing anything."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from indexer.library import Library
from kb.records import jobs
from kb.records.database import now
from kb.services import doctor, outbox
from kb.services.desk import open_database
from kb.services.doctor import Finding, examine
from kb.services.letter import Letter, Words
from kb.services.mime import message_of
from kb.services.packing import fonts, pdf
from kb.settings import Settings
from tests import factories


@pytest.fixture
def settings(tmp_path):
    content = factories.content_folder(tmp_path / "content", {"cash": factories.case_text()})
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    return Settings(content=content, data=data, var=tmp_path / "var")


def finding(settings: Settings, what: str) -> Finding:
    return next(found for found in examine(settings) if found.what == what)


def test_nothing_is_wrong_with_a_fresh_library_and_nothing_is_made(settings):
    assert [found for found in examine(settings) if found.ok is False] == []
    assert finding(settings, "index").ok is None
    assert not settings.var.exists()


def test_an_index_that_agrees_with_its_files_is_said_to(settings):
    Library.open(settings.content, settings.var)
    assert finding(settings, "index").ok is True
    assert finding(settings, "index and files").ok is True
    (settings.content / "cases" / "newer.md").write_text(factories.case_text(), encoding="utf-8")
    behind = finding(settings, "index and files")
    assert behind.ok is None
    assert "1 file" in behind.detail


def test_a_broken_document_is_counted_and_named(settings):
    (settings.content / "cases" / "broken.md").write_text("---\ntitle: [\n---\n", encoding="utf-8")
    found = finding(settings, "documents")
    assert found.ok is False
    assert "broken" in found.detail
    assert "kb check" in found.mend


def test_a_broken_index_and_a_missing_model_are_found(settings, tmp_path):
    Library.open(settings.content, settings.var)
    for file in (settings.var / "index").glob("*/arrays/*/about.json"):
        file.write_bytes(b"nonsense")
    assert finding(settings, "index").ok is False
    without = dataclasses.replace(settings, model=tmp_path / "nowhere")
    assert finding(without, "model").ok is False


def test_data_that_others_may_read_is_a_fault(settings):
    settings.data.chmod(0o755)
    assert finding(settings, "KB_DATA permissions").mend.startswith("Run: chmod 700")


def test_a_missing_content_folder_is_a_fault(settings, tmp_path):
    without = dataclasses.replace(settings, content=tmp_path / "none")
    assert finding(without, "KB_CONTENT").ok is False


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"base_url": "http://library.example.org"}, "address"),
        ({"host": "0.0.0.0"}, "BASE_URL"),
    ],
)
def test_plain_http_beyond_the_machine_is_a_fault(settings, changes, what):
    assert finding(dataclasses.replace(settings, **changes), what).ok is False


def test_every_fault_says_what_mends_it(settings):
    bad = dataclasses.replace(settings, host="0.0.0.0", workers=64, content=settings.data / "none")
    assert all(found.mend for found in examine(bad) if found.ok is False)


def test_it_says_where_mail_goes_what_waits_and_what_was_given_up(settings):
    assert "sent to nobody" in finding(settings, "mail").detail
    assert finding(settings, "outbox").detail == "0 letters wait"
    letter = message_of(settings, Letter("ama@example.org", "x", (Words("y"),)))
    outbox.lay_down(settings.data, letter)
    assert finding(settings, "outbox").ok is True  # without a server that is how it should be
    outbox.give_up(settings.data, letter, "550 no")
    found = finding(settings, "letters given up")
    assert (found.detail, found.ok) == ("1", None)
    served = dataclasses.replace(settings, mail_host="mail.example.org")
    assert finding(served, "mail").detail == "goes to mail.example.org:587"
    assert finding(served, "outbox").ok is None


def test_it_says_when_somebody_last_worked_and_what_failed(settings):
    database = open_database(settings)
    assert finding(settings, "background work").detail == "was never done"
    at = now()
    with database.writing() as connection:
        for name in ("good", "bad"):
            jobs.add(connection, "mail", name)
        later = at + timedelta(hours=1)
        good, bad = (jobs.take(connection, ["mail"], "a", now(), later) for _ in range(2))
        jobs.finish(connection, good, at)
        jobs.fail(connection, bad, "no such template", at)
    database.close()
    assert finding(settings, "background work").ok is True
    failed = finding(settings, "failed jobs")
    assert failed.ok is None
    assert "no such template" in failed.detail


def test_it_names_what_pdf_lacks_and_the_package_that_brings_it(settings, monkeypatch):
    monkeypatch.setattr(pdf, "lacks", lambda: "Libraries are missing. On Debian: apt-get install x")
    found = finding(settings, "PDF of packs")
    assert (found.ok, found.detail) == (None, "Libraries are missing")
    assert found.mend == "On Debian: apt-get install x"


def test_it_names_the_fonts_that_the_letters_of_packs_need(settings, monkeypatch):
    monkeypatch.setattr(pdf, "lacks", lambda: "")
    monkeypatch.setattr(doctor, "version", lambda name: "1")
    folder = settings.content / "packs"
    folder.mkdir(exist_ok=True)
    (folder / "a-course.md").write_text(factories.pack_text("cash-by-phone"), encoding="utf-8")
    assert finding(settings, "letters of packs").ok is True
    monkeypatch.setattr(fonts.shutil, "which", lambda name: None)
    text = factories.pack_text("cash-by-phone", "none-such", title="भुगतान")
    (folder / "a-course.md").write_text(text, encoding="utf-8")
    found = finding(settings, "letters of packs")
    assert found.detail == "no font here has those of DEVANAGARI"
    assert found.mend.endswith("apt-get install fonts-noto-core")
