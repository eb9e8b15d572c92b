"""A simulated member: answers offers, takes open seats, comes, works, says how it ended."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from contracts.catalogue import NoEvidence
from contracts.dispatch import Asking, ReturnReason
from contracts.events.tickets import TicketReworked
from contracts.events.volunteers import AssignmentMade, ClaimOpened, OfferMade
from contracts.words import SeatStatus, TicketStatus
from deploy.simulate import temper
from deploy.simulate.client import Caller, Refusal
from deploy.simulate.jobs import Bell, Jobs
from deploy.simulate.leading import name_people
from deploy.simulate.stream import Frame, Missed, listen
from deploy.simulate.temper import Reply, Step
from deploy.simulate.world import World

EVIDENCE_NEEDED = "evidence-needed"
HELD = f"{SeatStatus.TAKEN},{SeatStatus.ARRIVED}"
PATIENCE = 5.0
"""Real seconds after which a waiting member looks at the order again without having heard of it."""


class Member:
    """One member with one stream; every decision is drawn from their own source of chance."""

    def __init__(self, world: World, name: str, member_id: str, caller: Caller) -> None:
        self.name = name
        self.member_id = member_id
        self._world = world
        self._caller = caller
        self._rng = world.rng(name)
        self._jobs = Jobs(world.troubles)
        self._answered: set[str] = set()
        self._given_up: set[str] = set()
        self._heard: dict[str, asyncio.Event] = {}
        self._offers = Bell(self._look_at_offers, world.troubles, world.relist_seconds)
        self._seats = Bell(self._look_at_seats, world.troubles, world.relist_seconds)

    async def run(self) -> None:
        """Live until cancelled."""
        await self._jobs.beside(self._offers.run(), self._seats.run(), self._listen())

    async def _listen(self) -> None:
        async for signal in listen(self._caller):
            if isinstance(signal, Missed):
                self._offers.ring()
                self._seats.ring()
            else:
                self._hear(signal)

    def _hear(self, frame: Frame) -> None:
        if frame.kind == OfferMade.TYPE:
            self._offers.ring()
        elif frame.kind == TicketReworked.TYPE or self._may_be_named(frame):
            self._seats.ring()
        elif frame.kind == ClaimOpened.TYPE and self._rng.random() < self._world.attention:
            self._jobs.start("claims", self.look_for_claims)
        if frame.subject in self._heard:
            self._heard[frame.subject].set()

    def _may_be_named(self, frame: Frame) -> bool:
        """Somebody took a seat of an order that this member does not know of: perhaps their lead named them."""
        return frame.kind == AssignmentMade.TYPE and frame.subject not in self._heard

    async def _look_at_offers(self) -> bool:
        found = False
        async for offer in self._caller.pages("/offers", status="open"):
            offer_id = str(offer["id"])
            if offer_id not in self._answered:
                found = True
                self._answered.add(offer_id)
                self._jobs.start(offer_id, lambda offer=offer: self._answer(offer))  # type: ignore[misc]
        return found

    async def _look_at_seats(self) -> bool:
        found = False
        async for seat in self._caller.pages("/assignments", status=HELD):
            found = found or str(seat["id"]) not in self._jobs
            self._serve(str(seat["id"]), str(seat["ticket_id"]), arrived=seat.get("status") == SeatStatus.ARRIVED)
        if self._rng.random() < self._world.attention:
            self._jobs.start("claims", self.look_for_claims)
        return found

    async def _answer(self, offer: Mapping[str, Any]) -> None:
        world, offer_id = self._world, str(offer["id"])
        reply = temper.reply_to_offer(self._rng, world.temper, str(offer.get("asking", Asking.INVITED)))
        if reply is Reply.SILENCE:
            world.deeds["offers left to expire"] += 1
            return
        await world.pace.sleep(temper.minutes(self._rng, world.temper.think))
        if offer.get("team_id") and reply is Reply.ACCEPT:
            if await name_people(self._caller, offer, self._rng):
                world.deeds["offers accepted by a team"] += 1
                self._seats.ring()
                return
            reply = temper.no_to(str(offer.get("asking", Asking.INVITED)))
        said = {"reason": ReturnReason.BUSY.value} if reply is Reply.RETURN else {}
        done = await self._caller.post(f"/offers/{offer_id}/{reply.value}", said)
        world.deeds[f"offers {reply.value}"] += 1
        if reply is Reply.ACCEPT:
            self._took(done)

    async def look_for_claims(self) -> None:
        """Take one open seat that is to be had, if any."""
        async for demand in self._caller.pages("/demands", status="claim"):
            demand_id = str(demand["id"])
            if demand_id in self._given_up or demand_id in self._heard or self._rng.random() > self._world.temper.claim:
                continue
            try:
                done = await self._caller.post(f"/demands/{demand_id}/claim")
            except Refusal as refusal:
                self._given_up.add(demand_id)
                self._world.troubles.note(refusal)
                continue
            self._world.deeds["seats claimed"] += 1
            self._took(done)
            return

    def _took(self, done: dict[str, Any]) -> None:
        if "assignment_id" in done and "ticket_id" in done:
            self._serve(str(done["assignment_id"]), str(done["ticket_id"]), arrived=False)
        else:
            self._seats.ring()

    def _serve(self, assignment_id: str, ticket_id: str, *, arrived: bool) -> None:
        self._jobs.start(assignment_id, lambda: self._work(assignment_id, ticket_id, arrived=arrived))

    async def _work(self, assignment_id: str, ticket_id: str, *, arrived: bool) -> None:
        # Whoever gave a seat back and took another of the same order may be at both for a moment.
        heard = self._heard[ticket_id] = asyncio.Event()
        try:
            if arrived or await self._come(assignment_id):
                await self._finish(assignment_id, ticket_id, heard)
        finally:
            if self._heard.get(ticket_id) is heard:
                del self._heard[ticket_id]

    async def _come(self, assignment_id: str) -> bool:
        world = self._world
        gives_back = self._rng.random() < world.temper.release
        await world.pace.sleep(temper.minutes(self._rng, world.temper.travel))
        step = "release" if gives_back else "arrive"
        await self._caller.post(f"/assignments/{assignment_id}/{step}")
        world.deeds[f"seats: {step}"] += 1
        return not gives_back

    async def _finish(self, assignment_id: str, ticket_id: str, heard: asyncio.Event) -> None:
        """Work, then complete if this member leads; else wait for what becomes of the order."""
        world = self._world
        await world.pace.sleep(temper.minutes(self._rng, world.temper.work))
        while not await self._completed(ticket_id):
            heard.clear()
            ticket = await self._caller.get(f"/tickets/{ticket_id}")
            step = temper.next_step(ticket, self.member_id)
            if step is Step.DONE:
                return
            if step is Step.WAIT:
                if self._rng.random() < world.temper.leave_early and ticket["status"] != TicketStatus.ACCEPTED:
                    await self._caller.post(f"/assignments/{assignment_id}/leave")
                    return
                with suppress(TimeoutError):
                    async with asyncio.timeout(PATIENCE):
                        await heard.wait()

    async def _complete(self, ticket_id: str, said: Mapping[str, Any]) -> None:
        """Where the item wants to see something, a slip is signed; who cannot show what it wants says so."""
        path = f"/tickets/{ticket_id}/complete"
        try:
            await self._caller.post(path, said)
        except Refusal as refusal:
            if refusal.code != EVIDENCE_NEEDED:
                raise
            await self._caller.post(path, {**said, "signed": True, "without_evidence": NoEvidence.NOT_POSSIBLE.value})

    async def _completed(self, ticket_id: str) -> bool:
        result = temper.result_of(self._rng, self._world.temper)
        try:
            ends = {"result": result.value, "headcount": 1, **temper.particulars(result)}
            await self._complete(ticket_id, ends)
        except Refusal as refusal:
            if refusal.status not in (403, 409):
                raise
            return False
        self._world.deeds["orders completed"] += 1
        return True
