"""Asking one address of the web whether it is there: HEAD, else GET, no body read, no cookie kept.

The standard library's own connections do it: they follow nothing, believe no proxy and no
`.netrc`, and let the address be chosen that they connect to, while the name goes into the Host
line and into TLS. A client that does more would first have to be talked out of it.
"""

from __future__ import annotations

import io
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urldefrag, urljoin

from kb.services.vetting import NotAsked, Resolver, Target, system_resolver, vetted
from kb.settings import Network

#: Seconds for a connection, for TLS, and for each wait for an answer; and for all of an address.
PATIENCE, LONGEST = 10.0, 20.0
MOST_REDIRECTS = 5
#: Addresses of one name that are tried, such as that of IPv6 and then that of IPv4.
MOST_ADDRESSES = 3
#: Redirects that are meant for good, and all of them.
MOVED, REDIRECTS = (301, 308), (301, 302, 303, 307, 308)
#: What is no reason to ask again with GET: it would get the same answer.
_FINAL = (401, 429)
#: Answers which say that there is no such thing.
GONE = (404, 410)
#: What the name service says of names that are not there.
_NO_NAME = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}

Pace = Callable[[str], None]


class LinkBroken(Exception):
    """There was no answer; `why` is a word of `kb.present.dead_links`."""

    def __init__(self, why: str, told: str = "") -> None:
        super().__init__(f"{why} {told}".strip())
        self.why = why
        self.told = told


@dataclass(frozen=True)
class Answer:
    """What became of asking: good, moved, failed, unsure or not-asked.

    `status` is that of HTTP, None without an answer; `detail` says why it is not good, a word and
    what belongs to it; `leads_to` is where a moved one is now.
    """

    state: str
    status: int | None = None
    detail: str = ""
    leads_to: str = ""


@dataclass(frozen=True)
class Asker:
    """How addresses are asked: under which name, by which resolver, how patiently."""

    agent: str
    allow: tuple[Network, ...] = ()
    resolve: Resolver = system_resolver
    patience: float = PATIENCE
    longest: float = LONGEST
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)


