"""One order with its crew, and the steps of its ledger, for the tests of who asks, who decides and what comes of it."""

from datetime import datetime, timedelta
from typing import Any

from contracts.actor import Actor, Role
from contracts.commands import Call
from contracts.commands.ledger import AskFor, DecideRequest
from contracts.decisions import Due
from contracts.ladder import Rung
from contracts.ledger import RequestKind
from contracts.words import TicketStatus, Urgency
from services.tickets.domain.deadlines import standing
from services.tickets.domain.rungs import Ladder
from services.tickets.domain.ticket import Ticket
from tests.builders import NOON, TICKET_ID, a_member_actor, a_meta, an_actor, some_deadlines
from tests.unit.tickets.builders import a_ticket, holder_number
from tests.unit.tickets.house import House

REQUESTER = an_actor(account_id="a-resident")
LEAD = a_member_actor("m-1")
SECOND = a_member_actor("m-2")
OFFICER = an_actor(Role.DUTY)
SECRETARY = an_actor(Role.SECRETARY)
DISPATCHER = an_actor(Role.DISPATCHER)
CHIEF = an_actor(Role.BLOCK_CHIEF)
TOP = an_actor(Role.CHIEF_OF_BLOCKS)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATER = NOON + 2 * DAY
WITH_BLOCKS = Ladder(rungs=tuple(Rung))
EXTRA: dict[RequestKind, dict[str, Any]] = {
    RequestKind.HOLD: {"until": LATER},
    RequestKind.EXTENSION: {"until": NOON + 6 * DAY},
    RequestKind.RETURN: {},
    RequestKind.VOID: {},
    RequestKind.RETURN_UPSTREAM: {},
    RequestKind.REASSIGN: {"member_id": "m-7"},
}


def a_house(status: TicketStatus = TicketStatus.ASSIGNED, **changes: Any) -> House:
    """One order that m-1 leads and m-2 helps with; the clock stands at noon."""
    house = House()
    house.crews.members |= {"m-7", "m-8"}
    house.crews.teams["silver-vanguard"] = ("m-8",)
    crew = {"holders": (holder_number(1), holder_number(2)), "lead": "m-1", "seats": 2}
    values = {"deadlines": some_deadlines(), "ladder": WITH_BLOCKS, "urgency": Urgency.URGENT, **crew, **changes}
    house.tickets.holding(a_ticket(status, **values))
    return house


def ask(house: House, actor: Actor, kind: RequestKind = RequestKind.HOLD, **changes: Any) -> Any:
    """Its outcome; each call is a command of its own."""
    values = {"reason_code": "papers_missing", **EXTRA[kind], **changes}
    command = AskFor(ticket_id=TICKET_ID, kind=kind, **values)
    return house.ledger.ask(Call(command, a_meta(actor, command_id=f"ask-{len(house.tickets.events)}-{kind}"))).result


def decide(house: House, actor: Actor, request: str = f"{TICKET_ID}.r1", approved: bool = True, **changes: Any) -> Any:
    command = DecideRequest(ticket_id=TICKET_ID, request_id=request, approved=approved, **changes)
    meta = a_meta(actor, command_id=f"decide-{request}-{actor.account_id}")
    return house.ledger.decide(Call(command, meta)).result


def order(house: House) -> Ticket:
    found = house.tickets.get(TICKET_ID)
    assert found is not None
    return found


def told(house: House) -> list[type]:
    return [type(event) for event in house.tickets.events]


def silence(house: House, at: datetime) -> None:
    """Whatever is due of requests by *at* comes."""
    house.clock.moment = at
    while dues := [one for one in standing(order(house)) if one.key.startswith("request:") and one.at <= at]:
        house.reactions.fire(TICKET_ID, Due(dues[0].key, dues[0].at))
