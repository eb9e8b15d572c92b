"""What happens in the small world: orders that end in every way there is."""

from datetime import UTC, datetime, timedelta
from typing import Any

from contracts.actor import Actor, Role
from contracts.events.masters import (
    AreaPublished,
    CatalogueItemPublished,
    CommunityPublished,
    MemberPublished,
    TeamPublished,
)
from contracts.terms import SkillNeed
from contracts.words import Text
from services.tickets.adapters.codecs import AreaCodec, CommunityCodec, ItemCodec
from services.volunteers.adapters.codecs import MemberCodec, TeamCodec
from services.volunteers.domain.team import Team
from tests.builders import COMMUNITY, a_member_actor, an_actor
from tests.system.auditing.house import House
from tests.system.auditing.scenes_of_counter import one_visit, settle_counter
from tests.system.auditing.scenes_of_harm import reported
from tests.system.auditing.scenes_of_ladder import called, settle_company
from tests.system.auditing.scenes_of_ledger import waits_for_parts
from tests.system.auditing.scenes_of_merging import one_for_two
from tests.system.auditing.scenes_of_pleas import wrote_for_help
from tests.unit.tickets.builders import a_building, a_community, a_grid, a_street, an_item
from tests.unit.volunteers.builders import a_member

RESIDENT = an_actor(Role.RESIDENT)
DISPATCHER = an_actor(Role.DISPATCHER)
SECRETARY = an_actor(Role.SECRETARY)
PLUMBING = (SkillNeed("water_electric", 1),)
SOLVED = {"result": "solved"}
HAPPY = {"answer": "satisfied", "solved": True}
PLACE = {"area_id": "heping-1", "description": "龙头滴水"}
Order = dict[str, Any]


def settle_webhook(house: House) -> None:
    """Another system hears of every order, as a dispatcher asked for it. Nobody sends anything in the small world."""
    keeper = an_actor(Role.DISPATCHER, account_id="a-hooks")
    own = {"login": "hooks", "grants": [{"role": "dispatcher", "area_id": None}]}
    house.resources["gateway"].db["accounts"].insert_one({"_id": "a-hooks", "community_id": COMMUNITY, "own": own})
    house.post(keeper, "/webhooks", {"url": "http://127.0.0.1:9/hook", "event_types": ["shiliu.ticket.*"]})
    # As if it had been there for long: the audit allows for clocks that differ by seconds, and this is all in one.
    early = datetime.now(UTC) - timedelta(hours=1)
    house.resources["notify"].db["webhook_endpoints"].update_many({}, {"$set": {"hears_from": early}})


def settle_in(house: House) -> None:
    """Who hears from outside, places, things that can be ordered, and people."""
    settle_webhook(house)
    house.publish("tickets", CommunityCodec(), a_community(), CommunityPublished())
    for area in (a_street(), a_grid(), a_building()):
        house.publish("tickets", AreaCodec(), area, AreaPublished())
    asked_first = an_item(id="asked-first", code="X1", review=True, skills=PLUMBING)
    nobodys = an_item(id="nobodys", code="X2", skills=(SkillNeed("alchemy", 3),))
    for item in (an_item(skills=PLUMBING), asked_first, nobodys):
        house.publish("tickets", ItemCodec(), item, CatalogueItemPublished())
    for number in range(1, 6):
        member = a_member(f"m{number}", capacity=3)
        house.publish("volunteers", MemberCodec(), member, MemberPublished())
    team = Team(id="t1", community_id=COMMUNITY, name=Text("银发先锋", "Silver"), kind="team", area="sll-g1", lead="m1")
    house.publish("volunteers", TeamCodec(), team, TeamPublished())
    settle_company(house)
    settle_counter(house)