class HostDelay:
    """Waits so long that no host is asked twice within `delay` seconds, by whatever thread."""

    def __init__(
        self,
        delay: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._delay, self._clock, self._sleep = delay, clock, sleep
        self._free: dict[str, float] = {}
        self._lock = threading.Lock()

    def __call__(self, host: str) -> None:
        """Wait for the turn of whoever asks `host`."""
        with self._lock:
            now = self._clock()
            turn = max(now, self._free.get(host, now))
            self._free[host] = turn + self._delay
        if turn > now:
            self._sleep(turn - now)


def ask(asker: Asker, url: str, pace: Pace) -> Answer:
    """What an address answers, and where it leads. Never raises for what is at the other end."""
    end = time.monotonic() + asker.longest
    here, now_at, all_for_good = url, "", True
    try:
        for _ in range(MOST_REDIRECTS + 1):
            target = vetted(here, asker.resolve, asker.allow)
            status, location = _asked(asker, target, pace, end)
            if status not in REDIRECTS or not location:
                return _judged(status, now_at)
            here = _onward(here, location)
            all_for_good = all_for_good and status in MOVED
            now_at = here if all_for_good else now_at
    except NotAsked as refused:
        return Answer("not-asked", detail=str(refused))
    except LinkBroken as broken:
        return Answer("unsure" if broken.why in _UNSURE else "failed", detail=str(broken))
    except OSError as problem:
        return _unknown_name(problem)
    return Answer("failed", detail="redirects")


def _onward(here: str, location: str) -> str:
    """Where a Location leads from an address; raises LinkBroken where it leads nowhere."""
    told = location.strip().encode("latin-1", "replace")  # as http.client reads it
    try:
        return urldefrag(urljoin(here, told.decode("utf-8").replace(" ", "%20"))).url
    except ValueError:  # UnicodeDecodeError is one
        raise LinkBroken("redirects") from None


#: What may be the fault of this machine, or is none to a reader in front of a browser.
_UNSURE = ("unreachable", "certificate")


def _judged(status: int, now_at: str) -> Answer:
    if 200 <= status < 300:
        return Answer("moved" if now_at else "good", status, leads_to=now_at)
    return Answer("failed" if status in GONE else "unsure", status)


def _unknown_name(problem: OSError) -> Answer:
    gone = isinstance(problem, socket.gaierror) and problem.errno in _NO_NAME
    return Answer("failed", detail="no-name") if gone else Answer("unsure", detail="resolver")


def _asked(asker: Asker, target: Target, pace: Pace, end: float) -> tuple[int, str]:
    """Status and Location of a target: of HEAD, or of GET where the server likes no HEAD."""
    try:
        pace(target.host)
        status, location = _request(asker, target, "HEAD", end)
        if status < 400 or status in _FINAL:
            return status, location
    except LinkBroken as broken:
        if broken.why != "broken":
            raise
    pace(target.host)
    return _request(asker, target, "GET", end)


def _request(asker: Asker, target: Target, method: str, end: float) -> tuple[int, str]:
    """Status and Location; the body is left where it is. Raises LinkBroken."""
    connection = _Vetted(asker, target, end)
    headers = {"User-Agent": asker.agent, "Accept": "*/*", "Connection": "close"}
    try:
        connection.request(method, target.path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.headers.get("Location", "")
    except LinkBroken:
        raise
    except TimeoutError:
        raise LinkBroken("timeout") from None
    except (OSError, HTTPException, ValueError) as problem:
        raise LinkBroken("broken", type(problem).__name__) from None
    finally:
        connection.close()


class _Vetted(HTTPConnection):
    """A connection to the very addresses that were vetted, under the name of the host."""

    def __init__(self, asker: Asker, target: Target, end: float) -> None:
        super().__init__(target.host, target.port)
        self._asker, self._target, self._end = asker, target, end
        self.default_port = 443 if target.scheme == "https" else 80  # what Host leaves out

    def connect(self) -> None:
        """Connect, and speak TLS where the address says so."""
        plain = self._reached()
        if self._target.scheme == "https":
            try:
                context = self._asker.context
                plain = context.wrap_socket(plain, server_hostname=self._target.host)
            except ssl.SSLCertVerificationError as problem:
                plain.close()
                raise LinkBroken("certificate", problem.verify_message) from None
            except (ssl.SSLError, OSError) as problem:
                plain.close()
                late = isinstance(problem, TimeoutError)
                raise LinkBroken("timeout" if late else "tls") from None
        self.sock = _Bounded(plain, self._asker.patience, self._end)

    def _reached(self) -> socket.socket:
        why = LinkBroken("timeout")
        for address in self._target.addresses[:MOST_ADDRESSES]:
            patience = min(self._asker.patience, self._end - time.monotonic())
            if patience <= 0:
                break
            try:
                return socket.create_connection((address, self._target.port), patience)
            except TimeoutError:
                why = LinkBroken("timeout")
            except ConnectionRefusedError:
                why = LinkBroken("refused")
            except OSError:
                why = LinkBroken("unreachable")
        raise why


class _Bounded:
    """A socket for `http.client` that lets nobody answer byte by byte for ever."""

    def __init__(self, plain: socket.socket, patience: float, end: float) -> None:
        self._plain, self._patience, self._end = plain, patience, end

    def makefile(self, _mode: str) -> io.BufferedReader:
        """What the answer is read from."""
        return io.BufferedReader(_Reading(self.receive))

    def sendall(self, sent: bytes) -> None:
        """Send the question."""
        self._wait()
        self._plain.sendall(sent)

    def receive(self, room: memoryview) -> int:
        """Read what has come; raises TimeoutError."""
        self._wait()
        return self._plain.recv_into(room)

    def close(self) -> None:
        """Let go of the connection."""
        self._plain.close()

    def _wait(self) -> None:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._plain.settimeout(min(self._patience, left))


class _Reading(io.RawIOBase):
    """The answer as it comes in."""

    def __init__(self, receive: Callable[[memoryview], int]) -> None:
        super().__init__()
        self._receive = receive

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def readinto(self, room: Any) -> int:
        """Read what has come; raises TimeoutError."""
        return self._receive(room)
