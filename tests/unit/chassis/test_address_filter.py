"""Which addresses somebody who names a host may have us speak to."""

from ipaddress import ip_address

import pytest

from chassis.address_filter import Trust, is_public, may_reach
from chassis.target import read_target

INSIDE = (
    "0.0.0.0",  # noqa: S104
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.100.100.200",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.170",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.7",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::a00:1",
    "100::1",
    "2001::1",
    "2001:0:7f00:1::1",
    "2001:2::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:808:808::1",
    "2606:4700::5efe:10.0.0.1",
    "2606:4700::200:5efe:7f00:1",
    "3fff::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "2606:4700::1111%eth0",
    "fec0::1",
    "ff02::1",
)
OUTSIDE = (
    "1.1.1.1",
    "8.8.8.8",
    "100.63.255.255",
    "100.128.0.1",
    "172.15.0.1",
    "172.32.0.1",
    "192.169.0.1",
    "223.5.5.5",
)
OUTSIDE_6 = ("2400:3200::1", "2606:4700:4700::1111", "2001:4860:4860::8888", "2a00:1450::1")


@pytest.mark.parametrize("address", INSIDE)
def test_what_is_inside_is_refused(address: str) -> None:
    assert not is_public(ip_address(address))
    assert not may_reach(ip_address(address), Trust.ANYBODY)


@pytest.mark.parametrize("address", OUTSIDE + OUTSIDE_6)
def test_what_is_outside_is_let_through(address: str) -> None:
    assert all(may_reach(ip_address(address), trust) for trust in Trust)


def test_the_switch_of_a_developer_opens_their_own_machine_alone() -> None:
    opened = {one for one in INSIDE if may_reach(ip_address(one), Trust.DEVELOPER)}

    assert opened == {"127.0.0.1", "127.255.255.254", "::1"}


def test_whoever_runs_the_installation_may_name_their_own_networks_but_no_neighbour_on_the_link() -> None:
    opened = {one for one in INSIDE if may_reach(ip_address(one), Trust.OPERATOR)}

    assert {"10.0.0.1", "192.168.0.1", "172.16.0.1", "127.0.0.1", "::1", "fd12:3456::1"} <= opened
    assert not opened & {
        "169.254.169.254",
        "0.0.0.0",  # noqa: S104
        "::",
        "fe80::1",
        "::ffff:127.0.0.1",
        "224.0.0.1",
        "2002:7f00:1::",
    }


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "//example.org/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "gopher://example.org/",
        "javascript:alert(1)",
        "unix:///run/docker.sock",
        "http://",
        "http:///path",
        "http://user@example.org/",
        "http://user:word@example.org/",
        "http://example.org@127.0.0.1/",
        "http://127.0.0.1\\@example.org/",
        "http://example.org\\.127.0.0.1/",
        "http://exam ple.org/",
        "http://example.org/\r\nHost: inside",
        "http://example.org/\x00",
        "http://example.org:0/",
        "http://example.org:/",
        "http://example.org:65536/",
        "http://example.org:-1/",
        "http://example.org:a/",
        "http://example.org:22/",
        "http://example.org:25/",
        "http://[::1",
        "http://[::1%25lo]/",
        "http://[fe80::1%eth0]/",
        "http://[127.0.0.1]/",
        "http://[v1.x]/",
        "http://-a.org/",
        "http://a..org/",
        f"http://{'a' * 64}.org/",
        f"http://example.org/{'a' * 2048}",
        "http://‮example.org/",
    ],
)
def test_what_is_no_plain_address_is_no_target(url: str) -> None:
    assert read_target(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "http://2130706433/",
        "http://017700000001/",
        "http://0x7f000001/",
        "http://0x7f.0.0.1/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://127.0.1/",
        "http://127.0.0.0x1/",
        "http://127.0.0.01/",
        "http://256.0.0.1/",
        "http://1.2.3.4.5/",
        "http://example.org.0x/",
    ],
)
def test_a_number_that_some_read_as_an_address_is_no_name(url: str) -> None:
    target = read_target(url)

    assert target is not None
    assert target.disguised
    assert not target.literal


@pytest.mark.parametrize(
    ("url", "host", "header"),
    [
        ("http://127.0.0.1/", "127.0.0.1", "127.0.0.1"),
        ("HTTP://127.0.0.1./", "127.0.0.1", "127.0.0.1"),
        ("http://127。0。0。1/", "127.0.0.1", "127.0.0.1"),
        ("http://①②⑦.0.0.1/", "127.0.0.1", "127.0.0.1"),
        ("https://[::FFFF:7f00:1]:8443/", "::ffff:127.0.0.1", "[::ffff:127.0.0.1]:8443"),
        ("http://[0:0:0:0:0:0:0:1]/", "::1", "[::1]"),
    ],
)
def test_an_address_is_read_as_one_however_it_is_written(url: str, host: str, header: str) -> None:
    target = read_target(url)

    assert target is not None
    assert target.literal
    assert ip_address(target.host) == ip_address(host)
    assert ip_address(target.host_header.rpartition("]")[0][1:] or target.host_header) == ip_address(host)
    assert target.host_header.endswith(header[-4:])


def test_a_name_is_kept_as_the_net_knows_it() -> None:
    target = read_target("https://社区.Example.ORG.:8443/a/b?key=1#part")

    assert target is not None
    assert (target.host, target.port, target.path) == ("xn--dkrp89f.example.org", 8443, "/a/b?key=1")
    assert target.host_header == "xn--dkrp89f.example.org:8443"
    assert "key=1" not in repr(target)


def test_only_who_runs_the_installation_names_any_port() -> None:
    assert read_target("http://example.org:81/") is None
    assert read_target("http://example.org:81/", any_port=True) is not None
    assert read_target("http://example.org:8080/") is not None
