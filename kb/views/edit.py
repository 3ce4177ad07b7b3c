"""The editor: forms, whole texts, previews, saving by itself, and help in writing."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, make_response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from indexer.document import Document
from indexer.errors import UnreadableHead
from indexer.pack import pack_of_text
from indexer.values import revision_of
from kb.forms.acting import acted
from kb.forms.editing import Form, form_of, read_form, written
from kb.forms.texts import RawForm, read_raw
from kb.pages.writing import HelpFragment
from kb.present.drafts import draft_page
from kb.present.edit import (
    Shown,
    cases_fragment,
    edit_page,
    finds_cases,
    preview_fragment,
    raw_page,
    saved_at,
    terms_fragment,
)
from kb.present.helping import last_list, writing_help
from kb.present.pack_making import since_page
from kb.services.commenting import open_threads
from kb.services.editing import DraftClosed, StaleEdit, open_draft, save
from kb.services.helping import help_with
from kb.services.packing_up import find_cases, looked_at, repin, since
from kb.services.writing import Writing, as_document, open_text, open_to_write, overview
from kb.translation import gettext as _
from kb.views.showing import desk, language, library, person, reader, show, wants_fragment

blueprint = Blueprint("edit", __name__, url_prefix="/drafts/<token>")
#: The buttons that save; every other one changes the form and nothing else.
SAVING = ("", "save", "check", "leave")


@blueprint.get("/edit")
def edit(token: str) -> AnyResponse:
    """The form of a draft."""
    writing = open_to_write(desk(), person(), token)
    if not writing.readable:
        return redirect(f"/drafts/{token}/raw?form=no", 303)
    return _form(writing, form_of(writing.document), told=saved_told())


@blueprint.post("/edit")
def change(token: str) -> AnyResponse:
    """Save what was typed; or, for the buttons inside the form, show it anew with the change."""
    writing, form = _sent(token)
    if form.do not in SAVING:
        new = acted(writing.draft.kind, form, form.do)
        return _form(writing, new, preview=form.do == "preview")
    try:
        text = written(writing.document, form, library().vocabularies)
    except (UnreadableHead, ValueError) as wrong:
        return _form(writing, form, told=_("Not saved: %(why)s", why=wrong))
    return _keep(token, text, form, "edit")


@blueprint.get("/raw")
def raw(token: str) -> Response:
    """The whole text of a draft, front matter and all."""
    writing, told = open_to_write(desk(), person(), token), saved_told()
    if request.args.get("form") == "no":
        told = _("The front matter cannot be read, so there is no form. Mend it here.")
    return show(raw_page(writing, person(), reader(), told))


@blueprint.post("/raw")
def change_raw(token: str) -> AnyResponse:
    """Save the whole text."""
    form = read_raw(request.form)
    writing = open_text(desk(), person(), token, form.base)
    text = form.text_for(writing.document.text)
    return _keep(token, text, form, "raw")


@blueprint.post("/autosave")
def autosave(token: str) -> AnyResponse:
    """Save what is being typed, and say when it was saved; 409 where somebody changed the same."""
    whole = read_raw(request.form)
    if whole.typed is not None:
        writing = open_text(desk(), person(), token, whole.base)
        text = whole.text_for(writing.document.text)
    else:
        writing, form = _sent(token)
        text = written(writing.document, form, library().vocabularies)
    draft = save(desk(), person(), token, text, whole.base)
    told = saved_at(draft, reader())
    if draft.merged_with:
        told = _("%(saved)s, joined with what %(who)s wrote", saved=told, who=draft.merged_with)
    return jsonify(base=revision_of(text), told=told)


@blueprint.post("/preview")
def preview(token: str) -> Response:
    """How the text that is typed now will look."""
    writing, form = _sent(token)
    now = _now(writing, form)
    return show(preview_fragment(now, token, looked_at(desk(), person(), now, writing.draft)))


@blueprint.post("/help")
def helping(token: str) -> Response:
    """Cases that are here already, and terms that may fit, for what is typed now."""
    writing, form = _sent(token)
    found = help_with(library(), person(), _now(writing, form))
    return show(HelpFragment(writing_help(found, library(), reader(), last_list(form.typed))))


@blueprint.get("/terms/<path>")
def terms(token: str, path: str) -> Response:
    """The terms, or the cases, that one may mean by what is being typed for a field."""
    draft, text = open_draft(desk(), person(), token), request.args.get(f"find.{path}", "")
    if not finds_cases(draft.kind, path):
        return show(terms_fragment(draft, path, text, reader()))
    found = find_cases(library(), person(), text, language())
    return show(cases_fragment(path, text, found, pack_of_text(draft.text).cases, reader()))


@blueprint.get("/since/<case>/<revision>")
def changed(token: str, case: str, revision: str) -> Response:
    """What happened to a case since the text of it that a pack shows."""
    return show(since_page(since(desk(), person(), token, case, revision), reader()))


@blueprint.post("/since/<case>/<revision>")
def take_today(token: str, case: str, revision: str) -> AnyResponse:
    """Let a pack show today's text of a case."""
    repin(desk(), person(), token, since(desk(), person(), token, case, revision))
    return redirect(f"/drafts/{token}?saved=1", 303)


