"""A draft as it is checked: read, talked about, claimed, decided."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from kb.errors import status_of
from kb.forms.review import (
    DRAFT,
    NOTHING,
    VERDICT,
    Typed,
    comment_of,
    look_of,
    page_of,
    words_of,
)
from kb.present.drafts import draft_page
from kb.present.refusals import REFUSED, refused_told
from kb.present.review import review_page
from kb.services import claiming, commenting
from kb.services.packing_up import looked_at
from kb.services.reviewing import review
from kb.services.writing import overview
from kb.views.showing import desk, person, reader, show

blueprint = Blueprint("review", __name__, url_prefix="/drafts/<token>")


@blueprint.get("/review")
def checked(token: str) -> Response:
    """A draft as it will look, with every field, what was said of it, and the decision."""
    return _page(token)


@blueprint.post("/comments")
def say(token: str) -> Response:
    """Say something of a draft: of all of it, of a field or of a passage."""
    form = comment_of(request.form)
    try:
        number = commenting.say(desk(), person(), token, form.remark)
    except REFUSED as problem:
        return _page(token, replace(form.typed, wrong=refused_told(problem)), status_of(problem))
    return redirect(f"/drafts/{token}/review#thread-{number}", 303)


@blueprint.post("/comments/<int:id>/answers")
def answer(token: str, id: int) -> Response:
    """Answer to what was said, or do so and settle it."""
    words, text = words_of(request.form), request.form.get("text", "")
    try:
        commenting.answer(desk(), person(), token, id, words, text=text)
    except REFUSED as problem:
        typed = Typed(f"answer:{id}", words, wrong=refused_told(problem))
        page = answered_page if page_of(request.form) == DRAFT else _page
        return page(token, typed, status_of(problem))
    return _back(token, id)


@blueprint.post("/comments/<int:id>/resolve")
def resolve(token: str, id: int) -> Response:
    """Say that what a thread is about is done, with the last word on it."""
    commenting.resolve(desk(), person(), token, id, words_of(request.form))
    return _back(token, id)


@blueprint.post("/comments/<int:id>/reopen")
def take_up(token: str, id: int) -> Response:
    """Take up again what was resolved."""
    commenting.take_up(desk(), person(), token, id, words_of(request.form))
    return _back(token, id)


@blueprint.post("/claim")
def claim(token: str) -> Response:
    """Say that one looks at a draft, or does so no more."""
    act = claiming.give_back if request.form.get("do") == "give-back" else claiming.claim
    act(desk(), person(), token)
    back = "/queue" if request.form.get("from") == "queue" else f"/drafts/{token}/review"
    return redirect(back, 303)


def refused(token: str, problem: Exception) -> Response:
    """The page of a verdict that was refused, with what was typed and ticked."""
    look = look_of(request.form)
    words = request.form.get("message", "").strip()
    typed = Typed(VERDICT, words, points=look.points or (), wrong=refused_told(problem))
    return _page(token, typed, status_of(problem))


def answered_page(token: str, typed: Typed, status: int) -> Response:
    """The page of a draft with an answer that was refused."""
    found = overview(desk(), person(), token)
    pack = looked_at(desk(), person(), found.writing.document, found.writing.draft)
    page = draft_page(found, person(), reader(), wrong=typed.wrong, typed=typed, pack=pack)
    return show(page, status)


def _back(token: str, number: int) -> Response:
    draft = page_of(request.form) == DRAFT
    path = f"/drafts/{token}" if draft else f"/drafts/{token}/review"
    return redirect(f"{path}#thread-{number}", 303)


def _page(token: str, typed: Typed = NOTHING, status: int = 200) -> Response:
    """The page of the text that somebody has before them; the newest after a verdict."""
    opened = request.args.get("text", "")
    if typed.wrong and typed.place != VERDICT:
        opened = request.form.get("text", "")
    found = review(desk(), person(), token, opened)
    pack = looked_at(desk(), person(), found.writing.document, found.writing.draft)
    return show(review_page(found, person(), reader(), typed, pack), status)
