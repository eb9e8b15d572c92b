"""Events to the exchange: batches with confirms, only after the whole topology was declared on this connection."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from amqp.exceptions import ChannelError, FrameError, FrameSyntaxError, NotFound

from chassis import bus
from chassis.confirms import ConfirmedChannel, Outgoing, Verdict, outgoing
from chassis.link import Link, LinkLost
from chassis.logging import get_logger
from chassis.settings import Settings
from contracts.envelope import TYPE_PREFIX
from contracts.topology import EXCHANGE

log = get_logger(__name__)

Wire = Mapping[str, Any]

CONTENT_TYPE = "application/cloudevents+json"


class Poisoned(Exception):
    """One event of a batch can never be published. ``key`` is its id; nothing of the batch was counted as sent."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(f"{key}: {reason}")
        self.key = key
        self.reason = reason


def encode(wire: Wire) -> Outgoing:
    """The message of one event; raises ValueError or TypeError when there can be none."""
    body = json.dumps(wire, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    return outgoing(
        wire["id"],
        EXCHANGE,
        wire["type"].removeprefix(TYPE_PREFIX),
        body,
        content_type=CONTENT_TYPE,
        type=wire["type"],
        application_headers={"shiliu-subject": wire["subject"]},
    )


class Publisher:
    """Owns one link and makes a new one when it was lost; used by one greenlet."""

    def __init__(
        self,
        settings: Settings,
        name: str,
        encode: Callable[[Wire], Outgoing] = encode,
        declare: Callable[[Any], None] = bus.declare_topology,
    ) -> None:
        self._settings = settings
        self._name = name
        self._encode = encode
        self._declare = declare
        self._link: Link | None = None
        self._confirms: ConfirmedChannel | None = None
        self._singly = False
        self.on_lost: Callable[[], None] = _nothing
        """Called when a link that had been ready ends."""

    @property
    def ready(self) -> bool:
        """Connected, and the topology stands."""
        return self._confirms is not None and self._link is not None and self._link.alive

    @property
    def blocked(self) -> bool:
        """The broker takes no messages at the moment: see chassis.link."""
        return self._link is not None and self._link.blocked

    def wait_until_it_flows(self) -> None:
        """Block this greenlet while the broker takes no messages; returns when the connection ends, too."""
        if self._link is not None:
            self._link.wait_until_it_flows()

    def open(self) -> ConfirmedChannel:
        """The channel to publish on; connects and declares first when there is none.

        Raises one of bus.BROKER_ERRORS, LinkLost or bus.TopologyMismatch.
        """
        if self._confirms is None or not self.ready:
            self._confirms = None
            self._link = link = Link(self._settings, self._name)
            try:
                self._declare(link.channel())
                self._confirms = ConfirmedChannel(link, self._settings.confirm_timeout)
            except BaseException as error:
                link.fail(error)
                raise
            link.when_ended(self.on_lost)
            link.run()
        return self._confirms

    def publish(self, wires: Sequence[Wire]) -> Verdict:
        """Publish events and wait for the broker's word on each; raises what ``send`` does."""
        return self.send([self._encoded(wire) for wire in wires])

    def send(self, messages: Sequence[Outgoing]) -> Verdict:
        """Publish messages and wait for the broker's word on each.

        After an error of the channel the next calls send one by one, until the one that caused it is found.
        Raises Poisoned, LinkLost, bus.TopologyMismatch or one of bus.BROKER_ERRORS.
        """
        confirms = self.open()
        if self._singly:
            return self._publish_singly(confirms, messages)
        try:
            verdict = confirms.send(messages)
        except LinkLost as lost:
            self._singly = _is_of_a_message(lost.cause)
            raise
        self._distrust(verdict)
        return verdict

    def close(self) -> None:
        """Close in good order."""
        self._confirms = None
        if self._link is not None:
            self._link.close()

    def _encoded(self, wire: Wire) -> Outgoing:
        try:
            return self._encode(wire)
        except (ValueError, TypeError, KeyError) as error:
            raise Poisoned(str(wire.get("id")), f"{type(error).__name__}: {error}") from error

    def _publish_singly(self, confirms: ConfirmedChannel, messages: Sequence[Outgoing]) -> Verdict:
        whole = Verdict()
        for message in messages:
            try:
                verdict = confirms.send([message])
            except LinkLost as lost:
                if _is_of_a_message(lost.cause):
                    raise Poisoned(message.key, str(lost.cause)) from lost
                raise
            whole.confirmed |= verdict.confirmed
            whole.nacked |= verdict.nacked
            whole.returned |= verdict.returned
        self._singly = False
        self._distrust(whole)
        return whole

    def _distrust(self, verdict: Verdict) -> None:
        if verdict.returned and self._link is not None:
            # Bindings went missing under us: only a new connection with the topology declared again may publish.
            log.error("relay.returned", events=verdict.returned)
            self._link.fail(RuntimeError("an event matched no queue"))


def _is_of_a_message(cause: BaseException) -> bool:
    return isinstance(cause, ChannelError | FrameError | FrameSyntaxError) and not isinstance(cause, NotFound)


def _nothing() -> None:
    """Nobody wants to know."""
