"""Mail: taken by a real SMTP server on this machine, or laid into the outbox."""

from __future__ import annotations

import ssl
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword

from kb.services import mail
from kb.services.mail import Letter
from kb.settings import Settings
from tests.browser.sites import free_port
from tests.people import outbox

LETTER = Letter("ama@example.org", "Mot de passe oublié — 密码", "Bonjour Ama,\n\nvoilà: 链接\n")


@dataclass
class PostOffice:
    """Keeps what it is given, refuses letters to `refused`, and knows one name and password."""

    taken: list[EmailMessage] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)
    secure: list[bool] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    refused: str = ""

    async def handle_RCPT(  # noqa: N802 (the name that aiosmtpd looks for)
        self, server: Any, session: Any, envelope: Envelope, to: str, _: Any
    ) -> str:
        if to == self.refused:
            return "550 nobody of this name"
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
        return AuthResult(success=given.password == b"right")


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
    assert taken.get_content_type() == "text/plain"
    assert taken.get_content().replace("\r\n", "\n") == LETTER.text
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
    assert letter.get_content().replace("\r\n", "\n") == LETTER.text
    (path,) = (settings.data / "outbox").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    line = capsys.readouterr().err
    assert str(path) in line
    assert LETTER.to in line


def test_a_letter_that_no_server_takes_is_not_lost(
    server: Controller, post: PostOffice, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    post.refused = LETTER.to
    assert not mail.send(settings, LETTER)
    mail.send_later(replace(settings, mail_port=free_port()), LETTER)
    assert len(outbox(settings.data)) == 2
    assert caplog.text.count("was not taken by 127.0.0.1") == 2


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


def test_none_is_no_letter_and_sends_nothing(tmp_path: Path) -> None:
    mail.send_later(Settings(data=tmp_path), None)
    assert outbox(tmp_path) == []
