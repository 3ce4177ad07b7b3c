"""The settings of the desk: one table, and the only place that reads the environment."""

# ruff: noqa: RUF009 (each row makes a field of the dataclass, which is the point)

from __future__ import annotations

import dataclasses
import ipaddress
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class BadSetting(ValueError):
    """An environment variable holds something that cannot be used."""

    def __init__(self, name: str, value: str, right: str) -> None:
        super().__init__(f"{name}={value!r}: {right}")
        self.name = name


@dataclass(frozen=True)
class Setting:
    """One row of the table: the variable, how it is read, its default as text, its help."""

    name: str
    field: str
    type: str
    default: str
    help: str
    read: Callable[[str], Any]
    secret: bool = False


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            raise ValueError("a whole number is needed") from None
        if not least <= number <= most:
            raise ValueError(f"a number from {least} to {most} is needed")
        return number

    return read


def _folder(text: str) -> Path:
    if not text:
        raise ValueError("the path of a folder is needed")
    return Path(text).expanduser()


def _folder_or_none(text: str) -> Path | None:
    return Path(text).expanduser() if text else None


def _address(text: str) -> str:
    parts = urlsplit(text)
    if not text:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
        raise ValueError("http://host or https://host is needed, without a path")
    return text.rstrip("/")


def _database(text: str) -> str:
    """Give the address with the driver that is used, so that `postgresql://` is enough."""
    kind, colon, rest = text.partition("://")
    if not text:
        return ""
    if not colon or kind not in ("sqlite", "postgresql", "postgres", "postgresql+psycopg"):
        raise ValueError("sqlite:///path or postgresql://user@host/name is needed")
    return f"sqlite://{rest}" if kind == "sqlite" else f"postgresql+psycopg://{rest}"


def _yes_no(text: str) -> bool:
    word = text.lower()
    if word not in ("yes", "no", "on", "off", "true", "false", "1", "0"):
        raise ValueError("yes or no is needed")
    return word in ("yes", "on", "true", "1")


def _networks(text: str) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(part) for part in text.replace(",", " ").split())
    except ValueError:
        raise ValueError("addresses or networks are needed, such as 10.0.0.0/8") from None


def _codes(text: str) -> tuple[str, ...]:
    codes = tuple(text.replace(",", " ").split())
    if not codes or not all(code.replace("-", "").isalnum() for code in codes):
        raise ValueError("language codes are needed, such as en,fr,ar")
    return codes


def _logo(text: str) -> str:
    if text and not text.startswith("/media/"):
        raise ValueError("a path below /media/ is needed, such as /media/logo.png")
    return text


def _listening(text: str) -> str:
    host, colon, port = text.rpartition(":")
    bare = host.removeprefix("[").removesuffix("]")
    good = colon and bare and port.isdecimal() and 0 < int(port) < 65536
    if text and (not good or (":" in bare) != host.startswith("[")):
        raise ValueError("an address with a port is needed, such as 127.0.0.1:9100")
    return text


def _one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise ValueError(f"one of {', '.join(words)} is needed")
        return text

    return read


def _sender(text: str) -> str:
    if text and ("@" not in text or not text.isprintable()):
        raise ValueError("an address is needed, such as Library <library@example.org>")
    return text


def _row(
    name: str,
    type_: str,
    default: str,
    read: Callable[[str], Any],
    help_: str,
    *,
    secret: bool = False,
) -> Any:
    return dataclasses.field(
        repr=not secret,
        default_factory=lambda: read(default),
        metadata={
            "name": name, "type": type_, "default": default, "read": read, "help": help_,
            "secret": secret,
        },
    )  # fmt: skip


