"""A complaint: whom it is about, their team, who leads or reports to them learn nothing of it, in no room of the house.

Each way of looking is tried by somebody for whom it works, too: else a test would pass that asks wrongly.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from chassis.settings import Settings
from contracts.actor import Actor, Grant, Role
from contracts.events.masters import AreaPublished, MemberPublished, TeamPublished
from contracts.words import Employment, Text
from gateway.stream.subscriber import Subscriber
from services.tickets.adapters.codecs import AreaCodec
from services.volunteers.adapters.codecs import MemberCodec, TeamCodec
from services.volunteers.domain.team import Team
from tests.builders import COMMUNITY, a_member_actor, an_actor
from tests.services.permissions.people import GRID, OTHER_GRID, json_of
from tests.services.permissions.rows.orders import ORDER, REASON
from tests.services.permissions.town import Town, a_town
from tests.unit.tickets.builders import a_grid
from tests.unit.volunteers.builders import a_member

pytestmark = pytest.mark.xdist_group("conflict")
API = "/api/v1"
REPORTER = an_actor(Role.RESIDENT, account_id="a-reporter")
DESK = an_actor(Role.DISPATCHER, account_id="a-desk")
TEAM = ("subject", "mate", "lead", "deputy")
COLLEAGUE = "colleague"


def staff_who_is(member: str, role: Role = Role.DISPATCHER) -> Actor:
    """A member's own account that dispatches in the whole community, too."""
    grants = (Grant(Role.MEMBER), Grant(role))
    return replace(a_member_actor(member), account_id=f"m-{member}", grants=grants)


def officer_of(area: str, role: Role = Role.DISPATCHER) -> Actor:
    return an_actor(role, account_id=f"a-officer-{area}", grants=(Grant(role, area),))


