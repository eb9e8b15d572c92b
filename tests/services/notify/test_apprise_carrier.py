"""Services of Apprise send by the house's client alone: to the address that was checked, and nothing else opens."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from chassis.address_filter import Trust
from chassis.outgoing import Answer, Failure, Outgoing
from chassis.target import Target
from contracts.groups import RobotKind
from services.notify.adapters.apprise_carrier import Carrier, NotCarried, hand_over
from services.notify.adapters.apprise_post import FIXED, HOSTED, ApprisePost
from services.notify.application.robot_ports import Access
from services.notify.application.sending_ports import Sent
from services.notify.domain.message import DeliveryStatus
from tests.builders_of_robots import Keys, a_letter, a_robot, to
from tests.fakes.far import a_far_server, reply

KEY = "1a2b3c4d-1a2b-1a2b-1a2b-1a2b3c4d5e6f"
ADDRESSES: Mapping[str, str] = {
    "schan": "SCT1234567890abcdefghij",
    "pushplus": "1234567890abcdef1234567890abcdef",
    "feishu": KEY,
    "lark": KEY,
    "pushme": "abcdefghij",
    "wxpusher": "AT_appid/123/",
    "wpush": "WPUSH" + "abc" * 9,
    "spugpush": "abcdef1234567890abcdef1234567890",
    "discord": "1234567890/abcdefghijklmnop",
    "slack": "T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/",
    "tgram": "123456789:abcdefg_hijklmnop/123",
    "bark": "far.example/device",
    "json": "far.example/hook",
    "form": "far.example/hook",
    "xml": "far.example/hook",
    "gotify": "far.example/Abcdefghijklmno",
    "mmost": "far.example/3ccdd113474722377935511fc85d3dd4",
    "rocket": "user:word@far.example/#channel",
    "synology": "far.example/token",
}
"""What stands behind each scheme."""
SAID = b'{"code": 200, "ok": true, "success": true, "status": "success", "data": {"authToken": "x", "userId": "y"}}'


class Recorded(Outgoing):
    """Everything may be reached, and nothing is."""

    def __init__(self) -> None:
        super().__init__(Trust.ANYBODY)
        self.sent: list[tuple[str, str, Mapping[str, str]]] = []

    def addresses(self, url: str) -> tuple[Target, Sequence[str]] | Failure:
        """The same for all."""
        return Target(scheme="https", host="far.example", port=443, path="/"), ["93.184.216.34"]

    def exchange(self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> Answer | Failure:
        """Kept."""
        self.sent.append((method, url, headers))
        return Answer(status=200, headers={}, body=SAID)


def post(url: str, out: Outgoing) -> ApprisePost:
    keys: Any = Keys(Access(key=url))
    return ApprisePost(keys, out, plain=True)


def send(url: str, out: Outgoing) -> Sent:
    return post(url, out).send(a_letter(), to(a_robot(kind=RobotKind.APPRISE)))


@pytest.mark.parametrize("scheme", sorted(FIXED | HOSTED.keys()))
def test_every_service_that_is_let_in_sends_by_our_client_alone(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: Any, **__: Any) -> Any:
        raise AssertionError("a connection of its own")

    monkeypatch.setattr("requests.sessions.Session.request", nobody)
    rest = ADDRESSES.get(scheme) or ADDRESSES[scheme.removesuffix("s")]
    out = Recorded()
    send(f"{scheme}://{rest}", out)
    assert out.sent
    assert all(url.startswith("http://" if HOSTED.get(scheme) is False else "https://") for _, url, _ in out.sent)


def test_a_name_that_leads_inside_at_the_second_look_reaches_nothing() -> None:
    looks = [["93.184.216.34"], ["127.0.0.1"]]
    with a_far_server(lambda _: reply({})) as far:
        sent = send(f"json://localhost:{far.port}/hook", Outgoing(Trust.ANYBODY, resolve=lambda *_: looks.pop(0)))
        assert far.received == []
    assert sent.status is DeliveryStatus.FAILED_TEMPORARY
    assert looks == []


def test_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with a_far_server(lambda _: reply({})) as proxy, a_far_server(lambda _: reply({})) as far:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("no_proxy", "")
        sent = send(f"json://127.0.0.1:{far.port}/hook", Outgoing(Trust.DEVELOPER))
        assert (len(far.received), proxy.received) == (1, [])
    assert sent.status is DeliveryStatus.SENT


@pytest.mark.parametrize(
    "asked",
    [
        "?verify=no",
        "?a=1;verify=no",
        "?%20verify=no",
        "?VERIFY=no",
        "?%76erify=no",
        "#?verify=no",
        "?a=1?verify=no",
        "?a=1;redirect=yes",
        "?a=1;retry=99",
    ],
)
def test_what_an_address_may_not_ask_is_found_however_it_is_written(asked: str) -> None:
    assert post("", Recorded()).read(f"jsons://far.example/hook{asked}") is Failure.BAD_URL


@pytest.mark.parametrize("service", ["discord", "slack", "tgram"])
@pytest.mark.parametrize("written", ["?template=", "?a=1;template=", "?%74emplate=", "#?template=", "?a=b?template="])
def test_no_address_makes_a_service_read_a_file_or_fetch_something(service: str, written: str, tmp_path: Path) -> None:
    file = tmp_path / "private.json"
    file.write_text('{"content": "a master key"}', "utf-8")
    for template in (str(file), f"file://{file}", "http://169.254.169.254/latest"):
        out = Recorded()
        assert post("", out).read(f"{service}://{ADDRESSES[service]}{written}{template}") is Failure.BAD_URL


def test_headers_that_an_address_names_are_none_of_the_clients_own() -> None:
    out = Recorded()
    send("jsons://far.example/hook?+Host=inside&+Transfer-Encoding=chunked&+X-Mine=1", out)
    [(_, _, headers)] = out.sent
    assert headers["X-Mine"] == "1"
    assert not {"host", "transfer-encoding", "content-length"} & {name.lower() for name in headers}


@pytest.mark.parametrize("break_", ["%0d%0aX-Injected:%201", "%0aX-Injected:%201"])
def test_a_header_with_a_line_break_is_sent_by_nobody(break_: str) -> None:
    out = Recorded()
    sent = send(f"jsons://far.example/hook?+X-Mine=1{break_}", out)
    assert (sent.status, out.sent) == (DeliveryStatus.FAILED_TEMPORARY, [])


def test_the_carrier_carries_nothing_by_itself() -> None:
    hand_over(HOSTED)
    with pytest.raises(NotCarried):
        Carrier().post("https://far.example/")


def test_a_service_that_sends_in_another_way_is_not_let_in() -> None:
    with pytest.raises(RuntimeError, match="mailto"):
        hand_over(["mailto"])
