"""Drafts: begun, shared, handed in, published; and where each of them stands."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from indexer.values import Key
from kb.access import require
from kb.errors import status_of
from kb.forms.beginning import NewForm, read_new
from kb.forms.history import before_of, key_of
from kb.forms.review import REVIEW, look_of, page_of
from kb.present.drafts import begin_page, draft_page, fork_page, new_pack_page, new_page
from kb.present.letters_outside import suggestion_answered
from kb.present.pack_making import sharing_of
from kb.present.refusals import REFUSED, refused_told
from kb.records.journal import Revision
from kb.services import editing, outside, sharing
from kb.services.editing import NobodyThere, StaleEdit, catch_up
from kb.services.helping import like
from kb.services.history import path_of
from kb.services.packing_up import cases_for, first_sections, fork, links_of, looked_at
from kb.services.writing import about, first_text, move, overview, public_title
from kb.translation import gettext as _
from kb.views.documents import of_document
from kb.views.edit import saved_told
from kb.views.review import refused
from kb.views.showing import desk, language, library, person, reader, settings, show

blueprint = Blueprint("drafts", __name__)


@blueprint.get("/cases/new", defaults={"kind": "case"})
@blueprint.get("/packs/new", defaults={"kind": "pack"})
def new(kind: str) -> Response:
    """The start of a new document: its title; what the address chooses, it will be about."""
    require(person(), "write")
    return _new(kind, read_new(request.args, language()))


@blueprint.post("/cases/new", defaults={"kind": "case"})
@blueprint.post("/packs/new", defaults={"kind": "pack"})
def begin_new(kind: str) -> Response:
    """Begin a new document, a case once the writer has seen those that are like it."""
    require(person(), "write")
    form = read_new(request.form)
    if not form.title:
        return _new(kind, form, _("Write a title first."))
    if kind == "pack":
        more = first_sections(_("First part"), form.cases)
        text = first_text(form.title, form.lang, kind, more=more)
    else:
        similar = () if request.form.get("sure") else like(library(), person(), form.title)
        if similar:
            return show(new_page(form, similar, "", reader()))
        text = first_text(form.title, form.lang, chosen=about(form.asked, library().vocabularies))
    begun = editing.begin(desk(), person(), None, kind, text)
    return redirect(f"/drafts/{begun.token}/edit", 303)


def _new(kind: str, form: NewForm, wrong: str = "") -> Response:
    if kind == "case":
        return show(new_page(form, (), wrong, reader()))
    found = cases_for(library(), form.cases, form.asked, person())
    return show(new_pack_page(form, found.cases, wrong, reader()))


@blueprint.get("/packs/<slug>/fork", defaults={"lang": ""})
@blueprint.get("/packs/<slug>/<lang>/fork")
def ask_fork(slug: str, lang: str) -> Response:
    """The question whether to begin a pack of one's own from a public one."""
    key = Key("pack", slug, lang)
    title = public_title(desk(), person(), key)
    return show(fork_page(key, title, request.path.removesuffix("/fork")))


@blueprint.post("/packs/<slug>/fork", defaults={"lang": ""})
@blueprint.post("/packs/<slug>/<lang>/fork")
def begin_fork(slug: str, lang: str) -> Response:
    """Begin a pack of one's own from a public one, which it names."""
    key, title = Key("pack", slug, lang), request.form.get("title", "").strip()
    begun = fork(desk(), person(), key, title or public_title(desk(), person(), key))
    return redirect(f"/drafts/{begun.token}/edit", 303)


@of_document(blueprint, "edit", "GET")
def ask(folder: str, slug: str, lang: str) -> Response:
    """The question whether to begin a draft of what is public."""
    key = key_of(folder, slug, lang)
    title = public_title(desk(), person(), key)
    return show(begin_page(key, title, request.path.removesuffix("/edit")))


@of_document(blueprint, "edit", "POST")
def begin(folder: str, slug: str, lang: str) -> Response:
    """Begin a draft of what is public, or go on with the one that there is."""
    draft = editing.begin(desk(), person(), key_of(folder, slug, lang), key_of(folder, slug).kind)
    return redirect(f"/drafts/{draft.token}/edit", 303)


@blueprint.get("/drafts/<token>")
def draft(token: str) -> Response:
    """Where a draft stands, what is wrong in it, and what one may do with it."""
    return _draft(token, told=saved_told())


@blueprint.post("/drafts/<token>/moves/<name>")
def make_move(token: str, name: str) -> Response:
    """Submit, approve, publish and the like; what keeps a text from it is shown."""
    reviewed, message = page_of(request.form) == REVIEW, request.form.get("message", "").strip()
    try:
        made = move(desk(), person(), token, name, message, look=look_of(request.form))
    except REFUSED as problem:
        if reviewed:
            return refused(token, problem)
        return _draft(token, refused_told(problem), status_of(problem))
    outside.answer(desk(), token, suggestion_answered(settings()))
    if isinstance(made, Revision):
        return redirect(path_of(Key(made.kind, made.slug, made.lang)), 303)
    return redirect(f"/drafts/{token}/review" if reviewed else f"/drafts/{token}", 303)


@blueprint.post("/drafts/<token>/co-authors")
def share(token: str) -> Response:
    """Let somebody write in a draft too, or no more."""
    add, gone = request.form.get("email", "").strip(), request.form.get("remove", "")
    try:
        change = editing.remove_co_author if gone else editing.add_co_author
        change(desk(), person(), token, gone or add)
    except NobodyThere:
        return _draft(token, _("Nobody here has this mail address."), 422)
    return redirect(f"/drafts/{token}", 303)


@blueprint.post("/drafts/<token>/links")
def links(token: str) -> Response:
    """Make a secret link to the pack in a draft, which is told this once, or revoke one."""
    gone = request.form.get("revoke", "")
    if gone:
        sharing.unshare(desk(), person(), token, before_of(gone) or 0)
        return redirect(f"/drafts/{token}#sharing", 303)
    return _draft(
        token, secret=sharing.share(desk(), person(), token, request.form.get("label", ""))
    )


@blueprint.post("/drafts/<token>/catch-up")
def take_public(token: str) -> Response:
    """Join what is public by now into a draft."""
    catch_up(desk(), person(), token)
    return redirect(f"/drafts/{token}", 303)


@blueprint.errorhandler(StaleEdit)
def stale(error: StaleEdit) -> Response:
    """Leads to the page on which both texts stand."""
    return redirect(f"/drafts/{error.draft.token}/conflict", 303)


def _draft(
    token: str, wrong: str = "", status: int = 200, told: str = "", secret: str = ""
) -> Response:
    found = overview(desk(), person(), token)
    draft = found.writing.draft
    pack = looked_at(desk(), person(), found.writing.document, draft)
    links = links_of(desk(), person(), draft)
    told_links = sharing_of(draft, links, secret, reader()) if links is not None else None
    page = draft_page(
        found, person(), reader(), told=told, wrong=wrong, pack=pack, sharing=told_links
    )
    return show(page, status)
