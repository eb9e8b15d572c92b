"""The crowd of one run: everybody lives at once, orders are placed in their time, until each is at an end."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deploy.simulate.client import Refusal, Unanswered
from deploy.simulate.dispatcher import Dispatcher
from deploy.simulate.jobs import Jobs
from deploy.simulate.member import Member
from deploy.simulate.pace import Pace
from deploy.simulate.resident import Resident
from deploy.simulate.stage import Cast
from deploy.simulate.world import World

MOST_MEMBERS = 500
OPENING_TOGETHER = 20
"""Streams opened at a time, so that a crowd does not fall on the gateway's door."""


@dataclass(frozen=True)
class Order:
    """An order to be placed *at* so many business minutes after the beginning.

    By *resident* (an index) themselves; or by the desk, for that resident's account, or for nobody's (None).
    """

    at: float
    key: str
    body: Mapping[str, Any]
    resident: int | None
    by_desk: bool = False


async def _at_once() -> None:
    """Nobody holds an order back."""


class Stuck(Exception):
    """Orders did not come to an end in the time they had; the message counts them and names some."""


class Crowd:
    """Members, residents and a dispatcher of one community, and the orders of one run."""

    def __init__(
        self, world: World, members: Sequence[Member], residents: Sequence[Resident], dispatcher: Dispatcher
    ) -> None:
        self.world = world
        self.members = members
        self.residents = residents
        self.dispatcher = dispatcher
        self.admit: Callable[[], Awaitable[None]] = _at_once
        """Waited for before each order is placed."""
        self._placing = Jobs(world.troubles)

    async def run(self, orders: Iterable[Order], *, in_flight: int, patience: float) -> None:
        """Place *orders* (sorted by time), at most *in_flight* open at once, and live until all are at an end.

        Raises Stuck after *patience* real seconds without any order placed or ended.
        """
        try:
            async with asyncio.TaskGroup() as group:
                await self._live(group, orders, in_flight, patience)
        except ExceptionGroup as failures:
            raise first_of(failures) from failures

    async def _live(self, group: asyncio.TaskGroup, orders: Iterable[Order], in_flight: int, patience: float) -> None:
        people = [group.create_task(self.dispatcher.run())]
        others: Sequence[Resident | Member] = (*self.residents, *self.members)
        try:
            for number, person in enumerate(others):
                people.append(group.create_task(person.run()))
                if number % OPENING_TOGETHER == OPENING_TOGETHER - 1:
                    await asyncio.sleep(0.1)
            await self._until_done(orders, in_flight, patience)
        finally:
            await self._placing.stop()
            for task in people:
                task.cancel()

    async def _until_done(self, orders: Iterable[Order], in_flight: int, patience: float) -> None:
        track = self.world.track
        placing = asyncio.create_task(self._place_all(orders, in_flight))
        last, moved = (-1, -1), time.monotonic()
        try:
            while not (placing.done() and track.open == 0 and len(self._placing) == 0):
                await asyncio.wait([placing], timeout=0.1) if not placing.done() else await asyncio.sleep(0.1)
                now = (len(track.placed), len(track.ended))
                if now != last:
                    last, moved = now, time.monotonic()
                elif time.monotonic() - moved > patience and track.open:
                    numbers = ", ".join(track.placed[ticket_id] for ticket_id in track.unended[:5])
                    raise Stuck(f"{track.open} orders without any news for {patience:.0f} s: {numbers}")
            placing.result()
        finally:
            placing.cancel()

    async def _place_all(self, orders: Iterable[Order], in_flight: int) -> None:
        pace = Pace(self.world.pace.speed)
        for order in orders:
            await pace.until(order.at)
            await self.world.track.below(max(1, in_flight - len(self._placing)))
            await self.admit()
            self._placing.start(order.key, lambda order=order: self._place(order))  # type: ignore[misc]

    async def _place(self, order: Order) -> None:
        resident = None if order.resident is None else self.residents[order.resident % len(self.residents)]
        body = dict(order.body)
        try:
            if order.by_desk or resident is None:
                body["requester_id"] = None if resident is None else resident.account_id
                ticket_id = await self.dispatcher.place(body, order.key)
                if resident is not None:
                    resident.expect(ticket_id)
            else:
                await resident.place(body, order.key)
        except (Refusal, Unanswered):
            self.world.deeds["orders refused or unanswered"] += 1
            raise


def crowd_of(world: World, cast: Cast, desk: str) -> Crowd:
    """Everybody of *cast*: its members, its residents, and *desk* as dispatcher."""
    members = [
        Member(world, name, badge.member_id, world.api.caller(badge.token))
        for name, badge in cast.members.items()
        if badge.member_id is not None
    ]
    residents = [
        Resident(world, login, badge.account_id, world.api.caller(badge.token))
        for login, badge in sorted(cast.accounts.items())
        if login != desk
    ]
    badge = cast.accounts[desk]
    return Crowd(world, members, residents, Dispatcher(world, desk, badge.account_id, world.api.caller(badge.token)))


def first_of(failures: ExceptionGroup[Exception]) -> Exception:
    """The first failure of all that ended together: the others follow from it."""
    first = failures.exceptions[0]
    return first_of(first) if isinstance(first, ExceptionGroup) else first
