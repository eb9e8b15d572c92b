"""From where a request comes, whatever the client says of itself."""

from dataclasses import replace
from typing import Any

import pytest

from chassis.peers import Peers, one_client
from chassis.settings import Settings, SettingsError

PEERS = Peers(Settings(trusted_proxies=("10.0.0.0/8", "::1"), unlimited_addresses=("192.0.2.0/24",)))


@pytest.mark.parametrize(
    ("peer", "said", "address"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "6.6.6.6, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "203.0.113.9, unknown", "10.0.0.1"),
        ("10.0.0.1", "203.0.113.9, <script>", "10.0.0.1"),
        ("10.0.0.1", ",".join(["10.0.0.9"] * 10_000), "10.0.0.9"),
        ("::1", "2001:db8:0:1:2::3", "2001:db8:0:1::/64"),
        ("::ffff:10.0.0.1", "::ffff:203.0.113.9", "203.0.113.9"),
        ("::1", "", "::1"),
        ("10.0.0.1", "203.0.113.9:4711", "203.0.113.9"),
        ("10.0.0.1", "203.0.113.8, [2001:db8:0:1:2::3]:443", "2001:db8:0:1::/64"),
        ("10.0.0.1", "203.0.113.9:4711, [10.0.0.2]", "203.0.113.9"),
    ],
)
def test_only_a_trusted_proxy_is_believed_and_only_what_it_added(peer: str, said: str, address: str) -> None:
    assert PEERS.address({"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": said}) == address


def test_a_network_of_addresses_is_one_client() -> None:
    assert one_client("2001:db8::1") == one_client("2001:db8::ffff") != one_client("2001:db8:0:1::1")


def test_limits_hold_for_nobody_that_is_named_free() -> None:
    assert PEERS.is_free("192.0.2.200")
    assert PEERS.is_free("10.1.1.1")
    assert not PEERS.is_free("203.0.113.7")
    assert Peers(Settings(unlimited_addresses=("2001:db8::/32",))).is_free(one_client("2001:db8::1"))


def test_a_single_address_may_be_free_and_its_network_is_not() -> None:
    """A network's name is none of the addresses in it: one that was named alone was never found."""
    peers = Peers(Settings(unlimited_addresses=("2001:db8::5",)))
    assert peers.is_unlimited(peers.address({"REMOTE_ADDR": "2001:db8::5"}))
    assert not peers.is_unlimited(peers.address({"REMOTE_ADDR": "2001:db8::6"}))


@pytest.mark.parametrize("name", ["trusted_proxies", "unlimited_addresses"])
def test_what_is_no_network_is_named(name: str) -> None:
    values: dict[str, Any] = {name: ("everybody",)}
    with pytest.raises(SettingsError, match=f"SHILIU_{name.upper()}"):
        Peers(replace(Settings(), **values))
