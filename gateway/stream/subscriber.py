"""One open stream or waiting poll: what it may and wants to hear, and what waits for it."""

import json
from collections import deque
from collections.abc import Mapping
from functools import cached_property
from threading import Condition
from typing import Any

from contracts.actor import Actor
from gateway.stream.frames import Document
from gateway.stream.hearing import may_hear
from gateway.stream.wanted import EVERYTHING, Wanted

QUEUE = 500
"""Frames that wait for one subscriber; beyond, they are dropped and a gap says so."""


class Told:
    """A stored document of the stream, on its way to however many; put into bytes once for all of them."""

    def __init__(self, stored: Mapping[str, Any]) -> None:
        self.stored = stored

    @property
    def frame(self) -> Document:
        """What whoever hears it is given."""
        frame: Document = self.stored["frame"]
        return frame

    @property
    def id(self) -> str:
        """The event's."""
        return str(self.frame["id"])

    @cached_property
    def event(self) -> bytes:
        """As a server-sent event."""
        data = json.dumps(self.frame, ensure_ascii=False, separators=(",", ":"))
        return f"id: {self.id}\nevent: {self.frame['type']}\ndata: {data}\n\n".encode()


class Subscriber:
    """One who listens. ``take`` waits; all others never do."""

    def __init__(
        self, actor: Actor, wanted: Wanted = EVERYTHING, session: str | None = None, size: int = QUEUE
    ) -> None:
        self.actor = actor
        self.wanted = wanted
        self.session = session
        self._size = size
        self._told: deque[Told] = deque()
        self._gap = False
        self._woken = False
        self._closed = False
        self._barred = False
        self._change = Condition()

    @property
    def closed(self) -> bool:
        """Will nothing come any more, since the process stops?"""
        return self._closed

    @property
    def barred(self) -> bool:
        """May this account hear nothing any more?"""
        return self._barred

    def put(self, told: Told) -> None:
        """Hand it over; a subscriber that is too slow loses what waits and hears of a gap."""
        with self._change:
            if self._barred:
                return
            if len(self._told) >= self._size:
                self._told.clear()
                self._gap = True
            self._told.append(told)
            self._change.notify()

    def lose(self) -> None:
        """Something may have been missed."""
        with self._change:
            self._gap = True
            self._change.notify()

    def wake(self) -> None:
        """Let whoever listens look whether they still may."""
        with self._change:
            self._woken = True
            self._change.notify()

    def renew(self, actor: Actor) -> None:
        """They act as *actor* from now on; what waits and is no longer theirs to hear is dropped."""
        with self._change:
            self.actor = actor
            self._told = deque(told for told in self._told if may_hear(actor, told.stored))

    def bar(self) -> None:
        """They hear nothing any more, not even what waits."""
        with self._change:
            self._barred = True
            self._told.clear()
            self._change.notify()

    def close(self) -> None:
        """End the waiting."""
        with self._change:
            self._closed = True
            self._change.notify()

    def take(self, seconds: float) -> tuple[bool, list[Told]]:
        """(was there a gap, what came), after at most *seconds*; empty when there was nothing, or somebody woke it."""
        with self._change:
            if not self._ready():
                self._change.wait_for(self._ready, seconds)
            gap, told = self._gap, list(self._told)
            self._gap = self._woken = False
            self._told.clear()
            return gap, told

    def _ready(self) -> bool:
        return bool(self._told) or self._gap or self._woken or self._closed or self._barred
