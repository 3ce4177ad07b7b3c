"""Every address of a desk, with values that fit into its places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, Rule

EXAMPLES = {"slug": "cash-by-phone", "lang": "fr", "id": "e-health", "path": "themes",
            "name": "x", "suffix": "png", "digest": "0", "token": "no-such-token",
            "revision": "000000000000", "folder": "cases", "hash": "0" * 32,
             "form": "bib", "ending": "epub", "case": "cash-by-phone"}  # fmt: skip


def addresses(app: Flask, **values: Any) -> Iterator[tuple[Rule, str]]:
    """Each rule of the URL map with an address; `values` take the place of the examples."""
    for rule in app.url_map.iter_rules():
        yield rule, address_of(app, rule, **values)


def address_of(app: Flask, rule: Rule, **values: Any) -> str:
    """An address of one rule."""
    numbers = {n: 1 for n, c in rule._converters.items() if isinstance(c, IntegerConverter)}
    known = {**EXAMPLES, **numbers, **values}
    wanted = {n: known[n] for n in rule.arguments if n not in (rule.defaults or ())}
    urls = app.url_map.bind("127.0.0.1")
    return urls.build(rule.endpoint, {**wanted, **(rule.defaults or {})})
