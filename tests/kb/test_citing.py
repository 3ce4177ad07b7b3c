"""Citations, read again by programs that know nothing of this one."""

from __future__ import annotations

import json
import re

import pybtex.database
import pytest
import rispy
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.values import Key
from kb.services.citing import Item, Place, apa, bibtex, csl_item, csl_json, ris

PLACE = Place("Sankofa", "https://library.example.org")
FRONT = {"title": "Cash by phone", "summary": "People were paid.", "lang": "en",
         "published": "2026-05-03", "updated": "2026-11-23"}  # fmt: skip
#: What people write in titles and what BibTeX, RIS or TeX read as something of their own.
HARD = (
    "100% of A&B: $5 #1 under_score", r"\input{secrets} and {braces}", "a ~ b ^ c",
    "Ends in a backslash \\", "One\nline\r\nER  - \nand more", "تحويلات نقدية عبر الهاتف",
    "乌干达农村移动支付项目", "<i>not italic</i> & “quoted” — 'x'", "TY  - BOOK",
    "@misc{x,", "}", "{",
)  # fmt: skip


def item(lang: str = "", **front: object) -> Item:
    return csl_item(Key("case", "cash-by-phone", lang), {**FRONT, **front}, "0a1b2c3d4e5f", PLACE,
                    ["Digital payments", "Women"])  # fmt: skip


def plain(latex: str) -> str:
    """What TeX would set, as far as our own escapes go."""
    names = {"backslash": "\\", "braceleft": "{", "braceright": "}", "asciitilde": "~",
             "asciicircum": "^"}  # fmt: skip
    return re.sub(
        r"\\text(\w+)\{\}|\\([$&%#_])", lambda found: names.get(found[1], found[2]), latex
    )


class TestTheOneMapping:
    def test_a_case_is_a_page_of_the_library_as_it_stood_on_a_day(self) -> None:
        assert item() == {
            "id": "cash-by-phone", "type": "webpage", "title": "Cash by phone",
            "author": [{"literal": "Sankofa"}], "publisher": "Sankofa",
            "issued": {"date-parts": [[2026, 11, 23]]}, "genre": "Case study",
            "version": "0a1b2c3d4e5f", "URL": "https://library.example.org/cases/cash-by-phone",
            "language": "en", "abstract": "People were paid.",
            "keyword": "Digital payments; Women",
        }  # fmt: skip

    def test_a_translation_has_its_own_name_address_and_language(self) -> None:
        french = item("fr")
        assert french["id"] == "cash-by-phone-fr"
        assert french["URL"].endswith("/cases/cash-by-phone/fr")
        assert french["language"] == "fr"

    def test_without_a_day_there_is_none(self) -> None:
        assert "issued" not in item(published=None, updated=None)
        assert item(updated=None)["issued"] == {"date-parts": [[2026, 5, 3]]}


class TestAPA:
    def test_a_case_is_cited_with_its_revision(self) -> None:
        assert apa(item()) == (
            "Sankofa. (2026, November 23). Cash by phone [Case study, revision 0a1b2c3d4e5f]."
            " https://library.example.org/cases/cash-by-phone"
        )

    def test_other_languages_have_their_own_words(self) -> None:
        assert "novembre" in apa(item(), "fr")
        assert apa(item(), "xx") == apa(item(), "en")

    @pytest.mark.parametrize("title", HARD)
    def test_a_title_stands_as_it_was_written(self, title: str) -> None:
        assert " ".join(title.split()).rstrip(".") in apa(item(title=title))

    def test_without_a_day_it_says_so(self) -> None:
        cited = apa(item(published=None, updated=None))
        assert "(n.d.)" in cited
        assert cited.endswith("https://library.example.org/cases/cash-by-phone")


class TestBibTeX:
    @pytest.mark.parametrize("title", ["Cash by phone", *HARD])
    def test_pybtex_reads_what_was_written(self, title: str) -> None:
        text = "".join(bibtex([item(title=title), item("fr")]))
        read = pybtex.database.parse_string(text, "bibtex").entries
        assert list(read) == ["cash-by-phone", "cash-by-phone-fr"]
        fields = read["cash-by-phone"].fields
        assert plain(fields["title"][1:-1]) == " ".join(title.split())
        assert fields["year"] == "2026"
        assert fields["month"] == "November"
        assert fields["url"] == "https://library.example.org/cases/cash-by-phone"
        assert fields["note"] == "Case study, revision 0a1b2c3d4e5f"
        assert str(read["cash-by-phone"].persons["author"][0]) == "{Sankofa}"

    @settings(deadline=None)
    @given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1))
    def test_any_title_comes_back(self, title: str) -> None:
        text = "".join(bibtex([item(title=title)]))
        read = pybtex.database.parse_string(text, "bibtex").entries["cash-by-phone"]
        assert plain(read.fields["title"][1:-1]) == (" ".join(title.split()) or "cash-by-phone")


class TestRIS:
    @pytest.mark.parametrize("title", ["Cash by phone", *HARD])
    def test_rispy_reads_what_was_written(self, title: str) -> None:
        first, second = rispy.loads("".join(ris([item(title=title), item("fr")])))
        assert first["type_of_reference"] == "ELEC"
        assert first["title"] == " ".join(title.split())
        assert first["authors"] == ["Sankofa,"]
        assert first["year"] == "2026"
        assert first["date"] == "2026/11/23/"
        assert first["keywords"] == ["Digital payments", "Women"]
        assert first["urls"] == ["https://library.example.org/cases/cash-by-phone"]
        assert second["language"] == "fr"


class TestTheAddressesOfACase:
    def test_every_form_answers_with_a_name_to_save_it_under(self, client: FlaskClient) -> None:
        types = {"bib": "application/x-bibtex", "ris": "application/x-research-info-systems",
                 "csl.json": "application/vnd.citationstyles.csl+json"}  # fmt: skip
        for suffix, type_ in types.items():
            for path in ("/cases/cash-by-phone", "/cases/cash-by-phone/fr"):
                answer = client.get(f"{path}.{suffix}")
                assert answer.mimetype == type_
                told = answer.headers["Content-Disposition"]
                assert told.startswith('attachment; filename="cash-by-phone')
                assert told.endswith(f'.{suffix}"')

    def test_csl_json_holds_the_item(self, client: FlaskClient) -> None:
        (found,) = json.loads(client.get("/cases/cash-by-phone.csl.json").text)
        assert found["title"] == "Cash by phone in Kenya"
        assert found["keyword"] == "Digital payments; Gender inclusion"
        assert json.loads("".join(csl_json([]))) == []
        assert json.loads("".join(csl_json([item(), item("fr")])))[1]["language"] == "fr"

    def test_linked_data_is_that_of_the_page(self, client: FlaskClient) -> None:
        answer = client.get("/cases/cash-by-phone/fr.jsonld")
        assert answer.mimetype == "application/ld+json"
        assert json.loads(answer.text)["inLanguage"] == "fr"

    def test_what_is_not_there_is_told_as_on_the_page(self, client: FlaskClient) -> None:
        assert client.get("/cases/nothing.bib").status_code == 404
        assert client.get("/cases/taken-back.ris").status_code == 410
        moved = client.get("/cases/old-cash.bib")
        assert (moved.status_code, moved.headers["Location"]) == (301, "/cases/cash-by-phone.bib")
