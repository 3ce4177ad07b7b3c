"""People come in as people do: by links, passwords and codes, through the forms of the site."""

from __future__ import annotations

import re
import time

import pyotp

from tests.load.forms import form_to
from tests.load.site import Site
from tests.load.visitor import Notes, Visitor

PASSWORD = "seven boats upon the lagoon"
KEEPER = "keeper@example.org"
LINK = re.compile(r"(/account/invitation/[\w-]+)")


def come_in(site: Site, notes: Notes, writers: int, editors: int) -> list[Visitor]:
    """The writers, then the editors, each signed in through the form; an administrator let them in.

    Raises RuntimeError where somebody could not come in.
    """
    keeper = Visitor(site.address, notes)
    _accept(keeper, site.first, "Keeper", KEEPER)
    _second_step(keeper)
    found = []
    for number in range(writers + editors):
        role = "contributor" if number < writers else "editor"
        name = f"Writer{number}" if number < writers else f"Editor{number - writers}"
        mail = f"{name.lower()}@example.org"
        form = form_to(keeper.get("people", "/people").text, "/people")
        invited = keeper.send("invite", form, {"email": mail, "role": role})
        links = LINK.findall(invited.text)
        if not links:
            raise RuntimeError(f"nobody could be invited: {invited.status}\n{site.log.read_text()}")
        newcomer = Visitor(site.address, notes)
        _accept(newcomer, links[0], name)
        newcomer.close()
        found.append(sign_in(Visitor(site.address, notes), mail))
    keeper.close()
    return found


def sign_in(visitor: Visitor, mail: str) -> Visitor:
    """The visitor, signed in."""
    page = visitor.get("sign-in form", "/account/sign-in")
    form = form_to(page.text, "/account/sign-in")
    answer = visitor.send("sign in", form, {"email": mail, "password": PASSWORD})
    if answer.path != "/mine":
        raise RuntimeError(f"{mail} could not sign in: {answer.status} at {answer.path}")
    return visitor


def _accept(visitor: Visitor, link: str, name: str, mail: str = "") -> None:
    page = visitor.get("invitation", link)
    typed = {"name": name, "password": PASSWORD, "again": PASSWORD}
    if mail:
        typed["email"] = mail
    answer = visitor.send("accept", form_to(page.text, link), typed)
    if answer.status != 200 or answer.path == link:
        raise RuntimeError(f"{name} could not come in: {answer.status} at {answer.path}")


def _second_step(keeper: Visitor) -> None:
    """Administrators give a code too; the app on their telephone is told its secret."""
    form = form_to(keeper.get("second step", "/account/two-step").text, "/account/two-step")
    code = pyotp.TOTP(form.value("secret")).at(int(time.time()))
    keeper.send("second step on", form, {"password": PASSWORD, "code": code})
