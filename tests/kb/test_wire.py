from collections.abc import Callable
from typing import ClassVar

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kb.settings import load_settings
from kb.wire import CONTENT_POLICY

Visitor = Callable[..., FlaskClient]


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:1234", "[::1]:8000", "localhost"])
def test_a_desk_on_loopback_answers_to_loopback_names(client: FlaskClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "", "a:b:c", "[::1"],
)
def test_an_unknown_host_is_refused(client: FlaskClient, host: str) -> None:
    answer = client.get("/", headers={"Host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.text


def test_a_public_desk_answers_to_its_own_name_alone(client_with: Visitor) -> None:
    public = client_with(base_url="https://library.example.org")
    assert public.get("/").status_code == 200
    assert public.get("/", headers={"Host": "LIBRARY.example.org:443"}).status_code == 200
    for host in ("library.example.org:8080", "127.0.0.1", "example.org"):
        assert public.get("/", headers={"Host": host}).status_code == 400


def test_absolute_addresses_come_from_the_setting_alone(client_with: Visitor) -> None:
    public = client_with(base_url="https://library.example.org")
    page = public.get("/cases/cash-by-phone", headers={"X-Forwarded-Host": "evil.example"}).text
    assert '<link rel="canonical" href="https://library.example.org/cases/cash-by-phone">' in page
    assert "evil" not in page


def test_forwarded_headers_count_only_from_trusted_proxies(client_with: Visitor) -> None:
    networks = load_settings({"TRUSTED_PROXIES": "10.0.0.0/8"}).trusted_proxies
    behind = client_with(base_url="https://library.example.org", trusted_proxies=networks)
    headers = {"Host": "inner:8000", "X-Forwarded-Host": "library.example.org"}
    trusted = behind.get("/", headers=headers, environ_overrides={"REMOTE_ADDR": "10.1.2.3"})
    assert trusted.status_code == 200
    for peer in ("192.0.2.1", "", "unix"):
        answer = behind.get("/", headers=headers, environ_overrides={"REMOTE_ADDR": peer})
        assert answer.status_code == 400


def test_a_page_for_a_visitor_without_cookies_may_be_cached(client: FlaskClient) -> None:
    answer = client.get("/cases/cash-by-phone")
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert {"Cookie", "Accept-Encoding", "Accept-Language"} <= set(answer.vary)
    again = client.get("/cases/cash-by-phone", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""


def test_a_page_made_with_any_cookie_is_private(client: FlaskClient) -> None:
    for cookie in ("theme=dark", "anything=else"):
        answer = client.get("/", headers={"Cookie": cookie})
        assert answer.headers["Cache-Control"].startswith("private")


def test_pages_are_compressed(client: FlaskClient) -> None:
    plain = client.get("/search")
    small = client.get("/search", headers={"Accept-Encoding": "gzip"})
    assert small.headers["Content-Encoding"] == "gzip"
    assert len(small.data) < len(plain.data) / 3


def test_an_https_desk_asks_for_https_and_a_plain_one_does_not(client_with: Visitor) -> None:
    assert "Strict-Transport-Security" not in client_with().get("/").headers
    public = client_with(base_url="https://library.example.org")
    assert "Strict-Transport-Security" in public.get("/").headers


def test_the_policy_allows_nothing_inline_and_no_third_party() -> None:
    assert "unsafe" not in CONTENT_POLICY
    assert "http" not in CONTENT_POLICY
    assert "*" not in CONTENT_POLICY


class TestChoices:
    OWN: ClassVar = {"Sec-Fetch-Site": "same-origin"}

    def test_a_choice_of_colours_is_remembered(self, client: FlaskClient) -> None:
        form = {"theme": "dark", "next": "/search?q=x"}
        answer = client.post("/choices", data=form, headers=self.OWN)
        assert answer.status_code == 303
        assert answer.headers["Location"] == "/search?q=x"
        cookie = answer.headers["Set-Cookie"]
        assert "theme=dark" in cookie
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Secure" not in cookie
        page = client.get("/", headers={"Cookie": "theme=dark"}).text
        assert 'data-theme="dark"' in page

    def test_on_https_the_cookie_is_secure_and_bound_to_the_host(
        self, client_with: Visitor
    ) -> None:
        public = client_with(base_url="https://library.example.org")
        cookie = public.post("/choices", data={"ui": "fr"}, headers=self.OWN).headers["Set-Cookie"]
        assert cookie.startswith("__Host-ui=fr;")
        assert "Secure" in cookie
        assert 'lang="fr"' in public.get("/", headers={"Cookie": "__Host-ui=fr"}).text

    @pytest.mark.parametrize("form", [{"theme": "pink"}, {"ui": "xx"}, {}, {"other": "1"}])
    def test_nothing_but_known_choices_is_stored(
        self, client: FlaskClient, form: dict[str, str]
    ) -> None:
        assert "Set-Cookie" not in client.post("/choices", data=form, headers=self.OWN).headers

    @pytest.mark.parametrize(
        "goal", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1", ""]
    )
    def test_the_way_back_never_leads_to_another_site(self, client: FlaskClient, goal: str) -> None:
        answer = client.post("/choices", data={"next": goal}, headers=self.OWN)
        assert answer.headers["Location"] == "/"

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Sec-Fetch-Site": "none"},
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
        ],
    )
    def test_a_form_of_another_site_is_refused(
        self, client: FlaskClient, headers: dict[str, str]
    ) -> None:
        assert client.post("/choices", data={"theme": "dark"}, headers=headers).status_code == 403

    def test_an_old_browser_that_tells_its_origin_is_let_in(self, client: FlaskClient) -> None:
        own = {"Origin": "http://127.0.0.1:8000"}
        assert client.post("/choices", data={"theme": "dark"}, headers=own).status_code == 303


def test_the_language_is_that_of_the_address_then_cookie_then_browser(client: FlaskClient) -> None:
    def lang(path: str = "/", **headers: str) -> str:
        page = client.get(path, headers={k.replace("_", "-"): v for k, v in headers.items()}).text
        return page.partition('<html lang="')[2].partition('"')[0]

    assert lang() == "en"
    assert lang(Accept_Language="fr;q=0.9, de") == "fr"
    assert lang(Accept_Language="fr", Cookie="ui=ar") == "ar"
    assert lang("/?ui=en", Accept_Language="fr", Cookie="ui=ar") == "en"
    assert lang("/?ui=xx") == "en"


def test_arabic_is_written_from_right_to_left(client: FlaskClient) -> None:
    assert '<html lang="ar" dir="rtl"' in client.get("/?ui=ar").text
    assert '<html lang="fr" dir="ltr"' in client.get("/?ui=fr").text


def test_files_of_the_desk_are_kept_forever_under_the_name_of_their_content(app: Flask) -> None:
    client = app.test_client()
    for asset in app.extensions["sankofa.assets"].values():
        answer = client.get(asset.url, headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Encoding"] == "gzip"
        assert "Cookie" not in answer.headers.get("Vary", "")
        assert client.get(asset.url).data == asset.content
        old = asset.url.replace(asset.digest, "0" * 12)
        assert client.get(old).status_code == 404
