"""From where a request comes: the peer of the connection, or what a trusted proxy says of it.

``X-Forwarded-For`` is read from its end: each trusted proxy adds whom it heard, so the first address that is none of
ours is the client's, and whatever the client itself wrote stands before it and is not believed.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from chassis.settings import Settings, SettingsError

FORWARDED = "HTTP_X_FORWARDED_FOR"
MOST_HOPS = 20
V6_PREFIX = 64
"""What one household or server is given: single addresses out of it are as many as somebody likes."""

_PORT = re.compile(r"^\[(.*)\](?::[0-9]+)?$|^([0-9.]+):[0-9]+$")
"""Some proxies say the port too."""

Network = IPv4Network | IPv6Network


class Peers:
    """Who is trusted to speak for others, and for whom no limit holds."""

    def __init__(self, settings: Settings) -> None:
        """Raises SettingsError naming the setting that is no list of networks."""
        self._trusted = _networks("SHILIU_TRUSTED_PROXIES", settings.trusted_proxies)
        self._unlimited = _networks("SHILIU_UNLIMITED_ADDRESSES", settings.unlimited_addresses)
        self.is_trusted = lru_cache(4_096)(lambda address: _within(address, self._trusted))
        self.is_unlimited = lru_cache(4_096)(lambda address: _within(address, self._unlimited))

    def is_free(self, address: str) -> bool:
        """Does no limit per address hold for this one? Nor for a proxy, which brings many."""
        return self.is_trusted(address) or self.is_unlimited(address)

    def address(self, environ: Mapping[str, Any]) -> str:
        """The client's address, as text that stands for one client: IPv6 by its network, but for those that are free.

        A whole network is not free because one address in it is.
        """
        peer: str = environ.get("REMOTE_ADDR", "")
        said: str = environ.get(FORWARDED, "")
        if said and self.is_trusted(peer):
            for hop in reversed(said.split(",")[-MOST_HOPS:]):
                address = _parsed(_PORT.sub(r"\1\2", hop.strip()))
                if address is None:
                    break
                peer = str(address)
                if not self.is_trusted(peer):
                    break
        return str(_parsed(peer) or peer) if self.is_free(peer) else one_client(peer)


@lru_cache(4_096)
def one_client(address: str) -> str:
    """*address* itself, or the network of an IPv6 address; mapped ones are the IPv4 addresses they are."""
    parsed = _parsed(address)
    if isinstance(parsed, IPv6Address):
        return str(IPv6Network((parsed, V6_PREFIX), strict=False))
    return address if parsed is None else str(parsed)


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.split("%", 1)[0])
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def _within(text: str, networks: Iterable[Network]) -> bool:
    address = _parsed(text.split("/", 1)[0])
    return address is not None and any(address in network for network in networks)


def _networks(variable: str, texts: Iterable[str]) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(text) for text in texts)
    except ValueError as error:
        raise SettingsError(
            f"{variable} 要写网段的列表,例如 / is a list of networks like 10.0.0.0/8,::1: {error}"
        ) from None