@pytest.fixture(scope="module")
def town(house_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The town with a team of duty staff, one of whom will be complained about, and somebody who is of no team."""
    with a_town(house_settings, tmp_path_factory.mktemp("conflict"), "conflict_") as town:
        for name in (*TEAM, COLLEAGUE):
            duty = a_member(name, employment=Employment.DUTY, skills=(), capacity=50, roles=("duty",))
            belongs = ("crew",) if name in ("subject", "mate") else ()
            home = OTHER_GRID if name == COLLEAGUE else GRID
            town.publish(
                "volunteers", MemberCodec(), replace(duty, team_ids=belongs, home_area=home), MemberPublished()
            )
        crew = Team(id="crew", community_id=COMMUNITY, name=Text("物业", "Property"), kind="property", area=GRID)
        crew = replace(crew, lead="lead", deputy="deputy", member_ids=("mate",))
        town.publish("volunteers", TeamCodec(), crew, TeamPublished())
        house = replace(a_grid(), id="house", kind="building", parent=GRID, path=(*a_grid().path, "house"))
        town.publish("tickets", AreaCodec(), house, AreaPublished())
        yield town


def complain(town: Town, kind: str, id: str | None, **more: Any) -> str:
    body = {**ORDER, "item_id": "complaint", "subject_kind": kind, "subject_id": id, **more}
    return str(town.do(REPORTER, "/tickets", body)["id"])


def accepted(town: Town, kind: str = "member", id: str | None = "subject") -> str:
    ticket = complain(town, kind, id)
    town.do(DESK, f"/tickets/{ticket}/accept")
    return ticket


@pytest.fixture(scope="module")
def about_one(town: Town) -> str:
    """A complaint about a member that somebody works at; nobody in these tests changes it."""
    return accepted(town)


@pytest.fixture(scope="module")
def about_grid(town: Town) -> str:
    return accepted(town, "area", GRID)


@pytest.fixture(scope="module")
def waiting(town: Town) -> str:
    """A complaint about a member that nobody has accepted yet."""
    return complain(town, "member", "subject")


Look = Callable[[Town, Actor, str], bool]


def _in_page(path: str, field: str = "id", name: str = "items") -> Look:
    def look(town: Town, who: Actor, ticket: str) -> bool:
        answer = json_of(town.ask("GET", API + path, who))
        return ticket in [entry[field] for entry in answer[name]]

    return look


def _there(path: str) -> Look:
    return lambda town, who, ticket: town.ask("GET", API + path.format(ticket), who).status_code == 200


def _polled(town: Town, who: Actor, ticket: str) -> bool:
    since = int((time.time() - 600) * 1000)
    frames = json_of(town.ask("GET", f"{API}/events?wait=0&after=@{since}", who))["frames"]
    return ticket in [frame["subject"] for frame in frames]


def _unread_counts(town: Town, who: Actor, ticket: str) -> bool:
    """Does the figure of what is unread tell that there is something of it?"""
    messages = town.resources["notify"].db["messages"]
    unread = json_of(town.ask("GET", f"{API}/inbox", who))["unread"]
    hidden = messages.find({"thread": ticket}).to_list()
    messages.delete_many({"thread": ticket})
    without = json_of(town.ask("GET", f"{API}/inbox", who))["unread"]
    messages.insert_many(hidden)
    return bool(unread != without)


LOOKS: dict[str, Look] = {
    "list": _in_page("/tickets?limit=200"),
    "by item": _in_page("/tickets?item=complaint&limit=200"),
    "in the area": _in_page(f"/tickets?area={GRID}&limit=200"),
    "board": _in_page("/demands?status=open,claim,filled,unserved&limit=200"),
    "order": _there("/tickets/{}"),
    "timeline": _there("/tickets/{}/timeline"),
    "reveals": _there("/tickets/{}/reveals"),
    "deliveries": _there("/tickets/{}/deliveries"),
    "inbox": _in_page("/inbox?limit=100", "ticket_id"),
    "unread": _unread_counts,
    "poll": _polled,
}
STEPS: dict[str, Any] = {
    "accept": {},
    "reject": {"reason_code": "not_ours", "go_to": "property"},
    "complete": {"result": "solved"},
    "confirm": {"answer": "satisfied", "solved": True},
    "rework": {},
    "redispatch": {},
    "cancel": {"reason_code": "not_ours", "go_to": "property"},
    "reveals": REASON,
    "reporter": REASON,
    "cash-slips": {"out_fen": 100},
    "cash-slips/1/return": {"spent_fen": 0, "change_fen": 100},
    "cash-slips/1/confirm": {},
}


@pytest.mark.parametrize("name", LOOKS)
def test_who_is_recused_sees_nothing_whatever_their_role(town: Town, about_one: str, name: str) -> None:
    look, ticket = LOOKS[name], about_one
    assert look(town, DESK, ticket), "a dispatcher who is not concerned sees it"
    assert look(town, staff_who_is(COLLEAGUE), ticket), "so does one who is a member of no such team"
    for member in TEAM:
        assert not look(town, staff_who_is(member), ticket), member


@pytest.mark.parametrize("name", LOOKS)
def test_a_complaint_about_an_area_is_not_for_its_staff(town: Town, about_grid: str, name: str) -> None:
    look, ticket = LOOKS[name], about_grid
    assert look(town, DESK, ticket)
    both = replace(officer_of(GRID), grants=(Grant(Role.DISPATCHER, GRID), Grant(Role.DISPATCHER, "sll")))
    for who in (officer_of(GRID), officer_of("house"), staff_who_is("lead"), both):
        assert not look(town, who, ticket), who


@pytest.mark.parametrize("step", STEPS)
def test_who_is_recused_does_nothing_with_it(town: Town, about_one: str, waiting: str, step: str) -> None:
    ticket = waiting if step in ("accept", "reject") else about_one
    before = town.traces()
    for member in TEAM:
        path = f"{API}/tickets/{ticket}/{step}"
        refused = town.ask("POST", path, staff_who_is(member, Role.ADMIN), STEPS[step])
        missing = town.ask("POST", path.replace(ticket, "nothing-there"), staff_who_is(member, Role.ADMIN), STEPS[step])
        assert refused.status_code == 404, refused.text
        assert json_of(refused) | {"instance": ""} == json_of(missing) | {"instance": ""}
    assert town.traces() == before


def test_nobody_of_theirs_is_asked_and_a_claim_finds_nothing(town: Town) -> None:
    ticket = accepted(town)
    demand = town.resources["volunteers"].db["demands"].find_one({"_id": ticket})
    asked = {offer["member_id"] for offer in demand["offers"]}
    assert asked
    assert not asked & set(TEAM)
    while town.get(DESK, f"/tickets/{ticket}")["demand"]["status"] == "open":
        town.elapse(hours=13)
    for member in TEAM:
        claimant = replace(a_member_actor(member), account_id=f"m-{member}")
        assert not _in_page("/demands?status=claim&limit=200")(town, claimant, ticket)
        assert not _there("/tickets/{}")(town, claimant, ticket)
        assert town.ask("POST", f"{API}/demands/{ticket}/claim", claimant).status_code == 404
        assert not _polled(town, claimant, ticket), "not even that it is open to claims"
    volunteer = a_member_actor(COLLEAGUE)
    assert _in_page("/demands?status=claim&limit=200")(town, volunteer, ticket)
    assert _polled(town, volunteer, ticket)


def test_what_is_heard_live_is_cut_like_what_is_replayed(town: Town) -> None:
    fanout = town.app.extensions["shiliu"].fanout
    people = {"desk": DESK, "colleague": staff_who_is(COLLEAGUE), "reporter": REPORTER} | {
        member: staff_who_is(member) for member in TEAM
    }
    listening: dict[str, Subscriber] = {name: fanout.subscribe(who) for name, who in people.items()}
    ticket = accepted(town)
    for stored in town.resources["gateway"].db["stream"].find({"frame.subject": ticket}):
        fanout.deliver(stored)
    heard = {name: bool(subscriber.take(0.0)[1]) for name, subscriber in listening.items()}
    for subscriber in listening.values():
        fanout.unsubscribe(subscriber)
    assert heard == {name: name not in TEAM for name in people}


def test_a_complaint_about_a_team_recuses_its_people_and_one_about_nobody_of_ours_nobody(town: Town) -> None:
    about_team = accepted(town, "team", "crew")
    assert [_there("/tickets/{}")(town, staff_who_is(member), about_team) for member in (*TEAM, COLLEAGUE)] == [
        False,
        False,
        False,
        False,
        True,
    ]
    about_others = accepted(town, "other", None)
    assert all(_there("/tickets/{}")(town, staff_who_is(member), about_others) for member in (*TEAM, COLLEAGUE))


def test_who_complains_about_a_team_mate_keeps_their_own_complaint(town: Town) -> None:
    mate = replace(a_member_actor("mate"), account_id="m-mate")
    body = {**ORDER, "item_id": "complaint", "subject_kind": "member", "subject_id": "subject"}
    ticket = town.do(mate, "/tickets", body)["id"]
    for name in ("list", "order", "timeline", "reveals", "poll"):
        assert LOOKS[name](town, mate, ticket), name
    assert _in_page("/tickets?limit=200")(town, staff_who_is("mate"), ticket), "as staff, too"
    assert not _there("/tickets/{}")(town, staff_who_is("subject"), ticket)


@pytest.mark.parametrize("member", TEAM)
def test_who_is_complained_about_does_not_take_the_complaint_down(town: Town, member: str) -> None:
    body = {**ORDER, "item_id": "complaint", "subject_kind": "member", "subject_id": "subject", "origin": "phone"}
    refused = town.ask("POST", f"{API}/tickets", staff_who_is(member), body)
    assert (refused.status_code, json_of(refused)["code"]) == (403, "own-case")


def test_it_starts_with_a_dispatcher(town: Town) -> None:
    ticket = complain(town, "member", "subject")
    officer = an_actor(Role.DUTY, account_id="a-duty")
    assert town.get(DESK, f"/tickets/{ticket}")["status"] == "submitted"
    for step in ("accept", "reject"):
        assert town.ask("POST", f"{API}/tickets/{ticket}/{step}", officer, STEPS[step]).status_code == 403
    assert town.do(DESK, f"/tickets/{ticket}/accept")["status"] == "accepted"


def test_danger_waits_for_nobody_and_needs_no_name(town: Town) -> None:
    body = {**ORDER, "item_id": "complaint", "description": "插座冒火花"}
    shown = town.do(REPORTER, "/tickets", body)
    assert (shown["status"], shown["urgency"], shown["subject"]["kind"]) == ("accepted", "emergency", "other")


def test_who_made_it_is_hidden_from_who_handles_it_and_a_look_is_told(town: Town) -> None:
    beneficiary = {"name": "阿依古丽·买买提", "phone": "000-1111-2222", "address": "1号楼2单元301"}
    ticket = complain(town, "member", "subject", beneficiary=beneficiary)
    town.do(DESK, f"/tickets/{ticket}/accept")
    town.do(REPORTER, f"/tickets/{ticket}/reveals")
    shown = town.get(DESK, f"/tickets/{ticket}")
    assert (shown["requester_id"], shown["beneficiary_id"]) == (None, None)
    assert shown["subject"] == {"kind": "member", "id": "subject"}
    private = town.do(DESK, f"/tickets/{ticket}/reveals", REASON)
    assert (private["description"], private["beneficiary"], private["area_id"]) == (ORDER["description"], None, None)
    seen_by_staff = town.get(DESK, f"/tickets/{ticket}/reveals")["reveals"]
    assert REPORTER.account_id not in str(seen_by_staff)
    assert REPORTER.account_id not in str(town.get(DESK, f"/tickets/{ticket}/timeline"))

    no_reason = town.ask("POST", f"{API}/tickets/{ticket}/reporter", DESK, {"reason": " "})
    assert (no_reason.status_code, json_of(no_reason)["code"]) == (403, "reason-needed")
    told = town.do(DESK, f"/tickets/{ticket}/reporter", REASON)
    assert (told["requester_id"], told["beneficiary"]["phone"]) == (REPORTER.account_id, "000-1111-2222")
    rows = town.get(REPORTER, f"/tickets/{ticket}/reveals")["reveals"]
    assert ("a-desk", "reporter", REASON["reason"]) in [(row["account_id"], row["part"], row["reason"]) for row in rows]
    inbox = town.get(REPORTER, "/inbox?limit=5")["items"]
    assert "查看了您是谁" in inbox[0]["title"]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"item_id": "complaint"}, "subject-needed"),
        ({"item_id": "complaint", "subject_kind": "member"}, "subject-id"),
        ({"item_id": "complaint", "subject_kind": "other", "subject_id": "subject"}, "subject-id"),
        ({"item_id": "complaint", "subject_kind": "member", "subject_id": "nobody"}, "unknown-subject"),
        ({"item_id": "complaint", "subject_kind": "team", "subject_id": "subject"}, "unknown-subject"),
        ({"item_id": "complaint", "subject_kind": "area", "subject_id": "nowhere"}, "unknown-subject"),
        ({"item_id": "complaint", "nature": "help"}, "subject-needed"),
        ({"subject_kind": "member", "subject_id": "subject"}, "no-complaint"),
    ],
)
def test_a_complaint_names_somebody_and_nothing_else_does(town: Town, more: dict[str, str], code: str) -> None:
    refused = town.ask("POST", f"{API}/tickets", REPORTER, {**ORDER, **more})
    assert (refused.status_code, json_of(refused)["code"]) == (422, code)


def test_nobody_is_asked_to_do_what_they_ordered_themselves(town: Town) -> None:
    worker = replace(a_member_actor("m1"), account_id="m-m1")
    ticket = town.do(worker, "/tickets", ORDER)["id"]
    demand = town.resources["volunteers"].db["demands"].find_one({"_id": ticket})
    assert "m1" not in {offer["member_id"] for offer in demand["offers"]}
    refused = town.ask("POST", f"{API}/demands/{ticket}/claim", worker)
    assert (refused.status_code, json_of(refused)["code"]) == (409, "not-qualified")


@pytest.mark.parametrize("stage", ["asked", "taken", "arrived", "done and to be done again"])
def test_who_joins_the_team_later_gives_way_and_knows_nothing_from_then_on(town: Town, stage: str) -> None:
    name = f"late{len(stage)}"
    crew = Team(id=name, community_id=COMMUNITY, name=Text("新队", "New"), kind="team", area=GRID, lead="subject")
    town.keep_team(crew)
    ticket = accepted(town, "team", name)
    asked = town.resources["gateway"].db["offers"].find_one({"offer.demand_id": ticket, "offer.status": "open"})
    member = asked["offer"]["member_id"]
    worker = a_member_actor(member)
    if stage != "asked":
        seat = town.do(worker, f"/offers/{asked['_id']}/accept")["assignment_id"]
        if stage != "taken":
            town.do(worker, f"/assignments/{seat}/arrive")
        if stage.startswith("done"):
            town.do(worker, f"/tickets/{ticket}/complete", {"result": "solved"})
    assert _there("/tickets/{}")(town, worker, ticket)
    town.keep_team(replace(crew, member_ids=(member,)))
    if stage.startswith("done"):
        town.do(REPORTER, f"/tickets/{ticket}/rework")
    assert not _there("/tickets/{}")(town, worker, ticket)
    demand = town.resources["volunteers"].db["demands"].find_one({"_id": ticket})
    open_offers = [offer["member_id"] for offer in demand["offers"] if offer["status"] == "open"]
    holders = [take["member_id"] for take in demand["takes"] if take["released"] is None]
    assert member not in open_offers + holders
    assert open_offers, "somebody else is asked"
    assert town.get(DESK, f"/tickets/{ticket}")["status"] == "accepted"
    assert town.resources["volunteers"].db["members"].find_one({"_id": member, "holding": {"$regex": ticket}}) is None


def test_who_leaves_the_team_is_not_let_in_again(town: Town) -> None:
    crew = Team(
        id="left", community_id=COMMUNITY, name=Text("队", "Team"), kind="team", area=GRID, member_ids=("mate",)
    )
    town.keep_team(crew)
    ticket = accepted(town, "team", "left")
    town.keep_team(replace(crew, member_ids=()))
    assert not _there("/tickets/{}")(town, staff_who_is("mate"), ticket)


def test_who_joins_the_team_when_it_is_done_no_longer_finds_their_seat(town: Town) -> None:
    """Found broken: the list of one's seats did not ask whose case it is."""
    crew = Team(id="done", community_id=COMMUNITY, name=Text("新队", "New"), kind="team", area=GRID, lead="subject")
    town.keep_team(crew)
    ticket = accepted(town, "team", "done")
    asked = town.resources["gateway"].db["offers"].find_one({"offer.demand_id": ticket, "offer.status": "open"})
    worker = a_member_actor(asked["offer"]["member_id"])
    seat = town.do(worker, f"/offers/{asked['_id']}/accept")["assignment_id"]
    town.do(worker, f"/assignments/{seat}/arrive")
    town.do(worker, f"/tickets/{ticket}/complete", {"result": "solved"})
    seats = _in_page("/assignments?limit=200", "ticket_id")
    assert seats(town, worker, ticket)
    town.keep_team(replace(crew, member_ids=(asked["offer"]["member_id"],)))
    assert not seats(town, worker, ticket)
    assert town.ask("GET", f"{API}/assignments/{seat}", worker).status_code == 404
