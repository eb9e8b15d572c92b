"""What a provider of short messages pushes, and the page that stops mail: a key or a token instead of an account."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from chassis.settings import Secret
from contracts.actor import system_actor
from contracts.commands.posts import SmsReceipt, StopMail
from contracts.errors import Busy, NotFound
from contracts.words import Text
from gateway.identity.accounts import Account
from gateway.identity.telling import Teller
from tests.fakes.desk import SETTINGS, a_desk, an_app
from tests.fakes.rpc import FakeRpc

KEY = "kq-71-uZ-fw-0b-Xs-93-pM-ty-5C-vd"
RECEIPTS, REPLIES = f"/api/v1/callbacks/sms/{KEY}/receipts", f"/api/v1/callbacks/sms/{KEY}/replies"
RECEIPT = {
    "phone_number": "1381111****",
    "send_time": "2017-01-01 00:00:00",
    "report_time": "2017-01-01 00:00:00",
    "success": True,
    "err_code": "DELIVERED",
    "err_msg": "用户接收成功",
    "sms_size": "1",
    "biz_id": "12345",
    "out_id": "please-help",
}
REPLY = {
    "phone_number": "13811110000",
    "send_time": "2017-09-01 00:00:00",
    "content": "1",
    "sign_name": "签名",
    "dest_code": "1234",
    "sequence_id": 1234567890,
}


@pytest.fixture
def rpc() -> FakeRpc:
    rpc = FakeRpc()
    rpc.will("notify.take_sms_receipts", {"known": 1, "unknown": 0})
    return rpc


@pytest.fixture
def http(rpc: FakeRpc, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    known = Account(id="a-1", community_id="shiliuli", grants=())
    monkeypatch.setattr(Teller, "with_phone", lambda *_: [known])
    settings = replace(SETTINGS, sms_callback_key=Secret(KEY))
    with an_app(a_desk(rpc=rpc, settings=settings)).test_client() as client:
        yield client


def test_a_receipt_as_the_provider_documents_it_is_taken(http: FlaskClient, rpc: FakeRpc) -> None:
    answer = http.post(RECEIPTS, json=[RECEIPT])
    assert (answer.status_code, answer.json) == (200, {"code": 0, "msg": "接收成功"})
    assert rpc.last.command.receipts == (
        SmsReceipt(reference="12345", success=True, code="DELIVERED", purpose="please-help"),
    )
    assert rpc.last.meta.actor == system_actor("")


def test_a_receipt_that_is_not_known_yet_is_to_come_again(http: FlaskClient, rpc: FakeRpc) -> None:
    rpc.will("notify.take_sms_receipts", {"known": 0, "unknown": 1})
    answer = http.post(RECEIPTS, json=[RECEIPT])
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")


def test_a_long_push_is_told_in_parts_and_nothing_of_it_is_lost(http: FlaskClient, rpc: FakeRpc) -> None:
    short = [{"biz_id": str(number), "success": False} for number in range(250)]
    assert http.post(RECEIPTS, json=short).status_code == 200
    told = [one.reference for asked in rpc.asked for one in asked.command.receipts]
    assert told == [str(number) for number in range(250)]


def test_a_reply_as_the_provider_documents_it_is_taken(http: FlaskClient, rpc: FakeRpc) -> None:
    assert http.post(REPLIES, json=[REPLY]).status_code == 200
    (taken,) = rpc.last.command.replies
    assert (taken.phone, taken.text, taken.sequence) == ("13811110000", "1", "1234567890")
    assert (taken.sign_name, taken.dest_code) == ("签名", "1234")
    assert (taken.account_ids, taken.homes) == (("a-1",), ("shiliuli",))


def test_half_a_picture_costs_nobody_their_words(http: FlaskClient, rpc: FakeRpc) -> None:
    cut = '[{"phone_number": "13811110000", "content": "\\ud83d \\u0000救命", "sequence_id": 7}]'
    assert http.post(REPLIES, data=cut, content_type="application/json").status_code == 200
    assert rpc.last.command.replies[0].text == "\ufffd \ufffd救命"


def test_a_reply_is_taken_where_nobody_can_say_whose_the_phone_is(
    http: FlaskClient, rpc: FakeRpc, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> list[Account]:
        raise Busy("service-away", Text("没有", "away"))

    monkeypatch.setattr(Teller, "with_phone", away)
    assert http.post(REPLIES, json=[REPLY]).status_code == 200
    assert rpc.last.command.replies[0].account_ids == ()


def test_what_could_not_be_done_is_to_come_again(http: FlaskClient, rpc: FakeRpc) -> None:
    rpc.on("notify.take_sms_replies", Busy("service-away", Text("没有", "away")))
    assert http.post(REPLIES, json=[REPLY]).status_code == 503


@pytest.mark.parametrize(
    "body", [{}, "1", [{}], [{"biz_id": "", "success": True}], [{"biz_id": "1", "success": "perhaps"}], [7]]
)
def test_what_is_no_push_is_refused_by_name(http: FlaskClient, rpc: FakeRpc, body: Any) -> None:
    assert http.post(RECEIPTS, json=body).status_code == 422
    assert rpc.asked == []


@pytest.mark.parametrize("key", ["x", KEY[:-1], KEY + "x", "ключ"])
def test_with_another_key_there_is_nothing(http: FlaskClient, rpc: FakeRpc, key: str) -> None:
    for path, body in ((RECEIPTS, RECEIPT), (REPLIES, REPLY)):
        assert http.post(path.replace(KEY, key), json=[body]).status_code == 404
    assert rpc.asked == []


def test_without_a_key_in_the_settings_nothing_is_taken(rpc: FakeRpc) -> None:
    with an_app(a_desk(rpc=rpc)).test_client() as client:
        assert client.post(RECEIPTS, json=[RECEIPT]).status_code == 404
        assert client.post("/api/v1/callbacks/sms//receipts", json=[RECEIPT]).status_code == 404
    assert rpc.asked == []


def test_a_link_that_is_only_looked_at_stops_nothing(http: FlaskClient, rpc: FakeRpc) -> None:
    page = http.get(f"/api/v1/mail/stop/{'0a' * 16}bWVzc2FnZS1uYW1lZA")
    assert page.status_code == 200
    assert page.content_type == "text/html; charset=utf-8"
    assert "<form method=" in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert rpc.asked == []


@pytest.mark.parametrize("token", ["abc", "0a" * 16, "0a" * 16 + "bWVzc2FnZS1uYW1lZA==", f"{'0a' * 16}a.message.named"])
def test_what_looks_like_no_link_of_ours_is_none(http: FlaskClient, token: str) -> None:
    assert http.get(f"/api/v1/mail/stop/{token}").status_code == 404


@pytest.mark.parametrize(
    "sent",
    [
        {"data": {"List-Unsubscribe": "One-Click"}},
        {"data": {"List-Unsubscribe": "One-Click"}, "content_type": "multipart/form-data"},
        {},
    ],
)
def test_one_click_of_a_mail_program_stops_it(http: FlaskClient, rpc: FakeRpc, sent: dict[str, Any]) -> None:
    page = http.post("/api/v1/mail/stop/abc", **sent)
    assert page.status_code == 200
    assert rpc.last.command == StopMail(token="abc")


def test_a_link_that_is_over_says_so(http: FlaskClient, rpc: FakeRpc) -> None:
    rpc.on("notify.stop_mail", NotFound("not-found", Text("没有", "nothing")))
    page = http.post("/api/v1/mail/stop/abc")
    assert page.status_code == 404
    assert "已失效" in page.text
