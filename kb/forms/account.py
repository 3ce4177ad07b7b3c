"""The forms about one's account, as values; what is missing is told at its field."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from kb.translation import gettext as _

#: The longest name and address that are taken.
NAME, EMAIL = 200, 254
#: In front of the names of fields that belong to another form, kept while somebody signs in.
KEPT = "kept:"
#: Fields of a form that are never kept.
SECRET = ("csrf_token", "password", "again", "old", "code")

Pairs = Iterable[tuple[str, str]]


class FormIncomplete(Exception):
    """Fields are missing or cannot be right: field -> what is to be done."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(problems)
        self.problems = problems


def email_of(text: str) -> str:
    """A mail address as the database knows it."""
    return unicodedata.normalize("NFC", text).strip().lower()


def name_of(text: str) -> str:
    """A name on one line, without what cannot be seen."""
    plain = "".join(c if c.isprintable() else " " for c in unicodedata.normalize("NFC", text))
    return " ".join(plain.split())


def is_email(text: str) -> bool:
    """Whether mail could be sent there: one @, something on both sides, nothing odd."""
    local, at, host = text.rpartition("@")
    plain = text.isprintable() and not any(c in text for c in ' ,;:<>()[]\\"')
    labels = host.split(".")
    known = len(labels) > 1 and all(label.replace("-", "").isalnum() for label in labels)
    return bool(at and local and "@" not in local and plain and known and len(text) <= EMAIL)


def kept_of(pairs: Pairs) -> tuple[tuple[str, str], ...]:
    """The fields of another form that came along with this one."""
    return tuple((n.removeprefix(KEPT), v) for n, v in pairs if n.startswith(KEPT))


def to_keep(pairs: Pairs) -> tuple[tuple[str, str], ...]:
    """The fields of a form that somebody could not send for want of being signed in."""
    return tuple((name, value) for name, value in pairs if name not in SECRET)


@dataclass(frozen=True)
class SignInForm:
    """Address and password; where to go then, and what was being sent there."""

    email: str = ""
    password: str = field(default="", repr=False)
    remember: bool = False
    next: str = ""
    kept: tuple[tuple[str, str], ...] = ()
    ticket: str = field(default="", repr=False)
    code: str = field(default="", repr=False)

    @classmethod
    def of(cls, form: Mapping[str, str], pairs: Pairs, onward: str) -> SignInForm:
        """The form as it was sent; `pairs` has all values, `onward` is a path of this site."""
        return cls(
            email=email_of(form.get("email", "")),
            password=form.get("password", ""),
            remember=form.get("remember") == "1",
            next=onward,
            kept=kept_of(pairs),
            ticket=form.get("ticket", ""),
            code=form.get("code", ""),
        )

    def with_ticket(self, ticket: str) -> SignInForm:
        """The same, half way: the password was right, and is not sent again."""
        return replace(self, password="", ticket=ticket)

    def check(self) -> None:
        """Raises FormIncomplete."""
        problems = {}
        if not self.email:
            problems["email"] = _("Enter your mail address.")
        if not self.password:
            problems["password"] = _("Enter your password.")
        _require_none(problems)


@dataclass(frozen=True)
class EmailForm:
    """A mail address, and the role of somebody who is invited."""

    email: str = ""
    role: str = ""

    @classmethod
    def of(cls, form: Mapping[str, str]) -> EmailForm:
        """The form as it was sent."""
        return cls(email_of(form.get("email", "")), form.get("role", ""))

    def check(self) -> None:
        """Raises FormIncomplete."""
        _require_none({} if is_email(self.email) else {"email": _bad_email()})


@dataclass(frozen=True)
class NewPersonForm:
    """Who somebody is, and the password that they choose."""

    email: str = ""
    name: str = ""
    password: str = field(default="", repr=False)
    again: str = field(default="", repr=False)

    @classmethod
    def of(cls, form: Mapping[str, str], email: str = "") -> NewPersonForm:
        """The form as it was sent; an `email` that is known already is taken instead."""
        return cls(
            email=email or email_of(form.get("email", "")),
            name=name_of(form.get("name", "")),
            password=form.get("password", ""),
            again=form.get("again", ""),
        )

    def check(self) -> None:
        """Raises FormIncomplete."""
        problems = {}
        if not is_email(self.email):
            problems["email"] = _bad_email()
        if not self.name or len(self.name) > NAME:
            problems["name"] = _bad_name()
        _require_none(problems | _differing(self.password, self.again))


@dataclass(frozen=True)
class PasswordForm:
    """A new password, twice; the old one where somebody is signed in; and what else is asked."""

    old: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    again: str = field(default="", repr=False)

    @classmethod
    def of(cls, form: Mapping[str, str]) -> PasswordForm:
        """The form as it was sent."""
        return cls(form.get("old", ""), form.get("password", ""), form.get("again", ""))

    def check(self) -> None:
        """Raises FormIncomplete."""
        _require_none(_differing(self.password, self.again))


@dataclass(frozen=True)
class SureForm:
    """The password once more, before something that matters, and what goes with it."""

    password: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    code: str = field(default="", repr=False)
    fate: str = "keep"

    @classmethod
    def of(cls, form: Mapping[str, str]) -> SureForm:
        """The form as it was sent."""
        fate = "anonymous" if form.get("name") == "anonymous" else "keep"
        secret, code = form.get("secret", ""), form.get("code", "")
        return cls(form.get("password", ""), secret, code, fate)

    def check(self) -> None:
        """Raises FormIncomplete."""
        _require_none({} if self.password else {"password": _("Enter your password.")})


@dataclass(frozen=True)
class AddressForm:
    """Another mail address for one's account, and the password once more."""

    email: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def of(cls, form: Mapping[str, str]) -> AddressForm:
        """The form as it was sent."""
        return cls(email_of(form.get("email", "")), form.get("password", ""))

    def check(self) -> None:
        """Raises FormIncomplete."""
        problems = {} if is_email(self.email) else {"email": _bad_email()}
        if not self.password:
            problems["password"] = _("Enter your password.")
        _require_none(problems)


@dataclass(frozen=True)
class NameForm:
    """The name that stands on one's texts."""

    name: str = ""

    @classmethod
    def of(cls, form: Mapping[str, str]) -> NameForm:
        """The form as it was sent."""
        return cls(name_of(form.get("name", "")))

    def check(self) -> None:
        """Raises FormIncomplete."""
        right = self.name and len(self.name) <= NAME
        _require_none({} if right else {"name": _bad_name()})


def _differing(password: str, again: str) -> dict[str, str]:
    return {} if password == again else {"again": _("The two passwords differ. Enter both anew.")}


def _bad_name() -> str:
    return _(
        "Enter the name that is to stand on your texts, of at most %(number)s characters.",
        number=NAME,
    )


def _bad_email() -> str:
    return _("Enter a mail address, such as name@example.org.")


def _require_none(problems: Mapping[str, str]) -> None:
    if problems:
        raise FormIncomplete(problems)
