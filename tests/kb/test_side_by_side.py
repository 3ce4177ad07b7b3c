"""Comparing two to four cases; which ones is in the address."""

from __future__ import annotations

from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask.testing import FlaskClient

from tests.kb.conftest import HOME
from tests.kb.test_views import text_of

CASH, CLINIC, WALLETS = "cash-by-phone", "clinic-by-satellite", "wallets-in-togo"
BOTH = f"/compare?case={CASH}&case={CLINIC}"


def tree(page: str) -> Element:
    found: Element = html5lib.parse(page, namespaceHTMLElements=False)
    return found


def words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def rows(page: str) -> dict[str, list[str]]:
    """The cells of each field, without the title that stands in them on a phone."""
    found = {}
    for row in tree(page).findall(".//table[@role='table']/tbody/tr"):
        head = row.find("th")
        assert head is not None
        for cell in row.findall("td"):
            for title in cell.findall("p[@class='of']"):
                cell.remove(title)
        found[words(head)] = [words(cell) for cell in row.findall("td")]
    return found


class TestSideBySide:
    def test_each_field_has_a_cell_for_each_case(self, client: FlaskClient) -> None:
        answer = client.get(BOTH)
        assert answer.status_code == 200
        found = rows(answer.text)
        assert found["Where"] == ["Kenya, Tanzania", "Togo"]
        assert found["When"] == ["Since 2006", "2001 to 2004"]
        assert found["Outcome"] == ["Scaled", "Failed"]
        assert "1 million GBP" in found["Funding"][0]
        assert found["Funding"][1] == "Not told"
        assert "3 million people" in found["Results"][0]
        assert "By 2008 some 1,200 people used it." in found["Results"][0]
        assert found["What went wrong"][0] == "Agents ran out of cash on market days."
        assert found["Context"][1].startswith("Nurses in far clinics")
        assert found["Repeated in"] == ["Uganda", "Not told"]
        assert all(len(cells) == 2 for cells in found.values())
        assert [one for one in found.values() if set(one) == {"Not told"}] == []

    def test_the_columns_are_in_the_order_of_the_address(self, client: FlaskClient) -> None:
        page = tree(client.get(f"/compare?case={WALLETS}&case={CASH}&case={CLINIC}").text)
        heads = [a.attrib["href"] for a in page.findall(".//thead//a[@dir]")]
        assert heads == [f"/cases/{slug}" for slug in (WALLETS, CASH, CLINIC)]
        without = [a.attrib["href"] for a in page.findall(".//thead//a[@class='small']")]
        assert without[0] == BOTH
        links = {a.attrib["href"] for a in page.findall(".//a[@href]")}
        ids = {one.attrib["id"] for one in page.findall(".//*[@id]")}
        assert {link[1:] for link in links if link.startswith("#")} <= ids
        assert f"/list.csv?case={WALLETS}&case={CASH}&case={CLINIC}" in links

    def test_an_old_name_is_today_s_and_a_name_counts_once(self, client: FlaskClient) -> None:
        page = client.get(f"/compare?case=old-cash&case={CASH}&case={CLINIC}").text
        assert f'<link rel="canonical" href="{HOME}{BOTH}"'.replace("&", "&amp;") in page
        assert "2 cases compared" in text_of(page)


class TestWhatIsMissing:
    @pytest.mark.parametrize(
        ("asked", "told"),
        [
            ("", "Choose two to four cases"),
            (f"?case={CASH}", "One case alone cannot be compared."),
            ("?case=nothing&case=%20&case=../x", "There is no case “nothing”."),
            ("?case=taken-back", "The case “taken-back” was taken out of the library."),
        ],
    )
    def test_is_told_with_a_way_on(self, client: FlaskClient, asked: str, told: str) -> None:
        answer = client.get(f"/compare{asked}")
        assert answer.status_code == 200
        assert told in text_of(answer.text)
        assert 'role="table"' not in answer.text
        assert 'href="/search"' in answer.text.split("<main")[1]

    def test_one_case_is_offered_those_that_are_like_it(self, client: FlaskClient) -> None:
        page = tree(client.get(f"/compare?case={CASH}").text)
        form = page.find(".//form[@action='/compare']")
        assert form is not None
        hidden = form.find("input")
        assert hidden is not None
        assert hidden.attrib["value"] == CASH
        offers = {button.attrib["value"] for button in form.findall(".//button")}
        assert offers == {WALLETS}

    def test_an_unknown_one_among_others_is_told_beside_them(self, client: FlaskClient) -> None:
        page = client.get(f"{BOTH}&case=%3Cb%3Enothing").text
        assert "There is no case “<b>nothing”." in text_of(page)
        assert len(rows(page)["Where"]) == 2

    def test_one_too_many_is_left_out_by_its_name(
        self, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("kb.services.side_by_side.MOST", 2)
        page = client.get(f"{BOTH}&case={WALLETS}").text
        assert "Left out: Wallets on the phone in Togo." in text_of(page)
        assert len(rows(page)["Where"]) == 2

    def test_hundreds_of_names_are_not_looked_up(self, client: FlaskClient) -> None:
        asked = "&".join(f"case=no-{number}" for number in range(500))
        page = client.get(f"/compare?{asked}").text
        assert text_of(page).count("There is no case") == 20


def test_a_translated_case_is_told_in_the_reader_s_language(client: FlaskClient) -> None:
    for path in (BOTH, f"/list?case={CASH}&case={CLINIC}"):
        page = client.get(f"{path}&ui=fr").text
        assert f'href="/cases/{CASH}/fr"' in page
        assert "De l’argent par téléphone au Kenya" in text_of(page)
        assert f'href="/cases/{CLINIC}"' in page
