"""Sending the letters of the outbox again, until a server takes them or they are given up."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

from kb.records.database import now
from kb.services import mail, metering, outbox
from kb.services.mime import read
from kb.services.office import Office
from kb.services.work import More

#: How long one round may take before other work gets its turn.
ROUND = timedelta(seconds=10)
SENT, GIVEN_UP, WAITS, NO_SERVER = "sent", "given up", "not taken yet", "waiting for the server"


def send_again(office: Office, at: datetime | None = None) -> object:
    """Tries what is due, and says what became of it; nothing happens where no server is set.

    A letter is given up when it was refused for good, or tried for three days. Where the server
    does not answer, the others wait until it does.
    """
    at = at or now()
    if not office.settings.mail_host:
        return ""
    became: Counter[str] = Counter()
    end = now() + ROUND
    for path in outbox.due(office.settings.data, at):
        for word in _try(office, path, at):
            became[word] += 1
        if NO_SERVER in became:
            break
        if now() > end:
            return More(_told(became))
    return _told(became)


def _told(became: Counter[str]) -> str:
    return ", ".join(f"{number} {word}" for word, number in became.items())


def _try(office: Office, path: Path, at: datetime) -> tuple[str, ...]:
    data, message = office.settings.data, read(path)
    if not message["To"] or not message["From"]:
        outbox.move_to_failed(data, path, "The file is no letter: it names no address.")
        return (GIVEN_UP,)
    try:
        mail.hand_over(office.settings, message)
    except mail.Refused as reason:
        metering.letter("refused")
        outbox.move_to_failed(data, path, str(reason))
        return (GIVEN_UP,)
    except mail.NotTaken as reason:
        also = (NO_SERVER,) if isinstance(reason, mail.NoServer) else ()
        if outbox.too_old(path, at):
            days = outbox.GIVE_UP.days
            outbox.move_to_failed(data, path, f"Tried for {days} days, the last time: {reason}")
            return (GIVEN_UP, *also)
        outbox.tried(path, at)
        return also or (WAITS,)
    metering.letter("sent")
    path.unlink(missing_ok=True)
    return (SENT,)
