"""Short messages against the played provider over real connections: signed as Aliyun wants it, judged by its body."""

import hashlib
import socket
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest

from chassis.address_filter import Trust
from chassis.outgoing import Outgoing
from chassis.settings import SettingsError
from deploy.providers.moods import Mood
from services.notify.adapters.aliyun_answers import ANSWERS, judged, received
from services.notify.adapters.aliyun_signature import authorization, canonical_query
from services.notify.adapters.aliyun_sms import Access, AliyunSms, phone_number, read_templates
from services.notify.application.sending_ports import Address, Sent
from services.notify.domain.message import DeliveryStatus
from tests.builders_of_letters import a_letter
from tests.fakes.providers import KEY, SECRET, the_providers

NOW, LATER, NEVER = DeliveryStatus.SENT, DeliveryStatus.FAILED_TEMPORARY, DeliveryStatus.FAILED_PERMANENT
PHONE = Address(way="sms", value="000-0001-0007")
TEMPLATES = ("please-help:zh-CN=SMS_1/item+number", "*=SMS_9/body")


def a_post(url: str, secret: str = SECRET, templates: tuple[str, ...] = TEMPLATES, whole: float = 5.0) -> AliyunSms:
    access = Access(url=url, key_id=KEY, key_secret=secret, sign_name="石榴里")
    http = Outgoing(Trust.OPERATOR, read=min(whole, 5.0), whole=whole)
    return AliyunSms(http, access, read_templates(templates), lambda: datetime.now(UTC))


def test_the_signature_is_that_of_the_providers_own_example() -> None:
    query = canonical_query(
        {"RegionId": "cn-shanghai", "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"}
    )
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-version": "2014-05-26",
    }
    proof = authorization("YourAccessKeyId", "YourAccessKeySecret", "POST", query, headers)
    assert proof.endswith("Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0")


def test_what_is_sent_arrives_signed_with_the_values_of_its_template() -> None:
    with the_providers() as played:
        sent = a_post(played.url).send(a_letter(), PHONE)
        (row,) = played.held.sms
        assert sent == Sent(status=NOW, reference=row["biz_id"])
        assert (row["phone"], row["template"]) == ("00000010007", "SMS_1")
        assert row["params"] == {"item": "换灯泡", "number": "NC-261121-0042"}
        assert row["out_id"] == "please-help"


def test_a_template_without_all_its_values_gives_way_to_the_one_for_all() -> None:
    with the_providers() as played:
        a_post(played.url, templates=("please-help:zh-CN=SMS_1/walk", "*=SMS_9/body")).send(a_letter(), PHONE)
        (row,) = played.held.sms
        assert row["template"] == "SMS_9"
        assert row["text"] == "【石榴里】今晚7点 和平苑 帮老人换灯泡。回1我来,回2这次不方便。", (
            "the sign stands there once"
        )
        nothing = a_post(played.url, templates=("other=SMS_1/item",)).send(a_letter(), PHONE)
        assert nothing == Sent(status=NEVER, reason="sms-no-template")


@pytest.mark.parametrize(
    ("mood", "sent"),
    [
        (Mood.THROTTLED, Sent(status=LATER, reason="sms-too-many-to-number", retry_after=60.0)),
        (Mood.REFUSED, Sent(status=NEVER, reason="sms-number-illegal")),
        (Mood.GARBAGE, Sent(status=LATER, reason="sms-not-understood")),
        (Mood.DOWN, Sent(status=LATER, reason="sms-http-503")),
    ],
)
def test_success_is_what_the_body_says(mood: Mood, sent: Sent) -> None:
    with the_providers() as played:
        played.held.moods["sms"] = mood
        assert a_post(played.url).send(a_letter(), PHONE) == sent
        assert played.held.sms == []


def test_a_provider_that_hangs_or_is_away_keeps_nobody_waiting() -> None:
    with the_providers() as played:
        played.held.moods["sms"] = Mood.HANG
        assert a_post(played.url, whole=0.3).send(a_letter(), PHONE) == Sent(status=LATER, reason="provider-timeout")
    with closing(socket.create_server(("127.0.0.1", 0))) as nobody:
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
    assert a_post(url).send(a_letter(), PHONE) == Sent(status=LATER, reason="provider-unreachable")


