"""Which addresses are asked, and how: on real sockets, against a server that may be hostile."""

from __future__ import annotations

import ipaddress
import select
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kb.services.asking import Answer, Asker, HostDelay, ask
from kb.services.vetting import NotAsked, is_public, vetted
from tests.kb.answering import Site, certificate, served

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
AGENT = "Sankofa link check (+https://library.example.org)"

#: Addresses that are never asked, however they are written.
HOSTILE = (
    # loopback
    "http://127.0.0.1/", "http://127.8.8.8/", "http://localhost/", "http://localhost./",
    "http://LOCALHOST/", "http://0.0.0.0/", "http://0/", "http://127.1/", "http://127.0.1/",
    "http://2130706433/", "http://0x7f000001/", "http://0x7f.0.0.1/", "http://0177.0.0.1/",
    "http://017700000001/", "http://[::1]/", "http://[0:0:0:0:0:0:0:1]/", "http://[::]/",
    "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[::127.0.0.1]/",
    "http://１２７.0.0.1/", "http://127。0。0。1/", "http://①②⑦.0.0.1/",
    # private networks, links, carriers
    "http://10.0.0.1/", "http://172.16.0.1/", "http://172.31.255.255/", "http://192.168.1.1/",
    "http://100.64.0.1/", "http://169.254.169.254/latest/meta-data/", "http://169.254.0.1/",
    "http://[fe80::1]/", "http://[fe80::1%25eth0]/", "http://[fc00::1]/", "http://[fd00:ec2::254]/",
    "http://[fec0::1]/", "http://[::ffff:10.0.0.1]/", "http://[::ffff:169.254.169.254]/",
    # translators and tunnels to them
    "http://[64:ff9b::7f00:1]/", "http://[64:ff9b::a00:1]/", "http://[64:ff9b:1::1]/",
    "http://[2002:7f00:1::]/", "http://[2002:a00:1::1]/", "http://[2001:0:7f00:1::]/",
    # reserved, many at once, documentation, benchmarks
    "http://224.0.0.1/", "http://239.255.255.250/", "http://[ff02::1]/", "http://240.0.0.1/",
    "http://255.255.255.255/", "http://192.0.2.1/", "http://198.18.0.1/", "http://198.51.100.7/",
    "http://203.0.113.1/", "http://192.88.99.1/", "http://192.0.0.1/", "http://[2001:db8::1]/",
    "http://[100::1]/", "http://[3fff::1]/", "http://[4000::1]/",
    # names that lead there
    "http://inside.example/", "http://both.example/", "http://six.example/",
    "http://mapped.example/", "http://scoped.example/",
    # other schemes, ports, names and passwords, oddities
    "ftp://public.example/", "file:///etc/passwd", "gopher://public.example/", "//public.example/",
    "javascript:alert(1)", "http://public.example:22/", "http://public.example:8080/",
    "https://public.example:6379/", "http://user@public.example/", "http://user:pw@public.example/",
    "http://public.example@127.0.0.1/", "http://127.0.0.1@public.example/",
    "http://public.example\\@127.0.0.1/", "http://public.example\\.127.0.0.1/",
    "http://public.example/ HTTP/1.1\r\nX: y", "http://public.example/a b", "http:///path",
    "http://", "http://public.example:99999/", "http://[::1", "http://a..b/", "http://-a.example/",
    f"http://{'a' * 64}.example/", f"http://{'a.' * 130}example/", "http://public example/",
    "http://1.2.3.4.5/", "http://256.1.1.1/", "http://1.2.3/", "http://exa%6dple.org/",
    "http://public.example%00.inside.example/", "http://[v1.x]/",
)  # fmt: skip
PUBLIC = (
    "http://public.example/", "https://public.example:443/a?b=c#d", "http://public.example:80",
    "https://8.8.8.8/", "http://[2606:4700::1111]/", "http://[64:ff9b::808:808]/",
    "http://[::ffff:8.8.8.8]/", "https://ünïcode.example/ü?q=ü", "http://a_b.example/",
    "http://public.example./",
)  # fmt: skip
NAMES = {
    "localhost": ["127.0.0.1", "::1"],
    "inside.example": ["10.1.2.3"],
    "both.example": ["8.8.8.8", "192.168.0.1"],
    "six.example": ["2606:4700::1111", "fd00::1"],
    "mapped.example": ["::ffff:172.16.0.1"],
    "scoped.example": ["fe80::1%eth0"],
}


