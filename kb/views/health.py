"""What machines ask: is it alive, is it ready, what may be crawled, the files of the desk."""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from kb.assets import Asset
from kb.present.links import absolute
from kb.views.showing import lifetime, opening

blueprint = Blueprint("health", __name__)
FOREVER = "public, max-age=31536000, immutable"


@blueprint.get("/healthz")
def alive() -> Response:
    """Says that the process answers, whatever the state of the library."""
    return _plain("ok\n")


@blueprint.get("/readyz")
def ready() -> Response:
    """Says whether pages can be answered: 200 when the library is open, 503 else and at a stop."""
    if lifetime().stopping:
        return _plain("stopping\n", 503)
    return _plain("ready\n") if opening().ready else _plain("the library is being opened\n", 503)


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Where the sitemap is; crawlers are asked to leave out endless filters, and forms."""
    forms = ("/account", "/alerts", "/unsubscribe", "/*/suggest$", "/*/used$", "/*/report$")
    queries = [f"/{page}{mark}" for page in ("search", "map", "matrix") for mark in "?."]
    endless = (*queries, "/compare", "/list", "/suggest")
    hidden = [f"Disallow: {path}" for path in (*endless, *forms)]
    lines = ["User-agent: *", *hidden, "", f"Sitemap: {absolute('/sitemap.xml')}", ""]
    return Response("\n".join(lines), mimetype="text/plain")


@blueprint.get("/favicon.ico")
def favicon() -> AnyResponse:
    """Leads browsers that ask for the old name to the mark."""
    return redirect(current_app.extensions["sankofa.assets"]["mark.svg"].url, 301)


@blueprint.get("/static/<digest>/<path:name>")
def static(digest: str, name: str) -> Response:
    """A file of the desk, under an address that changes with its content."""
    asset: Asset | None = current_app.extensions["sankofa.assets"].get(name)
    if asset is None or asset.digest != digest:
        abort(404)
    coding = request.accept_encodings.best_match(asset.compressed) or ""
    response = Response(asset.compressed.get(coding, asset.content), content_type=asset.type)
    if coding:
        response.headers["Content-Encoding"] = coding
    response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = FOREVER
    response.set_etag(asset.digest, weak=True)  # its compressed forms share it
    response.make_conditional(request)
    return response


def _plain(text: str, status: int = 200) -> Response:
    response = Response(text, status=status, mimetype="text/plain")
    response.headers["Cache-Control"] = "no-store"
    return response
