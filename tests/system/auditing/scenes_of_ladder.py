"""A company is called, is late, signs in and does it; the order goes up meanwhile."""

from dataclasses import replace

from contracts.actor import Role
from contracts.events.masters import AreaPublished, MemberPublished, TeamPublished
from contracts.words import Employment, Text
from services.tickets.adapters.codecs import AreaCodec
from services.volunteers.adapters.codecs import MemberCodec, TeamCodec
from services.volunteers.domain.team import Team
from tests.builders import COMMUNITY, a_member_actor, an_actor
from tests.system.auditing.house import House
from tests.unit.tickets.builders import a_street
from tests.unit.volunteers.builders import a_member

GAS, GASMAN = "gas", "q1"
RESIDENT = an_actor(Role.RESIDENT)
DISPATCHER = an_actor(Role.DISPATCHER)
SOLVED = {"result": "solved"}


def settle_company(house: House) -> None:
    """A block over the grid, and a company that may be called."""
    block = replace(a_street(), id="centre", kind="block", path=("centre",), parent=None, covers=("sll-g1",))
    house.publish("tickets", AreaCodec(), block, AreaPublished())
    gasman = a_member(GASMAN, employment=Employment.PROPERTY, skills=())
    house.publish("volunteers", MemberCodec(), gasman, MemberPublished())
    team = Team(
        id=GAS, community_id=COMMUNITY, name=Text("燃气公司", "Gas"), kind="utility", area="sll-g1", lead=GASMAN
    )
    house.publish("volunteers", TeamCodec(), replace(team, member_ids=(GASMAN,)), TeamPublished())


def called(house: House) -> str:
    """It gives it back once, is called again, is warned and late; then it does it, and the order is at the chiefs'."""
    order = str(
        house.post(RESIDENT, "/tickets", {"item_id": "nobodys", "area_id": "heping-1", "description": "漏"})["id"]
    )
    company, here = a_member_actor(GASMAN), f"/tickets/{order}/whistles"
    house.post(DISPATCHER, here, {"teams": [GAS]})
    house.post(company, f"{here}/{GAS}/return", {"reason_code": "not_ours"})
    house.post(DISPATCHER, here, {"teams": [GAS], "note": "就是归他们"})
    house.elapse(minutes=100)
    house.elapse(hours=1)
    house.post(company, f"{here}/{GAS}/sign-in")
    house.post(DISPATCHER, f"/tickets/{order}/escalate", {"reason": "joint", "to": "block_chief"})
    house.post(company, f"{here}/{GAS}/contact", {"note": "约了下午"})
    house.post(company, f"{here}/{GAS}/report", SOLVED)
    house.post(DISPATCHER, f"/tickets/{order}/complete", SOLVED)
    house.post(RESIDENT, f"/tickets/{order}/confirm", {"answer": "satisfied", "solved": True})
    return order
