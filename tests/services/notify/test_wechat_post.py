"""WeChat's subscription messages against the played platform, with consents in the real database."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pymongo import MongoClient

from chassis.address_filter import Trust
from chassis.outgoing import Outgoing
from chassis.settings import Settings, SettingsError
from contracts.commands import Call
from contracts.commands.posts import GiveWechatConsents, ReadWechatConsents
from contracts.errors import Conflict, Invalid
from deploy.providers.moods import Mood
from services.notify.adapters.keyed import keyed_by
from services.notify.adapters.wechat_answers import ANSWERS, judged, was_unused
from services.notify.adapters.wechat_consents import COLLECTION, MongoConsents
from services.notify.adapters.wechat_post import WechatPost, read_subscribed
from services.notify.adapters.wechat_token import App, WechatToken
from services.notify.application.consents import ConsentCommands
from services.notify.application.sending_ports import Address, Sent
from services.notify.domain.message import DeliveryStatus
from tests.builders import COMMUNITY, a_meta, an_actor
from tests.builders_of_letters import a_letter
from tests.fakes.providers import KEY, SECRET, Played, the_providers

LATER, NEVER = DeliveryStatus.FAILED_TEMPORARY, DeliveryStatus.FAILED_PERMANENT
OPENID, TEMPLATE = "o-anna", "T1"
ANNA = Address(way="wechat", value=OPENID)
EMPTY = Sent(status=NEVER, reason="wechat-no-consent")


@pytest.fixture
def consents(settings: Settings, mongo: MongoClient[dict[str, Any]]) -> MongoConsents:
    database = mongo[settings.db_prefix + "notify"]
    database[COLLECTION].delete_many({})
    return MongoConsents(database, keyed_by("a key of the house"), ("LONG",))


def give(consents: MongoConsents, count: int = 1, template: str = TEMPLATE, command: str = "c1") -> None:
    consents.add("a-anna", COMMUNITY, OPENID, {template: count}, command)


def left(consents: MongoConsents, template: str = TEMPLATE) -> int:
    return {one.template_id: one.left for one in consents.of("a-anna")}.get(template, 0)


def a_post(played: Played, consents: MongoConsents, secret: str = SECRET, **more: Any) -> WechatPost:
    http = Outgoing(Trust.OPERATOR, read=more.get("seconds", 5.0), whole=more.get("seconds", 5.0))
    app = App(url=more.get("url", played.url), id=KEY, secret=secret)
    token = WechatToken(http, app, more.get("elapsed", lambda: 0.0))
    pairs = more.get("templates", ("please-help=T1/thing1:item+character_string2:number", "*=T9/thing1:title"))
    return WechatPost(http, app, token, consents, read_subscribed(pairs), "pages/order?id={ticket}")


def test_one_consent_is_one_message_and_then_another_way_is_tried(consents: MongoConsents) -> None:
    give(consents)
    with the_providers() as played:
        post = a_post(played, consents)
        assert post.send(a_letter(params={"item": {"zh": "换" * 30, "en": "x"}}), ANNA) == Sent(
            status=DeliveryStatus.SENT, reference="1"
        )
        (told,) = played.held.wechat
        assert told["touser"] == OPENID
        assert (told["template_id"], told["page"], told["lang"]) == (TEMPLATE, "pages/order?id=t-1", "zh_CN")
        assert told["data"]["thing1"]["value"] == "换" * 19 + "…", "a longer one would be refused as a whole"
        assert post.send(a_letter(), ANNA) == EMPTY
        assert len(played.held.wechat) == 1


def test_a_letter_without_the_values_of_its_template_takes_the_one_for_all(consents: MongoConsents) -> None:
    give(consents, template="T9")
    with the_providers() as played:
        assert a_post(played, consents).send(a_letter(params={}), ANNA).status is DeliveryStatus.SENT
        assert played.held.wechat[0]["data"] == {"thing1": {"value": "请您帮忙"}}
        none = a_post(played, consents, templates=("other=T1/thing1:item",)).send(a_letter(), ANNA)
        assert none == Sent(status=NEVER, reason="wechat-no-template")


@pytest.mark.parametrize(
    ("mood", "sent", "remaining"),
    [
        (Mood.THROTTLED, Sent(status=LATER, reason="wechat-too-often", retry_after=60.0), 1),
        (Mood.REFUSED, EMPTY, 0),
        (Mood.GARBAGE, Sent(status=LATER, reason="wechat-not-understood"), 0),
        (Mood.DOWN, Sent(status=LATER, reason="wechat-http-503"), 0),
    ],
)
def test_a_consent_comes_back_where_the_platform_says_that_it_was_not_used(
    consents: MongoConsents, mood: Mood, sent: Sent, remaining: int
) -> None:
    give(consents)
    with the_providers() as played:
        played.held.moods["wechat"] = mood
        assert a_post(played, consents).send(a_letter(), ANNA) == sent
        assert (left(consents), played.held.wechat) == (remaining, [])


def test_after_a_time_out_the_consent_may_have_been_used(consents: MongoConsents) -> None:
    give(consents)
    with the_providers() as played:
        played.held.moods["wechat"] = Mood.HANG
        post = a_post(played, consents, seconds=0.3)
        assert post.send(a_letter(), ANNA) == Sent(status=LATER, reason="provider-timeout")
        assert left(consents) == 0


def test_a_platform_that_is_away_has_used_nothing(consents: MongoConsents) -> None:
    give(consents)
    with the_providers() as played:
        post = a_post(played, consents)
        give(consents, command="c2")
        post.send(a_letter(), ANNA)
    assert post.send(a_letter(), ANNA).reason == "provider-unreachable"
    assert left(consents) == 1


def test_an_old_token_is_renewed_once_and_the_message_goes(consents: MongoConsents) -> None:
    give(consents, 2)
    with the_providers() as played:
        post = a_post(played, consents)
        assert post.send(a_letter(), ANNA).status is DeliveryStatus.SENT
        Outgoing(Trust.OPERATOR).post_json(f"{played.url}/end-token", {})
        assert post.send(a_letter(), ANNA).status is DeliveryStatus.SENT
        assert left(consents) == 0


def test_a_wrong_secret_costs_no_consent(consents: MongoConsents) -> None:
    give(consents)
    with the_providers() as played:
        sent = a_post(played, consents, secret="another").send(a_letter(), ANNA)
        assert sent == Sent(status=LATER, reason="wechat-key-refused", retry_after=600.0)
        assert left(consents) == 1


def test_a_consent_is_taken_once_however_many_want_it(consents: MongoConsents) -> None:
    give(consents, 3)
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: consents.take(OPENID, TEMPLATE), range(12)))
    assert (sum(taken), left(consents)) == (3, 0)


def test_a_long_term_consent_is_good_until_it_is_refused(consents: MongoConsents) -> None:
    assert not consents.take(OPENID, "LONG")
    give(consents, template="LONG")
    assert [consents.take(OPENID, "LONG") for _ in range(3)] == [True] * 3
    consents.is_refused(OPENID, "LONG")
    assert not consents.take(OPENID, "LONG")


def test_the_same_command_adds_once_and_no_openid_lies_in_the_database(
    consents: MongoConsents, settings: Settings, mongo: MongoClient[dict[str, Any]]
) -> None:
    for command in ("c1", "c1", "c2"):
        give(consents, 2, command=command)
    assert left(consents) == 4
    (row,) = mongo[settings.db_prefix + "notify"][COLLECTION].find()
    assert OPENID not in repr(row)


def test_what_is_given_is_of_a_known_template_and_in_bounds(consents: MongoConsents) -> None:
    commands = ConsentCommands(consents, {TEMPLATE, "LONG"}, {"LONG"})
    meta = a_meta(an_actor(account_id="a-anna"))
    given = commands.give(Call(GiveWechatConsents(templates={TEMPLATE: 2}, openid=OPENID), meta)).result
    assert given["consents"] == [
        {"template_id": "LONG", "left": 0, "long_term": True},
        {"template_id": TEMPLATE, "left": 2, "long_term": False},
    ]
    assert commands.read(Call(ReadWechatConsents(), meta)).result == given
    for wrong in ({"T0": 1}, {TEMPLATE: 0}, {TEMPLATE: 21}):
        with pytest.raises(Invalid) as caught:
            commands.give(Call(GiveWechatConsents(templates=wrong, openid=OPENID), meta))
        assert caught.value.field == "templates"
    with pytest.raises(Conflict, match="no-wechat"):
        commands.give(Call(GiveWechatConsents(templates={TEMPLATE: 1}), meta))


@pytest.mark.parametrize(
    ("body", "status", "reason", "unused"),
    [
        ({"errcode": 40003}, NEVER, "wechat-no-such-openid", True),
        ({"errcode": 47003}, NEVER, "wechat-template-unusable", True),
        ({"errcode": 45009}, LATER, "wechat-day-limit", True),
        ({"errcode": 42001}, LATER, "wechat-key-refused", True),
        ({"errcode": -1}, LATER, "wechat-busy", True),
        ({"errcode": 43101}, NEVER, "wechat-no-consent", False),
        ({"errcode": 99999}, LATER, "wechat-unknown:99999", False),
        ({"errcode": True}, LATER, "wechat-not-understood", False),
        (None, LATER, "wechat-not-understood", False),
    ],
)
def test_the_table_of_answers(body: Any, status: DeliveryStatus, reason: str, unused: bool) -> None:
    sent = judged(body, 200, None)
    assert (sent.status, sent.reason, was_unused(body)) == (status, reason, unused)
    assert 0 not in ANSWERS


@pytest.mark.parametrize(
    "pair", ["please-help", "please-help=T1", "please-help=T1/thing1", "=T1/thing1:item", "please-help=T1/time2:when"]
)
def test_a_template_that_cannot_be_filled_is_named_at_the_start(pair: str) -> None:
    with pytest.raises(SettingsError, match="SHILIU_WECHAT_TEMPLATES"):
        read_subscribed((pair,))
