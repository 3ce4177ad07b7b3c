"""Mail: taken by a real SMTP server on this machine, or laid into the outbox."""

from __future__ import annotations

import json
import socket
import ssl
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import pairwise
from pathlib import Path
from typing import Any

import html5lib
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword
from click.testing import CliRunner, Result

from kb.app import ROOT
from kb.cli.base import main
from kb.records.database import now
from kb.services import mail
from kb.services.desk import Desk, open_database
from kb.services.letter import Heading, Item, Items, Letter, Way, Words, from_json
from kb.services.mime import message_of, read, with_plain_host
from kb.services.office import SmallOffice
from kb.services.outbox import lying, put_back
from kb.services.resending import send_again
from kb.services.work import More, do_all
from kb.settings import Settings
from kb.tasks import TASKS
from tests.browser.sites import free_port
from tests.people import outbox, text_of

LETTER = Letter(
    "ama@example.org",
    "Mot de passe oublié — 密码",
    (Words("Bonjour Ama,"), Words("voilà :"), Way("链接", "https://library.example.org/x")),
    lang="fr",
)
TEXT = "Bonjour Ama,\n\nvoilà :\n\n链接\nhttps://library.example.org/x\n"
STOP = f"https://library.example.org/unsubscribe/{'x' * 180}"
MINUTE = timedelta(minutes=1)


@dataclass
class PostOffice:
    """Keeps what it is given, answers as it is told to, and knows one name and password."""

    taken: list[EmailMessage] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)
    secure: list[bool] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)  # to an address, in place of 250

    async def handle_RCPT(  # noqa: N802 (the name that aiosmtpd looks for)
        self, server: Any, session: Any, envelope: Envelope, to: str, _: Any
    ) -> str:
        if to in self.answers:
            return self.answers[to]
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 (the name that aiosmtpd looks for)
        self, server: Any, session: Any, envelope: Envelope
    ) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        self.envelopes.append(envelope)
        self.taken.append(message_from_bytes(content, policy=policy.default))
        self.secure.append(session.ssl is not None)
        return "250 OK"

    def authenticate(
        self, server: Any, session: Any, envelope: Any, mechanism: str, given: Any
    ) -> AuthResult:
        assert isinstance(given, LoginPassword)
        self.names.append(given.login.decode())
        return AuthResult(success=given.password == b"right", handled=False)


@pytest.fixture
def post() -> PostOffice:
    return PostOffice()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        data=tmp_path / "data", site_name="Bibliothèque", mail_host="127.0.0.1",
        mail_port=free_port(), mail_security="none",
    )  # fmt: skip


@pytest.fixture
def server(post: PostOffice, settings: Settings) -> Iterator[Controller]:
    controller = Controller(post, hostname="127.0.0.1", port=settings.mail_port)
    controller.start()
    yield controller
    controller.stop()


@pytest.fixture
def certificate(tmp_path: Path) -> ssl.SSLContext:
    """A certificate for localhost that nobody trusts yet."""
    key, found = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key,
         "-out", found, "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(found, key)
    return context


def test_a_server_takes_the_letter_as_it_was_written(
    server: Controller, post: PostOffice, settings: Settings
) -> None:
    assert mail.send(settings, LETTER)
    (taken,) = post.taken
    assert taken["Subject"] == LETTER.subject
    assert taken["To"] == LETTER.to
    assert taken["From"] == "Bibliothèque <no-reply@127.0.0.1>"
    assert taken["Auto-Submitted"] == "auto-generated"
    assert taken["Message-ID"]
    assert taken.get_content_type() == "multipart/alternative"
    assert text_of(taken) == TEXT
    assert "voilà" in html_of(taken)
    assert post.envelopes[0].rcpt_tos == [LETTER.to]
    assert outbox(settings.data) == []


def test_the_sender_is_that_of_the_settings(
    server: Controller, post: PostOffice, settings: Settings
) -> None:
    mail.send(replace(settings, mail_from="Library <lib@example.org>"), LETTER)
    assert post.taken[0]["From"] == "Library <lib@example.org>"


