"""A member's ear: the event stream with resume after a break, doubles dropped, gaps told."""

import asyncio
import json
import random
from collections import OrderedDict
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field

import aiohttp

from deploy.simulate.client import FIRST_PAUSE, LONGEST_PAUSE, SIGNED_OUT, Caller, Refusal

REMEMBERED = 2000
"""Ids kept to know a double: more than a resume repeats of one person's frames."""
SILENCE_SECONDS = 60.0
"""A stream that does not even send a comment for so long is dead."""
GAP = "gap"


@dataclass(frozen=True)
class Frame:
    """A thin frame: what happened (``kind`` is the type), to what, at which version; the rest is fetched."""

    id: str
    kind: str
    subject: str
    version: int = 0
    number: str = ""


@dataclass(frozen=True)
class Missed:
    """Something may have been missed: read your lists again. ``why``: opened, resumed or gap."""

    why: str


Signal = Frame | Missed


@dataclass
class Ear:
    """What one listener has heard: where to resume, and the ids that were handed on."""

    last_id: str | None = None
    heard: "OrderedDict[str, None]" = field(default_factory=OrderedDict)

    def take(self, event: str, event_id: str | None, data: str) -> Signal | None:
        """What a server-sent event means, or None if it was heard before or says nothing."""
        if event == GAP:
            return Missed("gap")
        if event_id is None or not data:
            return None
        self.last_id = event_id
        if event_id in self.heard:
            return None
        self.heard[event_id] = None
        while len(self.heard) > REMEMBERED:
            self.heard.popitem(last=False)
        said = json.loads(data)
        return Frame(
            id=event_id,
            kind=str(said.get("type", event)),
            subject=str(said.get("subject", "")),
            version=int(said.get("version") or 0),
            number=str(said.get("number") or ""),
        )


async def parse(lines: AsyncIterable[bytes], ear: Ear) -> AsyncIterator[Signal]:
    """Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) as signals."""
    event, event_id, data = "message", None, list[str]()
    async for raw in lines:
        line = raw.rstrip(b"\r\n").decode("utf-8", "replace")
        if line:
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if name == "data":
                data.append(value)
            elif name == "event":
                event = value
            elif name == "id":
                event_id = value
            continue
        signal = ear.take(event, event_id, "\n".join(data))
        event, event_id, data = "message", None, []
        if signal is not None:
            yield signal


async def listen(caller: Caller) -> AsyncIterator[Signal]:
    """Everything that *caller* may hear, for ever: broken connections are opened again where they ended.

    Raises Refusal where the token is not good for a stream.
    """
    ear = Ear()
    pause = FIRST_PAUSE
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=5, sock_read=SILENCE_SECONDS)
    while True:
        resume = {"Last-Event-ID": ear.last_id} if ear.last_id else {}
        worn = caller.headers
        with suppress(aiohttp.ClientError, OSError):
            async with caller.api.streaming("/stream", headers=worn | resume, timeout=timeout) as answer:
                if answer.status == SIGNED_OUT and await caller.renew(worn):
                    continue
                if answer.status in (SIGNED_OUT, 403, 404):
                    raise Refusal(answer.status, {}, "GET /stream")
                if answer.status == 200:
                    pause = FIRST_PAUSE
                    yield Missed("resumed" if resume else "opened")
                    async for signal in parse(answer.content, ear):
                        yield signal
        caller.api.counts["streams_reopened"] += 1
        await asyncio.sleep(pause * random.uniform(0.5, 1.5))
        pause = min(2 * pause, LONGEST_PAUSE)
