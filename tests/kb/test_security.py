"""What strangers try from outside: each row of a table is a trick, and nothing comes of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask

from kb.access import KEEPER, Person
from kb.interface import local_path
from kb.records import people as records
from kb.services import accounts
from tests.kb.conftest import AMA
from tests.kb.guarded import enter, letters, office_of
from tests.laws.addresses import address_of, addresses
from tests.people import (
    PASSWORD,
    add_person,
    browser,
    database_of,
    signed_in,
    text_of,
)

HOME = "https://library.example.org"


# Where a form leads -------------------------------------------------------------------------

ELSEWHERE = (
    "https://evil.example", "http:evil.example", "https:evil.example", "//evil.example",
    "///evil.example", "////evil.example", "/\\evil.example", "\\/evil.example", "\\\\evil.example",
    "/\t/evil.example", "/\n/evil.example", "/\r\n/evil.example", "\t//evil.example",
    " //evil.example", "\x00//evil.example", "/\x00/evil.example", "/\x0b/evil.example",
    "/\u2028/evil.example", "/\u00a0/evil.example", "javascript:alert(1)", "JaVaScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>", "vbscript:x", "mailto:a@b.c", "ftp://evil.example",
    "evil.example", "www.evil.example/mine", "?x=//evil.example", "#//evil.example",
    ".evil.example",
    "@evil.example", "://evil.example", ":80", "/\\/evil.example", "/\\\\evil.example",
    "/x\r\nLocation: https://evil.example", "/x\r\nSet-Cookie: a=b", "/\u202egnp.x", "", "/",
    "https://library.example.org@evil.example", "//library.example.org/..//evil.example",
)  # fmt: skip
HERE = ("/mine", "/search?q=a//b", "/cases/x?next=https://evil.example", "/a/../b", "/%2f%2fevil",
        "/@evil.example", "/é", "/search?q=javascript:1#top")  # fmt: skip


@pytest.mark.parametrize("place", ELSEWHERE)
def test_next_leads_nowhere_else(app: Flask, place: str) -> None:
    assert local_path(place) == "/"
    chosen = browser(app).post("/choices", data={"next": place, "theme": "dark"})
    assert chosen.headers["Location"] == "/"


def test_next_leads_nowhere_else_after_signing_in(desk: Flask, ama: Person) -> None:
    for place in ELSEWHERE[::6]:
        _, answer = enter(desk, next=place)
        assert answer.headers["Location"] == "/mine", place
    for place in HERE:
        assert local_path(place) == place
        assert not urlsplit(place).netloc


# What is asked how --------------------------------------------------------------------------

METHODS = ("TRACE", "TRACK", "CONNECT", "PUT", "DELETE", "PATCH", "PROPFIND", "MOVE", "DEBUG",
           "GETS", "X-Y")  # fmt: skip


@pytest.mark.parametrize("method", METHODS)
def test_no_other_method_does_anything(app: Flask, method: str) -> None:
    for path in ("/", "/cases/cash-by-phone", "/mine", "/account/sign-in", "/nothing"):
        answer = browser(app).open(path, method=method)
        assert answer.status_code in (403, 404, 405), path
        assert "cookie" not in answer.text.lower().split("<main")[1]


CONTENTS = (
    ("application/json", '{"theme": "dark"}'), ("text/plain", "theme=dark"), ("text/xml", "<a/>"),
    ("application/xml", '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
    ("application/octet-stream", "x"), ("", "theme=dark"), ("x", "theme=dark"),
    ("application/x-www-form-urlencoded-x", "theme=dark"), ("application/x-yaml", "a: !!x"),
    ("application/python-pickle", "cos\nsystem\n(S'id'\ntR."), ("text/html", "<form>"),
)  # fmt: skip


@pytest.mark.parametrize(("kind", "body"), CONTENTS)
def test_nothing_but_forms_is_read(app: Flask, kind: str, body: str) -> None:
    answer = browser(app).post("/choices", data=body, content_type=kind or None)
    assert answer.status_code == 415
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded; charset=utf-7",
                                  "multipart/form-data", "multipart/form-data; boundary=",
                                  "multipart/form-data; boundary=x"])  # fmt: skip
def test_odd_forms_break_nothing(app: Flask, kind: str) -> None:
    for body in (b"", b"--x", b"--x\r\nContent-Disposition: form-data; name=theme\r\n\r\ndark",
                 b"\xff\xfe&=&theme=+ADw-&&;;", b"a[b][c]=1&a=2&a.b=3"):  # fmt: skip
        answer = browser(app).post("/choices", data=body, content_type=kind)
        assert answer.status_code in (303, 400, 413)


def test_many_parts_and_large_bodies_are_refused(app: Flask) -> None:
    part = 'Content-Disposition: form-data; name="x{0}"\r\n\r\n1\r\n'
    many = "".join(f"--x\r\n{part.format(n)}" for n in range(2000)) + "--x--\r\n"
    for body, kind in ((many, "multipart/form-data; boundary=x"),
                       ("a=" + "b" * 300_000, "application/x-www-form-urlencoded")):  # fmt: skip
        assert browser(app).post("/choices", data=body, content_type=kind).status_code == 413


HOSTS = (
    {"Host": "evil.example"}, {"Host": "library.example.org.evil.example"}, {"Host": "127.0.0.1"},
    {"Host": "evil.example/library.example.org"}, {"Host": "library.example.org@evil.example"},
    {"Host": "library.example.org:80"}, {"Host": "library.example.org:443:443"}, {"Host": ""},
    {"Host": "library.example.org\tevil"}, {"Host": "LIBRARY.EXAMPLE.ORG."}, {"Host": "[::1]"},
)  # fmt: skip


@pytest.mark.parametrize("headers", HOSTS)
def test_another_host_is_not_answered(make: Callable[..., Flask], headers: dict[str, str]) -> None:
    answer = browser(make(base_url=HOME)).get("/", headers=headers)
    assert answer.status_code == 400
    assert "evil" not in answer.text


POISON = (
    {"X-Forwarded-Host": "evil.example"}, {"X-Host": "evil.example"}, {"X-Forwarded-Proto": "http"},
    {"Forwarded": "host=evil.example"}, {"X-Original-URL": "/people"}, {"X-Rewrite-URL": "/people"},
    {"X-HTTP-Method-Override": "POST"}, {"X-Forwarded-Prefix": "/evil"}, {"X-Forwarded-For": "1.1"},
    {"X-Forwarded-Scheme": "nothttps"}, {"X-Forwarded-Port": "1"},
    {"Referer": "https://evil.example"},
    {"User-Agent": "<evil>"}, {"Accept": "evil/x"}, {"X-Script-Name": "/evil"},
    {"Range": "bytes=0-1"},
)  # fmt: skip


@pytest.mark.parametrize("headers", POISON)
def test_a_page_that_caches_keep_does_not_change_with_what_they_do_not_look_at(
    make: Callable[..., Flask], headers: dict[str, str]
) -> None:
    app = make(base_url=HOME)
    for path in ("/", "/cases/cash-by-phone", "/search?q=cash"):
        plain, odd = (browser(app).get(path, headers=h) for h in ({}, headers))
        assert (odd.status_code, odd.text) == (plain.status_code, plain.text)
        assert odd.headers["Cache-Control"] == plain.headers["Cache-Control"]


def test_a_link_in_a_letter_leads_to_the_site_whatever_was_asked(
    make: Callable[..., Flask],
) -> None:
    app = make(base_url=HOME)
    add_person(database_of(app), "contributor", "Ama", AMA)
    client = browser(app)
    headers = {"X-Forwarded-Host": "evil.example", "Origin": HOME}
    token = client.token("/account/forgotten")
    client.post("/account/forgotten", data={"csrf_token": token, "email": AMA}, headers=headers)
    told = text_of(letters(app)[0])
    assert f"{HOME}/account/reset/" in told
    assert "evil" not in told


NAMES = (
    "..", "../..", "..%2f..%2f..%2fetc%2fpasswd", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "....//etc",
    "..\\..\\windows", "%5c..%5c", "%00", "a%00.png", "/etc/passwd", "%2fetc%2fpasswd", "~root",
    ".git", ".git%2fconfig", ".env", "secret", "sankofa.sqlite", "%c0%ae%c0%ae%2f", "CON", "aux.md",
    "a" * 3000, "%F0%9F%98%80", "%ED%A0%80", "a%0d%0aX:y", "<script>", "'%20or%201=1--", "{{7*7}}",
    "${7*7}", "%", "%zz", "*", "?", "a;b", "..;/", "\u202e", "file:%2f%2f%2fetc%2fpasswd", "-1",
    "0x1",
    "99999999999999999999", "1e9", "NaN",
)  # fmt: skip


def test_no_name_in_an_address_leads_out_of_its_place(desk: Flask) -> None:
    visitor, keeper = browser(desk), signed_in(desk, add_person(database_of(desk), KEEPER))[0]
    wrong = []
    for rule, _ in addresses(desk):
        if "GET" not in (rule.methods or ()) or not rule.arguments - set(rule.defaults or ()):
            continue
        for number, name in enumerate(NAMES):
            path = re.sub(r"<[^>]+>", lambda _, name=name: name, rule.rule)
            for client in (keeper, visitor)[: 1 + (number % 8 == 0)]:
                answer = client.get(path)
                shown = "root:" in answer.text or "SQLite format" in answer.text
                if answer.status_code >= 500 or shown or "X" in answer.headers.get("y", ""):
                    wrong.append(f"{path}: {answer.status_code}")
    assert wrong == []


# What a form must not be able to say -----------------------------------------------------------

EXTRA = {"role": KEEPER, "id": "1", "person_id": "1", "owner_id": "1", "confirmed_at": "2020-01-01",
         "totp_secret": "", "disabled_at": "", "password": "x", "state": "published",
         "is_admin": "1",
         "__class__": "x", "token": "x", "remember": "1", "next": "//evil.example"}  # fmt: skip


def test_a_form_changes_what_it_is_for_and_nothing_else(desk: Flask, ama: Person) -> None:
    client, token = signed_in(desk, ama)
    before = accounts.own_account(office_of(desk), ama)
    answer = client.post("/account/name", data={**EXTRA, "csrf_token": token, "name": "Ama M."})
    assert answer.headers["Location"] == "/account?done=name"
    assert accounts.own_account(office_of(desk), ama) == replace(before, name="Ama M.")


def test_nobody_gives_themselves_a_role(make: Callable[..., Flask]) -> None:
    app = make(registration="open")
    client = browser(app)
    client.send("/account/register", {**EXTRA, "email": AMA})
    link = re.search(r"https?://[^/\s]+(/account/confirm/\S+)", text_of(letters(app)[0]))
    assert link
    form = {
        **EXTRA,
        "name": "Ama",
        "password": PASSWORD,
        "again": PASSWORD,
        "email": "x@evil.example",
    }
    client.send(link[1], form)
    with database_of(app).reading() as connection:
        (account,) = records.accounts(connection)
    assert (account.email, account.role, account.totp_secret) == (AMA, "contributor", None)


def test_of_several_values_the_first_counts_everywhere(desk: Flask, ama: Person) -> None:
    client, token = signed_in(desk, ama)
    client.post("/account/name", data={"csrf_token": [token, "x"], "name": ["First", "Second"]})
    assert accounts.own_account(office_of(desk), ama).name == "First"
    refused = client.post("/account/name", data={"csrf_token": ["x", token], "name": "Third"})
    assert refused.status_code == 403
    moved = client.post(f"/account/name?name=Query&csrf_token={token}", data={"name": "Body"})
    assert moved.status_code == 403
    assert accounts.own_account(office_of(desk), ama).name == "First"
    for path in (
        "/search?q=a&q=b",
        "/search?page=1&page=2",
        "/search?theme=a&theme=a&theme.mode=x",
    ):
        assert browser(desk).get(path).status_code == 200


STRANGE_NAMES = ("\u202eevil", "a\u200bb", "A\x00B", "a\nb", "\x1b[31mred", "a\u2066b", "\ufeffx",
                 "a" * 300, "", " ", "\u3164", "<b>bold</b>", "O'Hara", "ねこ",
                 "Zo\u0308e")  # fmt: skip


@pytest.mark.parametrize("name", STRANGE_NAMES)
def test_names_hold_nothing_that_cannot_be_seen(desk: Flask, ama: Person, name: str) -> None:
    client, token = signed_in(desk, ama)
    client.post("/account/name", data={"csrf_token": token, "name": name})
    kept = accounts.own_account(office_of(desk), ama).name
    assert kept.isprintable()
    assert 0 < len(kept) <= 200
    assert "<b>" not in client.get("/").text.split("<main")[0]


@pytest.mark.parametrize(
    "address",
    ["a@b", "@b.c", "a@", "a@b.c,d@e.f", "a@b.c\r\nBcc: d@e.f", "a b@c.d", "<a@b.c>", '"a"@b.c',
     "a@b..c", "a@@b.c", "a@b.c;d@e.f", "a@b.c\x00", "a" * 250 + "@b.c", "a@b.c d", "a\u202e@b.c",
     "a@[127.0.0.1]", "a@b.c%0aBcc:x@y.z", "a@-.c?cc=d@e.f"],
)  # fmt: skip
def test_a_mail_address_is_one_and_takes_no_other_along(
    make: Callable[..., Flask], address: str
) -> None:
    app = make(registration="open")
    answer = browser(app).send("/account/register", {"email": address})
    if answer.status_code == 200:  # then it is one address, and one letter
        (letter,) = letters(app)
        assert letter["Bcc"] is letter["Cc"] is None
        assert len(letter["To"].addresses) == 1
    else:
        assert answer.status_code == 422
        assert letters(app) == []


def test_one_address_is_one_account_however_it_is_written(desk: Flask, ama: Person) -> None:
    for written in ("AMA@EXAMPLE.ORG", " ama@example.org ", "Ama@Example.org"):
        _, answer = enter(desk, email=written)
        assert answer.headers["Location"] == "/mine"


# Pages that nobody keeps ----------------------------------------------------------------------

PUBLIC = ("/", "/search?q=cash", "/cases/cash-by-phone", "/themes", "/changes", "/pages/about")
PRIVATE = ("/mine", "/account", "/account/password", "/account/two-step", "/cases/new", "/queue",
           "/people", "/drafts/x", "/cases/cash-by-phone/edit")  # fmt: skip


def test_pages_made_for_somebody_are_kept_by_nobody(desk: Flask) -> None:
    client, _ = signed_in(desk, add_person(database_of(desk), KEEPER))
    for path in PRIVATE:
        assert client.get(path).headers["Cache-Control"] == "no-store", path
    for path in PUBLIC:
        assert client.get(path).headers["Cache-Control"] == "private, no-cache", path
        assert browser(desk).get(path).headers["Cache-Control"].startswith("public"), path


def test_signing_out_asks_the_browser_to_forget(desk: Flask, ama: Person) -> None:
    client, _ = enter(desk)
    answer = client.send("/account/sign-out", page="/account")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'


@pytest.mark.parametrize(
    ("how", "header"),
    [({"base_url": HOME}, "max-age=31536000; includeSubDomains"),
     ({"base_url": HOME, "hsts_subdomains": False}, "max-age=31536000"), ({}, None)],
)  # fmt: skip
def test_https_is_asked_for_where_there_is_https(
    make: Callable[..., Flask], how: dict[str, Any], header: str | None
) -> None:
    client = browser(make(**how))
    for path in ("/", "/nothing", "/static/0/x.css", "/mine"):
        assert client.get(path).headers.get("Strict-Transport-Security") == header


@pytest.mark.parametrize(
    ("path", "name"),
    [("/cases/cash-by-phone.json", "cash-by-phone.json"),
     ("/cases/cash-by-phone.md", "cash-by-phone.md"),
     ("/cases/cash-by-phone/fr.json", "fr.json")],
)  # fmt: skip
def test_data_comes_as_a_file_with_a_name_of_ours(app: Flask, path: str, name: str) -> None:
    answer = browser(app).get(path)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_every_answer_says_what_it_is_and_nothing_of_what_made_it(desk: Flask) -> None:
    client, _ = signed_in(desk, add_person(database_of(desk), KEEPER))
    for rule, _ in addresses(desk):
        answer = client.get(address_of(desk, rule))
        kind = answer.headers["Content-Type"]
        assert "charset=utf-8" in kind or not kind.startswith("text/"), rule
        assert not {"Server", "X-Powered-By"} & set(answer.headers)
        assert not re.search(rb"(?i)werkzeug|gunicorn|python/|traceback", answer.data)
        assert "Access-Control-Allow-Origin" not in answer.headers
