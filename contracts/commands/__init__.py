"""Commands and fresh reads that go by RPC: who asks, under which id; and what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from contracts.actor import Actor, system_actor
from contracts.envelope import Envelope


@dataclass(frozen=True, kw_only=True)
class Meta:
    """What every call carries.

    ``command_id`` is the HMAC of (account, method, route, Idempotency-Key), or the id of the event or the key of
    the deadline that causes the command: the same id is done once. ``body_hash`` tells a repeat from a reuse.
    ``created_id`` is derived from the command id: a repeated creation finds what the first one made.
    How long the answer is of use travels beside it, as the message's own expiration: no moment of one machine's
    clock is ever compared with another's.
    """

    actor: Actor
    command_id: str
    body_hash: str = ""
    created_id: str = ""
    correlation_id: str
    causation_id: str = ""
    traceparent: str | None = None


def reaction_to(envelope: Envelope) -> Meta:
    """What the platform itself does because of an event: once for each, and under its thread."""
    return Meta(
        actor=system_actor(envelope.communityid),
        command_id=envelope.id,
        correlation_id=envelope.correlationid,
        causation_id=envelope.id,
        traceparent=envelope.traceparent,
    )


class Command(Protocol):
    """A request as a frozen dataclass; ``METHOD`` is its RPC method, ``SERVICE`` who answers."""

    SERVICE: ClassVar[str]
    METHOD: ClassVar[str]


C = TypeVar("C", covariant=True)


@dataclass(frozen=True)
class Call(Generic[C]):
    """A command with the meta it came with; what an application's use case takes."""

    command: C
    meta: Meta


@dataclass(frozen=True)
class Outcome:
    """The answer: ``result`` holds JSON values only; ``envelopes`` are the events the command caused.

    A repeated command gives the stored result and no envelopes.
    """

    result: Mapping[str, Any] = field(default_factory=dict)
    envelopes: tuple[Envelope, ...] = ()
