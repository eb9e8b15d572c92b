"""The rules as each community has them, in a real database: changed, added to, refused with the field that is wrong."""

from collections.abc import Mapping
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from chassis.migrations import migrate
from chassis.settings import Settings
from contracts.actor import Actor, Grant, Role
from contracts.commands import Call
from contracts.commands.notice_words import OwnRule, ReadRuleChoices, ReadRules, SaveRules
from contracts.errors import Conflict, Invalid, Refused
from contracts.events.tickets import TicketAccepted, TicketClosed
from contracts.words import ClosedBy
from services.notify.adapters.indexes import INDEXES
from services.notify.adapters.messages import MongoMessages
from services.notify.adapters.rule_versions import MongoRuleVersions
from services.notify.adapters.rules import read_rules
from services.notify.adapters.template_versions import REMEMBERED_SECONDS
from services.notify.adapters.words_wiring import WordRooms, wire_words
from services.notify.application.notify import NotifyApplication
from services.notify.domain.category import NEVER_MUTED
from services.notify.domain.planning import messages_for
from services.notify.domain.rule_changes import pressing
from tests.builders import COMMUNITY, a_meta, an_actor, received, some_terms
from tests.fakes.clock import FixedClock
from tests.fakes.resting import FakeResting

RULES = read_rules()
ELSEWHERE = "zaoyuanli"
SECRETARY = an_actor(Role.SECRETARY, account_id="a-secretary")
NEIGHBOUR = an_actor(Role.SECRETARY, account_id="a-neighbour", community_id=ELSEWHERE)
ACCEPTED = received(TicketAccepted(terms=some_terms()))
COMPLETED = "shiliu.ticket.completed.v1"
RECEIVED, CLOSED, ALARM = "order-received", "closed", "emergency-order"


@pytest.fixture
def db(mongo: MongoClient[dict[str, Any]], settings: Settings) -> Database[dict[str, Any]]:
    database = mongo[f"{settings.db_prefix}notify"]
    migrate(database, INDEXES)
    return database


@pytest.fixture
def rooms(db: Database[dict[str, Any]]) -> WordRooms:
    return wire_words(db, RULES, FixedClock())


def own(**changes: Any) -> OwnRule:
    values: dict[str, Any] = {
        "id": "own-secretary-hears",
        "event": "shiliu.ticket.accepted.v1",
        "audience": "dispatchers",
        "template": "emergency-order",
        "category": "duty",
        "when": {"urgency": ["urgent"]},
        **changes,
    }
    return OwnRule(**values)


def read(rooms: WordRooms, actor: Actor = SECRETARY) -> Mapping[str, Any]:
    return rooms.rules.read_rules(Call(ReadRules(), a_meta(actor))).result


def save(rooms: WordRooms, *changed: dict[str, Any], actor: Actor = SECRETARY, **more: Any) -> Mapping[str, Any]:
    seen = more.pop("seen", None) or read(rooms, actor)["version"]
    command = SaveRules(changed=changed, own=more.get("own", ()), seen=seen)
    return rooms.rules.save_rules(Call(command, a_meta(actor))).result


def refusal(rooms: WordRooms, *changed: dict[str, Any], **more: Any) -> tuple[str | None, str]:
    with pytest.raises(Invalid) as refused:
        save(rooms, *changed, **more)
    assert read(rooms)["version"] == 1
    return refused.value.field, refused.value.code


def rule(found: Mapping[str, Any], id: str) -> Mapping[str, Any]:
    return next(one for one in found["rules"] if one["id"] == id)


def heard(rooms: WordRooms, event: Any, community: str = COMMUNITY) -> set[str]:
    return {message.rule for message in messages_for(rooms.rules.of(community).rules, event)}


def test_a_community_begins_with_the_rules_of_the_platform(rooms: WordRooms) -> None:
    found = read(rooms)
    assert (found["version"], found["saved_by"]) == (1, None)
    assert [one["id"] for one in found["rules"]] == [one.id for one in RULES]
    assert all(one["packaged"] and one["on"] and not one["changed"] for one in found["rules"])
    assert heard(rooms, ACCEPTED) == {RECEIVED}


def test_a_rule_that_is_switched_off_tells_nobody_here_and_everybody_elsewhere(rooms: WordRooms) -> None:
    found = save(rooms, {"id": RECEIVED, "on": False})
    assert (found["version"], found["saved_by"]) == (2, "a-secretary")
    assert (rule(found, RECEIVED)["on"], rule(found, RECEIVED)["changed"]) == (False, ["on"])
    assert heard(rooms, ACCEPTED) == set()
    assert heard(rooms, ACCEPTED, ELSEWHERE) == {RECEIVED}
    assert read(rooms, NEIGHBOUR)["version"] == 1
    save(rooms)
    assert heard(rooms, ACCEPTED) == {RECEIVED}


