"""A simulated resident: orders, sometimes thinks better of it, says how it went, has it done again."""

from collections.abc import Mapping
from typing import Any

from contracts.events.tickets import TicketCompleted
from contracts.words import ENDED, TicketStatus
from deploy.simulate import temper
from deploy.simulate.client import Caller, Refusal
from deploy.simulate.jobs import Bell, Jobs
from deploy.simulate.stream import Frame, Missed, listen
from deploy.simulate.temper import Verdict
from deploy.simulate.world import World

GIVEN_UP = (403, 404, 409)
"""Somebody else, or the order's own end, was quicker."""


class Resident:
    """One account that orders, with one stream."""

    def __init__(self, world: World, name: str, account_id: str, caller: Caller) -> None:
        self.name = name
        self.account_id = account_id
        self._world = world
        self._caller = caller
        self._rng = world.rng(name)
        self._jobs = Jobs(world.troubles)
        self._reworks: dict[str, int] = {}
        self._silent: set[str] = set()
        self._completed = Bell(self._look_at_completed, world.troubles, world.relist_seconds)

    async def run(self) -> None:
        """Live until cancelled."""
        await self._jobs.beside(self._completed.run(), self._listen())

    async def place(self, body: Mapping[str, Any], key: str) -> str:
        """Order, under *key*; gives the order's id. Raises Refusal or Unanswered."""
        ticket_id = await placed(self._world, self._caller, body, key)
        self.expect(ticket_id)
        return ticket_id

    def expect(self, ticket_id: str) -> None:
        """An order of theirs is under way: some think better of it after a while."""
        if self._rng.random() < self._world.temper.cancel:
            self._jobs.start(f"cancel {ticket_id}", lambda: self._cancel(ticket_id))

    async def _listen(self) -> None:
        async for signal in listen(self._caller):
            if isinstance(signal, Missed):
                self._completed.ring()
            else:
                self._hear(signal)

    def _hear(self, frame: Frame) -> None:
        if frame.kind == TicketCompleted.TYPE:
            self._answer_soon(frame.subject)

    async def _look_at_completed(self) -> bool:
        async for ticket in self._caller.pages("/tickets", mine=True, status=TicketStatus.COMPLETED.value):
            self._answer_soon(str(ticket["id"]))
        return True

    def _answer_soon(self, ticket_id: str) -> None:
        if ticket_id not in self._silent:
            self._jobs.start(f"answer {ticket_id}", lambda: self._answer(ticket_id))

    async def _answer(self, ticket_id: str) -> None:
        world = self._world
        said = temper.verdict(self._rng, world.temper, self._reworks.get(ticket_id, 0))
        if said is Verdict.SILENCE:
            self._silent.add(ticket_id)
            world.deeds["residents silent"] += 1
            return
        await world.pace.sleep(temper.minutes(self._rng, world.temper.answer))
        try:
            if said is Verdict.REWORK:
                await self._caller.post(f"/tickets/{ticket_id}/rework")
                self._reworks[ticket_id] = self._reworks.get(ticket_id, 0) + 1
            else:
                ticket = await self._caller.get(f"/tickets/{ticket_id}")
                answer, solved = temper.answer_of(self._rng, ticket.get("result"))
                await self._caller.post(f"/tickets/{ticket_id}/confirm", {"answer": answer.value, "solved": solved})
        except Refusal as refusal:
            if refusal.status not in GIVEN_UP:
                raise
            world.troubles.note(refusal)
            return
        world.deeds[f"residents {said.value}"] += 1

    async def _cancel(self, ticket_id: str) -> None:
        world = self._world
        await world.pace.sleep(temper.minutes(self._rng, world.temper.answer))
        try:
            await self._caller.post(f"/tickets/{ticket_id}/cancel", {"reason_code": "no-longer-needed"})
            world.deeds["residents cancel"] += 1
        except Refusal as refusal:
            if refusal.status not in GIVEN_UP:
                raise
            world.troubles.note(refusal)


async def placed(world: World, caller: Caller, body: Mapping[str, Any], key: str) -> str:
    """Place an order as *caller* and have it tracked; gives its id."""
    ticket = await caller.post("/tickets", body, key=key)
    ticket_id = str(ticket["id"])
    await world.track.note_placed(ticket_id, str(ticket.get("number", "")))
    world.deeds["orders placed"] += 1
    if ticket.get("status") in ENDED:
        await world.track.note_ended(ticket_id)
    return ticket_id