@dataclass(frozen=True)
class Settings:
    """All settings of one running desk. Each field is a row of the table SETTINGS."""

    content: Path = _row(
        "KB_CONTENT",
        "folder",
        "./content",
        _folder,
        "Where the cases, packs, pages, vocabularies and media lie.",
    )
    data: Path = _row(
        "KB_DATA",
        "folder",
        "./data",
        _folder,
        "What a backup takes besides the content: database, attachments, secrets.",
    )
    var: Path = _row(
        "KB_VAR",
        "folder",
        "./var",
        _folder,
        "Index, vectors and caches. May be deleted: it costs only the time to make it anew.",
    )
    database_url: str = _row(
        "DATABASE_URL",
        "address",
        "",
        _database,
        "Where people, drafts and history are kept, such as postgresql://kb@localhost/kb. "
        "Empty: the SQLite file sankofa.sqlite in KB_DATA.",
        secret=True,
    )
    git_commits: bool = _row(
        "GIT_COMMITS",
        "yes or no",
        "no",
        _yes_no,
        "Whether each publication is also a commit of the Git repository that the content lies "
        "in, with the author's name. Refused in the checkout of the product itself.",
    )
    model: Path | None = _row(
        "KB_MODEL",
        "folder",
        "",
        _folder_or_none,
        "Folder of another ONNX sentence model. Empty: the model that comes with the product.",
    )
    base_url: str = _row(
        "BASE_URL",
        "address",
        "",
        _address,
        "The public address, such as https://library.example.org. Absolute links come from it "
        "alone, and any other Host is refused. Empty: http:// with HOST and PORT.",
    )
    trusted_proxies: tuple[Network, ...] = _row(
        "TRUSTED_PROXIES",
        "networks",
        "",
        _networks,
        "Addresses of the proxies whose X-Forwarded headers are believed. Empty: none.",
    )
    host: str = _row("HOST", "text", "127.0.0.1", str, "The address that `kb serve` listens on.")
    port: int = _row(
        "PORT",
        "number",
        "8000",
        _whole(0, 65535),
        "The port that `kb serve` listens on.",
    )
    workers: int = _row(
        "WORKERS",
        "number",
        "1",
        _whole(1, 64),
        "Server processes. Two answer more requests a second and need more memory.",
    )
    threads: int = _row("THREADS", "number", "4", _whole(1, 64), "Threads in each process.")
    site_name: str = _row("SITE_NAME", "text", "Sankofa", str, "The name in the head of each page.")
    site_logo: str = _row(
        "SITE_LOGO",
        "path",
        "",
        _logo,
        "An image below /media/ shown beside the name. Empty: the mark of the product.",
    )
    languages: tuple[str, ...] = _row(
        "LANGUAGES",
        "language codes",
        "en",
        _codes,
        "Languages of the interface, the first being the fallback.",
    )
    cache_seconds: int = _row(
        "CACHE_SECONDS",
        "number",
        "60",
        _whole(0, 86400),
        "How long others may keep a page that was made for a visitor without cookies.",
    )
    max_request_kb: int = _row(
        "MAX_REQUEST_KB",
        "number",
        "256",
        _whole(1, 1_000_000),
        "The largest body of a request, in kilobytes.",
    )
    session_idle_minutes: int = _row(
        "SESSION_IDLE_MINUTES",
        "number",
        "30",
        _whole(5, 720),
        "After how many minutes without a request somebody has to sign in again; what they were "
        "writing is kept. A sitting ends after 12 hours in any case.",
    )
    stay_signed_in: bool = _row(
        "STAY_SIGNED_IN",
        "yes or no",
        "yes",
        _yes_no,
        "Whether readers and contributors may stay signed in for 30 days on a device of their "
        "own. Those who decide about the texts of others never do.",
    )
    admin_second_step: bool = _row(
        "ADMIN_SECOND_STEP",
        "yes or no",
        "yes",
        _yes_no,
        "Whether administrators need the second step; until it is on, they have the rights of "
        "editors.",
    )
    hsts_subdomains: bool = _row(
        "HSTS_SUBDOMAINS",
        "yes or no",
        "yes",
        _yes_no,
        "Whether browsers are told to use https for all names below that of BASE_URL as well. Say "
        "no where other sites below that name have no https.",
    )
    reviews: int = _row(
        "REVIEWS",
        "number",
        "1",
        _whole(0, 2),
        "How many people who did not write a text must have approved it before it is published; "
        "whoever publishes it counts as one. With 0 editors may publish their own.",
    )
    max_upload_kb: int = _row(
        "MAX_UPLOAD_KB",
        "number",
        "10240",
        _whole(1, 100_000),
        "The largest picture or PDF that may be given to the library, in kilobytes. Only people "
        "who may write can send so much; everything else has the limit MAX_REQUEST_KB.",
    )
    max_pixels: int = _row(
        "MAX_PIXELS",
        "number",
        "40000000",
        _whole(10_000, 400_000_000),
        "The most pixels of a picture that is given to the library. While one of 40 million is "
        "read, it needs up to 700 MB of memory for a second or two: set 12000000 on a machine "
        "with 512 MB.",
    )
    registration: str = _row(
        "REGISTRATION",
        "closed or open",
        "closed",
        _one_of("closed", "open"),
        "Whether anybody with a mail address may make an account, or only those invited.",
    )
    mail_host: str = _row(
        "MAIL_HOST",
        "text",
        "",
        str,
        "The SMTP server that takes the mail of the site. Empty: mail is written into "
        "KB_DATA/outbox and told on the console.",
    )
    mail_port: int = _row(
        "MAIL_PORT", "number", "587", _whole(1, 65535), "The port of the SMTP server."
    )
    mail_security: str = _row(
        "MAIL_SECURITY",
        "starttls, tls or none",
        "starttls",
        _one_of("starttls", "tls", "none"),
        "How the way to the SMTP server is encrypted. With none, its password travels in the open.",
    )
    mail_user: str = _row("MAIL_USER", "text", "", str, "The name to give to the SMTP server.")
    mail_password: str = _row(
        "MAIL_PASSWORD", "text", "", str, "The password that goes with MAIL_USER.", secret=True
    )
    mail_from: str = _row(
        "MAIL_FROM",
        "mail address",
        "",
        _sender,
        "From whom the mail of the site comes. Empty: SITE_NAME at the host of the site.",
    )

    searches_kept_days: int = _row(
        "SEARCHES_KEPT_DAYS",
        "number",
        "365",
        _whole(0, 36_500),
        "For how many days it is kept how often words were searched for, without anything about "
        "who did. 0: searches are not counted.",
    )
    metrics_address: str = _row(
        "METRICS_ADDRESS",
        "address with port",
        "",
        _listening,
        "Where `kb serve` answers /metrics (for Prometheus), /healthz and /readyz, apart from the "
        "site, such as 127.0.0.1:9100. It asks nobody who they are. Empty: nowhere.",
    )
    log_format: str = _row(
        "LOG_FORMAT",
        "text or json",
        "text",
        _one_of("text", "json"),
        "How the lines of the log of `kb serve` look.",
    )
    log_level: str = _row(
        "LOG_LEVEL",
        "debug, info, warning or error",
        "info",
        _one_of("debug", "info", "warning", "error"),
        "From where on something is logged: info has a line for each request, debug also those "
        "for files and for health.",
    )
    log_addresses: bool = _row(
        "LOG_ADDRESSES",
        "yes or no",
        "no",
        _yes_no,
        "Whether the lines for requests tell the address that they came from.",
    )
    digest_hour: int = _row(
        "DIGEST_HOUR",
        "number",
        "6",
        _whole(0, 23),
        "The hour (UTC) at which digests of notices and alerts go out: those of a day each day, "
        "those of a week on Mondays.",
    )
    work: bool = _row(
        "WORK",
        "yes or no",
        "yes",
        _yes_no,
        "Whether `kb serve` also does the background work: mail, alerts, reminders, checks. With "
        "no, run `kb work` beside it, or `kb work --once` from cron.",
    )
    link_check_allow: tuple[Network, ...] = _row(
        "LINK_CHECK_ALLOW",
        "networks",
        "",
        _networks,
        "Networks that the check of links may ask although they are not public, at any port, such "
        "as 127.0.0.0/8 for a test. Empty: none. Whoever may write a text can make this machine "
        "ask addresses there.",
    )

    @property
    def origin(self) -> str:
        """The public address, without a slash at the end."""
        if self.base_url:
            return self.base_url
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104
        return f"http://{'[' + host + ']' if ':' in host else host}:{self.port}"

    @property
    def database(self) -> str:
        """The address of the database, as SQLAlchemy takes it."""
        return self.database_url or f"sqlite:///{self.data.absolute() / 'sankofa.sqlite'}"

    @property
    def secure(self) -> bool:
        """True exactly when the public address is https."""
        return self.origin.startswith("https://")


