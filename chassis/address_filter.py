"""Which addresses may be spoken to when somebody else named the host: those of the public internet alone.

Sources: IANA's registries of special-purpose addresses (RFC 6890 and its updates), RFC 6052 and RFC 8215 (NAT64),
RFC 3056 (6to4), RFC 4380 (Teredo), RFC 5214 (ISATAP), RFC 6598 (shared address space). A translation prefix that a
network chose for itself (RFC 6052 2.2) cannot be told from any other address.
"""

from collections.abc import Iterable
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address

_INSIDE_4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",  # a public address that one cloud answers inside its machines, with their metadata
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
_UNICAST_6 = IPv6Network("2000::/3")
"""Whatever is outside is special: unspecified, loopback, mapped, NAT64, unique local, link-local, multicast."""
_INSIDE_6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # Teredo, benchmarks, ORCHID and other protocols' own
        "2001:db8::/32",
        "2002::/16",
        "2620:4f:8000::/48",
        "3fff::/20",
    )
)
_ISATAP = frozenset({0x0000_5EFE, 0x0200_5EFE})
"""The middle of an interface id that carries an IPv4 address in its end."""
_PRIVATE = tuple(map(IPv4Network, ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8")))
_PRIVATE_6 = tuple(map(IPv6Network, ("fc00::/7", "::1/128")))


class Trust(StrEnum):
    """Who named the host, and so where it may lie."""

    ANYBODY = "anybody"
    """Somebody who uses the platform: the public internet alone."""
    DEVELOPER = "developer"
    """The same on somebody's own machine: its loopback, too. Never in production."""
    OPERATOR = "operator"
    """Whoever runs the installation, in its settings: its own private networks, too."""


def is_public(address: Address) -> bool:
    """Does the address belong to one host of the public internet?"""
    if isinstance(address, IPv4Address):
        return not _within(address, _INSIDE_4)
    if address.scope_id is not None or address not in _UNICAST_6 or _within(address, _INSIDE_6):
        return False
    return (int(address) >> 32) & 0xFFFF_FFFF not in _ISATAP


def may_reach(address: Address, trust: Trust) -> bool:
    """May a host that was named with this trust lie there?"""
    if is_public(address):
        return True
    if isinstance(address, IPv6Address) and address.scope_id is not None:
        return False
    if trust is Trust.DEVELOPER:
        return address.is_loopback
    return trust is Trust.OPERATOR and _within(address, _PRIVATE if isinstance(address, IPv4Address) else _PRIVATE_6)


def _within(address: Address, networks: Iterable[IPv4Network | IPv6Network]) -> bool:
    return any(address in network for network in networks)
