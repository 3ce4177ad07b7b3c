"""The map and the matrix: what they tell is what the searches they lead to find."""

import csv
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from html import unescape

import pytest
from flask.testing import FlaskClient
from PIL import Image

from kb.present.sheets import lines_of
from kb.services.drawing_png import TEXT, width_of

SVG = "{http://www.w3.org/2000/svg}"


def links(text: str, pattern: str) -> list[tuple[str, ...]]:
    return [tuple(map(unescape, found)) for found in re.findall(pattern, text)]


def total_of(client: FlaskClient, url: str) -> int:
    told = re.search(r"<h2>(\d+|No|One) cases?</h2>", client.get(url).text.replace("\n", ""))
    assert told, url
    return {"No": 0, "One": 1}.get(told[1]) or int(told[1])


def test_each_country_of_the_map_leads_to_as_many_cases(client: FlaskClient) -> None:
    text = client.get("/map").text
    shapes = links(text, r'<a href="([^"]+)" aria-label="([^:"]+): (\d+) case')
    listed = links(text, r'<a href="(/search[^"]+)">([^<]+)</a> <span class="count">(\d+)')
    assert ("/search?country=TG", "Togo", "2") in shapes
    assert sorted(shapes) == sorted(listed)
    for url, _, number in shapes:
        assert total_of(client, url) == int(number)


def test_the_map_keeps_the_query_in_every_way_on(client: FlaskClient) -> None:
    text = client.get("/map?q=cash&theme=digital-payments&year.from=2005&sort=title").text
    assert "/search?q=cash&amp;theme=digital-payments&amp;country=KE&amp;year.from=2005" in text
    assert '<a href="/map?q=cash&amp;year.from=2005&amp;sort=title">' in text  # a chip
    assert "/matrix?q=cash&amp;theme=digital-payments&amp;year.from=2005" in text
    assert '<input type="hidden" name="theme" value="digital-payments">' in text
    assert "/map.svg?q=cash&amp;theme=digital-payments" in text


def test_countries_without_a_case_lead_to_a_new_one(client: FlaskClient) -> None:
    text = client.get("/map?theme=e-health").text
    assert '<a href="/cases/new?theme=e-health&amp;country=KE" rel="nofollow">Kenya</a>' in text
    assert "country=TG" not in "".join(re.findall(r"/cases/new[^\"]+", text))


def test_nothing_found_is_told_and_drawn(client: FlaskClient) -> None:
    for path in ("/map", "/matrix", "/map.svg", "/matrix.svg", "/map.csv", "/matrix.csv"):
        answer = client.get(f"{path}?q=zzxq+fnord")
        assert answer.status_code == 200, path
    assert "No case matches." in client.get("/map?q=zzxq+fnord").text


@pytest.mark.parametrize(
    "query",
    [
        "",
        "rows=theme&cols=region.groups",
        "rows=country&cols=outcome&q=cash",
        "rows=theme&cols=theme&theme=digital-payments",
        "rows=region.africa&cols=theme&region=africa",
        "rows=theme&cols=organisation&theme=e-health&theme.mode=none",
        "rows=region.western-africa&cols=evidence",
    ],
)
def test_each_cell_of_the_matrix_leads_to_as_many_cases(client: FlaskClient, query: str) -> None:
    text = client.get(f"/matrix?{query}").text
    cells = links(text, r'<a href="(/search[^"]*)">(\d+)<span class="unseen">: ([^<]+)</span>')
    assert cells
    for url, number, _ in cells:
        assert total_of(client, url) == int(number), url


def test_a_crossing_without_a_case_leads_to_a_new_one_about_both(client: FlaskClient) -> None:
    text = client.get("/matrix?rows=theme&cols=outcome&modality=public-private").text
    assert "/cases/new?theme=e-health&amp;modality=public-private&amp;outcome=scaled" in text
    assert "None. Contribute a case here: E health, Scaled" in text


def test_rows_and_columns_that_are_not_known_are_the_usual_ones(client: FlaskClient) -> None:
    usual = client.get("/matrix").text
    assert '<h1 class="unseen">Cases by theme and continents</h1>' in usual
    odd = client.get("/matrix?rows=nothing&cols=region.nowhere").text
    table = re.compile(r"<table.*</table>", re.DOTALL)
    assert table.findall(odd) == table.findall(usual)


