"""Open-loop load: orders come at their rate whatever becomes of those before, through both gateways.

Each order is a small story: placed, read, sometimes reviewed or cancelled; and somebody who was asked looks at their
offers and answers. A request is repeated under its key until it has a final answer; every single reply is counted.
"""

import random
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import eventlet

from contracts.dispatch import FREE_TO_REFUSE, ReturnReason
from deploy.simulate.journal import Journal
from tests.system.stops.door import Reply
from tests.system.stops.town import Town

PATIENCE = 90.0
PAUSE = 0.1
REVIEWED, ERRAND = "suggestion", "shopping"
"""What the desk looks at first, and what volunteers are asked for: every eighth, so that some have their hands free."""
AGAIN = (0, 500, 503, 504)


@dataclass
class Load:
    """What was asked and what became of it."""

    town: Town
    members: Sequence[str]
    residents: Sequence[str]
    desk: str
    journal: Journal
    unanswered: list[str] = field(default_factory=list)
    replies: Counter[str] = field(default_factory=Counter)
    """How often each kind of reply came, repeats included."""
    odd: list[str] = field(default_factory=list)
    """Replies that a client must not get from a platform that is being restarted."""
    slowest: float = 0.0
    placed: int = 0
    seconds: float = 0.0
    """How long orders kept coming."""
    _rng: random.Random = field(default_factory=lambda: random.Random(7))

    def story(self, number: int) -> None:
        """One order and what goes with it."""
        resident = self.town.token(self.residents[number % len(self.residents)])
        desk = self.town.token(self.desk)
        item = REVIEWED if number % 8 else ERRAND
        body = {"item_id": item, "area_id": "heping-3-2", "description": "麻烦看一下"}
        placed = self._until_answered("POST", "/tickets", resident, body)
        if placed is None or placed.status != 201:
            return
        self.placed += 1
        path = f"/tickets/{placed.body['id']}"
        self._until_answered("GET", path, resident)
        if number % 4 == 1:
            self._until_answered("POST", f"{path}/reject", desk, {"reason_code": "not_ours", "go_to": "gas_company"})
        elif number % 4 == 2:
            self._until_answered("POST", f"{path}/cancel", resident, {"reason_code": "no-longer-needed"})
        self._answer_offers(self.town.token(self._rng.choice(self.members)))
        self._until_answered("GET", "/tickets?mine=true&limit=5", resident)

    def _answer_offers(self, member: str) -> None:
        found = self._until_answered("GET", "/offers?status=open", member)
        for offer in found.body.get("items", []) if found else []:
            answer, body = ("accept", {}) if self._rng.random() < 0.6 else _no(offer)
            self._until_answered("POST", f"/offers/{offer['id']}/{answer}", member, body)

    def _until_answered(
        self, method: str, path: str, token: str, body: Mapping[str, Any] | None = None
    ) -> Reply | None:
        key, end = uuid4().hex, time.monotonic() + PATIENCE
        turn = self._rng.randrange(len(self.town.doors))
        while time.monotonic() < end:
            reply = self.town.doors[turn % len(self.town.doors)].ask(method, path, token, body=body, key=key)
            self._count(method, path, reply)
            if reply.status not in AGAIN:
                self.journal.note(method, path, key if method == "POST" else None, reply.status, reply.body)
                return reply
            turn += 1
            eventlet.sleep(PAUSE)
        self.unanswered.append(f"{method} {path}")
        return None

    def _count(self, method: str, path: str, reply: Reply) -> None:
        self.replies[f"{reply.status or reply.lost} {reply.code}".strip()] += 1
        self.slowest = max(self.slowest, reply.seconds)
        fine = reply.status < 500 or reply.come_again
        if not fine:
            self.odd.append(f"{method} {path}: {reply}")


def _no(offer: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Whoever is invited says not this time; whoever is ordered gives it back with a reason."""
    return ("decline", {}) if offer["asking"] in FREE_TO_REFUSE else ("return", {"reason": ReturnReason.BUSY})


@contextmanager
def open_loop(load: Load, rate: float, together: int = 60) -> Iterator[None]:
    """Stories at *rate* a second, and at most so many *together*; at the end all that began are waited for."""
    pool = eventlet.GreenPool(together)
    begun = time.monotonic()

    def come() -> None:
        number = 0
        while True:
            pool.spawn(load.story, number)
            number += 1
            eventlet.sleep(max(0.0, begun + number / rate - time.monotonic()))

    coming = eventlet.spawn(come)
    try:
        yield
    finally:
        coming.kill()
        load.seconds = time.monotonic() - begun
        pool.waitall()
