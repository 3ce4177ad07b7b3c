"""The same address in another form: what a request accepts is answered by the view of that form.

Pages know nothing of it. Where a request accepts nothing that there is, it gets the page: that is
what people expect, whatever their programs say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from flask import Blueprint, Response, current_app, request
from werkzeug.wrappers import Response as AnyResponse

from kb.services.taking import FORMS
from kb.views.taking import ATOM

blueprint = Blueprint("negotiating", __name__)
PAGE = "text/html"
LISTS = {form.type: suffix for suffix, form in FORMS.items()} | {ATOM: "atom"}
CITED = {FORMS[suffix].type: suffix for suffix in ("bib", "ris", "csl.json")}
CASES = CITED | {"application/ld+json": "jsonld"}
#: The pages that have other forms: by media type the view and the ending that it is given.
VIEWS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    **{
        page: {type_: (view, suffix) for type_, suffix in LISTS.items()}
        for page, view in (
            ("search.search", "taking.search"),
            ("browse.term", "taking.term"),
            ("keeping.show_list", "taking.kept"),
        )
    },
    **{
        page: {
            "application/json": ("cases.as_json", ""),
            "text/markdown": ("cases.as_text", ""),
            **{type_: ("taking.case", suffix) for type_, suffix in CASES.items()},
        }
        for page in ("cases.case", "cases.translation")
    },
}


@blueprint.before_app_request
def in_another_form() -> AnyResponse | None:
    """Answers in the form that is asked for; None where it is the page."""
    others = VIEWS.get(request.endpoint or "")
    if not others or request.method not in ("GET", "HEAD"):
        return None
    wanted = request.accept_mimetypes.best_match((PAGE, *others), default=PAGE)
    if wanted not in others:
        return None
    view, suffix = others[wanted]
    given = {**(request.view_args or {}), **({"form": suffix} if suffix else {})}
    if view.startswith("cases.") or view == "taking.case":
        given.setdefault("lang", "")
    return cast(AnyResponse, current_app.view_functions[view](**given))


@blueprint.after_app_request
def told(response: Response) -> Response:
    """Says that the answer depends on what is accepted."""
    if request.endpoint in VIEWS:
        response.vary.add("Accept")
    return response
