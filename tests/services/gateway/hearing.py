"""Listening over HTTP: one open stream, its events as they come."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.services.gateway.api import Api


@dataclass(frozen=True)
class Heard:
    """One server-sent event; ``name`` is empty where it only sets the place."""

    name: str
    id: str
    data: Any


class Ear:
    """An open stream. ``next`` waits for the next event; comments are passed over."""

    def __init__(self, api: Api, token: str, query: str = "", **headers: str) -> None:
        signed = {"Authorization": f"Bearer {token}"} | headers
        self.answer = api.client.get(f"/api/v1/stream{query}", headers=signed)
        assert self.answer.status_code == 200, self.answer.text
        self.headers = self.answer.headers
        self._events = self._read()

    def next(self) -> Heard:
        """The next one; StopIteration where the stream has ended."""
        return next(self._events)

    def ids(self, count: int) -> list[str]:
        """The ids of the next so many frames."""
        return [self.next().id for _ in range(count)]

    def rest(self) -> list[Heard]:
        """All that still comes until the end."""
        return list(self._events)

    def _read(self) -> Iterator[Heard]:
        chunks: Iterable[Any] = self.answer.response
        for chunk in chunks:
            for block in chunk.decode().strip().split("\n\n"):
                fields = dict(line.split(": ", 1) for line in block.split("\n") if not line.startswith(":"))
                if "event" in fields:
                    yield Heard(fields["event"], fields.get("id", ""), json.loads(fields["data"]))