def test_a_wrong_secret_is_the_operators_and_not_the_messages() -> None:
    with the_providers() as played:
        sent = a_post(played.url, secret="another").send(a_letter(), PHONE)
        assert sent == Sent(status=LATER, reason="sms-key-refused", retry_after=600.0)
        assert played.held.unsigned == 1


@pytest.mark.parametrize(
    ("body", "status", "reason", "wait"),
    [
        (
            {"Code": "isv.BUSINESS_LIMIT_CONTROL", "Message": "触发小时级流控Permits:5"},
            LATER,
            "sms-too-many-to-number",
            3600,
        ),
        (
            {"Code": "isv.BUSINESS_LIMIT_CONTROL", "Message": "触发天级流控Permits:10"},
            LATER,
            "sms-too-many-to-number",
            86400,
        ),
        ({"Code": "isv.BUSINESS_LIMIT_CONTROL"}, LATER, "sms-too-many-to-number", 60),
        ({"Code": "isv.AMOUNT_NOT_ENOUGH"}, LATER, "sms-no-money", 3600),
        ({"Code": "isv.DAY_LIMIT_CONTROL"}, LATER, "sms-day-limit", 3600),
        ({"Code": "Throttling.User"}, LATER, "sms-provider-busy", 30),
        ({"Code": "isv.TEMPLATE_MISSING_PARAMETERS"}, NEVER, "sms-template-unusable", None),
        ({"Code": "isv.SOMETHING_NEW"}, LATER, "sms-unknown:isv.SOMETHING_NEW", None),
        ({"Code": "<b>\n138 0000"}, LATER, "sms-unknown:b1380000", None),
        ({"Code": 5}, LATER, "sms-not-understood", None),
        (None, LATER, "sms-not-understood", None),
    ],
)
def test_the_table_of_answers(body: Any, status: DeliveryStatus, reason: str, wait: float | None) -> None:
    assert judged(body, 200, None) == Sent(status=status, reason=reason, retry_after=wait)


def test_every_row_of_the_table_is_a_failure_with_a_reason_of_ours() -> None:
    for code, verdict in ANSWERS.items():
        assert verdict.status in (LATER, NEVER), code
        assert verdict.reason.startswith("sms-"), code


def test_a_taken_message_without_the_providers_id_is_taken() -> None:
    assert judged({"Code": "OK"}, 200, None) == Sent(status=NOW)


@pytest.mark.parametrize(
    ("success", "code", "status", "reason"),
    [
        (True, "DELIVERED", DeliveryStatus.DELIVERED, None),
        (False, "MK:0001", NEVER, "sms-no-such-number"),
        (False, "UNDELIV", LATER, "sms-phone-off"),
        (False, "isv.SMS_CONTENT_ILLEGAL", NEVER, "sms-words-refused"),
        (False, "XA:0101", LATER, "sms-receipt-unknown:XA:0101"),
        (False, "", LATER, "sms-receipt-unknown:"),
    ],
)
def test_what_a_receipt_says(success: bool, code: str, status: DeliveryStatus, reason: str | None) -> None:
    sent = received(success, code)
    assert (sent.status, sent.reason) == (status, reason)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("+86 138-0013-8000", "13800138000"),
        ("0086 13800138000", "13800138000"),
        ("13800138000", "13800138000"),
        ("000-0001-0007", "00000010007"),
        ("+852 1234 5678", "85212345678"),
    ],
)
def test_a_number_is_the_same_however_it_is_written(written: str, number: str) -> None:
    assert phone_number(written) == number


@pytest.mark.parametrize("pair", ["please-help", "=SMS_1", "please-help:zh-CN=", "*=SMS_1/when+item"])
def test_a_template_that_cannot_be_filled_is_named_at_the_start(pair: str) -> None:
    with pytest.raises(SettingsError, match="SHILIU_SMS_TEMPLATES"):
        read_templates((pair,))


def test_the_key_stands_in_no_words_about_the_access() -> None:
    access = Access(url="https://dysmsapi.aliyuncs.com", key_id=KEY, key_secret="nobody-reads-this", sign_name="石榴里")
    assert "nobody-reads-this" not in repr(access)
