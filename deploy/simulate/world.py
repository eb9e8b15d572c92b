"""What all simulated people share: the API, the pace of time, their temper, the orders under way."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from deploy.simulate.client import Api
from deploy.simulate.jobs import Troubles
from deploy.simulate.pace import Pace
from deploy.simulate.temper import Temper

RELIST_SECONDS = 90.0
"""Every person reads their lists again at this interval, so that no order waits for a frame that was missed."""


class Track:
    """The orders of this run as their stream tells of them: placed, and at an end."""

    def __init__(self) -> None:
        self.placed: dict[str, str] = {}
        """Order id to its human number."""
        self.ended: set[str] = set()
        self.on_change: Callable[[Track], None] = lambda _: None
        """Called after every change, with this."""
        self._change = asyncio.Condition()

    @property
    def open(self) -> int:
        """How many of the placed are not at an end."""
        return len(self.placed) - len(self.ended & self.placed.keys())

    @property
    def unended(self) -> list[str]:
        """The placed that are not at an end, oldest first."""
        return [ticket_id for ticket_id in self.placed if ticket_id not in self.ended]

    async def note_placed(self, ticket_id: str, number: str) -> None:
        """An order of this run exists; its end may have been heard before."""
        self.placed[ticket_id] = number
        await self._changed()

    async def note_ended(self, ticket_id: str) -> None:
        """An order (perhaps of another run) is at an end."""
        if ticket_id not in self.ended:
            self.ended.add(ticket_id)
            await self._changed()

    async def below(self, limit: int) -> None:
        """Wait until fewer than *limit* orders are open."""
        async with self._change:
            await self._change.wait_for(lambda: self.open < limit)

    async def _changed(self) -> None:
        async with self._change:
            self._change.notify_all()
        self.on_change(self)


@dataclass
class World:
    """One run's surroundings."""

    api: Api
    pace: Pace
    temper: Temper
    seed: int
    track: Track = field(default_factory=Track)
    troubles: Troubles = field(default_factory=Troubles)
    deeds: Counter[str] = field(default_factory=Counter)
    without_account: set[str] = field(default_factory=set)
    """Orders of people who cannot answer: a dispatcher asks them."""
    called_by_others: set[str] = field(default_factory=set)
    """Orders about which somebody outside the crowd calls: the dispatcher leaves that to them."""
    attention: float = 0.05
    """The share of members who look when seats are open to all."""
    relist_seconds: float = RELIST_SECONDS

    def rng(self, who: str) -> Random:
        """*who*'s own source of chance: the same for the same seed, whatever the others draw."""
        return Random(f"{self.seed}:{who}")
