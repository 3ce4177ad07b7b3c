"""The desk as a WSGI application."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, request
from flask_babel import Babel
from jinja2 import StrictUndefined

from kb.assets import load_assets
from kb.errors import handle_errors
from kb.interface import language_of
from kb.services.desk import DatabaseOpening, Desk
from kb.services.lifetime import Lifetime
from kb.services.opening import Opening, already_open
from kb.services.pictures import Album
from kb.services.reading import CaseWithdrawn
from kb.services.searches import Tally
from kb.services.turns import Turns
from kb.settings import Settings, load_settings
from kb.translation import FOLDER, gettext, ngettext
from kb.views import (
    account,
    alerts,
    atlas,
    attachments,
    browse,
    cases,
    checklist,
    choices,
    comparing,
    conflict,
    drafts,
    edit,
    embedding,
    health,
    history,
    home,
    keeping,
    machines,
    mine,
    negotiating,
    notices,
    office,
    outside,
    packing,
    packs,
    pages,
    people,
    queue,
    reports,
    review,
    search,
    shared_packs,
    taking,
)
from kb.views.showing import show_trouble
from kb.views.signing import sign_people
from kb.wire import guard

if TYPE_CHECKING:
    from indexer.library import Library

ROOT = Path(__file__).resolve().parent.parent
VIEWS = (
    home,
    search,
    atlas,
    cases,
    packs,
    shared_packs,
    embedding,
    browse,
    pages,
    comparing,
    keeping,
    taking,
    packing,
    negotiating,
    attachments,
    choices,
    health,
    machines,
    account,
    people,
    mine,
    alerts,
    notices,
    history,
    office,
    queue,
    conflict,
    drafts,
    edit,
    review,
    checklist,
    outside,
    reports,
)


def create_app(settings: Settings | None = None, library: Library | None = None) -> Flask:
    """The desk for `settings`, those of the environment when None.

    The library is opened with the first request that needs it, or by
    `app.extensions["sankofa.opening"].start()`; a `library` that is open already is used as it is.
    """
    settings = settings or load_settings()
    app = Flask("kb", template_folder=str(ROOT / "templates"), static_folder=None)
    app.config.update(
        CACHE_SECONDS=settings.cache_seconds,
        LANGUAGES=settings.languages,
        ORIGIN=settings.origin,
        SECURE=settings.secure,
        SITE_NAME=settings.site_name,
        BABEL_DEFAULT_LOCALE=settings.languages[0],
        BABEL_TRANSLATION_DIRECTORIES=str(FOLDER),
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # else six bytes for each letter
    app.extensions["sankofa.settings"] = settings
    app.extensions["sankofa.lifetime"] = Lifetime()
    app.extensions["sankofa.album"] = Album(settings.var / "pictures")
    app.extensions["sankofa.opening"] = (
        already_open(library)
        if library is not None
        else Opening(lambda: _open(settings, app.extensions["sankofa.database"]))
    )
    app.extensions["sankofa.database"] = DatabaseOpening(settings)
    app.extensions["sankofa.turns"] = Turns()
    app.extensions["sankofa.searches"] = Tally(settings.searches_kept_days > 0)
    guard(app, settings)
    sign_people(app, settings)
    _prepare_templates(app, settings)
    asked = (account.ask_to_sign_in, account.go_on, account.ask_for_second_step)
    handle_errors(app, show_trouble, *asked)
    app.register_error_handler(CaseWithdrawn, history.show_gone)
    for view in VIEWS:
        app.register_blueprint(view.blueprint)
    return app


def _open(settings: Settings, records: DatabaseOpening) -> Library:
    from indexer.library import Library  # here, so that `kb --help` need not load the model
    from kb.services.reconcile import start

    library = Library(settings.content, settings.var, settings.model)
    found = library.make_ready()
    start(Desk(records.database(), library, settings), files=found.files)
    return library


def _prepare_templates(app: Flask, settings: Settings) -> None:
    assets = load_assets(ROOT / "static")
    app.extensions["sankofa.assets"] = assets
    Babel(app, locale_selector=lambda: language_of(request, settings).replace("-", "_"))
    app.jinja_env.globals.update(_=gettext, ngettext=ngettext)  # Jinja's own cost thrice as much
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["asset"] = lambda name: assets[name].url