def test_a_region_opens_into_its_parts_and_these_into_countries(client: FlaskClient) -> None:
    assert "/matrix?rows=theme&amp;cols=region.africa" in client.get("/matrix").text
    parts = client.get("/matrix?cols=region.africa").text
    assert "Eastern Africa" in parts
    assert "cols=region.eastern-africa" in parts
    countries = client.get("/matrix?cols=region.eastern-africa").text
    assert ">Kenya</a>" in countries
    assert ">Togo</a>" not in countries
    assert "Least developed countries" in client.get("/matrix?rows=region.groups").text


def rows_of(text: str) -> list[str]:
    found = re.findall(r'<th scope="row">([^<\n]+)', text)
    return [unescape(one).strip() for one in found]


def test_rows_stand_in_the_order_that_was_asked_for(client: FlaskClient) -> None:
    most = rows_of(client.get("/matrix?cols=outcome").text)
    assert most[:2] == ["All", "Digital payments"]
    by_name = rows_of(client.get("/matrix?cols=outcome&order=name").text)
    assert by_name == ["All", "Digital payments", "E health", "Gender inclusion"]
    answer = client.get("/matrix?cols=outcome&order=failed").text
    assert rows_of(answer)[1] == "E health"
    assert answer.count('aria-sort="descending"') == 1


def test_tables_hold_what_the_pages_tell(client: FlaskClient) -> None:
    answer = client.get("/map.csv?theme=digital-payments")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert 'filename="map.csv"' in answer.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows[0] == ["code", "country", "cases", "search"]
    assert ["TG", "Togo", "1"] in [row[:3] for row in rows]
    assert rows[1][3].startswith("http://127.0.0.1:8000/search?theme=digital-payments&country=")
    matrix = client.get("/matrix.csv?rows=theme&cols=outcome").text.removeprefix("\ufeff")
    table = list(csv.reader(io.StringIO(matrix)))
    assert table[0][:2] == ["Theme", "All"]
    assert table[1][:2] == ["All", "3"]


@pytest.mark.parametrize("path", ["/map", "/matrix"])
def test_drawings_stand_for_themselves(client: FlaskClient, path: str) -> None:
    answer = client.get(f"{path}.svg?theme=digital-payments")
    assert answer.content_type == "image/svg+xml"
    assert f'filename="{path[1:]}.svg"' in answer.headers["Content-Disposition"]
    sheet = ET.fromstring(answer.text)
    told = " ".join(sheet.itertext())
    assert "Digital payments" in told
    assert f"http://127.0.0.1:8000{path}?theme=digital-payments" in told
    assert sheet.find(f"{SVG}title") is not None
    for forbidden in ("class=", "style=", "var(", "href=", "<image"):
        assert forbidden not in answer.text
    picture = client.get(f"{path}.png?theme=digital-payments")
    assert picture.content_type == "image/png"
    with Image.open(io.BytesIO(picture.data)) as image:
        assert image.width > 1000
        colours = image.convert("RGB").getcolors(1 << 24)
    assert colours is not None
    assert len(colours) > 50  # letters are there, softened at their edges


def test_a_drawing_is_made_for_readers_from_right_to_left(
    client_with: Callable[..., FlaskClient],
) -> None:
    text = client_with(languages=("ar", "en")).get("/map.svg").text
    sheet = ET.fromstring(text)
    assert sheet.get("{http://www.w3.org/XML/1998/namespace}lang") == "ar"
    head = sheet.find(f"{SVG}text")
    assert head is not None
    assert head.get("text-anchor") == "end"


def test_long_words_and_long_texts_stay_within_their_lines() -> None:
    text = "Internationale Zusammenarbeitsorganisationsgesellschaftsverwaltung " * 3
    lines = lines_of(text, 13, 150, most=3)
    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert all(width_of(line, TEXT, 13) < 170 for line in lines)


def test_visitors_pages_of_the_atlas_may_be_cached(client: FlaskClient) -> None:
    for path in ("/map", "/matrix", "/map.svg"):
        answer = client.get(path)
        assert answer.headers["Cache-Control"].startswith("public"), path
        assert "Set-Cookie" not in answer.headers
