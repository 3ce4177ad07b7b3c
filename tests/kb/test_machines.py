"""What machines read: heads of pages, sitemap, OpenSearch, pictures, and answers of 304."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as Tree
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from indexer.library import Library
from indexer.values import Key
from kb.access import VISITOR
from kb.app import create_app
from kb.present.pictures import Canvas, Pen
from kb.present.sitemap import Entry, parts_of, sitemap, sitemap_index
from kb.services import drawing_png
from kb.services.pictures import MOST, Album, PicturesBusy
from kb.services.reading import read_case
from kb.settings import Settings
from tests.kb.conftest import visitor

Visitor = Callable[..., FlaskClient]
ORIGIN = "https://library.example.org"
MAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
SEARCH = {"o": "http://a9.com/-/spec/opensearch/1.1/"}


@pytest.fixture
def public(client_with: Visitor, tmp_path: Path) -> FlaskClient:
    return client_with(base_url=ORIGIN, var=tmp_path)


def metas(page: str, name: str) -> list[str]:
    return re.findall(rf'<meta (?:name|property)="{re.escape(name)}" content="([^"]*)"', page)


def test_the_head_of_a_case_tells_machines_of_it(public: FlaskClient) -> None:
    page = public.get("/cases/cash-by-phone/fr", headers={"X-Forwarded-Host": "evil.example"}).text
    url = f"{ORIGIN}/cases/cash-by-phone/fr"
    assert f'<link rel="canonical" href="{url}">' in page
    for lang, path in (("en", ""), ("fr", "/fr"), ("x-default", "")):
        other = f"{ORIGIN}/cases/cash-by-phone{path}"
        assert f'<link rel="alternate" hreflang="{lang}" href="{other}">' in page
    assert metas(page, "citation_title") == metas(page, "DC.title") == metas(page, "og:title")
    assert metas(page, "citation_language") == metas(page, "DC.language") == ["fr"]
    assert re.fullmatch(r"\d{4}/\d\d/\d\d", metas(page, "citation_publication_date")[0])
    assert metas(page, "citation_author") == metas(page, "DC.creator") == ["Sankofa"]
    assert metas(page, "citation_public_url") == metas(page, "og:url") == [url]
    assert metas(page, "og:type") == ["article"]
    assert metas(page, "og:image")[0].startswith(f"{url}.png?v=")
    assert metas(page, "DC.subject")
    assert metas(page, "DC.coverage")
    assert "evil" not in page


@pytest.mark.parametrize(
    "path", ["/", "/search?q=cash", "/map", "/matrix", "/insight", "/themes",
             "/themes/digital-payments", "/pages/about", "/glossary", "/changes",
             "/cases/cash-by-phone", "/cases/cash-by-phone/history"],
)  # fmt: skip
def test_every_page_names_itself_and_has_a_picture(public: FlaskClient, path: str) -> None:
    page = public.get(path).text
    canonical = re.findall(r'<link rel="canonical" href="([^"]+)">', page)
    assert canonical == metas(page, "og:url")
    assert canonical[0].startswith(f"{ORIGIN}/")
    assert metas(page, "og:site_name") == ["Sankofa"]
    picture = metas(page, "og:image")[0]
    assert picture.startswith(ORIGIN)
    assert public.get(picture.removeprefix(ORIGIN)).mimetype == "image/png"
    endless = path.startswith(("/search", "/map", "/matrix"))
    assert metas(page, "robots") == (["noindex, follow"] if endless else [])
    assert 'type="application/opensearchdescription+xml" title="Sankofa"' in page


def test_the_sitemap_holds_every_public_page_once_and_each_of_them_answers(
    public: FlaskClient,
) -> None:
    answer = public.get("/sitemap.xml")
    assert answer.mimetype == "application/xml"
    root = Tree.fromstring(answer.data)
    found = [loc.text or "" for loc in root.iterfind("s:url/s:loc", MAP)]
    assert len(found) == len(set(found))
    for address in found:
        assert address.startswith(f"{ORIGIN}/")
        assert public.get(address.removeprefix(ORIGIN)).status_code == 200, address
    paths = {address.removeprefix(ORIGIN) for address in found}
    assert {"/", "/themes", "/themes/digital-payments", "/countries/TG", "/pages/about"} <= paths
    assert {"/cases/cash-by-phone", "/cases/cash-by-phone/fr"} <= paths
    assert "/cases/taken-back" not in paths
    case = next(one for one in root if one[0].text == f"{ORIGIN}/cases/cash-by-phone")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", case.findtext("s:lastmod", "", MAP))
    links = {link.get("hreflang"): link.get("href") for link in case.iterfind("x:link", MAP)}
    original = f"{ORIGIN}/cases/cash-by-phone"
    assert links == {"en": original, "fr": f"{original}/fr", "x-default": original}


def test_a_long_sitemap_comes_in_parts(app: Flask) -> None:
    found = [Entry(f"http://127.0.0.1:8000/cases/c{n}", f"2026-01-{n + 1:02}") for n in range(7)]
    assert [parts_of(found[:n], 3) for n in (0, 3, 4, 7)] == [1, 1, 2, 3]
    with app.app_context():
        listed = Tree.fromstring(sitemap_index(found, 3))
    assert [one.text for one in listed.iterfind("s:sitemap/s:loc", MAP)] == [
        f"http://127.0.0.1:8000/sitemap-{part}.xml" for part in (1, 2, 3)
    ]
    assert [one.text for one in listed.iterfind("s:sitemap/s:lastmod", MAP)] == [
        "2026-01-03", "2026-01-06", "2026-01-07",
    ]  # fmt: skip
    parts = [Tree.fromstring(sitemap(found, part, 3)) for part in (1, 2, 3)]
    assert [len(part) for part in parts] == [3, 3, 1]


def test_a_sitemap_has_the_parts_that_it_has(public: FlaskClient) -> None:
    assert public.get("/sitemap-1.xml").data == public.get("/sitemap.xml").data
    assert public.get("/sitemap-2.xml").status_code == 404
    assert public.get("/sitemap-0.xml").status_code == 404


def test_robots_are_told_of_the_sitemap(public: FlaskClient) -> None:
    text = public.get("/robots.txt").text
    assert f"Sitemap: {ORIGIN}/sitemap.xml\n" in text
    assert "Disallow: /search?\n" in text


def test_browsers_learn_how_to_search_here(public: FlaskClient) -> None:
    answer = public.get("/opensearch.xml")
    assert answer.mimetype == "application/opensearchdescription+xml"
    root = Tree.fromstring(answer.data)
    assert len(root.findtext("o:ShortName", "", SEARCH)) <= 16
    ways = {one.get("type"): one.get("template", "") for one in root.iterfind("o:Url", SEARCH)}
    assert all(way.startswith(f"{ORIGIN}/") for way in ways.values())
    html = ways["text/html"].replace("{searchTerms}", "cash").removeprefix(ORIGIN)
    assert public.get(html).status_code == 200
    feed = ways["application/atom+xml"].replace("{searchTerms}", "cash").removeprefix(ORIGIN)
    assert public.get(feed).mimetype == "application/atom+xml"
    typed = ways["application/x-suggestions+json"].replace("{searchTerms}", "cli")
    offered = public.get(typed.removeprefix(ORIGIN))
    assert offered.mimetype == "application/x-suggestions+json"
    text, names, notes, addresses = offered.json
    assert text == "cli"
    assert "Clinics linked by satellite in Togo" in names
    assert len(names) == len(notes) == len(addresses)
    assert all(address.startswith(f"{ORIGIN}/") for address in addresses)
    assert public.get("/suggest.json").json == ["", [], [], []]


class TestPictures:
    def test_a_picture_is_drawn_once_and_asked_for_again_for_nothing(
        self, public: FlaskClient, tmp_path: Path
    ) -> None:
        first = public.get("/cases/cash-by-phone.png")
        with Image.open(io.BytesIO(first.data)) as image:
            assert image.size == (1200, 630)
        kept = list((tmp_path / "pictures").glob("case.cash-by-phone.*.png"))
        assert [path.read_bytes() for path in kept] == [first.data]
        kept[0].write_bytes(b"drawn before")
        assert public.get("/cases/cash-by-phone.png").data == b"drawn before"
        kept[0].unlink()
        tag = {"If-None-Match": first.headers["ETag"]}
        assert public.get("/cases/cash-by-phone.png", headers=tag).status_code == 304
        assert not kept[0].exists(), "it was drawn for somebody who had it"
        other = public.get("/cases/cash-by-phone/fr.png")
        assert other.data != first.data
        assert first.headers["Cache-Control"] == "public, max-age=86400"

    @pytest.mark.parametrize(
        ("path", "status"),
        [("/cases/none.png", 404), ("/cases/taken-back.png", 410),
         ("/cases/cash-by-phone/xx.png", 404), ("/cases/old-cash.png", 301)],
    )  # fmt: skip
    def test_what_is_not_public_has_none(self, public: FlaskClient, path: str, status: int) -> None:
        assert public.get(path).status_code == status

    def test_an_album_draws_so_many_and_then_waits(self, tmp_path: Path) -> None:
        at = 0.0
        album = Album(tmp_path, lambda: at)
        small = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'
        for number in range(int(MOST)):
            album.picture(f"p{number}", "1", lambda: small)
        with pytest.raises(PicturesBusy):
            album.picture("one-more", "1", lambda: small)
        assert album.picture("p1", "1", lambda: small), "what is kept costs nothing"
        at = 1.0
        album.picture("p1", "2", lambda: small)
        assert [path.name for path in tmp_path.glob("p1.*")] == ["p1.2.png"]

    def test_a_site_that_draws_too_much_says_when_to_come_again(
        self, app: Flask, settings: Settings, library: Library, tmp_path: Path
    ) -> None:
        album = Album(tmp_path, lambda: 0.0)
        busy = create_app(replace(settings, var=tmp_path), library)
        busy.extensions["sankofa.album"] = album
        small = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'
        for number in range(int(MOST)):
            album.picture(f"p{number}", "1", lambda: small)
        answer = visitor(busy).get("/cases/cash-by-phone.png")
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "5"

    def test_a_picture_shows_the_words_of_its_case_in_letters_that_are_there(
        self, app: Flask, library: Library
    ) -> None:
        from kb.present.pictures import case_picture
        from kb.present.words import Reader

        with app.test_request_context():
            found = read_case(library, "cash-by-phone", "fr", VISITOR)
            svg = case_picture(found, Reader("en", library.vocabularies))
        words = " ".join(part.text or "" for part in Tree.fromstring(svg).iter() if part.text)
        assert "De l’argent par téléphone au Kenya" in words
        assert "Kenya" in words

    @pytest.mark.parametrize(
        ("text", "family"),
        [
            ("M-Pesa: l’été à Kraków – Ώρα, Деньги", "Noto Serif"),
            ("«كن عينيّ» (Be My Eyes): متطوعون", "Noto Sans Arabic"),
            ("肯尼亚的短信汇款：M-Pesa é", "Noto Sans CJK SC"),
            ("हिन्दी", ""),
            ("emoji 🎈", ""),
        ],
    )
    def test_a_text_is_drawn_in_a_font_that_has_all_of_it(self, text: str, family: str) -> None:
        assert drawing_png.family_for(text, "Noto Serif") == family

    @pytest.mark.parametrize("family", drawing_png.FILES)
    def test_letters_are_drawn_not_boxes(self, family: str) -> None:
        """Two letters of a font differ, which the boxes of a missing font would not."""
        letters = {"Noto Sans Arabic": "سك", "Noto Sans CJK SC": "国际"}.get(family, "ЖЯ")
        drawn = {
            drawing_png.png(
                f'<svg xmlns="http://www.w3.org/2000/svg" width="60" height="60">'
                f'<text y="50" font-size="50" font-family="{family}">{letter}</text></svg>'
            )
            for letter in (*letters, " ")
        }
        assert len(drawn) == 3

    @pytest.mark.parametrize("turned", [False, True])
    @pytest.mark.parametrize(
        "title", ["Short", "A long title of many words " * 8, "Donaudampfschiff" * 20, "国" * 90]
    )
    def test_a_title_has_room_above_the_map(self, title: str, turned: bool) -> None:
        canvas = Canvas(turned)
        canvas.title(title, 190)
        lines = list(Tree.fromstring(canvas.drawn()).iter("{http://www.w3.org/2000/svg}text"))
        assert lines
        for line in lines:
            pen = Pen(float(line.get("font-size", 0)), "", line.get("font-family", ""))
            words = (line.text or "").strip("\u202b\u202c")
            assert drawing_png.width_of(words, pen.family, pen.size) <= 1200 - 2 * 72
            assert float(line.get("y", 0)) < 410


class TestNotModified:
    PATHS = ("/", "/search?q=cash", "/themes", "/themes/digital-payments", "/cases/cash-by-phone",
             "/pages/about", "/sitemap.xml", "/cases/cash-by-phone.json")  # fmt: skip

    @pytest.mark.parametrize("path", PATHS)
    def test_a_page_that_has_not_changed_is_not_sent_again(
        self, client: FlaskClient, path: str
    ) -> None:
        first = client.get(path)
        for name, header in (("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since")):
            again = client.get(path, headers={header: first.headers[name]})
            assert (again.status_code, again.data) == (304, b""), name
            assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
        old = {"If-Modified-Since": "Mon, 23 Nov 2020 10:00:00 GMT"}
        assert client.get(path, headers=old).status_code == 200

    def test_a_page_has_no_date_where_it_may_depend_on_more_than_the_library(
        self, client: FlaskClient
    ) -> None:
        for path in (
            "/changes",
            "/cases/cash-by-phone/fr",
        ):  # how far it is behind, the journal tells
            assert "Last-Modified" not in client.get(path).headers
        for path in self.PATHS:
            answer = client.get(path, headers={"Cookie": "theme=dark"})
            assert "Last-Modified" not in answer.headers

    def test_files_of_the_desk_have_a_tag_and_the_form_that_is_asked_for(self, app: Flask) -> None:
        client = app.test_client()
        sheet = app.extensions["sankofa.assets"]["sankofa.css"]
        wishes = {"gzip, deflate, br": "br", "gzip": "gzip", "br;q=0.5, gzip": "gzip"}
        for asked, coding in {**wishes, "identity": None, "": None}.items():
            answer = client.get(sheet.url, headers={"Accept-Encoding": asked})
            assert answer.headers.get("Content-Encoding") == coding
            assert answer.data == sheet.compressed.get(coding or "", sheet.content)
            assert answer.headers["Vary"] == "Accept-Encoding"
        tag = {"If-None-Match": answer.headers["ETag"]}
        assert client.get(sheet.url, headers=tag).status_code == 304

    def test_files_are_compressed_once_a_process(
        self, app: Flask, make: Callable[..., Flask]
    ) -> None:
        ours, others = (one.extensions["sankofa.assets"] for one in (app, make()))
        assert all(ours[name].compressed is others[name].compressed for name in ours)


def test_the_library_lists_all_its_documents(library: Library) -> None:
    found: dict[Key, Any] = {one.key: one for one in library.catalogue()}
    assert set(found) == set(library.snapshot().slot_of)
    assert not found[Key("case", "taken-back")].public
    assert found[Key("case", "cash-by-phone", "fr")].lang == "fr"
