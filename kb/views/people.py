"""Who has an account, for administrators."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from kb.forms.account import EmailForm
from kb.pages.accounts import PeoplePage
from kb.present import letters
from kb.present.links import absolute
from kb.present.people import PEOPLE_PROBLEMS, invited_page, people_page, reset_link_page
from kb.services import people
from kb.views.showing import office, person, reader, settings, show, show_again

blueprint = Blueprint("people", __name__, url_prefix="/people")


@blueprint.get("")
def index() -> Response:
    """All who have an account or an invitation."""
    return show(_page(word=request.args.get("done")))


@blueprint.post("")
def invite() -> Response:
    """Invites somebody, and shows the link of the invitation."""
    form = EmailForm.of(request.form)
    try:
        form.check()
        write = letters.invitation(settings(), person())
        made = people.invite(office(), person(), form.email, form.role, write)
    except PEOPLE_PROBLEMS as problem:
        return show_again(_page(form, problem), problem)
    return show(invited_page(form.email, absolute(f"/account/invitation/{made.token}"), made.sent))


@blueprint.post("/invitations/<int:id>")
def take_back(id: int) -> Response:
    """Takes an invitation back."""
    people.take_back(office(), person(), id)
    return redirect("/people?done=invitation", 303)


@blueprint.post("/<int:id>/role")
def role(id: int) -> Response:
    """Gives somebody another role."""
    try:
        people.set_role(office(), person(), id, request.form.get("role", ""))
    except PEOPLE_PROBLEMS as problem:
        return show_again(_page(problem=problem), problem)
    return redirect("/people?done=role", 303)


@blueprint.post("/<int:id>/door")
def door(id: int) -> Response:
    """Keeps somebody out, or lets them in again."""
    try:
        people.disable(office(), person(), id, request.form.get("door") == "closed")
    except PEOPLE_PROBLEMS as problem:
        return show_again(_page(problem=problem), problem)
    return redirect("/people?done=door", 303)


@blueprint.post("/<int:id>/reset")
def reset(id: int) -> Response:
    """Makes a link for a new password, to be handed over."""
    without = request.form.get("second-step") == "off"
    told = letters.reset_link_made(settings(), person(), without)
    token = people.reset_link(office(), person(), id, without, told)
    return show(reset_link_page(absolute(f"/account/reset/{token}")))


def _page(
    form: EmailForm | None = None, problem: Exception | None = None, word: str | None = None
) -> PeoplePage:
    form = form or EmailForm()
    rows, open_ones = people.people(office(), person()), people.invitations(office(), person())
    return people_page(
        rows, open_ones, person(), reader(),
        word=word, problem=problem, email=form.email, role=form.role,
    )  # fmt: skip
