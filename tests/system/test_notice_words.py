"""A secretary changes what people read and who hears, through HTTP: from then on, here, and nowhere else."""

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest

from deploy.demo.play import COMMUNITY
from deploy.simulate.client import Api, Caller, Refusal
from deploy.simulate.stage import Cast, Stage
from tests.waiting import wait_until

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]

SECRETARY, DAUGHTER, ELSEWHERE = "S01", "linxiaomei", "zaoyuanli"
NAME = "order-received"
WORDS = {
    "zh-CN": {"title": "收到啦", "body": "「{{ item }}」{{ number }} 收到啦,马上找人。"},
    "en": {"title": "Got it", "body": "{{ item }}, {{ number }}: got it."},
    "ug": {"title": "تاپشۇرۇۋالدۇق", "body": "{{ item }}، {{ number }} تاپشۇرۇۋېلىندى."},
}
ORDER = {"item_id": "tap-and-lamp", "area_id": "heping-3-2", "description": "厨房的龙头关不紧"}


class Office:
    """Whoever keeps words, and whoever reads them."""

    def __init__(self, stage: Stage, cast: Cast) -> None:
        self.url = stage.stack.http_url
        self.cast = cast

    def ask(self, who: str, method: str, path: str, body: Any = None, token: str = "", **headers: str) -> Any:
        """One request, as somebody of the cast or with a token; raises Refusal."""
        known = self.cast.members.get(who) or self.cast.accounts.get(who)
        signed = {"Authorization": f"Bearer {token or known.token}", **headers}  # type: ignore[union-attr]
        if method == "POST":
            signed["Idempotency-Key"] = uuid4().hex

        async def once() -> Any:
            async with Api(self.url) as api:
                return await api.send(method, path, headers=signed, **({} if body is None else {"json": body}))

        return asyncio.run(once())

    def put(self, path: str, version: int, body: Any) -> Mapping[str, Any]:
        """A change by the secretary of what was read at a version."""
        found: Mapping[str, Any] = self.ask(SECRETARY, "PUT", path, body, **{"If-Match": f'"{version}"'})
        return found

    def refused(self, path: str, version: int, body: Any) -> tuple[int, str, str]:
        """Status and code of a refusal, and the field that it names."""
        with pytest.raises(Refusal) as refusal:
            self.put(path, version, body)
        problem = refusal.value.problem
        return refusal.value.status, refusal.value.code, problem["errors"][0]["field"] if problem.get("errors") else ""

    def order(self) -> str:
        """The daughter orders something; the number."""
        return str(self.ask(DAUGHTER, "POST", "/tickets", self.orderable)["number"])

    def read(self, number: str, locale: str = "zh-CN") -> dict[str, Any]:
        """What she reads first of an order."""

        def told() -> list[dict[str, Any]]:
            items = self.ask(DAUGHTER, "GET", "/inbox?limit=100", **{"Accept-Language": locale})["items"]
            return [item for item in items if item["number"] == number]

        return wait_until(told)[-1]

    orderable: Mapping[str, Any] = ORDER


@pytest.fixture(scope="module")
def office(stage: Stage, cast: Cast) -> Office:
    """The demo's community."""
    return Office(stage, cast)


def test_a_new_version_is_read_from_the_next_order_on_and_the_earlier_message_reads_as_it_did(office: Office) -> None:
    path = f"/notice-templates/{NAME}"
    before = office.ask(SECRETARY, "GET", path)
    earlier = office.order()
    said = office.read(earlier)
    now = office.put(path, before["version"], {"texts": WORDS})
    assert (now["version"], now["packaged"]) == (before["versions"][0]["version"] + 1, False)
    later = office.order()
    assert office.read(later)["title"] == "收到啦"
    assert office.read(earlier) == said
    uyghur = office.read(later, "ug-CN,zh;q=0.5")
    assert (uyghur["dir"], uyghur["locale"], uyghur["title"]) == ("rtl", "ug", WORDS["ug"]["title"])
    assert f"\u2068{later}\u2069" in uyghur["body"]
    assert office.read(earlier, "ug")["locale"] == "zh-CN"
    assert office.refused(path, before["version"], {"texts": WORDS})[:2] == (412, "changed-meanwhile")
    office.ask(SECRETARY, "POST", f"{path}/restore", {})
    assert office.read(office.order())["title"] == said["title"]
    assert office.read(later)["title"] == "收到啦"


def test_another_community_is_untouched(stage: Stage, office: Office) -> None:
    version = office.ask(SECRETARY, "POST", f"/notice-templates/{NAME}/versions", {"texts": WORDS})["version"]
    login = stage.open_admin(ELSEWHERE)

    async def theirs() -> tuple[Any, Any]:
        async with Api(office.url) as api:
            admin: Caller = await api.sign_in(login, stage.password(login))
            return await admin.get(f"/notice-templates/{NAME}"), await admin.get("/notice-rules")

    template, rules = asyncio.run(theirs())
    assert (template["version"], len(template["versions"]), rules["version"]) == (1, 1, 1)
    assert version > 1
    assert COMMUNITY != ELSEWHERE


