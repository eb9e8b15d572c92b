"""Where a URL leads, read strictly: what two readers could understand differently is no target at all."""

import re
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

import idna

LONGEST = 2_048
"""Characters of a URL."""
_PORTS = {"http": 80, "https": 443}
_FIRST_FREE_PORT = 1_024
"""Below it only the web's own two ports are spoken to: nobody has us talk to a mail server or a database."""
_ODD = re.compile(r"[\x00-\x20\x7f\\]")
_NUMBER = re.compile(r"0[xX][0-9a-fA-F]*|[0-9]+")
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"(?=.{{1,253}}\Z)(?:{_LABEL}\.)*{_LABEL}")


@dataclass(frozen=True, kw_only=True)
class Target:
    """``host`` in ASCII, an IPv6 address without brackets; ``path`` with its query.

    ``literal``: the host is an address. ``disguised``: it is a number that some would read as one (0x7f.1, 2130706433).
    """

    scheme: str
    host: str
    port: int
    path: str = field(repr=False)
    literal: bool = False
    disguised: bool = False

    @property
    def host_header(self) -> str:
        """As the header Host wants it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def read_target(url: str, *, any_port: bool = False) -> Target | None:
    """The target of a URL of http or https; None where it is none, or hides somebody (user@host) or its port is odd."""
    if len(url) > LONGEST or _ODD.search(url):
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or "@" in parts.netloc or parts.netloc.endswith(":"):
        return None
    port = _PORTS[parts.scheme] if port is None else port
    if port == 0 or not (any_port or port in _PORTS.values() or port >= _FIRST_FREE_PORT):
        return None
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return _with_host(parts, port, path)


def _with_host(parts: SplitResult, port: int, path: str) -> Target | None:
    written = parts.hostname or ""
    if "[" in parts.netloc:
        address = _address(written)
        if not isinstance(address, IPv6Address) or address.scope_id is not None:
            return None
        return Target(scheme=parts.scheme, host=str(address), port=port, path=path, literal=True)
    host = _ascii(written)
    if host is None:
        return None
    if isinstance(_address(host), IPv4Address):
        return Target(scheme=parts.scheme, host=host, port=port, path=path, literal=True)
    disguised = _NUMBER.fullmatch(host.rpartition(".")[2]) is not None
    return Target(scheme=parts.scheme, host=host, port=port, path=path, disguised=disguised)


def _ascii(host: str) -> str | None:
    """The name as the net knows it, without the dot at its end; None where it is no name."""
    host = host.removesuffix(".")
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode()
        except idna.IDNAError:
            return None
    host = host.lower()
    return host if _NAME.fullmatch(host) else None


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
