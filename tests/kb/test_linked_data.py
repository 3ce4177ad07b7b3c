"""What pages tell machines as JSON-LD is what schema.org's own vocabulary allows."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.kb.vocabulary import PROPERTIES, TYPES, faults

ORIGIN = "http://127.0.0.1:8000"


def data_of(client: FlaskClient, path: str) -> Any:
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', client.get(path).text)
    assert len(found) == 1
    return json.loads(found[0])


@pytest.mark.parametrize(
    "path", ["/", "/cases/cash-by-phone", "/cases/cash-by-phone/fr", "/cases/clinic-by-satellite"]
)
def test_the_data_of_a_page_is_in_the_words_of_schema_org(client: FlaskClient, path: str) -> None:
    assert list(faults(data_of(client, path))) == []


def test_the_data_of_a_case_tells_its_facts(client: FlaskClient) -> None:
    data = data_of(client, "/cases/cash-by-phone")
    assert data["@type"] == "Article"
    assert data["url"] == data["@id"] == f"{ORIGIN}/cases/cash-by-phone"
    assert {one["termCode"] for one in data["about"]} >= {"digital-payments", "1"}
    assert data["spatialCoverage"][0] == {"@type": "Country", "identifier": "KE", "name": "Kenya"}
    project = data["mainEntity"]
    assert project["foundingDate"] == data["temporalCoverage"].partition("/")[0]
    assert project["funding"][0]["amount"]["currency"]
    assert {one["@type"] for one in data["mentions"]} == {"Observation", "Legislation", "Project"}
    figures = [one for one in data["mentions"] if one["@type"] == "Observation"]
    assert figures[0]["value"] == 1200
    assert (figures[2]["minValue"], figures[2]["maxValue"]) == (10, 20)
    assert all(one["observationAbout"] == {"@id": project["@id"]} for one in figures)
    assert data["workTranslation"][0]["inLanguage"] == "fr"
    assert len(data["citation"]) == 2


def test_a_translation_names_its_original(client: FlaskClient) -> None:
    data = data_of(client, "/cases/cash-by-phone/fr")
    assert data["inLanguage"] == "fr"
    assert data["translationOfWork"]["@id"] == f"{ORIGIN}/cases/cash-by-phone"


def test_nothing_in_the_data_can_end_its_element(client: FlaskClient) -> None:
    page = client.get("/cases/cash-by-phone").text
    script = page.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    assert not set("<>&'") & set(script)


@pytest.mark.parametrize(
    ("thing", "fault"),
    [
        ({"@type": "Artikel"}, "no type"),
        ({"@type": "Article", "headlines": "x"}, "no such property"),
        ({"@type": "Article", "termCode": "x"}, "only for"),
        ({"@type": "Article", "datePublished": "yesterday"}, "belong"),
        ({"@type": "Article", "publisher": {"@type": "Country"}}, "a Country"),
        ({"@type": "Article", "author": 7}, "the number"),
        ({"@type": "Article", "about": {"name": "x"}}, "neither a type"),
        ({"@type": "Project", "foundingDate": True}, "True"),
    ],
)
def test_what_the_vocabulary_does_not_allow_is_seen(thing: Any, fault: str) -> None:
    assert any(fault in told for told in faults(thing))


def test_the_extract_of_the_vocabulary_holds_together() -> None:
    assert {parent for parents in TYPES.values() for parent in parents} <= set(TYPES)
    assert all(one["domains"] and one["ranges"] for one in PROPERTIES.values())
    assert {"Article", "LearningResource", "Course"} <= set(TYPES)
