"""Consents to WeChat's messages: told to notify with the openid that lies sealed here."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from eventlet import GreenPool
from flask.testing import FlaskClient
from pymongo import MongoClient
from pymongo.database import Database

from chassis.address_filter import Trust
from chassis.migrations import migrate
from chassis.outgoing import Outgoing
from chassis.settings import Secret, Settings
from contracts.actor import Grant, Role
from contracts.commands.posts import GiveWechatConsents
from contracts.errors import Conflict
from contracts.words import Text
from gateway.api.desk import Desk
from gateway.identity.accounts import NewAccount
from gateway.identity.reached import OPENID, openid_context
from gateway.identity.sessions import How
from gateway.identity.wechat import Wechat
from gateway.views.indexes import indexes
from tests.builders import COMMUNITY
from tests.fakes.desk import SETTINGS, a_desk, an_app
from tests.fakes.providers import KEY, SECRET, the_providers
from tests.fakes.rpc import FakeRpc

CONSENTS = {"consents": [{"template_id": "T1", "left": 2, "long_term": False}]}
PATH = "/api/v1/me/wechat/consents"


@pytest.fixture
def rpc() -> FakeRpc:
    rpc = FakeRpc()
    rpc.will("notify.give_wechat_consents", CONSENTS)
    rpc.will("notify.read_wechat_consents", CONSENTS)
    return rpc


@pytest.fixture
def desk(settings: Settings, mongo: MongoClient[dict[str, Any]], rpc: FakeRpc) -> Desk:
    database: Database[dict[str, Any]] = mongo[settings.db_prefix + "gateway"]
    migrate(database, indexes(30.0))
    return a_desk(database, rpc)


@pytest.fixture
def http(desk: Desk) -> Iterator[FlaskClient]:
    with an_app(desk).test_client() as client:
        yield client


@pytest.fixture
def anna(desk: Desk) -> dict[str, str]:
    new = NewAccount(community_id=COMMUNITY, login="anna", grants=(Grant(Role.RESIDENT),), id="a-anna")
    issued = desk.identity.begin(desk.accounts.open(new), How.PASSWORD, "somewhere")
    return {"Authorization": f"Bearer {issued.access}", "Idempotency-Key": "k1"}


def test_what_was_agreed_to_goes_to_notify_with_the_openid(
    http: FlaskClient, desk: Desk, rpc: FakeRpc, anna: dict[str, str]
) -> None:
    sealed = desk.identity.seals().seal("a-anna", "o-anna", openid_context("a-anna"))
    desk.identity.credentials.set_openid("a-anna", (sealed, "index"))
    given = http.post(PATH, json={"templates": {"T1": 2}}, headers=anna)
    assert (given.status_code, given.json) == (200, CONSENTS)
    assert rpc.last.command == GiveWechatConsents(templates={"T1": 2}, openid="o-anna")
    assert http.get(PATH, headers=anna).json == CONSENTS


def test_without_wechat_it_says_so(http: FlaskClient, rpc: FakeRpc, anna: dict[str, str]) -> None:
    rpc.on("notify.give_wechat_consents", Conflict("no-wechat", Text("请先绑定", "connect it first"), "openid"))
    answer = http.post(PATH, json={"templates": {"T1": 1}}, headers=anna)
    assert (answer.status_code, answer.json["code"]) == (409, "no-wechat")
    assert rpc.last.command.openid is None


@pytest.mark.parametrize(
    "body", [{}, {"templates": {}}, {"templates": {"T1": "many"}}, {"templates": {"T1": 1}, "openid": "o-ben"}]
)
def test_what_is_no_count_of_consents_is_named(
    http: FlaskClient, rpc: FakeRpc, anna: dict[str, str], body: dict[str, Any]
) -> None:
    assert http.post(PATH, json=body, headers=anna).status_code == 422
    assert rpc.asked == []


@pytest.fixture
def mini_program(desk: Desk) -> Iterator[FlaskClient]:
    """The gateway with the played platform beside it."""
    with the_providers() as played:
        settings = replace(SETTINGS, wechat_url=played.url, wechat_app_id=KEY, wechat_app_secret=Secret(SECRET))
        wechat = Wechat(Outgoing(Trust.OPERATOR), settings)
        with an_app(replace(desk, identity=replace(desk.identity, wechat=wechat))).test_client() as client:
            yield client


def test_who_connected_their_wechat_signs_in_by_it(mini_program: FlaskClient, anna: dict[str, str]) -> None:
    def sign_in() -> Any:
        return mini_program.post("/api/v1/sessions/wechat", json={"code": "code-anna"})

    before = sign_in()
    assert (before.status_code, before.json["code"]) == (401, "wechat-not-connected")
    mini_program.post("/api/v1/me/contacts/wechat", json={"code": "code-anna"}, headers=anna)
    session = sign_in()
    assert (session.status_code, session.json["account"]["id"]) == (201, "a-anna")
    assert mini_program.post("/api/v1/sessions/wechat", json={"code": "wrong"}).status_code == 422
    mini_program.delete("/api/v1/me/contacts/wechat", headers=anna)
    assert sign_in().status_code == 401


def test_where_several_accounts_have_one_wechat_none_is_guessed(
    mini_program: FlaskClient, desk: Desk, anna: dict[str, str]
) -> None:
    new = NewAccount(community_id="elsewhere", login="another", grants=(Grant(Role.RESIDENT),), id="a-another")
    desk.accounts.open(new)
    for account_id in ("a-anna", "a-another"):
        seals = desk.identity.seals()
        sealed = seals.seal(account_id, "o-anna", openid_context(account_id))
        desk.identity.credentials.set_openid(account_id, (sealed, seals.index("o-anna", OPENID)))
    assert mini_program.post("/api/v1/sessions/wechat", json={"code": "code-anna"}).status_code == 401


@pytest.mark.parametrize(("community_id", "status"), [(COMMUNITY, 409), ("elsewhere", 200)])
def test_one_wechat_is_one_account_of_a_community(
    mini_program: FlaskClient, desk: Desk, anna: dict[str, str], community_id: str, status: int
) -> None:
    connect = {"path": "/api/v1/me/contacts/wechat", "json": {"code": "code-anna"}}
    assert mini_program.post(**connect, headers=anna).status_code == 200
    assert mini_program.post(**connect, headers={**anna, "Idempotency-Key": "k2"}).status_code == 200, "hers, again"
    new = NewAccount(community_id=community_id, login="ben", grants=(Grant(Role.RESIDENT),), id="a-ben")
    issued = desk.identity.begin(desk.accounts.open(new), How.PASSWORD, "somewhere")
    ben = {"Authorization": f"Bearer {issued.access}", "Idempotency-Key": "k3"}
    answer = mini_program.post(**connect, headers=ben)
    assert answer.status_code == status
    if status == 409:
        assert (answer.json["code"], answer.json["errors"][0]["field"]) == ("wechat-taken", "code")
        mini_program.delete("/api/v1/me/contacts/wechat", headers=anna)
        assert mini_program.post(**connect, headers={**ben, "Idempotency-Key": "k4"}).status_code == 200


def test_of_several_who_connect_one_wechat_at_once_one_has_it(desk: Desk) -> None:
    accounts = [f"a-{number}" for number in range(8)]
    for one in accounts:
        desk.accounts.open(NewAccount(community_id=COMMUNITY, login=one, grants=(Grant(Role.RESIDENT),), id=one))

    def connect(account_id: str) -> str:
        try:
            desk.identity.credentials.set_openid(account_id, (b"sealed", "one and the same"))
        except Conflict as refused:
            return refused.code
        return "connected"

    assert sorted(GreenPool().imap(connect, accounts)) == ["connected", *["wechat-taken"] * 7]
    assert len(desk.accounts.by_openid_index("one and the same")) == 1


def test_who_connects_it_between_a_look_and_a_write_keeps_it(
    mini_program: FlaskClient, desk: Desk, anna: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.accounts.open(NewAccount(community_id=COMMUNITY, login="ben", grants=(Grant(Role.RESIDENT),), id="a-ben"))
    seals, credentials = desk.identity.seals(), desk.identity.credentials

    def another_was_quicker(person: str, text: str, context: str) -> bytes:
        credentials.set_openid("a-ben", (b"sealed", seals.index(text, OPENID)))
        return b"sealed"

    monkeypatch.setattr(type(seals), "seal", staticmethod(another_was_quicker))
    answer = mini_program.post("/api/v1/me/contacts/wechat", json={"code": "code-anna"}, headers=anna)
    assert (answer.status_code, answer.json["code"]) == (409, "wechat-taken")