def play(house: House) -> dict[str, str]:
    """All scenes; gives the ids of their orders by name."""
    orders = {
        "closed": taken_by_the_second(house),
        "crew": crew_of_two(house),
        "emergency": redispatched_emergency(house),
        "unserved": nobody_can(house),
        "rejected": turned_away(house),
        "withdrawn": withdrawn_before_review(house),
        "callback": nobody_to_ask(house),
        "reviewed": taken_on_and_kept_silent(house),
        "ended": ended_by_staff(house),
        "upstream": passed_on_by_upstream(house),
        "waited": waited_for_parts(house),
        "called": called(house),
        **done_together(house),
        **seen_at_the_counter(house),
    }
    reported(house, orders["closed"])
    wrote_for_help(house)
    house.get(RESIDENT, f"/tickets/{orders['closed']}")
    house.post(a_member_actor("m2"), "/members/m2/duty", {"on_duty": False})
    house.deliver()
    return orders


def passed_on_by_upstream(house: House) -> str:
    """The hotline passes one on, and once more; staff turn it away, and the hotline is to hear of it."""
    passed = {
        "origin": "upstream",
        "external": {"system": "12345", "number": "JB-1", "deadline": "2026-12-01T10:00:00Z"},
    }
    order = house.post(DISPATCHER, "/tickets", {"item_id": "asked-first", **passed, **PLACE})["id"]
    house.post(DISPATCHER, "/tickets", {"item_id": "asked-first", **passed, **PLACE, "description": "又来电催问"})
    house.post(DISPATCHER, f"/tickets/{order}/reject", {"reason_code": "not_ours", "go_to": "gas_company"})
    house.elapse(minutes=1)
    return str(order)


def taken_by_the_second(house: House) -> str:
    """The first says no; the second does it."""
    order = house.post(RESIDENT, "/tickets", {"item_id": "tap-and-lamp", **PLACE})["id"]
    house.elapse(minutes=2)
    [first] = _open_offers(house, order)
    house.post(a_member_actor(first["member_id"]), f"/offers/{first['id']}/decline")
    member, seat = _accept(house, order)
    house.post(member, f"/tickets/{order}/reveals")
    house.elapse(minutes=20)
    house.post(member, f"/assignments/{seat}/arrive")
    house.post(member, f"/tickets/{order}/complete", SOLVED)
    house.post(RESIDENT, f"/tickets/{order}/confirm", HAPPY)
    return str(order)


def crew_of_two(house: House) -> str:
    """One gives back, another claims, one leaves early; once more; then silence."""
    order = house.post(RESIDENT, "/tickets", {"item_id": "tap-and-lamp", "seats": 2, **PLACE})["id"]
    (first, seat), (second, other) = _accept(house, order), _accept(house, order)
    house.post(second, f"/assignments/{other}/release")
    while _open_offers(house, order):
        house.elapse(hours=13)
    third = a_member_actor(_not_yet(house, order))
    other = house.post(third, f"/demands/{order}/claim")["id"]
    for member, taken in ((first, seat), (third, other)):
        house.post(member, f"/assignments/{taken}/arrive")
    house.post(third, f"/assignments/{other}/leave")
    house.post(DISPATCHER, f"/tickets/{order}/complete", SOLVED)
    house.elapse(hours=1)
    house.post(RESIDENT, f"/tickets/{order}/rework", {"note": "还在滴"})
    house.post(first, f"/assignments/{seat}/arrive")
    house.post(first, f"/tickets/{order}/complete", SOLVED)
    house.elapse(days=4)
    return str(order)


def redispatched_emergency(house: House) -> str:
    """Several are asked at once; others are looked for; staff end it in the end."""
    asked = {"item_id": "tap-and-lamp", "origin": "phone", "urgency": "emergency", **PLACE}
    order = house.post(DISPATCHER, "/tickets", asked)["id"]
    _accept(house, order)
    house.elapse(minutes=1)
    house.post(DISPATCHER, f"/tickets/{order}/redispatch")
    _accept(house, order)
    house.post(DISPATCHER, f"/tickets/{order}/cancel", {"reason_code": "not_needed", "go_to": "property"})
    return str(order)


def nobody_can(house: House) -> str:
    """No member has the skill: an open claim, an alarm, an end by staff."""
    person = {"name": "古丽", "phone": "000-0000-0001"}
    order = house.post(
        DISPATCHER, "/tickets", {"item_id": "nobodys", "origin": "phone", "beneficiary": person, **PLACE}
    )
    house.elapse(days=2)
    assert house.get(DISPATCHER, f"/tickets/{order['id']}")["demand"]["status"] == "unserved"
    house.post(DISPATCHER, f"/tickets/{order['id']}/cancel", {"reason_code": "nobody", "go_to": "property"})
    return str(order["id"])


