"""A real library over a small content folder, and the desk that serves it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from indexer.library import Library
from kb.access import Person
from kb.app import create_app
from kb.settings import Settings
from tests import factories
from tests.people import add_person, database_of

AMA = "ama@example.org"
HOME = "http://127.0.0.1:8000"

CASES = {
    "cash-by-phone": factories.case_text(
        results=[
            {"indicator": "Users", "value": 1200, "unit": "people", "year": 2008, "source": 2,
             "series": "users"},
            {"indicator": "Users", "value": 3000000, "unit": "people", "year": 2010, "source": 2,
             "series": "users", "counted_by": "evaluation"},
            {"indicator": "Shops", "year": 2009, "min": 10, "max": 20, "unit": "shops",
             "baseline": 2, "source": 1},
        ],
        policies=[{"title": "Payments Act", "kind": "law", "country": "KE", "year": 2011,
                   "url": "https://example.org/act"}],
        replications=[{"country": "UG", "year": 2009, "note": "Done again.", "source": 2}],
        aliases=["old-cash"],
        review_by=date(2027, 11, 23),
    ),
    "cash-by-phone.fr": factories.case_text(
        title="De l’argent par téléphone au Kenya",
        summary="Dans un district, des gens ont reçu de l’argent par message, sans banque.",
        lang="fr",
        translation_of={"slug": "cash-by-phone", "revision": "000000000000"},
    ),
    "clinic-by-satellite": factories.case_text(
        factories.long_body("Nurses in far clinics asked doctors by satellite [1] [2].", 4),
        title="Clinics linked by satellite in Togo",
        summary="Nurses in clinics far from the capital asked doctors for advice over a satellite.",
        themes=["e-health"], technologies=["satellite"], countries=["TG"], outcome="failed",
        evidence=["randomised-trial", "self-reported"], funding=None, results=None,
        period={"start": 2001, "end": 2004},
    ),
    "wallets-in-togo": factories.case_text(
        title="Wallets on the phone in Togo",
        summary="People in another district were paid by text message, without a bank as well.",
        themes=["digital-payments"], countries=["TG"], period={"start": 2012, "end": 2019},
        funding=None, results=None,
    ),
    "taken-back": factories.case_text(
        title="A case that was taken back", status="withdrawn",
        status_reason="The figures could not be confirmed.",
    ),
}  # fmt: skip
PAGES = {
    "about": factories.file_text(
        {"title": "About this library", "summary": "What this library is and who keeps it going."},
        "\nBy [people](/pages/contact).\n\n## Who\n\nWe.\n",
        "page",
    ),
    "about.fr": factories.file_text(
        {"title": "À propos", "summary": "Ce qu’est cette bibliothèque et qui la fait vivre.",
         "lang": "fr", "translation_of": {"slug": "about", "revision": "000000000000"}},
        "\nPar des gens.\n",
        "page",
    ),
}  # fmt: skip
#: A pack that pins no text, and its translation.
PACK = {
    "title": "Paying people without a bank", "lang": "en", "status": "published",
    "summary": "Half a morning with two cases on paying people who have no bank account.",
    "audience": "Regulators and programme staff", "level": "introductory",
    "prerequisites": ["Nothing but curiosity"], "published": date(2026, 11, 24),
    "objectives": ["Choose a way to pay", "Name what fails"], "license": "CC-BY-4.0",
    "curators": [{"name": "Ama Mensah", "role": "Trainer", "url": "https://example.org/ama"}],
    "sections": [
        {"title": "The phone", "intro": "Two ways.", "items": [
            {"case": "cash-by-phone", "minutes": 25, "note": "Let them count the shops.",
             "questions": ["Who is left out?", "What does a transfer cost?"]}]},
        {"title": "The satellite", "items": [
            {"case": "clinic-by-satellite", "minutes": 40, "questions": ["Who repairs it?"]},
            {"case": "taken-back", "minutes": 5}]},
    ],
}  # fmt: skip
PACKS = {
    "paying-people": factories.file_text(PACK, "\nBegin with **a story**.\n", "pack"),
    "paying-people.fr": factories.file_text(
        {**PACK, "title": "Payer sans banque", "lang": "fr",
         "translation_of": {"slug": "paying-people", "revision": "000000000000"}},
        "\nCommencez par une histoire.\n", "pack",
    ),
}  # fmt: skip


@pytest.fixture(scope="session")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = factories.content_folder(tmp_path_factory.mktemp("content"), CASES)
    for name, text in PAGES.items():
        (root / "pages" / f"{name}.md").write_text(text, encoding="utf-8")
    for name, text in PACKS.items():
        (root / "packs" / f"{name}.md").write_text(text, encoding="utf-8")
    return root


@pytest.fixture(scope="session")
def library(content: Path, tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library.open(content, tmp_path_factory.mktemp("var"))


@pytest.fixture(scope="session")
def settings(content: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(
        content=content, data=tmp_path_factory.mktemp("data"), languages=("en", "fr", "ar")
    )


@pytest.fixture(scope="session")
def app(settings: Settings, library: Library) -> Flask:
    return create_app(settings, library)


@pytest.fixture
def make(settings: Settings, library: Library, tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    made: list[Flask] = []

    def build(**changes: Any) -> Flask:
        app = create_app(replace(settings, data=tmp_path / "data", **changes), library)
        made.append(app)
        return app

    yield build
    if (tmp_path / "data").exists():  # else nobody has opened a database
        for app in made:
            database_of(app).close()


@pytest.fixture
def desk(make: Callable[..., Flask]) -> Flask:
    return make()


@pytest.fixture
def ama(desk: Flask) -> Person:
    return add_person(database_of(desk), "contributor", "Ama Mensah", AMA)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return visitor(app)


@pytest.fixture(scope="session")
def client_with(settings: Settings, library: Library) -> Callable[..., FlaskClient]:
    """A visitor of a desk with other settings."""

    def make(**changes: object) -> FlaskClient:
        return visitor(create_app(replace(settings, **changes), library))  # type: ignore[arg-type]

    return make


class Visitor(FlaskClient):
    """Somebody who asks for the public address, and keeps no cookies."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        kwargs.setdefault("base_url", self.application.config["ORIGIN"])
        return super().open(*args, **kwargs)


def visitor(app: Flask) -> FlaskClient:
    return Visitor(app, app.response_class, use_cookies=False)
