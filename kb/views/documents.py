"""Views below the address of every document, of any kind, original or translation."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint
from werkzeug.wrappers import Response

from indexer.store import FOLDERS

View = TypeVar("View", bound=Callable[..., Response])


def of_document(blueprint: Blueprint, rest: str, method: str = "GET") -> Callable[[View], View]:
    """Puts a view below the address of every document, originals and translations."""

    def put(view: View) -> View:
        for folder in FOLDERS.values():
            for path, given in (("<slug>", {"lang": ""}), ("<slug>/<lang>", {})):
                blueprint.add_url_rule(
                    f"/{folder}/{path}/{rest}", view_func=view, methods=[method],
                    defaults={"folder": folder, **given},
                )  # fmt: skip
        return view

    return put
