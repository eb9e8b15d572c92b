"""The ladder on real brokers: blocks and teams as they are stored, deadlines as they fire, departments that answer."""

from typing import Any

import pytest

from chassis.publisher import Publisher
from contracts.actor import Grant, Role
from contracts.commands.ladder import EscalateTicket, MakeContact, ReportWhistle, SignInWhistle, WhistleTeams
from contracts.commands.tickets import ReadPrivate
from contracts.errors import Invalid, NotFound, Refused
from contracts.events.masters import MemberPublished, TeamPublished
from contracts.events.volunteers import DemandUnserved
from contracts.ladder import EscalationReason, Rung
from contracts.words import Employment, ResultCode, Text
from tests.builders import a_demand_snapshot, a_member_actor, a_member_snapshot, a_team_snapshot, an_actor, an_envelope
from tests.services.tickets.kit import Running
from tests.waiting import wait_until

BLOCK = "slc-hs-centre"
"""The demo's block, over two communities."""
GAS, GASMAN = "gas-company", "m-q01"
DISPATCHER = an_actor(Role.DISPATCHER)
CHIEF = an_actor(
    Role.CHIEF_OF_BLOCKS,
    account_id="a-chief",
    community_id="zaoyuanli",
    grants=(Grant(Role.CHIEF_OF_BLOCKS, BLOCK), Grant(Role.SECRETARY)),
)


def publish(service: Running, *envelopes: Any) -> None:
    publisher = Publisher(service.settings, "test")
    try:
        assert not publisher.publish([envelope.to_wire() for envelope in envelopes]).refused
    finally:
        publisher.close()


def with_company(service: Running, employment: Employment = Employment.PROPERTY) -> None:
    """Volunteers has told of the gas company and of who answers for it."""
    member = a_member_snapshot(id=GASMAN, employment=employment)
    team = a_team_snapshot(id=GAS, name=Text("燃气公司", "Gas company"), lead=GASMAN, member_ids=(GASMAN,))
    publish(service, an_envelope(MemberPublished(), member), an_envelope(TeamPublished(), team))
    wait_until(lambda: service.db["teams"].find_one({"_id": GAS}) and service.db["members"].find_one({"_id": GASMAN}))


def test_a_company_is_called_late_and_then_does_it(service: Running) -> None:
    with_company(service)
    order = service.place(DISPATCHER)
    service.call(DISPATCHER, WhistleTeams(ticket_id=order, teams=(GAS,)))
    whistled = service.hears("shiliu.ticket.whistled.v1", order)
    [one] = whistled["data"]["snapshot"]["whistles"]
    assert (one["name"]["zh"], one["leads"], one["by"]) == ("燃气公司", [GASMAN], "a-dispatcher")
    keys = {due["key"] for due in service.ticket(order)["due"]}
    assert {f"whistle-near:sign_in:1:{GAS}", f"whistle-overdue:sign_in:1:{GAS}"} <= keys

    lead = a_member_actor(GASMAN)
    with pytest.raises(NotFound):
        service.call(lead, ReadPrivate(ticket_id=order))
    service.call(lead, SignInWhistle(ticket_id=order, team=GAS))
    assert service.call(lead, ReadPrivate(ticket_id=order)).result["area_id"] == "heping-1"
    service.call(lead, MakeContact(ticket_id=order, team=GAS, note="已联系住户"))
    contacted = service.hears("shiliu.ticket.whistle_contacted.v1", order)
    assert contacted["data"]["snapshot"]["times"]["responded_at"] is not None
    assert "已联系" not in str(contacted)
    report = ReportWhistle(ticket_id=order, team=GAS, result=ResultCode.SOLVED)
    assert service.call(lead, report, "once").result == service.call(lead, report, "once").result
    assert not any("whistle" in due["key"] for due in service.ticket(order)["due"])
    with pytest.raises(NotFound):
        service.call(lead, ReadPrivate(ticket_id=order))


def test_a_team_of_volunteers_is_never_called(service: Running) -> None:
    with_company(service, Employment.VOLUNTEER)
    order = service.place(DISPATCHER)
    with pytest.raises(Invalid) as refusal:
        service.call(DISPATCHER, WhistleTeams(ticket_id=order, teams=(GAS,)))
    assert (refusal.value.code, refusal.value.field) == ("team-not-contracted", "teams")


def test_nobody_takes_it_so_it_goes_up_once_however_often_that_is_told(service: Running) -> None:
    order = service.place(DISPATCHER)
    demand = a_demand_snapshot(id=order, holders=())
    event = an_envelope(DemandUnserved(gates={}), demand, 5, id=f"unserved-{order}")
    publish(service, event, event)
    escalated = service.hears("shiliu.ticket.escalated.v1", order)
    assert (escalated["data"]["before"], escalated["data"]["rung"]) == ("crew", "duty")
    publish(service, event)
    publish(service, an_envelope(DemandUnserved(gates={}), demand, 9, id=f"again-{order}"))
    wait_until(lambda: service.ticket(order)["rung"] == "desk")
    assert [step["rung"] for step in service.ticket(order)["escalations"]] == ["duty", "desk"]


def test_a_chief_of_another_community_acts_in_the_block_and_nowhere_else(service: Running) -> None:
    order = service.place(an_actor())
    assert service.ticket(order)["blocks"] == [BLOCK]
    look = ReadPrivate(ticket_id=order, reason="了解情况")
    with pytest.raises(NotFound):
        service.call(CHIEF, look)
    up = EscalateTicket(ticket_id=order, reason=EscalationReason.JOINT, to=Rung.CHIEF_OF_BLOCKS)
    assert service.call(CHIEF, up).result["status"] == "accepted"
    assert service.ticket(order)["escalations"][0]["by_role"] == "chief"
    assert service.call(CHIEF, look).result["description"] == "龙头滴水"
    elsewhere = an_actor(Role.SECRETARY, account_id="a-other", community_id="zaoyuanli")
    with pytest.raises(NotFound):
        service.call(elsewhere, look)
    with pytest.raises(Refused):
        service.call(an_actor(), EscalateTicket(ticket_id=order, reason=EscalationReason.DANGER))