@pytest.mark.parametrize(
    ("locale", "words", "code"),
    [
        ("zh-CN", {"body": "{{ number"}, "broken-template"),
        ("zh-CN", {"body": "{{ number }}{{ phone }}"}, "unknown-variable"),
        ("en", {"body": "no number"}, "variable-missing"),
        ("en", {"body": "{{ number.__class__ }}"}, "not-allowed"),
        ("en", {"body": "{{ number }}{{ number | upper }}"}, "unknown-filter"),
        ("zh-CN", {"body": "{{ number }}打 13800138000"}, "private-content"),
        ("zh-CN", {"group": "{{ pictures | join }}"}, "unknown-variable"),
    ],
    ids=lambda part: str(part)[:30],
)
def test_bad_words_are_refused_by_their_field(office: Office, locale: str, words: dict[str, str], code: str) -> None:
    path = f"/notice-templates/{NAME}"
    texts = {**WORDS, locale: {**WORDS[locale], **words}}
    version = office.ask(SECRETARY, "GET", path)["version"]
    assert office.refused(path, version, {"texts": texts}) == (422, code, f"texts.{locale}.{next(iter(words))}")
    (problem,) = office.ask(SECRETARY, "POST", f"{path}/preview", {"texts": texts})["problems"]
    assert problem["code"] == code


def test_words_that_turn_the_direction_are_refused(office: Office) -> None:
    texts = {**WORDS, "en": {"title": "a", "body": "{{ number }}\u202eb"}}
    status, _, field = office.refused(f"/notice-templates/{NAME}", 1, {"texts": texts})
    assert (status, field) == (422, "texts.en.body")


def test_a_preview_says_how_long_an_sms_is(office: Office) -> None:
    found = office.ask(SECRETARY, "POST", f"/notice-templates/{NAME}/preview", {"texts": WORDS})
    assert found["problems"] == []
    sms = next(one for one in found["previews"] if (one["locale"], one["form"]) == ("zh-CN", "sms"))
    assert (sms["parts"], sms["characters"]) == (1, len(sms["body"]))


def test_a_rule_is_switched_off_here_and_bad_rules_are_refused_by_their_field(office: Office) -> None:
    path = "/notice-rules"
    version = office.ask(SECRETARY, "GET", path)["version"]
    own = {
        "id": "own-a",
        "event": "shiliu.ticket.accepted.v1",
        "audience": "dispatchers",
        "template": "emergency-order",
    }
    own |= {"category": "duty"}
    refusals = {
        "changed.0.on": {"changed": [{"id": "emergency-order", "on": False}]},
        "own.0.when.colour": {"own": [own | {"when": {"colour": ["red"]}}]},
        "own.0.when.urgency": {"own": [own | {"when": {"urgency": ["hurry"]}}]},
        "own.0.event": {"own": [own | {"event": "shiliu.ticket.vanished.v1"}]},
        "own.0.template": {"own": [own | {"template": "order-received"}]},
    }
    for field, body in refusals.items():
        assert office.refused(path, version, body)[::2] == (422, field)
    try:
        office.put(path, version, {"changed": [{"id": NAME, "template": "order-waits-for-review"}]})
        assert office.read(office.order())["title"] == "收到您的点单"
    finally:
        office.put(path, version + 1, {})


def test_a_rule_tells_by_words_of_the_communitys_own_and_they_go_when_no_rule_needs_them(office: Office) -> None:
    words = {locale: {"title": "夜里的单", "body": "{{ number }} 夜里收到了。"} for locale in ("zh-CN", "en")}
    new = {"id": "own-by-night", "event": "shiliu.ticket.accepted.v1", "audience": "requester", "texts": words}
    tried = {name: new[name] for name in ("event", "audience", "texts")}
    assert office.ask(SECRETARY, "POST", "/notice-templates/own-by-night/preview", tried)["problems"] == []
    office.ask(SECRETARY, "POST", "/notice-templates", new)
    rule = {"id": "own-by-night", "event": new["event"], "audience": "requester", "template": "own-by-night"}
    version = office.ask(SECRETARY, "GET", "/notice-rules")["version"]
    office.put("/notice-rules", version, {"own": [rule | {"category": "order"}]})
    number = office.order()
    office.read(number)

    def titles() -> set[str]:
        items = office.ask(DAUGHTER, "GET", "/inbox?limit=100")["items"]
        return {one["title"] for one in items if one["number"] == number}

    assert "夜里的单" in titles()
    with pytest.raises(Refusal) as refusal:
        office.ask(SECRETARY, "DELETE", "/notice-templates/own-by-night")
    assert (refusal.value.status, refusal.value.code) == (409, "in-use")
    office.put("/notice-rules", version + 1, {})
    office.ask(SECRETARY, "DELETE", "/notice-templates/own-by-night")
    assert "夜里的单" in titles(), "what was told by it reads as it did"
