"""The log: a line for each thing that happened, as text or as JSON, with the number of its request.

Whatever a stranger typed stays within its line: what could begin another, or move the cursor of
whoever reads it, is written as its code.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from kb.settings import Settings

#: The log of the requests: one line each.
requests = logging.getLogger("kb.requests")
#: Those whose lines are told from LOG_LEVEL on; others have to warn of something.
OWN = ("kb", "sankofa")

# Letters and digits that nobody takes for another when a number is read out: Crockford's base 32.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_HALF = 5
_FOREIGN = re.compile(r"[A-Za-z0-9._-]{8,64}")
#: Control characters, line ends of any kind, marks that turn the direction, lone surrogates.
_UNSAFE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
#: What may be a secret in an address that leads nowhere.
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22,}")
_MOST = 500  # letters of a path
_number: ContextVar[str] = ContextVar("number", default="")


# The number of a request ---------------------------------------------------------------------


def new_number() -> str:
    """A number for a request: 50 random bits, such as K7Q2M-9XTRB, that can be read out."""
    bits = secrets.randbits(10 * _HALF)
    letters = [_LETTERS[(bits >> shift) & 31] for shift in range(0, 10 * _HALF, 5)]
    return f"{''.join(letters[:_HALF])}-{''.join(letters[_HALF:])}"


def is_number(text: str) -> bool:
    """Whether the number that a proxy gave to a request can be kept."""
    return _FOREIGN.fullmatch(text) is not None


def request_number() -> str:
    """The number of the request that is being answered in this thread, "" outside of one."""
    return _number.get()


@contextmanager
def numbered(number: str) -> Iterator[None]:
    """Let every line that is logged by this thread meanwhile carry the number."""
    before = _number.set(number)
    try:
        yield
    finally:
        _number.reset(before)


def told_path(path: str, rule: str | None, arguments: Mapping[str, Any]) -> str:
    """Give a path as it may be written down: one-time links and names of drafts are left out.

    `rule` is the pattern of the address, None where it leads nowhere.
    """
    if rule is None:
        return safe(_TOKEN.sub("…", path))[:_MOST]
    return safe(rule if "token" in arguments else path)[:_MOST]


# Lines ---------------------------------------------------------------------------------------


def safe(text: str) -> str:
    """Give a text as one line that holds nothing but what can be seen."""
    return _UNSAFE.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


class JsonLines(logging.Formatter):
    """Each record as one line of JSON in ASCII."""

    def format(self, record: logging.LogRecord) -> str:
        """Give time, level, logger, request, message; what a request was like; an exception."""
        line = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "request": request_number() or None,
            "message": safe(record.getMessage()),
            **getattr(record, "told", {}),
        }
        if record.exc_info:
            line["exception"] = "".join(traceback.format_exception(*record.exc_info))
        return json.dumps({name: value for name, value in line.items() if value is not None})


class TextLines(logging.Formatter):
    """Each record as a line for people; the lines of an exception stand behind a bar."""

    def format(self, record: logging.LogRecord) -> str:
        """Give time, level, request and message, and what a request was like."""
        told = [f"{k}={v}" for k, v in getattr(record, "told", {}).items() if k in _BESIDE]
        words = [_time(record), f"{record.levelname:<7}", request_number(), record.getMessage()]
        line = safe(" ".join(word for word in (*words, *told) if word))
        if record.exc_info:
            lines = "".join(traceback.format_exception(*record.exc_info)).splitlines()
            line += "".join(f"\n  | {safe(one)}" for one in lines)
        return line


#: What a line of text tells of a request beside its message, which has method, path and status.
_BESIDE = ("ms", "person", "address")


def _time(record: logging.LogRecord) -> str:
    at = datetime.fromtimestamp(record.created, UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def write_logs(settings: Settings) -> None:
    """Let this process write its log to the error stream, as the settings say."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if settings.log_format == "json" else TextLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in OWN:
        logging.getLogger(name).setLevel(settings.log_level.upper())
    logging.captureWarnings(capture=True)
