"""The posts of group robots, each against a server that answers like the provider: success is what the body says."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from apprise.manager_plugins import NotificationManager

from chassis.address_filter import Trust
from chassis.outgoing import Outgoing
from contracts.groups import RobotKind
from deploy.providers.moods import Mood
from services.notify.adapters.apprise_post import FIXED, HOSTED, ApprisePost
from services.notify.adapters.dingtalk import DingtalkPost
from services.notify.adapters.wecom import WecomPost
from services.notify.application.robot_ports import Access
from services.notify.application.sending_ports import Post, Sent
from services.notify.domain.message import DeliveryStatus
from tests.builders_of_robots import KEY, Keys, a_letter, a_robot, to
from tests.fakes.far import Far, Received, Reply, a_far_server, reply, silence
from tests.fakes.group_robots import a_dingtalk, a_wecom
from tests.fakes.providers import the_providers

SECRET = "SEC+of/the=group"
SENT = Sent(status=DeliveryStatus.SENT)
QUICK = {"connect": 1.0, "read": 0.2, "whole": 1.0}


def out() -> Outgoing:
    return Outgoing(Trust.OPERATOR, **QUICK)


def wecom(far: Far, key: str = KEY) -> WecomPost:
    return WecomPost(far.url, Keys(Access(key=key)), out())  # type: ignore[arg-type]


def dingtalk(far: Far, token: str = KEY, secret: str | None = None) -> DingtalkPost:
    keys: Any = Keys(Access(key=token, secret=secret))
    return DingtalkPost(far.url, keys, out(), lambda: datetime.now(UTC))


def permanent(reason: str) -> Sent:
    return Sent(status=DeliveryStatus.FAILED_PERMANENT, reason=reason)


def temporary(reason: str, after: float | None = None) -> Sent:
    return Sent(status=DeliveryStatus.FAILED_TEMPORARY, reason=reason, retry_after=after)


WECOM: tuple[tuple[Reply, Sent], ...] = (
    (reply({"errcode": 0, "errmsg": "ok"}), SENT),
    (reply({"errcode": 45009, "errmsg": "api freq out of limit"}), temporary("throttled", 60.0)),
    (reply({"errcode": 45033, "errmsg": "concurrent"}), temporary("throttled", 60.0)),
    (reply({"errcode": -1, "errmsg": "system error"}), temporary("provider-busy")),
    (reply({"errcode": 93000, "errmsg": "invalid webhook url"}), permanent("bad-key")),
    (reply({"errcode": 93004}), permanent("robot-stopped")),
    (reply({"errcode": 93008}), permanent("not-in-group")),
    (reply({"errcode": 45002}), permanent("content-too-long")),
    (reply({"errcode": 40058}), permanent("content-refused")),
    (reply({"errcode": 12345}), temporary("code-12345")),
    (reply({"errcode": 10**30}), temporary("code")),
)
DINGTALK: tuple[tuple[Reply, Sent], ...] = (
    (reply({"errcode": 0, "errmsg": "ok"}), SENT),
    (reply({"errcode": 130101, "errmsg": "send too fast"}), temporary("throttled", 600.0)),
    (reply({"errcode": 410100, "errmsg": "too fast"}), temporary("throttled", 600.0)),
    (reply({"errcode": 310000, "errmsg": "sign not match"}), permanent("bad-signature")),
    (reply({"errcode": 310000, "errmsg": "keywords not in content"}), permanent("no-keyword")),
    (reply({"errcode": 310000, "errmsg": "ip 1.2.3.4 not in whitelist"}), permanent("address-not-allowed")),
    (reply({"errcode": 310000, "errmsg": "invalid timestamp"}), temporary("wrong-time")),
    (reply({"errcode": 310000, "errmsg": "?"}), permanent("check-failed")),
    (reply({"errcode": 300001, "errmsg": "token is not exist"}), permanent("bad-key")),
    (reply({"errcode": 400102}), permanent("robot-stopped")),
    (reply({"errcode": 430102}), permanent("content-refused")),
    (reply({"errcode": -1}), temporary("provider-busy")),
    (reply({"errcode": 4242}), temporary("code-4242")),
)
EITHER: tuple[tuple[Reply, Sent], ...] = (
    (reply(b"<html>not the API</html>"), temporary("not-understood")),
    (reply({"errcode": "0"}), temporary("not-understood")),
    (reply({"errcode": True}), temporary("not-understood")),
    (reply([0]), temporary("not-understood")),
    (reply({"errcode": 0}, 500), temporary("http-500")),
    (reply({"errcode": 0}, 302, Location="http://127.0.0.1:1/"), temporary("http-302")),
    (reply({}, 429, Retry_After="7"), temporary("throttled", 7.0)),
    (reply({}, 503, Retry_After="9"), temporary("http-503", 9.0)),
    (reply(b"x" * 70_000), temporary("too-big")),
    (b"what?\r\n\r\n", temporary("not-http")),
    (b"", temporary("reset")),
)


@pytest.mark.parametrize(("answer", "sent"), WECOM + EITHER)
def test_what_wecom_answers_is_read_from_its_body(answer: bytes, sent: Sent) -> None:
    with a_far_server(lambda _: answer) as far:
        assert wecom(far).send(a_letter(), to(a_robot())) == sent


@pytest.mark.parametrize(("answer", "sent"), DINGTALK + EITHER)
def test_what_dingtalk_answers_is_read_from_its_body(answer: bytes, sent: Sent) -> None:
    with a_far_server(lambda _: answer) as far:
        assert dingtalk(far).send(a_letter(), to(a_robot(kind=RobotKind.DINGTALK))) == sent


@pytest.mark.parametrize("make", [wecom, dingtalk])
def test_who_says_nothing_keeps_nobody_waiting(make: Callable[[Far], Post]) -> None:
    with a_far_server(silence) as far:
        assert make(far).send(a_letter(), to(a_robot())) == temporary("timeout")


def test_a_group_at_wecom_reads_the_two_lines() -> None:
    with a_wecom(KEY) as (groups, far):
        assert wecom(far).send(a_letter(), to(a_robot())) == SENT
        assert wecom(far).send(a_letter(urgent=True), to(a_robot())) == SENT
        plain, urgent = groups.all_of(KEY)
        assert plain == "有一件急事\n「燃气异味」 第一网格 NC-261123-0001"
        assert urgent == '<font color="warning">有一件急事</font>\n「燃气异味」 第一网格 NC-261123-0001'
        assert [one.json()["msgtype"] for one in far.received] == ["text", "markdown"]
        assert wecom(far, "another").send(a_letter(), to(a_robot())) == permanent("bad-key")


@pytest.mark.parametrize("urgent", [False, True])
def test_what_is_too_long_for_wecom_is_cut_between_characters(urgent: bool) -> None:
    with a_wecom(KEY) as (groups, far):
        for spare in range(4):
            letter = a_letter(body="x" * spare + "点" * 3_000, urgent=urgent)
            assert wecom(far).send(letter, to(a_robot())) == SENT
        for text in groups.all_of(KEY):
            assert 2_040 < len(text.encode()) <= 2_048
            assert re.fullmatch(r"[^\ufffd]*点… 更多请在平台里看", text)
        wecom(far).send(a_letter(body="word " * 900, locale="en"), to(a_robot()))
        assert groups.all_of(KEY)[-1].endswith("… more in the app")


def test_a_name_of_the_catalogue_makes_no_markup() -> None:
    with a_wecom(KEY) as (groups, far):
        odd = a_letter(title="a</font><@all>", body="[go](http://x) *b* `c`", urgent=True)
        assert wecom(far).send(odd, to(a_robot())) == SENT
        told = groups.all_of(KEY)[0]
    assert told.count("<") == 2
    assert "](" not in told
    assert "*" not in told


def test_dingtalk_is_signed_and_the_signature_is_encoded_once() -> None:
    with a_dingtalk(**{KEY: SECRET}) as (groups, far):
        for _ in range(20):  # some signatures hold + and /
            assert dingtalk(far, KEY, SECRET).send(a_letter(), to(a_robot(kind=RobotKind.DINGTALK))) == SENT
        assert len(groups.all_of(KEY)) == 20
        assert "%25" not in far.received[0].path
        assert set(parse_qs(urlsplit(far.received[0].path).query)) == {"access_token", "timestamp", "sign"}
        assert dingtalk(far, KEY, "another").send(a_letter(), to(a_robot())) == permanent("bad-signature")
        assert dingtalk(far, KEY).send(a_letter(), to(a_robot())) == permanent("bad-signature")


def test_a_group_at_dingtalk_reads_the_two_lines() -> None:
    with a_dingtalk(KEY) as (groups, far):
        assert dingtalk(far).send(a_letter(), to(a_robot())) == SENT
        assert dingtalk(far).send(a_letter(urgent=True), to(a_robot())) == SENT
        plain, urgent = groups.all_of(KEY)
        assert plain == "有一件急事\n「燃气异味」 第一网格 NC-261123-0001"
        assert urgent == "#### 有一件急事\n\n「燃气异味」 第一网格 NC-261123-0001"
        assert far.received[1].json()["markdown"]["title"] == "有一件急事"


def test_a_robot_that_is_gone_is_written_to_no_more() -> None:
    with a_wecom(KEY) as (_, far):
        gone = to(a_robot(id="another"))
        assert wecom(far).send(a_letter(), gone) == permanent("no-such-robot")
        assert dingtalk(far).send(a_letter(), gone) == permanent("no-such-robot")
        assert far.received == []


def an_apprise(url: str, trust: Trust = Trust.DEVELOPER, *, whole: float = 20.0) -> ApprisePost:
    keys: Any = Keys(Access(key=url))
    return ApprisePost(keys, Outgoing(trust), plain=trust is Trust.DEVELOPER, whole=whole)


def send(url: str, **how: Any) -> Sent:
    return an_apprise(url, **how).send(a_letter(), to(a_robot(kind=RobotKind.APPRISE)))


def test_apprise_says_sent_and_nothing_more() -> None:
    with a_far_server(lambda _: reply({"errcode": 40001})) as far:
        assert send(f"json://127.0.0.1:{far.port}/hook") == SENT
        said = far.received[0].json()
        assert (said["title"], said["message"]) == ("有一件急事", "「燃气异味」 第一网格 NC-261123-0001")


def _moved(_: Received) -> Reply:
    return reply(b"", 302, Location="http://127.0.0.1:1/inside")


@pytest.mark.parametrize(
    ("answer", "sent"),
    [
        (lambda _: reply(b"", 500), temporary("not-taken")),
        (_moved, temporary("not-taken")),
        (lambda _: b"what?\r\n\r\n", temporary("not-taken")),
        (silence, temporary("timeout")),
    ],
)
def test_apprise_does_not_follow_and_does_not_wait(answer: Callable[[Received], Reply], sent: Sent) -> None:
    with a_far_server(answer) as far:
        assert send(f"json://127.0.0.1:{far.port}/hook", whole=1.0) == sent
        assert len(far.received) == 1


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("jsons://127.0.0.1/", "refused-address"),
        ("jsons://[::1]/", "refused-address"),
        ("jsons://[::ffff:10.0.0.1]/", "refused-address"),
        ("jsons://2130706433/", "refused-address"),
        ("gotifys://10.0.0.1/token", "refused-address"),
        ("barks://192.168.1.1/device", "refused-address"),
        ("jsons://169.254.169.254/latest", "refused-address"),
        ("json://8.8.8.8/", "bad-url"),
        ("jsons://8.8.8.8/?redirect=yes", "bad-url"),
        ("jsons://8.8.8.8/?verify=no", "bad-url"),
        ("jsons://8.8.8.8/?retry=99&wait=99", "bad-url"),
        ("jsons://8.8.8.8:25/", "bad-url"),
        ("mailto://user:word@example.org", "bad-url"),
        ("syslog://", "bad-url"),
        ("dbus://", "bad-url"),
        ("file:///etc/passwd", "bad-url"),
        ("wecombot://key", "bad-url"),
        ("", "bad-url"),
    ],
)
def test_apprise_goes_where_anybody_may_send_us(url: str, reason: str) -> None:
    assert send(url, trust=Trust.ANYBODY) == permanent(reason)


def test_every_service_of_apprise_that_is_let_in_is_there_and_says_whether_it_has_a_host() -> None:
    known = NotificationManager()
    let_in = FIXED | HOSTED.keys()
    assert {scheme for scheme in let_in if scheme not in known} == set()
    assert {scheme for scheme in let_in if "host" in known[scheme].template_tokens} == set(HOSTED)


def test_no_key_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    with a_far_server(lambda _: b"HTTP/1.1 500 No\r\nodd\r\n\r\n") as far:
        wecom(far, "very-secret").send(a_letter(), to(a_robot()))
        send(f"json://user:very-secret@127.0.0.1:{far.port}/very-secret")
    assert "very-secret" not in caplog.text
    assert "very-secret" not in repr(Access(key="very-secret", secret="very-secret"))


def test_the_played_groups_answer_as_their_providers_do() -> None:
    """What `./shiliu providers` plays: taken, and refused inside HTTP 200."""
    with the_providers() as played:
        keys, letter = Keys(Access(key=KEY)), a_letter()
        wecom = WecomPost(played.url, keys, out())  # type: ignore[arg-type]
        dingtalk = DingtalkPost(played.url, keys, out(), lambda: datetime.now(UTC))  # type: ignore[arg-type]

        def sent() -> list[Sent]:
            robots = (a_robot(), a_robot(kind=RobotKind.DINGTALK))
            return [post.send(letter, to(robot)) for post, robot in zip((wecom, dingtalk), robots, strict=True)]

        assert sent() == [SENT, SENT]
        assert [(one["by"], one["key"]) for one in played.held.group] == [("wecom", KEY), ("dingtalk", KEY)]
        assert all(letter.title in one["text"] for one in played.held.group)
        played.held.moods["group"] = Mood.THROTTLED
        assert sent() == [temporary("throttled", 60.0), temporary("throttled", 600.0)]
        played.held.moods["group"] = Mood.REFUSED
        assert sent() == [permanent("bad-key")] * 2
        assert len(played.held.group) == 2