def resolver(host: str, _port: int) -> list[str]:
    return NAMES.get(host, ["93.184.215.14"])


def no_wait(_host: str) -> None:
    """No host is rested in these tests."""


def asker(**changes: Any) -> Asker:
    values: dict[str, Any] = {
        "agent": AGENT, "allow": LOOPBACK, "patience": 2.0, "longest": 5.0,
        "resolve": lambda host, port: ["127.0.0.1"],
    }  # fmt: skip
    return Asker(**{**values, **changes})


@pytest.fixture
def site() -> Iterator[Site]:
    with served() as site:
        yield site


class TestVetting:
    @pytest.mark.parametrize("url", HOSTILE, ids=ascii)
    def test_a_hostile_address_is_not_asked(self, url: str) -> None:
        with pytest.raises(NotAsked):
            vetted(url, resolver)

    def test_the_table_is_long_enough(self) -> None:
        assert len(HOSTILE) >= 40

    @pytest.mark.parametrize("url", PUBLIC)
    def test_a_public_address_may_be_asked(self, url: str) -> None:
        target = vetted(url, resolver)
        assert target.addresses
        assert all(is_public(ipaddress.ip_address(one)) for one in target.addresses)

    @pytest.mark.parametrize("url", HOSTILE, ids=ascii)
    def test_loopback_alone_is_opened_by_a_setting_and_no_guise_of_it(self, url: str) -> None:
        opened = (
            "http://127.0.0.1/", "http://127.8.8.8/", "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:7f00:1]/", "http://１２７.0.0.1/", "http://127。0。0。1/",
            "http://①②⑦.0.0.1/", "http://[64:ff9b::7f00:1]/",
        )  # fmt: skip
        try:
            vetted(url, resolver, LOOPBACK)
        except NotAsked:
            assert url not in opened
        else:
            assert url in opened

    def test_a_name_is_looked_up_once_and_the_target_holds_what_was_found(self) -> None:
        calls = []

        def counting(host: str, port: int) -> list[str]:
            calls.append((host, port))
            return ["8.8.8.8"]

        target = vetted("https://Public.Example./a", counting)
        assert calls == [("public.example", 443)]
        assert (target.host, target.port, target.addresses) == ("public.example", 443, ("8.8.8.8",))

    def test_a_name_without_an_address_is_unknown(self) -> None:
        with pytest.raises(socket.gaierror):
            vetted("http://public.example/", lambda host, port: [])


