"""Somebody with a browser: cookies, kept connections, forms; and how long each answer took."""

from __future__ import annotations

import http.client
import re
import threading
import time
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from tests.load.forms import Form

#: Seconds after which an answer counts as none.
PATIENCE = 60.0
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"
HEADERS = {"User-Agent": AGENT, "Accept-Encoding": "gzip", "Accept": "text/html"}


@dataclass(frozen=True)
class Taken:
    """One request: what was wanted, when (seconds of the clock), how long it took, its status."""

    what: str
    at: float
    seconds: float
    status: int
    path: str


@dataclass
class Notes:
    """Everything that was asked, by all visitors."""

    taken: list[Taken] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, one: Taken) -> None:
        """Write a request down."""
        with self.lock:
            self.taken.append(one)

    def complain(self, what: str) -> None:
        """Write down what should not have happened."""
        with self.lock:
            self.wrong.append(what)


@dataclass(frozen=True)
class Answer:
    """What came back, after redirects were followed; `path` is where they led."""

    status: int
    path: str
    text: str
    headers: Mapping[str, str]


def told(page: str) -> str:
    """What a page says that went wrong: its notices, and all that stands in it."""
    found = re.findall(r'(?s)class="(?:fault|notice)[^"]*"[^>]*>(.*?)</(?:p|li)>', page)
    whole = page.partition("<main")[2].partition("</main>")[0].partition(">")[2]
    words = re.sub(r"<[^>]+>", " ", " ".join([*found, whole]))
    return " ".join(words.split())[:2000]


class Visitor:
    """A browser of one person."""

    def __init__(self, address: str, notes: Notes) -> None:
        self.origin = address
        self.notes = notes
        parts = urlsplit(address)
        self.connection = http.client.HTTPConnection(
            parts.hostname or "", parts.port, timeout=PATIENCE
        )
        self.cookies: dict[str, str] = {}
        self.here = ""

    def get(self, what: str, path: str, fine: Sequence[int] = (200,)) -> Answer:
        """Asks for a page."""
        return self._ask(what, "GET", path, None, fine)

    def post(
        self,
        what: str,
        path: str,
        pairs: Sequence[tuple[str, str]],
        fine: Sequence[int] = (200,),
        accept: str = "",
    ) -> Answer:
        """Sends a form as browsers do, line endings and all."""
        lines = [(name, value.replace("\n", "\r\n")) for name, value in pairs]
        return self._ask(what, "POST", path, urlencode(lines), fine, accept)

    def send(
        self,
        what: str,
        form: Form,
        typed: Mapping[str, str],
        to: str = "",
        fine: Sequence[int] = (200,),
    ) -> Answer:
        """Sends a form of a page after something was typed; `to` is where a button leads."""
        return self.post(what, to or form.action or self.here, form.filled(typed), fine)

    def close(self) -> None:
        """Goes away."""
        self.connection.close()

    def _ask(
        self,
        what: str,
        method: str,
        path: str,
        body: str | None,
        fine: Sequence[int],
        accept: str = "",
    ) -> Answer:
        answer = self._once(what, method, path, body, accept)
        for _ in range(5):
            place = answer.headers.get("Location", "")
            if answer.status not in (301, 302, 303) or not place:
                break
            answer = self._once(f"{what}: shown", "GET", place, None, accept)
        if answer.status not in fine:
            self.notes.complain(
                f"{what}: {answer.status} at {method} {answer.path}: {told(answer.text)}"
            )
        self.here = answer.path
        return answer

    def _once(self, what: str, method: str, path: str, body: str | None, accept: str) -> Answer:
        headers = {**HEADERS, "Sec-Fetch-Site": "same-origin"}
        if accept:
            headers["Accept"] = accept
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Origin"] = self.origin
        begin = time.perf_counter()
        try:
            response, content = self._exchange(method, path, body, headers)
        except (OSError, http.client.HTTPException) as problem:
            self.connection.close()
            self.notes.add(Taken(what, begin, time.perf_counter() - begin, 0, path))
            self.notes.complain(f"{what}: no answer to {method} {path}: {problem!r}")
            return Answer(0, path, "", {})
        self.notes.add(Taken(what, begin, time.perf_counter() - begin, response.status, path))
        self._keep(response.msg.get_all("Set-Cookie") or ())
        if response.getheader("Content-Encoding") == "gzip":
            content = zlib.decompress(content, zlib.MAX_WBITS | 16)
        text = content.decode("utf-8", "replace")
        return Answer(response.status, path, text, dict(response.getheaders()))

    def _exchange(
        self, method: str, path: str, body: str | None, headers: Mapping[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """Asks once; once more on a new connection where the server had let go of the kept one."""
        kept = self.connection.sock is not None
        try:
            self.connection.request(method, path, body=body, headers=headers)
            response = self.connection.getresponse()
        except (ConnectionError, http.client.RemoteDisconnected):
            self.connection.close()
            if not kept:
                raise
            self.connection.request(method, path, body=body, headers=headers)
            response = self.connection.getresponse()
        return response, response.read()

    def _keep(self, cookies: Sequence[str]) -> None:
        for cookie in cookies:
            pair, _, rest = cookie.partition(";")
            name, _, value = pair.partition("=")
            if "1970" in rest:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
