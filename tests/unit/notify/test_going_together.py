"""Several who go together hear who they are, who leads them, and when one of them cannot come."""

from typing import Any

import pytest

from contracts.events.tickets import TicketAssigned, TicketCancelled, TicketCompleted, TicketSeatFreed
from contracts.words import ResultCode
from deploy.audit.recipients import WHO
from services.notify.adapters.rules import read_rules
from services.notify.adapters.words import YamlTemplates
from services.notify.domain.audience import RECIPIENTS, Audience
from services.notify.domain.message import IN_APP, OUTWARD, Message
from services.notify.domain.overtaking import overtakings_of, reason_to_stop
from services.notify.domain.planning import messages_for
from tests.builders import a_ticket_holder, a_ticket_snapshot, received
from tests.fakes.messages import overtaking_by

RULES, TEMPLATES = read_rules(), YamlTemplates()
NAMES = {"m1": "王师傅", "m2": "何姐", "m3": "阿依古丽"}
OURS = frozenset({"you-lead", "you-go-together", "one-less", "one-less-lead"})


def order(*members: str, seats: int = 3, version: int = 2, body: Any = None) -> Any:
    """An order with these in its seats, the first of them its lead."""
    holders = tuple(a_ticket_holder(member_id=one, display_name=NAMES[one]) for one in members)
    snapshot = a_ticket_snapshot(seats=seats, holders=holders, lead=members[0] if members else None)
    made = body or TicketAssigned(assignment_ids=members, lead=members[0])
    return received(made, snapshot, version)


def freed(*members: str, **values: Any) -> Any:
    return order(*members, body=TicketSeatFreed(assignment_ids=("x",)), **values)


def told(event: Any, channel: str = IN_APP) -> list[Message]:
    return [one for one in messages_for(RULES, event) if one.rule in OURS and one.channel == channel]


def heard(event: Any) -> dict[str, str]:
    return {one.recipient.removeprefix("member:"): one.rule for one in told(event)}


def test_each_hears_who_goes_along_and_one_that_they_lead() -> None:
    event = order("m1", "m2", "m3")
    assert heard(event) == {"m1": "you-lead", "m2": "you-go-together", "m3": "you-go-together"}
    for message in told(event):
        for locale in ("zh-CN", "en"):
            body = TEMPLATES.render(message.template, locale, message.params).body
            assert all(name in body for name in NAMES.values())


def test_who_goes_alone_leads_nobody() -> None:
    assert heard(order("m1", seats=1)) == {}
    assert heard(freed(seats=1)) == {}


def test_those_who_are_left_hear_that_somebody_cannot_come_and_who_leads_now() -> None:
    assert heard(freed("m2", "m3")) == {"m2": "one-less-lead", "m3": "one-less"}
    assert heard(freed("m3")) == {"m3": "one-less-lead"}
    assert {one.rule for one in told(freed("m2", "m3"), OUTWARD)} == {"one-less", "one-less-lead"}


@pytest.mark.parametrize(
    "later",
    [
        order("m2", "m3", "m1", version=3),
        order("m2", body=TicketCompleted(result=ResultCode.SOLVED, by_member=None, headcount=None), version=3),
        order("m2", body=TicketCancelled(by_role="staff", reason_code="x", go_to=None, released=()), version=3),
    ],
    ids=["filled again", "done", "cancelled"],
)
def test_it_is_not_told_outside_once_it_is_filled_again_or_over(later: Any) -> None:
    waiting = told(freed("m2", "m3", version=2), OUTWARD)
    over = [*map(overtaking_by, messages_for(RULES, later)), *overtakings_of(RULES, later)]
    assert len(waiting) == 2
    assert all(reason_to_stop(message, over) for message in waiting)


@pytest.mark.parametrize("event", [order("m1", "m2"), freed("m2"), order("m1", seats=1)])
@pytest.mark.parametrize("audience", [Audience.CREW, Audience.CREW_LEAD])
def test_the_audit_means_the_same_people(event: Any, audience: Audience) -> None:
    assert tuple(WHO[audience.value](event.envelope.to_wire())) == RECIPIENTS[audience](event)
