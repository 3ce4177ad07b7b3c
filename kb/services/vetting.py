"""Which addresses of the web may be asked: public ones, reached at the very address looked at.

A text of the library is written by many; what it leads to must never make this machine knock at
the doors of its own network. So each address is looked at before it is asked, at every redirect
anew: the name is resolved once, every address that it has must be public, and the connection goes
to one of these, not to the name, which might have another answer by then.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from kb.settings import Network

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
#: A host and a port -> the addresses of the host. Raises OSError, as `socket.getaddrinfo` does.
Resolver = Callable[[str, int], Iterable[str]]

PORTS = {"http": 80, "https": 443}
#: What the registers call global and nobody serves a page at: relays, tests, benchmarks.
_NEVER = tuple(
    ipaddress.ip_network(network)
    for network in (
        "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15",
        "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
    )
)  # fmt: skip
#: All that is given out to networks of the world; every other prefix of IPv6 has a purpose of its
#: own.
_UNICAST = ipaddress.IPv6Network("2000::/3")
#: An address of IPv4 behind a translator.
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_IN_PATHS = "%/:=&?~+!$,;'@()*[]|"


class NotAsked(Exception):
    """An address that is not asked; `why` is a word of `kb.present.dead_links`."""

    def __init__(self, why: str, told: str = "") -> None:
        super().__init__(f"{why} {told}".strip())
        self.why = why
        self.told = told


@dataclass(frozen=True)
class Target:
    """An address that may be asked: the host by name, and where it was found to be."""

    scheme: str
    host: str
    port: int
    path: str
    addresses: tuple[str, ...]


def system_resolver(host: str, port: int) -> tuple[str, ...]:
    """The addresses of a host as this machine knows them, in the order in which to try them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(row[4][0]) for row in found))


def vetted(url: str, resolve: Resolver, allow: tuple[Network, ...] = ()) -> Target:
    """The target of an address. Raises NotAsked, and OSError where the name is not known.

    Networks of `allow` may be asked although they are not public, at any port.
    """
    scheme, host, port, path = _parts(url)
    literal = _literal(host)
    found = [literal] if literal else [_address(text) for text in resolve(host, port)]
    if not found:
        raise socket.gaierror(socket.EAI_NONAME, "the name has no address")
    allowed = [any(_plain(one) in network for network in allow) for one in found]
    for one, is_allowed in zip(found, allowed, strict=True):
        if not is_allowed and not is_public(one):
            raise NotAsked("private", str(one))
    if port not in PORTS.values() and not all(allowed):
        raise NotAsked("port", str(port))
    return Target(scheme, host, port, path, tuple(map(str, found)))


def is_public(address: Address) -> bool:
    """Whether an address is one of the open network, by whatever form it is written in."""
    if any(address in network for network in _NEVER):
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not address.is_multicast and not address.is_reserved
    plain = _plain(address)
    if isinstance(plain, ipaddress.IPv4Address):
        return is_public(plain)
    return address in _UNICAST and address.is_global and not address.is_multicast


def _plain(address: Address) -> Address:
    """The address of IPv4 that one of IPv6 stands for, else the address itself."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in _NAT64:
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _parts(url: str) -> tuple[str, str, int, str]:
    """Scheme, host in ASCII, port and path with query. Raises NotAsked."""
    if not url.isprintable() or "\\" in url or " " in url:
        raise NotAsked("odd")  # browsers and libraries read such an address differently
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise NotAsked("odd") from None
    scheme = parts.scheme.lower()
    if scheme not in PORTS:
        raise NotAsked("scheme", scheme)
    if "@" in parts.netloc:
        raise NotAsked("credentials")
    if "[" in parts.netloc and ":" not in host:
        raise NotAsked("odd")
    path = quote(parts.path or "/", safe=_IN_PATHS)
    if parts.query:
        path += f"?{quote(parts.query, safe=_IN_PATHS)}"
    return scheme, _host(host), port or PORTS[scheme], path


def _host(host: str) -> str:
    """The host as it is looked up and named to the server. Raises NotAsked."""
    if ":" in host:
        return host
    try:
        plain = host.encode("idna").decode("ascii").lower().removesuffix(".")
    except UnicodeError:
        raise NotAsked("odd") from None
    labels = plain.split(".")
    if len(plain) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise NotAsked("odd")
    return plain


def _literal(host: str) -> Address | None:
    """The address that a host is written as, None for a name. Raises NotAsked.

    What the C library would take for an address in another guise, such as 0x7f000001, 127.1 or
    2130706433, is no name either.
    """
    last = host.rpartition(".")[2]
    if ":" in host or last.isdigit() or last.startswith("0x"):
        return _address(host)
    return None


def _address(text: str) -> Address:
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        raise NotAsked("odd") from None
    if isinstance(found, ipaddress.IPv6Address) and found.scope_id:
        raise NotAsked("private", text)
    return found