def test_without_a_server_the_letter_lies_in_the_outbox_for_nobody_else_to_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(data=tmp_path / "data")
    assert not mail.send(settings, LETTER)
    (letter,) = outbox(settings.data)
    assert text_of(letter) == TEXT
    (path,) = (settings.data / "outbox").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    line = capsys.readouterr().err
    assert str(path) in line
    assert LETTER.to in line


def test_a_letter_that_no_server_takes_is_not_lost(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    assert not mail.send(settings, LETTER)
    mail.send_later(settings, LETTER)
    assert len(outbox(settings.data)) == 2
    assert caplog.text.count("was not taken by 127.0.0.1") == 2


def test_a_letter_that_is_refused_for_good_is_given_up_with_the_reason(
    server: Controller, post: PostOffice, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    post.answers[LETTER.to] = "550 nobody of this name"
    assert not mail.send(settings, LETTER)
    assert outbox(settings.data) == []
    (given_up,) = lying(settings.data)
    assert given_up.reason == "550 nobody of this name"
    assert (given_up.to, given_up.subject) == (LETTER.to, LETTER.subject)
    assert "was refused by 127.0.0.1: 550 nobody" in caplog.text


@pytest.fixture
def trusted(
    post: PostOffice,
    settings: Settings,
    certificate: ssl.SSLContext,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Settings]:
    """The settings for a server that asks for STARTTLS and a password, and may be trusted."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    controller = Controller(
        post, hostname="127.0.0.1", port=settings.mail_port, tls_context=certificate,
        require_starttls=True, authenticator=post.authenticate, auth_required=True,
    )  # fmt: skip
    controller.start()
    yield replace(settings, mail_host="localhost", mail_security="starttls", mail_user="site")
    controller.stop()


def test_a_name_and_password_are_given_over_an_encrypted_way(
    post: PostOffice, trusted: Settings
) -> None:
    assert mail.send(replace(trusted, mail_password="right"), LETTER)
    assert not mail.send(replace(trusted, mail_password="wrong"), LETTER)
    assert set(post.names) == {"site"}
    assert post.secure == [True]


def test_nothing_is_sent_over_an_encrypted_way_whose_certificate_nobody_vouches_for(
    post: PostOffice, settings: Settings, certificate: ssl.SSLContext
) -> None:
    controller = Controller(
        post, hostname="127.0.0.1", port=settings.mail_port, tls_context=certificate
    )
    controller.start()
    try:
        strict = replace(settings, mail_host="localhost", mail_security="starttls")
        assert not mail.send(strict, LETTER)
    finally:
        controller.stop()
    assert post.taken == []


@pytest.mark.parametrize("field_", ["to", "subject"])
def test_a_line_break_cannot_add_a_header(tmp_path: Path, field_: str) -> None:
    letter = replace(LETTER, **{field_: "a@example.org\r\nBcc: everybody@example.org"})
    with pytest.raises(ValueError, match="linefeed"):
        mail.send(Settings(data=tmp_path), letter)


@pytest.fixture
def office(settings: Settings) -> Iterator[SmallOffice]:
    database = open_database(settings)
    yield SmallOffice(database, settings)
    database.close()


def html_of(letter: EmailMessage) -> str:
    body = letter.get_body(("html",))
    assert body is not None
    return str(body.get_content())


def test_none_is_no_letter_and_sends_nothing(tmp_path: Path) -> None:
    mail.send_later(Settings(data=tmp_path), None)
    assert outbox(tmp_path) == []


# What is written ---------------------------------------------------------------------------


def test_text_and_html_say_the_same_and_names_cannot_become_markup() -> None:
    parts = (
        Heading("Drafts"),
        Items((
            Item("<b>Bold</b> & co", "https://x.example/1?a=1&b=2", "Kofi", "one\n\n> two", "fr"),
            Item("Second"),
        )),
        Way("Open", 'https://x.example/"><script>'),
    )  # fmt: skip
    message = message_of(Settings(), replace(LETTER, parts=parts, foot=(Words("Because."),)))
    text, html = text_of(message), html_of(message)
    assert text == (
        "Drafts\n------\n\n* <b>Bold</b> & co (Kofi)\n  > one\n  > \n  > > two\n"
        "  https://x.example/1?a=1&b=2\n\n* Second\n\n"
        'Open\nhttps://x.example/"><script>\n\n-- \nSankofa\n\nBecause.\n'
    )
    assert "<script>" not in html
    told = html5lib.parse(html, namespaceHTMLElements=False)
    assert [a.get("href") for a in told.iter("a")] == [
        "https://x.example/1?a=1&b=2", 'https://x.example/"><script>',
    ]  # fmt: skip
    assert [a.get("lang") for a in told.iter("a")] == ["fr", None]
    assert "<b>Bold</b> & co" in "".join(told.itertext())


def test_html_asks_nobody_for_anything_and_says_its_language_and_direction() -> None:
    html = html_of(message_of(Settings(), replace(LETTER, lang="ar")))
    assert '<html lang="ar" dir="rtl">' in html
    for word in ("<img", "<link", "@import", "url(", "<script", " src="):
        assert word not in html


def test_a_long_address_to_unsubscribe_at_stays_in_one_piece() -> None:
    message = message_of(Settings(), replace(LETTER, unsubscribe=STOP))
    sent = message.as_bytes().decode("ascii")
    assert f"\r\nList-Unsubscribe: <{STOP}>\r\n" in sent
    assert "\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in sent
    assert "List-Unsubscribe" not in message_of(Settings(), LETTER).as_string()


def test_a_long_subject_in_any_script_arrives_whole(
    server: Controller, post: PostOffice, settings: Settings
) -> None:
    subject = " ".join(["Gesundheitsfürsorge", "手机支付", "الدفع"] * 12)
    assert mail.send(settings, replace(LETTER, subject=subject, unsubscribe=STOP))
    assert post.taken[0]["Subject"] == subject
    assert post.taken[0]["List-Unsubscribe"] == f"<{STOP}>"
    raw = post.envelopes[0].original_content
    assert raw is not None
    assert max(map(len, raw.splitlines())) < 998


def test_a_letter_comes_back_from_json_as_it_was() -> None:
    letter = replace(
        LETTER,
        parts=(*LETTER.parts, Heading("x"), Items((Item("a", "b", "c", "d", "fr"), Item("e")))),
        foot=(Words("foot"), Way("l", "u")),
        unsubscribe=STOP,
    )
    assert from_json(json.loads(json.dumps(letter.as_json()))) == letter


# Addresses in every script -----------------------------------------------------------------


def test_a_host_in_another_script_is_written_as_the_network_knows_it() -> None:
    assert with_plain_host("ama@bücher.example") == "ama@xn--bcher-kva.example"
    assert with_plain_host("ama@example.org") == "ama@example.org"
    assert with_plain_host(f"ama@{'x' * 70}.example") == f"ama@{'x' * 70}.example"


@pytest.mark.parametrize("knows", [True, False])
def test_a_name_in_another_script_is_sent_where_the_server_knows_how(
    post: PostOffice, settings: Settings, knows: bool
) -> None:
    controller = Controller(
        post, hostname="127.0.0.1", port=settings.mail_port, enable_SMTPUTF8=knows
    )
    controller.start()
    try:
        assert mail.send(settings, replace(LETTER, to="ämä@bücher.example")) == knows
    finally:
        controller.stop()
    if knows:
        assert post.envelopes[0].rcpt_tos == ["ämä@xn--bcher-kva.example"]
        assert post.taken[0]["Subject"] == LETTER.subject
        return
    (given_up,) = lying(settings.data)
    assert "internationalized" in given_up.reason
    assert read(given_up.path)["To"] == "ämä@xn--bcher-kva.example"


# Servers that fail -------------------------------------------------------------------------


def test_a_server_that_says_nothing_is_not_waited_for(settings: Settings) -> None:
    with (
        socket.create_server(("127.0.0.1", settings.mail_port)),
        pytest.raises(mail.NoServer, match="timed out"),
    ):
        mail.hand_over(settings, message_of(settings, LETTER), patience=0.2)


def test_a_server_that_hangs_up_is_told_as_such(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", settings.mail_port)) as listening:

        def hang_up() -> None:
            listening.accept()[0].close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        with pytest.raises(mail.NoServer, match="closed"):
            mail.hand_over(settings, message_of(settings, LETTER))
        thread.join()


# The outbox ----------------------------------------------------------------------------------


def test_what_waits_is_sent_when_the_server_is_back_and_leaves_the_outbox(
    office: SmallOffice, post: PostOffice
) -> None:
    settings = office.settings
    letters = [replace(LETTER, to=f"{name}@example.org") for name in ("ama", "kofi")]
    for letter in letters:
        assert not mail.send(settings, letter)
    at = now() + MINUTE
    assert send_again(office, at) == "1 waiting for the server"
    controller = Controller(post, hostname="127.0.0.1", port=settings.mail_port)
    controller.start()
    try:
        assert send_again(office, at) == "1 sent"  # the other one was just tried
        assert send_again(office, at + 2 * MINUTE) == "1 sent"
        assert send_again(office, at + 9 * MINUTE) == ""
    finally:
        controller.stop()
    assert {str(letter["To"]) for letter in post.taken} == {"ama@example.org", "kofi@example.org"}
    assert text_of(post.taken[0]) == TEXT
    assert list(lying(settings.data)) == []


def test_without_a_server_nothing_is_tried(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    mail.send(settings, LETTER)
    office = SmallOffice(open_database(settings), settings)
    assert send_again(office, now() + timedelta(days=9)) == ""
    assert len(list(lying(settings.data))) == 1
    office.database.close()


def test_tries_become_rarer_and_after_three_days_a_letter_is_given_up(
    server: Controller, post: PostOffice, office: SmallOffice
) -> None:
    data = office.settings.data
    post.answers[LETTER.to] = "451 come back later"
    mail.send(office.settings, LETTER)
    start, tried = now(), []
    for minute in range(1, 5 * 24 * 60):
        if send_again(office, start + minute * MINUTE):
            tried.append(minute)
    waits = [b - a for a, b in pairwise(tried)]
    assert tried[0] == 1
    assert all(b >= 1.8 * a for a, b in pairwise(waits) if b < 300)
    assert 355 < max(waits) <= 361
    assert 3 * 24 * 60 <= tried[-1] < 3 * 24 * 60 + 361
    (given_up,) = lying(data)
    assert given_up.reason == "Tried for 3 days, the last time: 451 come back later"
    assert given_up.path.parent == data / "outbox" / "failed"
    assert stat.S_IMODE(given_up.path.parent.stat().st_mode) == 0o700


def test_what_was_given_up_can_be_tried_anew(
    server: Controller, post: PostOffice, office: SmallOffice
) -> None:
    data = office.settings.data
    post.answers[LETTER.to] = "550 relaying denied"
    mail.send(office.settings, LETTER)
    assert put_back(data) == 1
    (waiting,) = lying(data)
    assert waiting.reason == ""
    post.answers.clear()
    assert send_again(office, now() + MINUTE) == "1 sent"
    assert list((data / "outbox" / "failed").iterdir()) == []


def test_a_file_that_is_no_letter_does_not_hold_up_the_others(
    server: Controller, post: PostOffice, office: SmallOffice
) -> None:
    folder = office.settings.data / "outbox"
    folder.mkdir()
    (folder / "note.eml").write_text("remember the milk\n", encoding="utf-8")
    (folder / "mine.eml").write_bytes(message_of(office.settings, LETTER).as_bytes())
    told = send_again(office, now() + MINUTE)
    assert set(str(told).split(", ")) == {"1 sent", "1 given up"}
    assert "names no address" in next(lying(office.settings.data)).reason


def test_a_round_ends_after_a_while_so_that_other_work_gets_its_turn(
    server: Controller, office: SmallOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.services.resending.ROUND", timedelta(0))
    for _ in range(2):
        mail.send(replace(office.settings, mail_host=""), LETTER)
    assert send_again(office, now() + MINUTE) == More("1 sent")


# Letters of background work ------------------------------------------------------------------


def test_a_letter_that_is_posted_is_sent_once_and_only_if_the_transaction_holds(
    server: Controller, post: PostOffice, office: SmallOffice
) -> None:
    desk = Desk(office.database, None, office.settings)  # type: ignore[arg-type]
    with office.database.writing() as connection:
        assert mail.post(connection, LETTER, "alert/1/today")
        assert not mail.post(connection, LETTER, "alert/1/today")
    with pytest.raises(ZeroDivisionError), office.database.writing() as connection:
        mail.post(connection, LETTER, "alert/2/today")
        raise ZeroDivisionError
    told = [done.told for done in do_all(desk, TASKS) if done.task == mail.TASK]
    assert told == ["to ama@example.org: sent"]
    assert len(post.taken) == 1


def test_a_letter_whose_job_is_done_twice_is_one_and_the_same(
    server: Controller, post: PostOffice, office: SmallOffice
) -> None:
    """As after a crash between the server's answer and ours: one number, one file."""
    given = {"letter": LETTER.as_json(), "name": "x" * 24}
    for _ in range(2):
        mail.deliver(office, **given)
    assert {str(letter["Message-ID"]) for letter in post.taken} == {f"<{'x' * 24}@127.0.0.1>"}
    without = SmallOffice(office.database, replace(office.settings, mail_host=""))
    for _ in range(2):
        assert mail.deliver(without, **given) == "to ama@example.org: in the outbox"
    assert len(outbox(office.settings.data)) == 1


def test_the_command_lists_the_outbox_and_lets_letters_be_tried_anew(
    server: Controller, post: PostOffice, office: SmallOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = office.settings.data
    monkeypatch.setenv("KB_DATA", str(data))

    def command(*words: str) -> Result:
        return CliRunner().invoke(main, ["outbox", *words], catch_exceptions=False)

    assert command().output == "No letter lies in the outbox.\n"
    post.answers[LETTER.to] = "550 no"
    mail.send(office.settings, LETTER)
    told = command().output
    assert LETTER.to in told
    assert "given up: 550 no" in told
    (row,) = json.loads(command("--json").stdout)
    assert (row["to"], row["reason"]) == (LETTER.to, "550 no")
    assert "1 letters wait again" in command("--again").output
    assert [one.reason for one in lying(data)] == [""]


# Killed while it works ---------------------------------------------------------------------


def killed(tmp_path: Path, port: int, step: int) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.kb.telling_killed", tmp_path, str(port), str(step)],
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) >= 150 // step
    assert all(one["killed"] for one in found)
    return found


@pytest.mark.parametrize("step", [pytest.param(1, marks=pytest.mark.soak), 19])
def test_whoever_is_killed_at_any_line_has_lost_and_doubled_nothing(
    tmp_path: Path, step: int
) -> None:
    for one in killed(tmp_path, 0, step):
        assert (one["jobs"], one["unsent"], one["outbox"]) == (0, 0, 1), one


@pytest.mark.parametrize("step", [pytest.param(1, marks=pytest.mark.soak), 19])
def test_a_server_gets_twice_only_what_was_cut_short_behind_its_answer(
    server: Controller, post: PostOffice, settings: Settings, tmp_path: Path, step: int
) -> None:
    """SMTP knows no way to ask whether a letter was taken; the second one has the same number."""
    found = killed(tmp_path / "killed", settings.mail_port, step)
    for one in found:
        mine = [m for m in post.taken if m["To"] == f"{one['number']}@example.org"]
        assert 1 <= len(mine) <= 2, one
        assert len({str(m["Message-ID"]) for m in mine}) == 1
        assert (one["jobs"], one["unsent"], one["outbox"]) == (0, 0, 0), one
        line = one["at"]
        if len(mine) == 2:
            assert line.startswith(("kb.services.mail:", "kb.services.work:", "kb.records.")), line
    whole = [m for m in post.taken if m["To"] == "ama@example.org"]
    assert len(whole) == 1