def turned_away(house: House) -> str:
    """Not the community's."""
    order = house.post(RESIDENT, "/tickets", {"item_id": "asked-first", **PLACE})["id"]
    house.post(DISPATCHER, f"/tickets/{order}/reject", {"reason_code": "not_ours", "go_to": "gas_company"})
    return str(order)


def withdrawn_before_review(house: House) -> str:
    """Whoever ordered it thinks better of it."""
    order = house.post(RESIDENT, "/tickets", {"item_id": "asked-first", **PLACE})["id"]
    house.post(RESIDENT, f"/tickets/{order}/cancel", {"reason_code": "no_longer_needed"})
    return str(order)


def nobody_to_ask(house: House) -> str:
    """An elder without an account: a callback comes due, and staff who did not complete it confirm."""
    asked = {"item_id": "tap-and-lamp", "origin": "phone", "beneficiary": {"name": "王奶奶"}, **PLACE}
    order = house.post(DISPATCHER, "/tickets", asked)["id"]
    member, seat = _accept(house, order)
    house.post(member, f"/assignments/{seat}/arrive")
    house.post(member, f"/tickets/{order}/complete", SOLVED)
    house.elapse(days=2)
    house.post(SECRETARY, f"/tickets/{order}/confirm", HAPPY)
    return str(order)


def taken_on_and_kept_silent(house: House) -> str:
    """Accepted after review; two of the same key are one."""
    order = house.post(RESIDENT, "/tickets", {"item_id": "asked-first", **PLACE}, key="same")["id"]
    again = house.post(RESIDENT, "/tickets", {"item_id": "asked-first", **PLACE}, key="same")["id"]
    assert order == again
    house.post(DISPATCHER, f"/tickets/{order}/accept")
    member, seat = _accept(house, order)
    house.post(member, f"/assignments/{seat}/arrive")
    house.post(member, f"/tickets/{order}/complete", SOLVED)
    house.elapse(days=4)
    return str(order)


def ended_by_staff(house: House) -> str:
    """Staff say where to go instead."""
    order = house.post(RESIDENT, "/tickets", {"item_id": "tap-and-lamp", **PLACE})["id"]
    house.post(DISPATCHER, f"/tickets/{order}/cancel", {"reason_code": "not_ours", "go_to": "property"})
    return str(order)


def waited_for_parts(house: House) -> str:
    """It was on hold for a while."""
    order = house.post(RESIDENT, "/tickets", {"item_id": "tap-and-lamp", **PLACE})["id"]
    member, _ = _accept(house, order)
    return waits_for_parts(house, order, RESIDENT, member)


def seen_at_the_counter(house: House) -> dict[str, str]:
    """An order that the counter owns, with a part that is done and one that is off."""
    return one_visit(house, RESIDENT, lambda order: _accept(house, order)[0])


def done_together(house: House) -> dict[str, str]:
    """Two orders about one thing."""

    def place(resident: Actor) -> str:
        return str(house.post(resident, "/tickets", {"item_id": "tap-and-lamp", **PLACE})["id"])

    return one_for_two(house, place, lambda order: _accept(house, order)[0])


def _open_offers(house: House, order: str) -> list[Order]:
    demand = house.resources["volunteers"].db["demands"].find_one({"_id": order}) or {}
    return [{"id": offer["id"], **offer} for offer in demand["offers"] if offer["status"] == "open"]


def _accept(house: House, order: str) -> tuple[Actor, str]:
    offer = _open_offers(house, order)[0]
    member = a_member_actor(offer["member_id"])
    answer = house.post(member, f"/offers/{offer['id']}/accept")
    return member, str(answer["assignment_id"])


def _not_yet(house: House, order: str) -> str:
    demand = house.resources["volunteers"].db["demands"].find_one({"_id": order}) or {}
    people = {take["member_id"] for take in demand["takes"]}
    return next(f"m{number}" for number in range(1, 6) if f"m{number}" not in people)
