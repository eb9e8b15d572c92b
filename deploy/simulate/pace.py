"""Business time as simulated people live it: minutes of the stack's clock, slept in real seconds."""

import asyncio
import time
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Pace:
    """``speed`` business seconds pass in one real second."""

    speed: float
    began: float = field(default_factory=time.monotonic)

    async def sleep(self, minutes: float) -> None:
        """Let *minutes* of business time pass."""
        await asyncio.sleep(self.real_seconds(minutes))

    def real_seconds(self, minutes: float) -> float:
        """How long *minutes* of business time take."""
        return max(0.0, minutes) * 60 / self.speed

    async def until(self, minutes: float) -> None:
        """Sleep until *minutes* of business time after the beginning; at once if that has passed."""
        await asyncio.sleep(max(0.0, self.began + self.real_seconds(minutes) - time.monotonic()))
