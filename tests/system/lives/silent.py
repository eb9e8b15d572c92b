"""Approvers who say nothing: after four hours the next above is asked; where nobody is left the request lapses."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.schemas.fields import time_text
from deploy.demo.play import CHIEF
from deploy.demo.scenes import Theatre
from deploy.demo.watching import Json, until
from tests.system.lives.orders import OFFICER, SECRETARY, asked_for, happened

WIRES = {"item_id": "flying-wires", "area_id": "heping-5-1", "description": "又有人拉线充电"}
RESIDENT = "resident08"


@dataclass(frozen=True)
class Unanswered:
    """Two orders with a request that nobody answers, and the decision that the first waits for."""

    below: str
    at_the_top: str
    decision: str


async def ask_and_wait(house: Theatre) -> Unanswered:
    """An officer asks, who has others above; and the chief of blocks, who has nobody."""
    resident, officer, secretary, chief = (house.person(name) for name in (RESIDENT, OFFICER, SECRETARY, CHIEF))
    below, top = [str((await resident.post("/tickets", WIRES))["id"]) for _ in range(2)]
    placed = datetime.fromisoformat((await officer.get(f"/tickets/{below}"))["times"]["placed_at"])
    hold = {"kind": "hold", "reason_code": "nobody_home", "until": time_text(placed + timedelta(days=9))}
    decision = await asked_for(officer, officer, f"/tickets/{below}", hold)
    up = {"reason": "joint", "to": "chief_of_blocks"}
    await secretary.post(f"/tickets/{top}/escalate", up)
    await asked_for(chief, secretary, f"/tickets/{top}", hold)
    return Unanswered(below, top, decision)


async def nobody_waits_for_ever(house: Theatre, asked: Unanswered) -> None:
    """The order that nobody decided about goes on as it was."""
    secretary = house.person(SECRETARY)

    async def row(id: str) -> Json:
        found: Json = (await secretary.get(f"/tickets/{id}/ledger"))["items"][-1]
        return found

    async def lapsed() -> bool:
        return bool((await row(asked.at_the_top))["state"] == "lapsed")

    async def raised() -> bool:
        return bool((await row(asked.below))["desk"] > 0)

    await until(lapsed, "the request of the chief of blocks to lapse", 90.0)
    await until(raised, "the officer's request to be raised", 90.0)
    await happened(secretary, f"/tickets/{asked.below}", "request_raised")
    held = (await secretary.get(f"/tickets/{asked.at_the_top}/ledger"))["held"]
    assert held == []
    if (await row(asked.below))["state"] == "asked":
        await secretary.post(asked.decision, {"approved": False})
        assert (await row(asked.below))["state"] == "refused"
