"""The simulated dispatcher: reviews, steps in where nobody takes an order, calls those who cannot answer."""

from collections.abc import Mapping
from typing import Any

from contracts.events.tickets import (
    TicketCallbackDue,
    TicketCancelled,
    TicketClosed,
    TicketCompleted,
    TicketRejected,
    TicketSubmitted,
)
from contracts.events.volunteers import DemandUnserved
from contracts.results import CallbackKind
from contracts.words import DemandStatus, Given, Purpose, TicketStatus
from deploy.simulate import temper
from deploy.simulate.client import Caller, Refusal
from deploy.simulate.jobs import Bell, Jobs
from deploy.simulate.resident import GIVEN_UP, placed
from deploy.simulate.stream import Frame, Missed, listen
from deploy.simulate.temper import Rescue
from deploy.simulate.world import World

ENDS = frozenset({TicketClosed.TYPE, TicketCancelled.TYPE, TicketRejected.TYPE})
GO_TO = "community-counter"
GUARDIAN_NEEDED = "guardian-consent-needed"
LOOK_UP_NEEDED = "eligibility-unchecked"
LOOK_SECONDS = 30.0
LOOKED_AT = 50
"""Orders without news that are looked at in one go."""


class Dispatcher:
    """Staff of the whole community, with one stream that hears of every order."""

    def __init__(self, world: World, name: str, account_id: str, caller: Caller) -> None:
        self.name = name
        self.account_id = account_id
        self._world = world
        self._caller = caller
        self._rng = world.rng(name)
        self._jobs = Jobs(world.troubles)
        self._board = Bell(self._look_at_board, world.troubles, LOOK_SECONDS)

    async def run(self) -> None:
        """Live until cancelled."""
        await self._jobs.beside(self._board.run(), self._listen())

    async def place(self, body: Mapping[str, Any], key: str) -> str:
        """Take an order for somebody else; without an account to answer for it, this desk asks how it went."""
        ticket_id = await placed(self._world, self._caller, body, key)
        if body.get("requester_id") is None:
            self._world.without_account.add(ticket_id)
        return ticket_id

    async def _listen(self) -> None:
        async for signal in listen(self._caller):
            if isinstance(signal, Missed):
                self._board.ring()
            else:
                await self._hear(signal)

    async def _hear(self, frame: Frame) -> None:
        ticket_id = frame.subject
        if frame.kind in ENDS:
            await self._world.track.note_ended(ticket_id)
        elif frame.kind == TicketSubmitted.TYPE:
            self._jobs.start(f"review {ticket_id}", lambda: self._review(ticket_id))
        elif frame.kind == DemandUnserved.TYPE:
            self._jobs.start(f"rescue {ticket_id}", lambda: self._rescue(ticket_id))
        elif frame.kind == TicketCallbackDue.TYPE or self._mine_to_ask(frame):
            self._call_soon(ticket_id)

    def _mine_to_ask(self, frame: Frame) -> bool:
        return frame.kind == TicketCompleted.TYPE and frame.subject in self._world.without_account

    async def _look_at_board(self) -> bool:
        """Everything that waits for this desk, and the orders of which nothing was heard."""
        async for ticket in self._caller.pages("/tickets", status=TicketStatus.SUBMITTED.value, limit=100):
            ticket_id = str(ticket["id"])
            self._jobs.start(f"review {ticket_id}", lambda ticket_id=ticket_id: self._review(ticket_id))  # type: ignore[misc]
        async for demand in self._caller.pages("/demands", status=DemandStatus.UNSERVED.value, limit=100):
            ticket_id = str(demand["id"])
            self._jobs.start(f"rescue {ticket_id}", lambda ticket_id=ticket_id: self._rescue(ticket_id))  # type: ignore[misc]
        async for ticket in self._caller.pages("/tickets", status=TicketStatus.COMPLETED.value, limit=100):
            if ticket.get("requester_id") is None or _always_asked(ticket):
                self._call_soon(str(ticket["id"]))
        for ticket_id in self._world.track.unended[:LOOKED_AT]:
            if temper.at_end(await self._caller.get(f"/tickets/{ticket_id}")):
                await self._world.track.note_ended(ticket_id)
        return True

    async def _review(self, ticket_id: str) -> None:
        world = self._world
        await world.pace.sleep(temper.minutes(self._rng, world.temper.review))
        if self._rng.random() < world.temper.reject:
            await self._do(ticket_id, "reject", {"reason_code": "not-ours", "go_to": GO_TO})
        else:
            await self._accept(ticket_id)

    async def _accept(self, ticket_id: str, **said: bool) -> None:
        try:
            await self._caller.post(f"/tickets/{ticket_id}/accept", said)
        except Refusal as refusal:
            if refusal.code == GUARDIAN_NEEDED:
                await self._write_down_guardian(ticket_id)
                await self._do(ticket_id, "accept", said)
                return
            if refusal.code == LOOK_UP_NEEDED:
                await self._look_up(ticket_id)
                return
            if refusal.status not in GIVEN_UP:
                raise
            self._world.troubles.note(refusal)
            return
        self._world.deeds["desk accept"] += 1

    async def _look_up(self, ticket_id: str) -> None:
        """Is the item for this person? The desk looks into the care list; here everybody who asks is on it."""
        await self._accept(ticket_id, eligible=True)

    async def _write_down_guardian(self, ticket_id: str) -> None:
        """Who ordered for a child is called: the desk enters the child and what their guardian says to this order."""
        ticket = await self._caller.get(f"/tickets/{ticket_id}")
        entered = {"name": "小石榴", "area_id": ticket["area_path"][-1], "minor": True}
        child = await self._caller.post("/people", entered, key=f"child-{ticket_id}")
        said = {"purpose": Purpose.CHILD_SERVICE.value, "how": Given.CALL.value, "text_version": "child-1"}
        said |= {"person_id": child["person_id"], "about": ticket_id, "guardian": "小石榴的家长"}
        await self._caller.post("/consents", said, key=f"guardian-{ticket_id}")
        self._world.deeds["desk guardian"] += 1

    async def _rescue(self, ticket_id: str) -> None:
        world = self._world
        await world.pace.sleep(temper.minutes(self._rng, world.temper.review))
        ticket = await self._caller.get(f"/tickets/{ticket_id}")
        what = temper.rescue(self._rng, world.temper, ticket)
        if what is Rescue.REDISPATCH:
            await self._do(ticket_id, "redispatch", {})
        elif what is Rescue.CANCEL:
            await self._do(ticket_id, "cancel", {"reason_code": "nobody-free", "go_to": GO_TO})

    def _call_soon(self, ticket_id: str) -> None:
        if ticket_id in self._world.called_by_others:
            return
        self._jobs.start(f"call {ticket_id}", lambda: self._call(ticket_id))

    async def _call(self, ticket_id: str) -> None:
        world = self._world
        await world.pace.sleep(temper.minutes(self._rng, world.temper.answer))
        ticket = await self._caller.get(f"/tickets/{ticket_id}")
        if ticket.get("status") != TicketStatus.COMPLETED:
            return
        answer, solved = temper.answer_of(self._rng, ticket.get("result"))
        await self._do(ticket_id, "confirm", {"answer": answer.value, "solved": solved})

    async def _do(self, ticket_id: str, step: str, body: Mapping[str, Any]) -> None:
        try:
            await self._caller.post(f"/tickets/{ticket_id}/{step}", body)
            self._world.deeds[f"desk {step}"] += 1
        except Refusal as refusal:
            if refusal.status not in GIVEN_UP:
                raise
            self._world.troubles.note(refusal)


def _always_asked(ticket: Mapping[str, Any]) -> bool:
    """Is it never closed by silence?"""
    call = ticket.get("callback")
    return call is not None and call["kind"] in (CallbackKind.ALWAYS, CallbackKind.OTHER_UNIT)
