"""A case in several languages: found by each, shown in the reader's, told when it is behind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient

from indexer.library import Library
from indexer.query import Query
from indexer.values import Key, revision_of
from kb.access import VISITOR
from kb.app import create_app
from kb.records import journal
from kb.services.search import search
from kb.settings import Settings
from tests import factories
from tests.kb.conftest import HOME, visitor
from tests.kb.test_views import text_of
from tests.people import database_of

PATH = "/cases/school-laptops"
OLD = factories.case_text("\n## Context\n\nThe first text.\n", title="Laptops in schools")
NOW = factories.case_text(
    "\n## Context\n\nChildren in the village were given laptops [1].\n", title="Laptops in schools"
)


def translated(lang: str, title: str, body: str, revision: str, **more: Any) -> str:
    return factories.case_text(
        f"\n{body} [1].\n",
        title=title, summary=f"{title}. {title}. {title}.", lang=lang,
        translation_of={"slug": "school-laptops", "revision": revision}, **more,
    )  # fmt: skip


CASES = {
    "school-laptops": NOW,
    "school-laptops.fr": translated(
        "fr", "Des ordinateurs dans les écoles",
        "Les institutrices mesuraient les progrès des élèves", revision_of(NOW),
    ),
    "school-laptops.es": translated(
        "es", "Computadoras en las escuelas", "Las maestras midieron los avances", revision_of(OLD)
    ),
    "school-laptops.ar": translated(
        "ar", "حواسيب في المدارس", "قاست المعلمات تقدم التلاميذ والتعاونيات", "0" * 12,
        results=[{"indicator": "المستخدمون", "value": 1600000, "unit": "شخص", "year": 2008,
                  "baseline": 2, "source": 2, "counted_by": "evaluation"}],
        funding=[{"amount": 5, "currency": "GBP", "year_note": "السنة غير مذكورة", "source": 1}],
    ),
    "clinic-radio": factories.case_text(title="Radios in clinics of the north"),
    "clinic-radio.fr": factories.case_text(
        title="Des radios dans les cliniques", lang="fr", status="withdrawn", status_reason="Non.",
        translation_of={"slug": "clinic-radio", "revision": "0" * 12},
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    root = factories.content_folder(tmp_path_factory.mktemp("content"), CASES)
    return Library.open(root, tmp_path_factory.mktemp("var"), threads=1)


@pytest.fixture
def app(settings: Settings, library: Library, tmp_path: Path) -> Iterator[Flask]:
    app = create_app(replace(settings, data=tmp_path / "data"), library)
    yield app
    if (tmp_path / "data").exists():
        database_of(app).close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return visitor(app)


class TestFinding:
    @pytest.mark.parametrize(
        ("text", "lang", "word"),
        [
            ("institutrice", "fr", "institutrices"),
            ("mesurer", "fr", "mesuraient"),
            ("maestra", "es", "maestras"),
            ("avance", "es", "avances"),
            ("التعاونية", "ar", "والتعاونيات"),
            ("المعلِّمات", "ar", "المعلمات"),
        ],
    )
    def test_words_are_found_in_the_grammar_of_the_translation(
        self, library: Library, text: str, lang: str, word: str
    ) -> None:
        """Each form differs from that in the text, and only its own language makes them one."""
        found = library.search(Query(text), correct=False)
        assert [hit.key.slug for hit in found.hits] == ["school-laptops"]
        passage = found.hits[0].passage
        assert passage is not None
        assert passage.lang == lang
        assert word in [passage.text[start:end] for start, end in passage.marks]

    def test_a_case_and_its_translations_count_once(self, library: Library) -> None:
        assert library.counts("country") == {"KE": 2, "TZ": 2}

    def test_a_list_tells_each_case_in_the_language_of_the_reader(self, library: Library) -> None:
        told = {
            lang: {hit.key: hit.title for hit in search(library, Query(), VISITOR, lang=lang).hits}
            for lang in ("en", "fr", "es")
        }
        assert told["en"][Key("case", "school-laptops")] == "Laptops in schools"
        french = Key("case", "school-laptops", "fr")
        assert told["fr"][french] == "Des ordinateurs dans les écoles"
        assert Key("case", "clinic-radio") in told["fr"], "the withdrawn translation is not shown"
        assert Key("case", "school-laptops", "es") in told["es"]

    @pytest.mark.parametrize("path", ["/", "/search", "/search?q=laptops", "/countries/KE"])
    def test_every_list_leads_to_the_translation(self, client: FlaskClient, path: str) -> None:
        page = client.get(path, headers={"Accept-Language": "fr"}).text
        assert f'href="{PATH}/fr"' in page
        assert "Des ordinateurs" in page
        assert f'href="{PATH}/fr"' not in client.get(path).text

    def test_cases_like_a_translation_are_told_in_its_language(self, client: FlaskClient) -> None:
        page = client.get("/cases/clinic-radio?ui=fr").text
        assert f'href="{PATH}/fr"' in page.partition("</article>")[0]


class TestLinks:
    def test_each_language_is_linked_from_each_and_the_original_is_the_default(
        self, client: FlaskClient
    ) -> None:
        for path in (PATH, f"{PATH}/fr", f"{PATH}/ar"):
            head = client.get(path).text.partition("</head>")[0]
            for lang in ("fr", "es", "ar"):
                assert f'hreflang="{lang}" href="{HOME}{PATH}/{lang}"' in head
            assert f'hreflang="en" href="{HOME}{PATH}"' in head
            assert f'hreflang="x-default" href="{HOME}{PATH}"' in head
            assert f'rel="canonical" href="{HOME}{path}"' in head

    @pytest.mark.parametrize(
        ("path", "accepted", "offered"),
        [
            (PATH, "es-MX,en;q=0.5", f"{PATH}/es"),
            (PATH, "en,es;q=0.5", ""),
            (PATH, "de", ""),
            (f"{PATH}/es", "es", ""),
            (f"{PATH}/fr", "en", PATH),
            (f"{PATH}/es", "fr", f"{PATH}/fr"),
            (f"{PATH}/es", "en", ""),  # the banner leads to it
            (f"{PATH}?ui=fr", "es", f"{PATH}/fr"),
        ],
    )
    def test_the_readers_language_is_offered_and_nobody_is_sent_there(
        self, client: FlaskClient, path: str, accepted: str, offered: str
    ) -> None:
        answer = client.get(path, headers={"Accept-Language": accepted})
        assert answer.status_code == 200
        assert "Accept-Language" in answer.headers["Vary"]
        tree = html5lib.parse(answer.text, namespaceHTMLElements=False)
        offers = [p.find("a").attrib["href"] for p in tree.iter("p") if p.get("class") == "offer"]
        assert offers == ([offered] if offered else [])


class TestBehind:
    def changed(self, app: Flask, *texts: str) -> None:
        with database_of(app).writing() as connection:
            for text in texts:
                key = Key("case", "school-laptops")
                journal.append(connection, key, text, "published", author="Ama")

    def test_a_translation_of_todays_text_says_nothing(self, client: FlaskClient) -> None:
        assert 'class="notice"' not in client.get(f"{PATH}/fr").text

    def test_it_tells_how_many_changes_it_is_behind_and_shows_them(self, app: Flask) -> None:
        self.changed(app, OLD, OLD.replace("first", "second"), OLD.replace("first", "third"), NOW)
        client = visitor(app)
        page = client.get(f"{PATH}/es").text
        assert "This translation is 3 changes behind the original." in text_of(page)
        changes = f"{PATH}/compare?old={revision_of(OLD)}&new={revision_of(NOW)}"
        assert changes.replace("&", "&amp;") in page
        compared = text_of(client.get(changes).text)
        assert "The first text." in compared
        assert "Children in the village" in compared

    def test_where_the_older_text_is_not_known_it_leads_to_the_original(self, app: Flask) -> None:
        self.changed(app, OLD, NOW)
        page = visitor(app).get(f"{PATH}/ar").text
        assert "The original has changed since this translation was made." in text_of(page)
        assert "/compare?old=" not in page


class TestDirections:
    def test_words_of_the_page_and_of_the_case_are_told_apart(self, client: FlaskClient) -> None:
        page = client.get(f"{PATH}/ar").text
        assert '<html lang="en" dir="ltr">' in page
        assert '<div class="prose" lang="ar" dir="rtl">' in page
        assert '<bdi lang="en">Before</bdi>' in page
        assert "1.6 مليون شخص" in page
        assert '<bdi lang="ar">السنة غير مذكورة</bdi>' in page
        tree = html5lib.parse(page, namespaceHTMLElements=False)
        ids = [element.attrib["id"] for element in tree.iter() if "id" in element.attrib]
        assert len(ids) == len(set(ids))
        inside = [a.attrib["href"][1:] for a in tree.iter("a") if a.attrib["href"].startswith("#")]
        assert {"funding-1-1", "result-1-2"} <= set(inside) <= set(ids)

    def test_a_page_in_arabic_shows_an_english_case_from_left_to_right(
        self, client: FlaskClient
    ) -> None:
        page = client.get(f"{PATH}?ui=ar").text
        assert '<html lang="ar" dir="rtl">' in page
        assert '<div class="prose" lang="en" dir="ltr">' in page
