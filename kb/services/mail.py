"""Mail: handed to the SMTP server of the settings, or laid into the outbox where there is none."""

from __future__ import annotations

import logging
import os
import secrets
import smtplib
import ssl
import sys
import threading
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, make_msgid
from pathlib import Path
from urllib.parse import urlsplit

from kb.records.database import now
from kb.settings import Settings

log = logging.getLogger("kb")
#: Seconds that the server may take for each answer.
PATIENCE = 20
#: The name of the threads in which mail is sent.
THREAD = "kb mail"


@dataclass(frozen=True)
class Letter:
    """What is to be told to whom, in plain text."""

    to: str
    subject: str
    text: str


def send(settings: Settings, letter: Letter) -> bool:
    """Sends a letter. False where no server took it, and it lies in the outbox instead."""
    message = _message(settings, letter)
    if settings.mail_host:
        try:
            _hand_over(settings, message)
        except (OSError, smtplib.SMTPException) as problem:
            log.error("mail to %s was not taken by %s: %s", letter.to, settings.mail_host, problem)
        else:
            return True
    path = _lay_down(settings.data / "outbox", message)
    print(f"Mail to {letter.to}, “{letter.subject}”, is in {path}", file=sys.stderr, flush=True)
    return False


def send_later(settings: Settings, letter: Letter | None) -> None:
    """Sends a letter beside the answer; None takes as long and sends nothing."""
    act = threading.Thread(
        target=lambda: letter and send(settings, letter), name=THREAD, daemon=False
    )
    act.start()


def _message(settings: Settings, letter: Letter) -> EmailMessage:
    host = urlsplit(settings.origin).hostname or "localhost"
    message = EmailMessage(policy=SMTP)
    sender = settings.mail_from or formataddr((settings.site_name, f"no-reply@{host}"))
    message["From"] = sender
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(now())
    message["Message-ID"] = make_msgid(domain=host)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    return message


def _hand_over(settings: Settings, message: EmailMessage) -> None:
    context = ssl.create_default_context()
    where = (settings.mail_host, settings.mail_port)
    with (
        smtplib.SMTP_SSL(*where, timeout=PATIENCE, context=context)
        if settings.mail_security == "tls"
        else smtplib.SMTP(*where, timeout=PATIENCE)
    ) as server:
        if settings.mail_security == "starttls":
            server.starttls(context=context)
        if settings.mail_user:
            server.login(settings.mail_user, settings.mail_password)
        server.send_message(message)


def _lay_down(folder: Path, message: EmailMessage) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{now():%Y%m%d-%H%M%S}-{secrets.token_hex(4)}.eml"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(message.as_bytes())
    return path