class TestAsking:
    def test_a_good_page_is_asked_with_head_alone_and_no_secret(self, site: Site) -> None:
        url = site.answer("/a?b=c", 200)
        assert ask(asker(), url, no_wait) == Answer("good", 200)
        assert site.asked == ["HEAD /a?b=c"]
        (head,) = site.heads
        assert head == {
            "Host": f"127.0.0.1:{site.port}", "User-Agent": AGENT, "Accept": "*/*",
            "Connection": "close", "Accept-Encoding": "identity",
        }  # fmt: skip

    def test_the_host_is_named_and_the_vetted_address_is_connected_to(self, site: Site) -> None:
        site.answer("/", 200)
        answer = ask(asker(), f"http://library.example:{site.port}/", no_wait)
        assert answer.state == "good"
        assert site.heads[0]["Host"] == f"library.example:{site.port}"

    @pytest.mark.parametrize("head", [400, 403, 404, 405, 410, 500, 501, 503])
    def test_a_server_that_likes_no_head_is_asked_with_get(self, site: Site, head: int) -> None:
        url = site.answer("/a", 200, head=head)
        assert ask(asker(), url, no_wait) == Answer("good", 200)
        assert site.asked == ["HEAD /a", "GET /a"]

    @pytest.mark.parametrize("status", [401, 429])
    def test_who_wants_to_be_left_alone_is(self, site: Site, status: int) -> None:
        url = site.answer("/a", status)
        assert ask(asker(), url, no_wait) == Answer("unsure", status)
        assert site.asked == ["HEAD /a"]

    @pytest.mark.parametrize(
        ("status", "state"),
        [(404, "failed"), (410, "failed"), (400, "unsure"), (403, "unsure"), (451, "unsure"),
         (500, "unsure"), (503, "unsure"), (599, "unsure")],
    )  # fmt: skip
    def test_what_a_status_means(self, site: Site, status: int, state: str) -> None:
        assert ask(asker(), site.answer("/a", status), no_wait) == Answer(state, status)

    def test_no_body_is_read(self, site: Site) -> None:
        sent = []

        def endless(handler: Any) -> None:
            handler.send_response(200)
            handler.end_headers()
            try:
                for _ in range(100_000):
                    handler.wfile.write(b"x" * 1000)
                    sent.append(1000)
            except OSError:
                pass

        site.says["GET /a"] = endless
        site.says["HEAD /a"] = (405, {})
        assert ask(asker(), site.at("/a"), no_wait) == Answer("good", 200)
        assert sum(sent) < 20_000_000  # what fits into the buffers of the machine, and no more

    def test_a_page_that_moved_for_good_is_told_where_it_is(self, site: Site) -> None:
        site.answer("/new", 200)
        site.redirect("/mid", "/new", 308)
        url = site.redirect("/old", "/mid")
        assert ask(asker(), url, no_wait) == Answer("moved", 200, leads_to=site.at("/new"))

    def test_a_redirect_for_now_is_no_move(self, site: Site) -> None:
        site.answer("/now", 200)
        site.redirect("/b", "/now", 302)
        assert ask(asker(), site.at("/b"), no_wait) == Answer("good", 200)
        moved = site.redirect("/a", "/b", 301)
        assert ask(asker(), moved, no_wait) == Answer("moved", 200, leads_to=site.at("/b"))

    def test_a_redirect_to_nothing_is_dead(self, site: Site) -> None:
        assert ask(asker(), site.redirect("/a", "/gone"), no_wait) == Answer("failed", 404)

    def test_five_redirects_are_followed_and_no_more(self, site: Site) -> None:
        site.answer("/6", 200)
        for number in range(6):
            site.redirect(f"/{number}", f"/{number + 1}", 302)
        assert ask(asker(), site.at("/1"), no_wait).state == "good"
        site.asked.clear()
        assert ask(asker(), site.at("/0"), no_wait) == Answer("failed", detail="redirects")
        assert len(site.asked) == 6

    def test_a_loop_ends(self, site: Site) -> None:
        url = site.redirect("/a", "/a")
        assert ask(asker(), url, no_wait) == Answer("failed", detail="redirects")

    @pytest.mark.parametrize(
        "location", ["http://[::1", "http://[bad]/", "\udcff".encode("utf-8", "surrogateescape")
                     .decode("latin-1")]
    )  # fmt: skip
    def test_a_redirect_that_cannot_be_read_is_none(self, site: Site, location: str) -> None:
        answer = ask(asker(), site.redirect("/a", location), no_wait)
        assert answer.state in ("failed", "not-asked")

    def test_a_location_with_blanks_and_other_letters_is_followed(self, site: Site) -> None:
        site.answer("/a%20%C3%BC", 200)
        url = site.redirect("/a", "/a ü".encode().decode("latin-1"))
        assert ask(asker(), url, no_wait).state == "moved"

    def test_nobody_at_the_port(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{free.getsockname()[1]}/"
            assert ask(asker(), url, no_wait) == Answer("failed", detail="refused")

    def test_a_name_that_nobody_has(self) -> None:
        def unknown(host: str, port: int) -> list[str]:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")

        found = ask(asker(resolve=unknown), "http://nobody.example/", no_wait)
        assert found == Answer("failed", detail="no-name")

    def test_a_name_service_that_does_not_answer_blames_no_link(self) -> None:
        def away(host: str, port: int) -> list[str]:
            raise socket.gaierror(socket.EAI_AGAIN, "try again")

        found = ask(asker(resolve=away), "http://somebody.example/", no_wait)
        assert found == Answer("unsure", detail="resolver")

    @pytest.mark.parametrize(
        "said",
        [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 999999999999 x\r\n\r\n",
         b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 200, b"HTTP/1.1 200 OK\r\na: " + b"x" * 70_000],
    )  # fmt: skip
    def test_an_answer_that_is_none(self, site: Site, said: bytes) -> None:
        def broken(handler: Any) -> None:
            handler.wfile.write(said)
            handler.close_connection = True

        site.says["/a"] = broken
        answer = ask(asker(), site.at("/a"), no_wait)
        assert answer.state == "failed"
        assert answer.detail.startswith("broken")

    @pytest.mark.parametrize(
        "drop", [b"x", b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 200 OK\r\na: b"]
    )
    def test_whoever_answers_drop_by_drop_is_left_in_time(self, site: Site, drop: bytes) -> None:
        drops = []

        def dripping(handler: Any) -> None:
            handler.wfile.write(drop)
            hung_up: list[Any] = []
            while not hung_up:  # a drop now and then, until whoever asked has enough
                handler.wfile.write(drop if drop.endswith(b"\n") else b"x")
                drops.append(1)
                hung_up, _, _ = select.select([handler.connection], [], [], 0.02)

        site.says["/a"] = dripping
        begin = time.monotonic()
        answer = ask(asker(patience=0.3, longest=0.6), site.at("/a"), no_wait)
        assert answer == Answer("failed", detail="timeout")
        assert 0.5 < time.monotonic() - begin < 3
        assert len(drops) > 5

    def test_whoever_says_nothing_is_left_in_time(self) -> None:
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen()
            url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
            found = ask(asker(patience=0.2, longest=0.5), url, no_wait)
        assert found == Answer("failed", detail="timeout")


class TestTheVettedAddress:
    """DNS that changes its mind, and redirects to the inside."""

    def test_a_name_with_another_answer_later_leads_to_the_first(self, site: Site) -> None:
        answers = iter([["127.0.0.1"], ["169.254.169.254"], ["10.0.0.1"]])
        calls: list[str] = []

        def rebinding(host: str, port: int) -> list[str]:
            calls.append(host)
            return next(answers)

        site.answer("/", 200, head=405)
        found = ask(asker(resolve=rebinding), f"http://rebind.example:{site.port}/", no_wait)
        assert found == Answer("good", 200)
        assert calls == ["rebind.example"]  # for HEAD and GET together
        assert site.asked == ["HEAD /", "GET /"]

    def test_the_second_answer_is_vetted_at_the_next_redirect(self, site: Site) -> None:
        answers = iter([["127.0.0.1"], ["169.254.169.254"]])
        site.redirect("/", f"http://rebind.example:{site.port}/again", 302)
        again = asker(resolve=lambda host, port: next(answers))
        found = ask(again, f"http://rebind.example:{site.port}/", no_wait)
        assert found == Answer("not-asked", detail="private 169.254.169.254")
        assert site.asked == ["HEAD /"]

    def test_a_public_name_that_turns_inward_is_not_asked(self, site: Site) -> None:
        site.answer("/", 200)
        found = ask(asker(allow=()), f"http://public.example:{site.port}/", no_wait)
        assert found == Answer("not-asked", detail="private 127.0.0.1")
        assert site.asked == []

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    @pytest.mark.parametrize("hostile", [
        "http://169.254.169.254/latest/meta-data/", "http://[::ffff:10.0.0.1]/",
        "http://0x7f000001/", "http://2130706433/", "http://localhost.:1/", "file:///etc/passwd",
        "http://user:pw@127.0.0.1/", "//10.0.0.1/x", "http://[fd00::1]/", "ftp://127.0.0.1/",
        "http://inside.example/",
    ])  # fmt: skip
    def test_no_redirect_leads_inside(self, site: Site, hostile: str, status: int) -> None:
        names = {**NAMES, "127.0.0.1": ["127.0.0.1"], "localhost": ["::1"]}
        url = site.redirect("/a", hostile, status)
        inside = asker(resolve=lambda host, port: names[host])
        assert ask(inside, url, no_wait).state == "not-asked"
        assert site.asked == ["HEAD /a"]


class TestTls:
    @pytest.fixture
    def secure(self, tmp_path: Path) -> Iterator[tuple[Site, Any]]:
        server, trusting = certificate(tmp_path, "library.example")
        with served(server) as site:
            yield site, trusting

    def test_the_name_of_the_host_goes_into_tls(self, secure: tuple[Site, Any]) -> None:
        site, trusting = secure
        site.answer("/", 200)
        url = f"https://library.example:{site.port}/"
        assert ask(asker(context=trusting), url, no_wait) == Answer("good", 200)

    def test_a_certificate_of_another_name_leaves_unsure(self, secure: tuple[Site, Any]) -> None:
        site, trusting = secure
        found = ask(asker(context=trusting), f"https://other.example:{site.port}/", no_wait)
        assert found.state == "unsure"
        assert found.detail.startswith("certificate")
        assert site.asked == []

    def test_a_certificate_that_nobody_trusts_leaves_unsure(self, secure: tuple[Site, Any]) -> None:
        site, _ = secure
        found = ask(asker(), f"https://library.example:{site.port}/", no_wait)
        assert (found.state, found.detail.split()[0]) == ("unsure", "certificate")

    def test_a_server_without_tls(self, site: Site) -> None:
        found = ask(asker(), f"https://library.example:{site.port}/", no_wait)
        assert found == Answer("failed", detail="tls")


class TestHostDelay:
    def waits(self, delay: float, hosts: list[str], took: float = 0.0) -> list[float]:
        clock, waits = [100.0], []

        def sleep(seconds: float) -> None:
            waits.append(seconds)
            clock[0] += seconds

        pace = HostDelay(delay, lambda: clock[0], sleep)
        for host in hosts:
            pace(host)
            clock[0] += took
        return waits

    def test_a_host_rests_between_two_questions_and_others_do_not_wait(self) -> None:
        assert self.waits(1.0, ["a", "b", "c"]) == []
        assert self.waits(1.0, ["a", "a", "a"]) == [1.0, 1.0]
        assert self.waits(1.0, ["a", "b", "a"], took=0.25) == [0.5]
        assert self.waits(1.0, ["a", "a"], took=5) == []
        assert self.waits(0.0, ["a", "a"]) == []

    def test_redirects_and_get_are_questions_too(self, site: Site) -> None:
        asked: list[str] = []
        site.answer("/b", 200, head=405)
        ask(asker(), site.redirect("/a", "/b"), asked.append)
        assert asked == ["127.0.0.1"] * 3


def test_only_what_is_public_is_public() -> None:
    """Every network that IANA gave a purpose of its own, by one address of it."""
    special: Callable[[str], bool] = lambda text: is_public(ipaddress.ip_address(text))  # noqa: E731
    for text in ("0.1.2.3", "10.0.0.0", "100.127.255.255", "127.255.255.255", "169.254.1.1",
                 "172.16.0.0", "192.0.0.9", "192.0.2.255", "192.31.196.1", "192.52.193.1",
                 "192.88.99.1", "192.168.255.255", "192.175.48.1", "198.19.255.255",
                 "198.51.100.0", "203.0.113.255", "224.0.0.0", "239.1.1.1", "250.0.0.0",
                 "255.255.255.255"):  # fmt: skip
        public = text in ("192.31.196.1", "192.52.193.1", "192.175.48.1")  # of AS112 and AMT
        assert special(text) == public, text
    for text in ("::", "::1", "::ffff:127.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b:1::", "100::",
                 "2001::1", "2001:2::1", "2001:10::1", "2001:20::1", "2001:db8::", "2002::1",
                 "3fff::1", "5f00::1", "fc00::", "fd12::1", "fe80::", "fec0::",
                 "ff02::1"):  # fmt: skip
        assert not special(text), text
    for text in ("8.8.8.8", "1.1.1.1", "93.184.215.14", "2606:4700::1", "2a00:1450::1",
                 "2003::1", "240e::1", "::ffff:8.8.8.8"):  # fmt: skip
        assert special(text), text
