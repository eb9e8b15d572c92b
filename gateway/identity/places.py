"""Where somebody signs in from, as it may be kept: a keyed hash of the address, never the address itself."""

import hmac
from ipaddress import AddressValueError, IPv6Address, IPv6Network

PLACE_CHARACTERS = 32


class Places:
    """Hashes addresses; one household's IPv6 addresses (a /64) are one place."""

    def __init__(self, key: str) -> None:
        self._key = hmac.digest(key.encode(), b"shiliu/place", "sha256")

    def of(self, address: str | None) -> str:
        """The place of an address; what is no address is a place of its own."""
        return self.hashed(_network(address or ""))

    def hashed(self, text: str) -> str:
        """A keyed hash: equal for equal texts, else telling nothing."""
        return hmac.digest(self._key, text.encode(), "sha256").hex()[:PLACE_CHARACTERS]


def _network(address: str) -> str:
    try:
        v6 = IPv6Address(address)
    except (AddressValueError, ValueError):
        return address
    return str(v6.ipv4_mapped) if v6.ipv4_mapped else str(IPv6Network((v6, 64), strict=False))
