"""An order that waited: a hold refused, asked for again, granted, ended before its time."""

from datetime import timedelta

from contracts.actor import Actor, Role
from contracts.schemas.fields import time_text
from tests.builders import an_actor
from tests.system.auditing.house import House

OFFICER = an_actor(Role.DUTY)
DISPATCHER = an_actor(Role.DISPATCHER)


def waits_for_parts(house: House, order: str, requester: Actor, member: Actor) -> str:
    """*order*, which *member* has, to its end; gives its id."""
    hold = {"kind": "hold", "reason_code": "parts_missing", "papers": ["invoice"], "note": "等配件"}
    for approved in (False, True):
        until = time_text(house.clock.now() + timedelta(days=3))
        rows = house.post(OFFICER, f"/tickets/{order}/ledger", {**hold, "until": until})["ledger"]
        house.post(DISPATCHER, f"/tickets/{order}/ledger/{rows[-1]['id']}/decision", {"approved": approved})
    house.elapse(hours=2)
    house.post(OFFICER, f"/tickets/{order}/resume")
    house.post(member, f"/tickets/{order}/complete", {"result": "solved"})
    house.post(requester, f"/tickets/{order}/confirm", {"answer": "satisfied", "solved": True})
    return order