def test_what_a_switched_off_rule_makes_out_of_date_still_is(rooms: WordRooms) -> None:
    save(rooms, {"id": CLOSED, "on": False})
    now = {one.id: one for one in rooms.rules.of(COMMUNITY).rules}
    assert (now[CLOSED].template, bool(now[CLOSED].cancels)) == (None, True)
    closed = received(TicketClosed(by=ClosedBy.REQUESTER, answer=None, resolved=True))
    assert CLOSED not in heard(rooms, closed)


def test_urgency_reach_and_words_can_be_others(rooms: WordRooms) -> None:
    save(rooms, {"id": RECEIVED, "urgent": True, "reach": 15, "template": "order-waits-for-review"})
    (inbox, outward) = messages_for(rooms.rules.of(COMMUNITY).rules, ACCEPTED)
    assert (inbox.urgent, inbox.template, outward.channel) == (True, "order-waits-for-review", "outward")
    found = save(rooms, {"id": "order-rejected", "reach": None})
    assert rule(found, "order-rejected")["reach"] is None
    assert rule(found, RECEIVED)["changed"] == [], "what is saved is all that is changed"


def test_a_rule_of_its_own_is_told_here_alone(rooms: WordRooms) -> None:
    found = save(rooms, own=(own(when={"urgency": ["ordinary"]}),))
    assert rule(found, "own-secretary-hears")["packaged"] is False
    assert heard(rooms, ACCEPTED) == {RECEIVED, "own-secretary-hears"}
    assert heard(rooms, ACCEPTED, ELSEWHERE) == {RECEIVED}


def test_alarms_and_news_of_access_stay_on(rooms: WordRooms) -> None:
    never = [one for one in RULES if one.category in NEVER_MUTED]
    assert never
    for one in never:
        found = refusal(rooms, {"id": one.id, "on": False})
        assert found in {("changed.0.on", "never-muted"), ("changed.0.id", "not-changeable")}, one.id


NOT_CHANGED: list[tuple[dict[str, Any], str, str]] = [
    ({"id": "nothing"}, "changed.0.id", "unknown-rule"),
    ({"id": ALARM, "urgent": False}, "changed.0.urgent", "never-muted"),
    ({"id": "they-may-act", "reach": None}, "changed.0.reach", "never-muted"),
    ({"id": "they-may-act", "reach": 60}, "changed.0.reach", "never-muted"),
    ({"id": ALARM, "reach": 5}, "changed.0.reach", "nobody-to-reach"),
    ({"id": RECEIVED, "reach": -1}, "changed.0.reach", "out-of-bounds"),
    ({"id": RECEIVED, "reach": 10**9}, "changed.0.reach", "out-of-bounds"),
    ({"id": RECEIVED, "template": "nothing"}, "changed.0.template", "unknown-template"),
    ({"id": RECEIVED, "template": "order-rejected"}, "changed.0.template", "variable-not-given"),
    ({"id": "review-waits", "template": "please-help"}, "changed.0.template", "says-too-much"),
    ({"id": "how-did-it-go", "urgent": True}, "changed.0.urgent", "never-urgent"),
    ({"id": "order-rejected", "urgent": True, "reach": 0}, "changed.0.urgent", "never-urgent"),
    ({"id": "harm-received", "reach": 0}, "changed.0.id", "not-changeable"),
    ({"id": "order-over-cancelled", "on": False}, "changed.0.id", "not-changeable"),
    ({"id": RECEIVED, "audience": "dispatchers"}, "changed.0.audience", "not-changeable"),
]


def test_what_may_not_be_changed_is_named(rooms: WordRooms) -> None:
    for change, field, code in NOT_CHANGED:
        assert refusal(rooms, change) == (field, code), change


def test_a_rule_is_changed_once(rooms: WordRooms) -> None:
    twice = [{"id": RECEIVED, "reach": 1}, {"id": RECEIVED, "reach": 2}]
    assert refusal(rooms, *twice) == ("changed.1.id", "unknown-rule")


