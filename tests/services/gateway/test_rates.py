"""Rate limits as clients meet them, and as instances share them."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pymongo.database import Database
from pymongo.errors import AutoReconnect

from contracts.actor import Actor, Role
from contracts.errors import NotFound
from contracts.words import Text
from gateway.api.app import make_app
from gateway.api.rates import class_of
from gateway.limits.limiter import Limiter
from gateway.limits.limits import Limits
from gateway.limits.policy import Quota, RouteClass, parse
from tests.builders import an_actor
from tests.fakes.desk import NOW, NoDatabase, a_desk
from tests.fakes.rpc import FakeRpc
from tests.services.gateway.api import Api

DAUGHTER = an_actor(Role.RESIDENT, account_id="a-daughter")
NEIGHBOUR = an_actor(Role.RESIDENT, account_id="a-neighbour")
READ = Quota(32, 60)
SIGN_IN = Quota(5, 60)


class Moment:
    """A clock to be set."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def moment() -> Moment:
    return Moment()


def a_limiter(db: Any, moment: Moment) -> Limiter:
    return Limiter(db["rates"], "a secret of these tests", now=moment)


def an_api(db: Any, moment: Moment, account: str = "off", address: str = "off") -> Api:
    limits = Limits(a_limiter(db, moment), parse("ACCOUNT", account), parse("ADDRESS", address))
    desk = a_desk(db, limits=limits)
    return Api(make_app(desk).test_client(), desk)


def ask(api: Api, who: Actor | None = DAUGHTER, address: str = "", path: str = "/areas", **options: Any) -> Any:
    headers = {} if who is None else api.headers(who)
    environ = {"shiliu.address": address} if address else {}
    method = options.pop("method", "GET")
    return api.client.open(f"/api/v1{path}", method=method, headers=headers, environ_overrides=environ, **options)


