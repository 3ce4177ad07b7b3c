"""What holds for every address, by enumeration of the URL map."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from indexer.library import Library
from kb.app import create_app
from kb.settings import Settings
from kb.views.signing import SIGNED_VIEWS
from kb.wire import HEADERS
from tests import factories
from tests.kb.conftest import visitor
from tests.laws.addresses import addresses

SAFE = {"GET", "HEAD", "OPTIONS"}
#: The forms that visitors fill in about accounts: their token belongs to a cookie.
FORMS = ("account.sign_in_form", "account.register_form", "account.forgotten_form",
         "account.invitation_form", "account.welcome_form", "account.reset_form")  # fmt: skip


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    root = tmp_path_factory.mktemp("laws")
    content = factories.content_folder(root / "content", {"cash-by-phone": factories.case_text()})
    library = Library.open(content, root / "var")
    return create_app(Settings(content=content, data=root / "data"), library)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return visitor(app)


def test_every_address_that_changes_something_refuses_strangers(
    app: Flask, client: FlaskClient
) -> None:
    for rule, address in addresses(app):
        for method in (rule.methods or set()) - SAFE:
            if rule.endpoint in SIGNED_VIEWS:
                assert client.open(address, method=method).status_code == 410, address
                continue
            for headers in (
                {},
                {"Origin": "https://evil.example"},
                {"Sec-Fetch-Site": "cross-site"},
            ):
                answer = client.open(address, method=method, headers=headers)
                assert answer.status_code == 403, f"{method} {address} {headers}"
                assert "Set-Cookie" not in answer.headers


def test_every_answer_carries_the_headers_that_protect(app: Flask, client: FlaskClient) -> None:
    for _, address in addresses(app):
        for answer in (client.get(address), client.get(address, headers={"Host": "evil.example"})):
            for name, value in HEADERS.items():
                assert answer.headers.get(name) == value, f"{address} {name}"


def test_no_get_sets_a_cookie_but_the_forms_about_accounts(app: Flask, client: FlaskClient) -> None:
    forms = {address for rule, address in addresses(app) if rule.endpoint in FORMS}
    for _, address in addresses(app):
        if address in forms:
            assert client.get(address).headers["Cache-Control"] == "no-store"
            continue
        for cookie in ("", "theme=dark; ui=fr; session=x"):
            answer = client.get(f"{address}?ui=fr&theme=dark", headers={"Cookie": cookie})
            assert "Set-Cookie" not in answer.headers, address


def test_every_page_says_how_long_it_may_be_kept(app: Flask, client: FlaskClient) -> None:
    for _, address in addresses(app):
        assert "Cache-Control" in client.get(address).headers, address
        private = client.get(address, headers={"Cookie": "a=b"}).headers["Cache-Control"]
        alike = "immutable" in private or address.startswith("/media") or address.endswith(".png")
        assert "public" not in private or alike, address


def test_every_view_says_what_it_answers(app: Flask) -> None:
    assert all(view.__doc__ for view in app.view_functions.values())


def test_views_stay_short_and_open_nothing() -> None:
    for path in (Path(__file__).parents[2] / "kb" / "views").glob("*.py"):
        source = path.read_text(encoding="utf-8")
        for word in ("open(", "whoosh", "sqlalchemy", "Markup"):
            assert word not in source.replace("opening(", ""), f"{path.name}: {word}"
