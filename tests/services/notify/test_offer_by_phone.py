"""An offer on its way to a phone, by all of sending: WeChat while there is a consent, then SMS; the reply finds it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo import MongoClient

from chassis.address_filter import Trust
from chassis.outgoing import Outgoing
from chassis.settings import Settings
from contracts.events.volunteers import OfferMade
from contracts.words import Text
from services.notify.adapters.aliyun_sms import Access, AliyunSms, read_templates
from services.notify.adapters.keyed import keyed_by
from services.notify.adapters.told_offers import MongoToldOffers, RemembersOffers
from services.notify.adapters.wechat_consents import MongoConsents
from services.notify.adapters.wechat_post import WechatPost, read_subscribed
from services.notify.adapters.wechat_token import App, WechatToken
from tests.builders import COMMUNITY, MEMBER_ID, a_demand_snapshot, an_offer_change, received
from tests.fakes.providers import KEY, SECRET, Played, the_providers
from tests.unit.notify.test_sending import COMES, House

OPENID, PHONE = f"wechat:member:{MEMBER_ID}", f"sms:member:{MEMBER_ID}"


def offered(order: str) -> Any:
    """An offer that is open long after the event of its time."""
    offer = an_offer_change(
        id=f"{order}.o1",
        expires_at=COMES.time + timedelta(hours=2),
        why=(Text("走路10分钟以内", "within 10 minutes' walk"),),
        walk_within=10,
    )
    body = OfferMade(offers=(offer,), local="2026-11-22 19:00", visit_minutes=30.0)
    event = received(body, replace(a_demand_snapshot(holders=()), id=order, number=f"NC-{order}"))
    envelope = replace(event.envelope, id=f"01K{order}", subject=order)
    return replace(event, envelope=envelope)


@pytest.fixture
def keeping(settings: Settings, mongo: MongoClient[dict[str, Any]]) -> tuple[MongoConsents, MongoToldOffers]:
    database, keyed = mongo[settings.db_prefix + "notify"], keyed_by("a key of the house")
    return MongoConsents(database, keyed, ()), MongoToldOffers(database, keyed)


def posts(played: Played, consents: MongoConsents, told: MongoToldOffers) -> tuple[Any, ...]:
    http = Outgoing(Trust.OPERATOR)
    app = App(url=played.url, id=KEY, secret=SECRET)
    access = Access(url=played.url, key_id=KEY, key_secret=SECRET, sign_name="石榴里")
    subscribed = read_subscribed(("please-help=T1/thing1:item+character_string2:number",))
    wechat = WechatPost(http, app, WechatToken(http, app, lambda: 0.0), consents, subscribed, "")
    sms = AliyunSms(http, access, read_templates(("*=SMS_1/body",)), lambda: datetime.now(UTC))
    return wechat, RemembersOffers(sms, told.note)


def test_wechat_while_there_is_a_consent_then_sms(keeping: tuple[MongoConsents, MongoToldOffers]) -> None:
    consents, told = keeping
    consents.add("a-1", COMMUNITY, OPENID, {"T1": 1}, "c1")
    with the_providers() as played:
        ways = posts(played, consents, told)
        first = House(offered("t-1"), posts=ways).after(minutes=2)
        assert first.status("please-help") == ("sent", None)
        (by_wechat,) = played.held.wechat
        assert (by_wechat["touser"], played.held.sms) == (OPENID, [])
        assert told.last(PHONE) is None, "what went by WeChat waits for no reply by SMS"

        second = House(offered("t-2"), posts=ways).after(minutes=2)
        assert second.status("please-help") == ("sent", None)
        tried = [(one.way, one.reason) for one in second.row("please-help").attempts]
        assert tried == [("wechat", "wechat-no-consent"), ("sms", None)]
        (by_sms,) = played.held.sms
        assert by_sms["text"].startswith("【石榴里】11月22日19:00")
        assert "约30分钟 走路10分钟以内。回1我来,回2这次不方便。" in by_sms["text"]
        found = told.last(PHONE)
        assert found is not None
        assert (found.offer_id, found.thread) == ("t-2.o1", "t-2")
