"""Pictures and documents: given, found, inserted, taken back, and sent to readers."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, current_app, jsonify, redirect, request, send_file
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from indexer.media import read_name, read_smaller
from kb.access import SignInNeeded, require
from kb.forms.account import FormIncomplete
from kb.forms.files import FileForm, ShelfAsked
from kb.present.account_forms import sign_in_url
from kb.present.files import URL, faults_of, files_page, line_of, picker
from kb.services.attaching import (
    Found,
    InUse,
    Unfit,
    attach,
    read_attachment,
    read_media,
    remove_attachment,
    shelf_of,
)
from kb.services.limits import TooManyTries
from kb.services.lock import AttachingBusy
from kb.views import account
from kb.views.showing import office, person, reader, settings, show, wants_fragment

blueprint = Blueprint("attachments", __name__)
FOREVER = "public, max-age=31536000, immutable"
#: What a file may do where a browser opens it by itself: nothing.
ALONE = "default-src 'none'; sandbox"
#: What the form is shown again for, with the status of the answer.
REFUSED: Mapping[type[Exception], int] = {
    FormIncomplete: 422,
    Unfit: 422,
    TooManyTries: 429,
    AttachingBusy: 503,
}


@blueprint.get(URL)
def index() -> Response:
    """Pictures and documents for texts: one's own and those of the library."""
    asked = ShelfAsked.of(request.args)
    found = shelf_of(office(), person(), asked.words, asked.page, asked.mine)
    if wants_fragment():
        return show(picker(found, asked, reader(), settings()))
    return show(files_page(found, asked, reader(), settings()))


@blueprint.post(URL)
def upload() -> AnyResponse:
    """Takes a picture or a document, and says how a text shows it."""
    require(person(), "attach")
    form = FileForm.of(request.form, request.files, settings().max_upload_kb * 1024)
    try:
        form.check()
        row = attach(office(), person(), form.upload)
    except (FormIncomplete, Unfit, TooManyTries, AttachingBusy) as problem:
        return _refused(form, problem, REFUSED[type(problem)])
    media = read_name(row.file)
    assert media is not None
    if _wants_data():
        response = jsonify(line=line_of(row, media), name=row.file)
        response.status_code = 201
        return response
    return redirect(f"{URL}?added={media.hash}#added", 303)


@blueprint.post(f"{URL}/<hash>/remove")
def remove(hash: str) -> AnyResponse:
    """Takes a picture or document away that no text uses."""
    try:
        remove_attachment(office(), person(), hash)
    except InUse as problem:
        return _refused(FileForm(), problem, 409)
    return redirect(URL, 303)


@blueprint.get(f"{URL}/<path:name>")
def attached(name: str) -> Response:
    """A picture or document for those who may see a draft of it."""
    found = read_attachment(office(), person(), name, request.args.get("draft", ""))
    return _sent(found, "private, no-store")


@blueprint.get("/media/<path:name>")
def media(name: str) -> Response:
    """A picture or document of public texts."""
    found = read_media(office(), name)
    lasting = found.path.name == name and (read_name(name) or read_smaller(name))
    return _sent(found, FOREVER if lasting else "public, max-age=3600")


@blueprint.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> AnyResponse:
    """Says how large a file may be; what was sent is not read."""
    if person().is_visitor:
        return _ask_to_sign_in()
    return _refused(FileForm(), Unfit("too-large"), 413)


@blueprint.errorhandler(SignInNeeded)
def signed_out(error: SignInNeeded) -> AnyResponse:
    """The way to sign in; a file that was being sent has to be chosen anew."""
    most = current_app.config["MAX_CONTENT_LENGTH"]
    if wants_fragment() or _wants_data() or (request.content_length or 0) > most:
        return _ask_to_sign_in()
    return account.ask_to_sign_in() or _ask_to_sign_in()


def _ask_to_sign_in() -> AnyResponse:
    if wants_fragment() or _wants_data():
        return Response(status=401)
    return redirect(sign_in_url(URL), 303)


def _refused(form: FileForm, problem: Exception, status: int) -> AnyResponse:
    """What is wrong, told to the script that asked, or at the form with all that was typed."""
    if _wants_data():
        response: AnyResponse = jsonify(problems=faults_of(problem, settings()))
        response.status_code = status
    else:
        found = shelf_of(office(), person())
        page = files_page(found, ShelfAsked(), reader(), settings(), form=form, problem=problem)
        response = show(page, status)
    if isinstance(problem, TooManyTries):
        response.headers["Retry-After"] = str(problem.seconds)
    return response


def _wants_data() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _sent(found: Found, kept: str) -> Response:
    response = send_file(found.path.absolute(), mimetype=found.type, conditional=True)
    response.headers["Cache-Control"] = kept
    response.headers["Content-Security-Policy"] = ALONE
    if not found.type.startswith("image/"):
        response.headers["Content-Disposition"] = "attachment"
    return response
