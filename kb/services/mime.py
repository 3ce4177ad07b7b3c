"""A letter as mail: its headers, plain text, and the same as HTML, made from one value."""

from __future__ import annotations

import re
from datetime import UTC
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, formataddr, make_msgid
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from kb.records.database import now
from kb.services.letter import Letter
from kb.settings import Settings

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
UNSUBSCRIBE = "List-Unsubscribe"


class WholeAddresses(EmailPolicy):
    """How mail is written, but for the address to unsubscribe at: that stays on one line.

    Python would fold a long one into encoded words, which no reader of mail takes for an address.
    """

    def fold(self, name: str, value: Any) -> str:
        """The header as text."""
        return self._whole(name, value) or super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        """The header as it is sent."""
        return self._whole(name, value).encode("ascii") or super().fold_binary(name, value)

    def _whole(self, name: str, value: Any) -> str:
        if name.lower() != UNSUBSCRIBE.lower():
            return ""
        return f"{name}: {''.join(str(value).split())}{self.linesep}"


#: Seven bits for everything, so that no server on the way changes what it is given.
POLICY: Any = WholeAddresses(linesep="\r\n", cte_type="7bit")


def message_of(settings: Settings, letter: Letter, name: str = "") -> EmailMessage:
    """The letter as mail; `name` is the same each time that one letter is made into mail.

    Raises ValueError where the address or the subject holds a line break.
    """
    host = urlsplit(settings.origin).hostname or "localhost"
    to = with_plain_host(letter.to)
    message = EmailMessage(policy=POLICY.clone(utf8=not to.isascii()))
    message["From"] = settings.mail_from or formataddr((settings.site_name, f"no-reply@{host}"))
    message["To"] = to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(now().replace(tzinfo=UTC))
    message["Message-ID"] = f"<{name}@{host}>" if name else make_msgid(domain=host)
    message["Auto-Submitted"] = "auto-generated"
    if letter.unsubscribe:
        message[UNSUBSCRIBE] = f"<{letter.unsubscribe}>"
        message[f"{UNSUBSCRIBE}-Post"] = "List-Unsubscribe=One-Click"
    text, html = (_rendered(kind, letter, settings.site_name) for kind in ("txt", "html"))
    message.set_content(re.sub(r"\n{3,}", "\n\n", text.strip()) + "\n")
    message.add_alternative(html, subtype="html")
    message["Content-Language"] = letter.lang
    return message


def read(path: Path) -> EmailMessage:
    """The message in a file."""
    found: EmailMessage = message_from_bytes(path.read_bytes(), policy=POLICY)
    return found


def with_plain_host(address: str) -> str:
    """The address with its host as the network spells it, so that every server can reach it."""
    local, at, host = address.rpartition("@")
    try:
        return f"{local}{at}{host.encode('idna').decode('ascii')}"
    except UnicodeError:
        return address


def _rendered(kind: str, letter: Letter, site: str) -> str:
    template = _templates().get_template(f"mail/letter.{kind}")
    return template.render(letter=letter, site=site, direction=_direction(letter.lang))


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"], default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _direction(lang: str) -> str:
    try:
        return str(Locale.parse(lang, sep="-").text_direction)
    except (UnknownLocaleError, ValueError):
        return "ltr"