NOT_ADDED: list[tuple[dict[str, Any], str, str]] = [
    ({"id": "emergency-order"}, "own.0.id", "unusable-id"),
    ({"id": "own-"}, "own.0.id", "unusable-id"),
    ({"id": "own-A"}, "own.0.id", "unusable-id"),
    ({"event": "shiliu.ticket.vanished.v1"}, "own.0.event", "unknown-event"),
    ({"event": "shiliu.ticket.started.v1"}, "own.0.event", "unknown-event"),
    ({"event": "shiliu.harm_report.received.v1", "when": {}}, "own.0.event", "not-changeable"),
    ({"audience": "everybody"}, "own.0.audience", "unknown-audience"),
    ({"audience": "everyone"}, "own.0.audience", "tells-nobody"),
    ({"audience": "withdrawn", "template": "order-received"}, "own.0.audience", "audience-not-there"),
    ({"category": "fun"}, "own.0.category", "unknown-category"),
    ({"template": "nothing"}, "own.0.template", "unknown-template"),
    ({"template": "order-received"}, "own.0.template", "says-too-much"),
    ({"template": "returned"}, "own.0.template", "variable-not-given"),
    ({"when": {"colour": ["red"]}}, "own.0.when.colour", "unknown-field"),
    ({"when": {"urgency": ["hurry"]}}, "own.0.when.urgency", "matches-nothing"),
    ({"when": {"urgency": [None]}}, "own.0.when.urgency", "matches-nothing"),
    ({"when": {"urgency": [1]}}, "own.0.when.urgency", "matches-nothing"),
    ({"when": {"urgency": []}}, "own.0.when.urgency", "matches-nothing"),
    ({"when": {"urgency": "urgent"}}, "own.0.when.urgency", "matches-nothing"),
    ({"when": {"quiet": ["yes"]}}, "own.0.when.quiet", "matches-nothing"),
    ({"when": {"quiet": [1]}}, "own.0.when.quiet", "matches-nothing"),
    ({"when": {"area_path": ["sll-g1"]}}, "own.0.when.area_path", "matches-nothing"),
    ({"when": {"times": ["2026"]}}, "own.0.when.times", "matches-nothing"),
    ({"when": {"seats": ["1"]}}, "own.0.when.seats", "matches-nothing"),
    ({"urgent": True, "event": COMPLETED, "when": {}}, "own.0.urgent", "never-urgent"),
    ({"urgent": True, "event": COMPLETED, "when": {}, "category": "alarm"}, "own.0.urgent", "never-urgent"),
    ({"reach": 5}, "own.0.reach", "nobody-to-reach"),
    ({"before": (0,)}, "own.0.before", "out-of-bounds"),
    ({"before": (1, 2, 3, 4, 5)}, "own.0.before", "out-of-bounds"),
    ({"cancels": ("nothing",)}, "own.0.cancels", "unknown-rule"),
    ({"cancels": ("emergency-order",)}, "own.0.cancels", "never-muted"),
    ({"cancels": (RECEIVED, "harm-received")}, "own.0.cancels", "never-muted"),
    ({"audience": "public_subscribers", "when": {}}, "own.0.audience", "not-for-them"),
    ({"audience": "member_subscribers", "when": {}}, "own.0.audience", "not-for-them"),
    ({"audience": "requester", "event": "shiliu.ticket.noted.v1", "when": {}}, "own.0.audience", "not-for-them"),
    ({"audience": "holders", "event": "shiliu.ticket.review_due.v1", "when": {}}, "own.0.audience", "not-for-them"),
    ({"audience": "followers", "event": "shiliu.ticket.explained.v1", "when": {}}, "own.0.audience", "not-for-them"),
    ({"audience": "holders", "when": {"answer": ["unsatisfied"]}}, "own.0.when.answer", "not-for-them"),
    ({"audience": "crew_lead", "when": {"resolved": [False]}}, "own.0.when.resolved", "not-for-them"),
    ({"when": {"requester_id": ["a-neighbour"]}}, "own.0.when.requester_id", "about-somebody"),
    ({"when": {"beneficiary_id": [None, "p-1"]}}, "own.0.when.beneficiary_id", "about-somebody"),
    ({"when": {"number": ["NC-261121-0042"]}}, "own.0.when.number", "about-somebody"),
    ({"when": {"lead": ["m-1"]}, "group": True}, "own.0.when.lead", "about-somebody"),
]


def test_what_is_wrong_with_a_rule_of_its_own_is_named(rooms: WordRooms) -> None:
    for changes, field, code in NOT_ADDED:
        assert refusal(rooms, own=(own(**changes),)) == (field, code), changes


@pytest.mark.parametrize(
    "when",
    [
        {"part_of": [None]},
        {"requester_id": [None]},
        {"category": ["maintenance"]},
        {"quiet": [False]},
        {"seats": [1, 2]},
        {"item_id": ["water-electric"]},
        {"counter": ["given"]},
    ],
    ids=str,
)
def test_a_condition_that_can_match_is_good(rooms: WordRooms, when: dict[str, Any]) -> None:
    assert save(rooms, own=(own(when=when),))["version"] == 2


