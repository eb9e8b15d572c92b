"""A client of services that are not there: answers as it was told to, and remembers what was asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from contracts.commands import Call, Meta, Outcome
from contracts.envelope import Envelope
from contracts.schemas.wire import read_call, write_call

Answer = Outcome | Exception | Callable[[Any, Meta], Outcome]


@dataclass(frozen=True)
class Asked:
    """One call: what, by whom, of whom."""

    command: Any
    meta: Meta
    service: str


@dataclass
class FakeRpc:
    """Same port as chassis.rpc_client.RpcClient. What is not scripted answers an empty Outcome."""

    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def on(self, method: str, answer: Answer) -> None:
        """From now on *method* (``tickets.place_ticket``) is answered so."""
        self.answers[method] = answer

    def will(self, method: str, result: dict[str, Any], envelopes: Sequence[Envelope] = ()) -> None:
        """*method* is done, with this result and these events."""
        self.on(method, Outcome(result, tuple(envelopes)))

    def call(self, command: Any, meta: Meta, service: str | None = None) -> Outcome:
        """Answer; the command goes through its wire form first, as it would on its way."""
        name = service or command.SERVICE
        call = read_call(type(command), write_call(Call(command, meta)))
        self.asked.append(Asked(call.command, call.meta, name))
        answer = self.answers.get(f"{name}.{command.METHOD}", Outcome())
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, Outcome) else answer(call.command, call.meta)

    @property
    def last(self) -> Asked:
        """The latest call."""
        return self.asked[-1]