def test_an_account_is_told_what_is_left_and_when_to_come_again(db: Database[Any], moment: Moment) -> None:
    api = an_api(db, moment, account="read=3/60 write=9/60")
    answers = [ask(api) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[0].headers["RateLimit-Policy"] == '"read-account";q=3;w=60'
    assert answers[0].headers["RateLimit"] == '"read-account";r=2;t=60'
    assert answers[3].content_type == "application/problem+json"
    assert answers[3].json["code"] == "rate-limited"
    assert answers[3].headers["RateLimit"].startswith('"read-account";r=0;t=')
    moment.now += int(answers[3].headers["Retry-After"])
    assert ask(api).status_code == 200


def test_others_and_other_classes_are_not_touched(db: Database[Any], moment: Moment) -> None:
    api = an_api(db, moment, account="read=1/60 stream=1/60")
    assert [ask(api).status_code for _ in range(2)] == [200, 429]
    assert ask(api, NEIGHBOUR).status_code == 200
    assert ask(api, path="/events?wait=0").status_code == 200
    assert ask(api, path="/events?wait=0").status_code == 429


def test_an_address_counts_whoever_asks_and_whatever_there_is_not(db: Database[Any], moment: Moment) -> None:
    api = an_api(db, moment, address="read=4/60")
    paths = ("/areas", "/nowhere", "/areas", "/tickets", "/areas")
    who = (DAUGHTER, None, NEIGHBOUR, None, DAUGHTER)
    statuses = [ask(api, one, "203.0.113.7", path).status_code for one, path in zip(who, paths, strict=True)]
    assert statuses == [200, 404, 200, 401, 429]
    assert ask(api, address="203.0.113.8").status_code == 200


def test_trying_a_password_counts_as_signing_in_and_renewing_a_session_as_a_write(db: Database[Any]) -> None:
    app = make_app(a_desk(db))
    classes = {path: class_of(app, _endpoint(app, path), "POST") for path in ("/sessions", "/sessions/refresh")}
    assert classes == {"/sessions": RouteClass.SIGN_IN, "/sessions/refresh": RouteClass.WRITE}


def _endpoint(app: Flask, path: str) -> str:
    rules = (rule for rule in app.url_map.iter_rules() if rule.rule == f"/api/v1{path}")
    return next(rule.endpoint for rule in rules if "POST" in (rule.methods or ()))


def test_health_is_never_limited_and_documents_are(db: Database[Any], moment: Moment) -> None:
    api = an_api(db, moment, address="read=1/60")
    client: FlaskClient = api.client
    environ = {"shiliu.address": "203.0.113.7"}
    assert [client.get("/healthz", environ_overrides=environ).status_code for _ in range(3)] == [200] * 3
    assert [client.get("/openapi.json", environ_overrides=environ).status_code for _ in range(2)] == [200, 429]


def test_an_address_that_is_named_free_has_no_limit(db: Database[Any], moment: Moment) -> None:
    api = an_api(db, moment, account="read=2/60", address="read=1/60")
    environ = {"shiliu.address": "203.0.113.7", "shiliu.free": True}
    statuses = [
        api.client.get("/api/v1/areas", headers=api.headers(DAUGHTER), environ_overrides=environ).status_code
        for _ in range(3)
    ]
    assert statuses == [200, 200, 200]


def test_signing_in_counts_for_the_address_at_every_instance_at_once(db: Database[Any], moment: Moment) -> None:
    instances = [an_api(db, moment, address="sign_in=5/60") for _ in range(3)]
    body = {"login": "nobody", "password": "wrong"}
    statuses = [
        ask(instances[n % 3], None, "203.0.113.7", "/sessions", method="POST", json=body).status_code for n in range(9)
    ]
    assert statuses == [401] * 5 + [429] * 4


def test_guessing_the_code_of_a_sheet_counts_as_signing_in_does(db: Database[Any], moment: Moment) -> None:
    limits = Limits(a_limiter(db, moment), parse("ACCOUNT", "off"), parse("ADDRESS", "sign_in=5/60"))
    rpc = FakeRpc()
    rpc.on("volunteers.check_sheet", NotFound("no-such-sheet", Text("编号或核验码不对", "number or code do not fit")))
    desk = a_desk(db, rpc, limits=limits)
    api = Api(make_app(desk).test_client(), desk)
    paths = [f"/hours/check{page}?number=NC-1&code=A{guess}" for guess in range(4) for page in ("", "/page")]
    statuses = [ask(api, None, "203.0.113.7", path).status_code for path in paths]
    assert statuses == [404, 200, 404, 200, 404, 429, 429, 429]
    assert len(rpc.asked) == 5
    assert ask(api, None, "203.0.113.8", paths[0]).status_code == 404


def test_instances_that_share_let_through_little_more_than_the_quota(db: Database[Any], moment: Moment) -> None:
    limiters = [a_limiter(db, moment) for _ in range(3)]
    key, through = ("account", "c", "a"), 0
    for number in range(300):
        moment.now += 0.05
        through += limiters[number % 3].hit(RouteClass.READ, key, READ).allowed
        if number % 20 == 19:
            for limiter in limiters:
                limiter.share()
    assert READ.requests <= through <= READ.requests + 20


def test_what_was_counted_before_the_end_of_a_window_is_known_to_all_after_it(
    db: Database[Any], moment: Moment
) -> None:
    one, other = a_limiter(db, moment), a_limiter(db, moment)
    key = ("account", "c", "a")
    moment.now = NOW // 60 * 60 + 59.5
    for _ in range(READ.requests):
        one.hit(RouteClass.READ, key, READ)
    other.hit(RouteClass.READ, key, READ)
    other.hit(RouteClass.READ, key, READ)
    moment.now += 1
    one.share()
    other.share()
    assert not one.hit(RouteClass.READ, key, READ).allowed
    assert not other.hit(RouteClass.READ, key, READ).allowed


def test_who_is_far_from_their_quota_costs_the_database_nothing(db: Database[Any], moment: Moment) -> None:
    limiter = a_limiter(db, moment)
    for number in range(100):
        limiter.hit(RouteClass.READ, ("account", "c", f"a{number}"), READ)
    limiter.share()
    assert db["rates"].count_documents({}) == 0


def test_no_account_and_no_address_is_stored_and_nothing_for_long(db: Database[Any], moment: Moment) -> None:
    limiter = a_limiter(db, moment)
    limiter.hit(RouteClass.SIGN_IN, ("address", "203.0.113.7"), SIGN_IN)
    (doc,) = db["rates"].find()
    assert "203.0.113.7" not in str(doc)
    assert doc.keys() == {"_id", "n", "ends"}
    assert 0 < doc["ends"].timestamp() - NOW <= 3 * SIGN_IN.seconds
    assert any(index.get("expireAfterSeconds") == 0 for index in db["rates"].index_information().values())


def test_without_the_database_each_process_counts_by_itself(moment: Moment) -> None:
    limiter = a_limiter(NoDatabase(), moment)
    tries = [limiter.hit(RouteClass.SIGN_IN, ("address", "x"), SIGN_IN).allowed for _ in range(7)]
    assert tries == [True] * 5 + [False] * 2
    with pytest.raises(AutoReconnect):
        limiter.share()
    assert not limiter.hit(RouteClass.SIGN_IN, ("address", "x"), SIGN_IN).allowed, "nothing was forgotten"


def test_no_crowd_of_addresses_fills_the_memory(db: Database[Any], moment: Moment) -> None:
    limiter = Limiter(db["rates"], "s", now=moment, most=100)
    for number in range(1_000):
        limiter.hit(RouteClass.READ, ("address", str(number)), Quota(1, 60))
    assert limiter.counted == 100
    limiter.share()
    assert db["rates"].count_documents({}) <= 100