def test_a_reminder_needs_an_appointment(rooms: WordRooms) -> None:
    asked = own(event="shiliu.offer.returned.v1", when={}, before=(60,), template="returned")
    assert refusal(rooms, own=(asked,)) == ("own.0.before", "no-appointment")


def test_two_rules_of_one_name_are_refused(rooms: WordRooms) -> None:
    assert refusal(rooms, own=(own(), own())) == ("own.0.id", "unusable-id")


def test_who_did_not_see_the_newest_changes_nothing(rooms: WordRooms) -> None:
    save(rooms, {"id": RECEIVED, "reach": 5})
    with pytest.raises(Conflict, match="changed-meanwhile"):
        save(rooms, seen=1)


@pytest.mark.parametrize("role", [Role.DISPATCHER, Role.DUTY, Role.RESIDENT, Role.MEMBER])
def test_only_secretaries_keep_rules(rooms: WordRooms, role: Role) -> None:
    with pytest.raises(Refused):
        read(rooms, an_actor(role))
    with pytest.raises(Refused):
        save(rooms, actor=an_actor(role), seen=1)
    beside = an_actor(Role.SECRETARY, grants=(Grant(Role.SECRETARY, "sll-g1"),))
    with pytest.raises(Refused):
        read(rooms, beside)


def test_planning_asks_its_memory_and_another_process_hears_within_seconds(db: Database[Any], rooms: WordRooms) -> None:
    now = 0.0
    elsewhere = MongoRuleVersions(db, RULES, lambda: now)
    assert elsewhere.holding(COMMUNITY).version == 1
    save(rooms, {"id": RECEIVED, "on": False})
    assert elsewhere.holding(COMMUNITY).version == 1
    now += REMEMBERED_SECONDS
    assert elsewhere.holding(COMMUNITY).version == 2
    first = rooms.rules.of(COMMUNITY)
    assert rooms.rules.of(COMMUNITY) is first, "worked out once"


def test_two_processes_that_start_together_import_the_platform_s_rules_once(db: Database[Any]) -> None:
    first, second = (MongoRuleVersions(db, RULES) for _ in range(2))
    assert second.newest(COMMUNITY).version == 1
    (row,) = db["rule_versions"].find()
    first._import(row["digest"])
    assert first.newest(COMMUNITY).version == 1
    assert db["rule_versions"].count_documents({}) == 1


def test_a_message_knows_the_rules_and_the_words_it_was_planned_with(db: Database[Any], rooms: WordRooms) -> None:
    save(rooms, {"id": RECEIVED, "urgent": True})
    app = NotifyApplication(
        rules=rooms.rules,
        messages=MongoMessages(db),
        templates=rooms.words,
        resting=FakeResting(),
        clock=FixedClock(),
    )
    app.notify([ACCEPTED])
    (row,) = db["messages"].find()
    assert (row["rules_version"], row["version"], row["urgent"]) == (2, 1, True)


def test_the_platforms_rules_are_stored_once_for_each_of_their_forms(db: Database[Any], rooms: WordRooms) -> None:
    read(rooms)
    MongoRuleVersions(db, RULES).newest(COMMUNITY)
    assert db["rule_versions"].count_documents({}) == 1
    assert MongoRuleVersions(db, RULES[:-1]).newest(COMMUNITY).version == 2
    assert read(rooms)["version"] == 1


def test_what_a_rule_may_be_made_of_is_told(rooms: WordRooms) -> None:
    found = rooms.rules.read_choices(Call(ReadRuleChoices(), a_meta(SECRETARY))).result
    accepted = next(one for one in found["events"] if one["event"] == "shiliu.ticket.accepted.v1")
    values = {field["name"]: field["values"] for field in accepted["fields"]}
    assert values["urgency"] == ["emergency", "urgent", "ordinary", "wish"]
    assert values["quiet"] == [True, False]
    assert "number" in accepted["variables"]
    assert {"audience": "dispatchers", "grade": "staff"} in found["audiences"]
    assert "everyone" not in {one["audience"] for one in found["audiences"]}


def test_what_the_platform_tells_at_any_hour_may_be_urgent_here_too(rooms: WordRooms) -> None:
    found = save(rooms, {"id": "please-help", "urgent": True}, own=(own(urgent=True, category="order"),))
    assert (rule(found, "please-help")["urgent"], rule(found, "own-secretary-hears")["urgent"]) == (True, True)
    assert {one.event for one in RULES if one.urgent} <= pressing({one.id: one for one in RULES})
