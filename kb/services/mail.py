"""Mail: handed to the SMTP server of the settings, or laid into the outbox where none takes it."""

from __future__ import annotations

import logging
import smtplib
import ssl
import sys
import threading
from email.message import EmailMessage

import sqlalchemy as sa

from kb.records import jobs
from kb.services import metering, outbox
from kb.services.letter import Letter, from_json
from kb.services.mime import message_of
from kb.services.office import Office
from kb.services.tokens import hash_of
from kb.settings import Settings

log = logging.getLogger("kb")
#: Seconds that the server may take for each answer.
PATIENCE = 20.0
#: The name of the threads in which mail is sent.
THREAD = "kb mail"
#: The name, in the table of tasks, of sending one letter.
TASK = "mail"


class NotTaken(Exception):
    """No server took the letter just now; later one may."""


class NoServer(NotTaken):
    """The server does not answer, cannot be trusted, or does not know the name and password."""


class Refused(NotTaken):
    """The server will never take this letter, such as for an address that it says nobody has."""


# Sending -----------------------------------------------------------------------------------


def send(settings: Settings, letter: Letter, name: str = "") -> bool:
    """Sends a letter. False where no server took it, and it lies in the outbox instead.

    `name` is the same at each try of one letter, so that neither the outbox nor the program of
    its reader has it twice.
    """
    message = message_of(settings, letter, name)
    if settings.mail_host:
        try:
            hand_over(settings, message)
        except Refused as reason:
            metering.letter("refused")
            path = outbox.give_up(settings.data, message, str(reason), name)
            log.error("mail to %s was refused by %s: %s; it is in %s",
                      letter.to, settings.mail_host, reason, path)  # fmt: skip
            return False
        except NotTaken as reason:
            log.error("mail to %s was not taken by %s: %s", letter.to, settings.mail_host, reason)
        else:
            metering.letter("sent")
            return True
    metering.letter("laid-down")
    path = outbox.lay_down(settings.data, message, name)
    print(f"Mail to {letter.to}, “{letter.subject}”, is in {path}", file=sys.stderr, flush=True)
    return False


def send_later(settings: Settings, letter: Letter | None) -> None:
    """Sends a letter beside the answer; None takes as long and sends nothing."""
    act = threading.Thread(
        target=lambda: letter and send(settings, letter), name=THREAD, daemon=False
    )
    act.start()


def post(connection: sa.Connection, letter: Letter, key: str) -> bool:
    """Lets background work send a letter, once the transaction holds; False where it did before.

    `key` (at most 190 characters) names this letter for good: a second one with it is not sent.
    """
    given = {"letter": letter.as_json(), "name": hash_of(key)[:24]}
    return jobs.add(connection, TASK, f"{TASK}/{key}", given)


def deliver(office: Office, letter: dict[str, object], name: str) -> str:
    """Sends a letter that was posted, and says where it went."""
    made = from_json(letter)
    taken = send(office.settings, made, name)
    return f"to {made.to}: {'sent' if taken else 'in the outbox'}"


# The way to the server ---------------------------------------------------------------------


def hand_over(settings: Settings, message: EmailMessage, patience: float = PATIENCE) -> None:
    """Give a message to the server, which may take `patience` seconds for each answer.

    Raises NoServer, NotTaken or, where trying again would not help, Refused; all say why.
    """
    context = ssl.create_default_context()
    where = (settings.mail_host, settings.mail_port)
    try:
        with (
            smtplib.SMTP_SSL(*where, timeout=patience, context=context)
            if settings.mail_security == "tls"
            else smtplib.SMTP(*where, timeout=patience)
        ) as server:
            if settings.mail_security == "starttls":
                server.starttls(context=context)
            if settings.mail_user:
                server.login(settings.mail_user, settings.mail_password)
            _give(server, message)
    except (OSError, UnicodeError, smtplib.SMTPException) as problem:
        raise NoServer(str(problem) or type(problem).__name__) from problem


def _give(server: smtplib.SMTP, message: EmailMessage) -> None:
    try:
        server.send_message(message)
    except smtplib.SMTPNotSupportedError as problem:
        raise Refused(str(problem)) from problem
    except smtplib.SMTPRecipientsRefused as problem:
        answers = list(problem.recipients.values())
        kind = Refused if all(500 <= code < 600 for code, _ in answers) else NotTaken
        raise kind("; ".join(_answer(*answer) for answer in answers)) from problem
    except smtplib.SMTPDataError as problem:
        kind = Refused if 500 <= problem.smtp_code < 600 else NotTaken
        raise kind(_answer(problem.smtp_code, problem.smtp_error)) from problem
    except smtplib.SMTPSenderRefused as problem:  # MAIL_FROM can be mended
        raise NotTaken(_answer(problem.smtp_code, problem.smtp_error)) from problem


def _answer(code: int, text: bytes | str) -> str:
    told = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {' '.join(told.split())}"