@blueprint.errorhandler(StaleEdit)
def stale(error: StaleEdit) -> AnyResponse:
    """Leads to the page on which both texts stand; what saves by itself is told with 409."""
    if request.endpoint == "edit.autosave":
        return make_response(jsonify(told=str(error)), 409)
    return redirect(f"/drafts/{error.draft.token}/conflict", 303)


@blueprint.errorhandler(DraftClosed)
def closed(error: DraftClosed) -> Response:
    """Where the draft stands, and that what was sent is kept beside it."""
    found, told = overview(desk(), person(), error.draft.token), _("It takes no more changes now.")
    pack = looked_at(desk(), person(), found.writing.document, error.draft)
    return show(draft_page(found, person(), reader(), wrong=told, pack=pack), 409)


def _sent(token: str) -> tuple[Writing, Form]:
    """The text that was opened, and the form that was sent."""
    writing = open_text(desk(), person(), token, request.form.get("opened", ""))
    return writing, read_form(writing.draft.kind, request.form.items(multi=True))


def _now(writing: Writing, form: Form) -> Document:
    """What is typed, as a document; the opened one where that cannot be written."""
    try:
        text = written(writing.document, form, library().vocabularies)
    except (UnreadableHead, ValueError):
        return writing.document
    return as_document(desk(), writing.draft, text)


def _form(writing: Writing, form: Form, told: str = "", preview: bool = False) -> Response:
    now = _now(writing, form)
    shown = Shown(
        form=form,
        now=now,
        help=help_with(library(), person(), now),
        told=told,
        said=open_threads(desk(), person(), writing.draft, writing.document.text),
        checked="checked" in request.args,
        preview=preview,
        pack=looked_at(desk(), person(), now, writing.draft),
        found={
            path: find_cases(library(), person(), text, language())
            for path, text in form.finding.items()
            if finds_cases(writing.draft.kind, path)
        },
    )
    page = edit_page(writing, shown, library(), person(), reader())
    return show(page, template="edit/_form.html" if wants_fragment() else "")


def _keep(token: str, text: str, form: Form | RawForm, view: str) -> AnyResponse:
    """Save, and lead on: back to where one was, or to the page of the draft."""
    draft, do = save(desk(), person(), token, text, form.base, form.message), form.do
    asked = {"saved": "1", **({"checked": "1"} if do == "check" else {})}
    if draft.merged_with:
        asked["joined"] = "1"
    path = f"/drafts/{token}" if do == "leave" else f"/drafts/{token}/{view}"
    return redirect(f"{path}?{urlencode(asked)}", 303)


def saved_told() -> str:
    """What is said after a text was saved."""
    if "saved" not in request.args:
        return ""
    if "joined" in request.args:
        return _("Saved, and joined with what somebody else wrote meanwhile.")
    return _("Saved.")