SETTINGS: tuple[Setting, ...] = tuple(
    Setting(field=field.name, **field.metadata) for field in dataclasses.fields(Settings)
)


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of the environment. Raises BadSetting naming the variable and what is right."""
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    for row in SETTINGS:
        text = _given(environ, row)
        if text is not None:
            try:
                values[row.field] = row.read(text or row.default)
            except ValueError as problem:
                told = "(not shown)" if row.secret else text
                raise BadSetting(row.name, told, str(problem)) from None
    return Settings(**values)


def _given(environ: Mapping[str, str], row: Setting) -> str | None:
    """The text of a setting; a secret one may lie in the file that NAME_FILE names."""
    if row.name in environ or not row.secret or not environ.get(name := f"{row.name}_FILE"):
        text = environ.get(row.name)
        return None if text is None else text.strip()
    path = environ[name].strip()
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeError):
        raise BadSetting(name, path, "the path of a file that can be read is needed") from None


def settings_text(settings: Settings) -> str:
    """The settings as NAME=value, a line each, without anything that is secret."""
    lines = []
    for row in SETTINGS:
        value = getattr(settings, row.field)
        if row.secret:
            lines.append(f"# {row.name} is {'set, and not told here' if value else 'not set'}")
        else:
            lines.append(f"{row.name}={_written(value)}")
    return "\n".join(lines) + "\n"


def _written(value: Any) -> str:
    """A value as the environment would hold it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return "" if value is None else str(value)


def child_environment(**more: str) -> dict[str, str]:
    """The environment for Git, without what would lead it to another repository."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}
    return {**kept, **more}


def _files() -> str:
    names = [f"`{row.name}_FILE`" for row in SETTINGS if row.secret]
    return " and ".join((", ".join(names[:-1]), names[-1]))


def bare_environment() -> dict[str, str]:
    """The environment for a process that reads what strangers sent: nothing that is secret."""
    needed = ("PATH", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "SYSTEMROOT")
    return {name: os.environ[name] for name in needed if name in os.environ}


def settings_reference() -> str:
    """The page docs/settings.md, as Markdown."""
    lines = [
        "# Settings",
        "",
        "Each setting is an environment variable. A value that cannot be used stops the start with",
        "a message that says what is right. This page is made from `kb/settings.py`.",
        "",
        "What is secret can lie in a file instead, such as one of systemd's credentials or of a",
        f"container's secrets: {_files()} hold its path.",
        "",
        "| variable | type | default | what it does |",
        "|---|---|---|---|",
    ]
    for row in SETTINGS:
        default = f"`{row.default}`" if row.default else "empty"
        lines.append(f"| `{row.name}` | {row.type} | {default} | {row.help} |")
    return "\n".join(lines) + "\n"
