"""Calling another service: one connection, transient messages, every call with an end.

nameko's own proxy waits without bound, keeps what it waits for after a time-out and needs a worker's context; this
client speaks the same protocol from any greenlet.
"""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import amqp
from eventlet.event import Event

from chassis.clock import elapsed_seconds
from chassis.logging import get_logger
from chassis.metrics import RPC_CALLED
from chassis.rpc_link import NotConnected, RpcLink
from chassis.rpc_transit import Stamps
from chassis.rpc_wire import EXCHANGE, ServiceFault, declare_exchange, read_answer, request
from chassis.settings import Settings
from contracts.commands import Call, Meta, Outcome
from contracts.errors import Busy, DomainError, TooLate
from contracts.words import Text

CONNECT_PATIENCE = 1.0
"""Seconds a call waits for a connection that is just being made again."""
STOPPING = "service-stopping"
"""The code of ``service_stopping``."""

log = get_logger(__name__)

__all__ = ["RpcClient", "ServiceFault"]


class RpcClient:
    """Calls services on behalf of the process *name*."""

    def __init__(self, settings: Settings, name: str, elapsed: Callable[[], float] = elapsed_seconds) -> None:
        self._settings = settings
        self._elapsed = elapsed
        self._stamps = Stamps(elapsed)
        self._link = RpcLink(settings, f"{name}.rpc-client", self._prepare, self._lost)
        self._name = name
        self._reply_to = ""
        self._pending: dict[str, Event] = {}

    @property
    def connected(self) -> bool:
        """Can a call be made now?"""
        return self._link.connected

    @property
    def pending(self) -> int:
        """Calls that wait for their answer."""
        return len(self._pending)

    def start(self) -> None:
        """Begin to connect; does not wait for it."""
        self._link.start()

    def stop(self) -> None:
        """Close; calls that still wait end with TooLate."""
        self._link.stop()

    def call(self, command: Any, meta: Meta, service: str | None = None, *, seconds: float | None = None) -> Outcome:
        """Send *command* and wait *seconds* for its answer (settings.rpc_timeout, where nothing is said).

        *service* names who is asked where the command class does not. Raises the DomainError that was answered;
        TooLate when no answer came in time or the connection was lost meanwhile (the outcome is unknown: repeat with
        the same command id); Busy when the broker is away or takes nothing, or nobody serves this (nothing was done);
        ServiceFault.
        """
        target = service or command.SERVICE
        until = self._elapsed() + (self._settings.rpc_timeout if seconds is None else seconds)
        while True:
            try:
                return self._count(Call(command, meta), target, until)
            except Busy as error:
                # It came to a process that has just begun to stop: nothing was done, and the next takes it.
                if error.code != STOPPING or self._elapsed() >= until:
                    raise

    def _count(self, call: Call[Any], target: str, until: float) -> Outcome:
        began, outcome = self._elapsed(), "ok"
        try:
            return self._call(call, target, until)
        except DomainError as error:
            outcome = error.kind
            raise
        except ServiceFault:
            outcome = "fault"
            raise
        finally:
            RPC_CALLED.labels(target, call.command.METHOD, outcome).observe(self._elapsed() - began)

    def _call(self, call: Call[Any], target: str, until: float) -> Outcome:
        if not self._link.wait_connected(min(until - self._elapsed(), CONNECT_PATIENCE)):
            raise broker_away()
        if self._link.blocked:
            # It would lie in the socket until the alarm is over, and its caller would wait for nothing.
            raise broker_blocked()
        seconds = until - self._elapsed()
        if seconds <= 0:
            raise too_late()
        correlation_id = uuid4().hex
        answered = self._pending[correlation_id] = Event()
        try:
            message = request(
                call,
                reply_to=self._reply_to,
                correlation_id=correlation_id,
                seconds=seconds,
                headers=self._stamps.headers(),
            )
            self._link.publish(message, EXCHANGE, f"{target}.{call.command.METHOD}", mandatory=True)
            answer = answered.wait(seconds)
        except NotConnected:
            raise broker_away() from None
        finally:
            self._pending.pop(correlation_id, None)
        if answer is None:
            raise too_late()
        if isinstance(answer, DomainError):
            raise answer
        return self._read(answer)

    def _read(self, answer: amqp.Message) -> Outcome:
        try:
            return read_answer(answer)
        except TooLate:
            # We still wait, so it was not late: this machine stood still for a while and its clock with it.
            self._stamps.renew()
            raise

    def _prepare(self, channel: Any) -> None:
        """A queue of answers for this connection only; a new name each time, since the old may not be gone yet."""
        reply_to = uuid4().hex
        queue = f"rpc.reply-{self._name}-{reply_to}"
        declare_exchange(channel)
        channel.queue_declare(queue, exclusive=True, auto_delete=True)
        channel.queue_bind(queue, EXCHANGE, reply_to)
        channel.events["basic_return"].add(self._returned)
        channel.basic_consume(queue, no_ack=True, callback=self._answered)
        self._reply_to = reply_to

    def _answered(self, message: amqp.Message) -> None:
        self._resolve(message.properties.get("correlation_id"), message)

    def _returned(self, _error: Exception, _exchange: str, _key: str, message: amqp.Message) -> None:
        self._resolve(message.properties.get("correlation_id"), service_away())

    def _resolve(self, correlation_id: str | None, answer: amqp.Message | DomainError) -> None:
        waiting = self._pending.pop(correlation_id or "", None)
        if waiting is None:
            log.info("rpc.answer_after_the_end", correlation=correlation_id)
        else:
            waiting.send(answer)

    def _lost(self) -> None:
        pending, self._pending = self._pending, {}
        for waiting in pending.values():
            waiting.send(too_late())


def too_late() -> TooLate:
    """The refusal for a call whose outcome is unknown."""
    return TooLate(
        "outcome-unknown",
        Text(
            zh="没有及时得到答复,办没办成还不知道;请用同一个请求编号再试一次",
            en="no answer came in time, so the outcome is unknown; please repeat with the same key",
        ),
    )


def broker_away() -> Busy:
    """The refusal while there is no connection: nothing was sent."""
    return Busy(
        "broker-away",
        Text(zh="系统正在恢复连接,请稍后再试", en="the message broker cannot be reached: please try again shortly"),
    )


def broker_blocked() -> Busy:
    """The refusal while the broker has an alarm: nothing was sent."""
    return Busy(
        "broker-blocked",
        Text(
            zh="消息队列已满,暂时不能办理,请稍后再试;查看不受影响",
            en="the message broker is full and takes nothing now: please try again shortly; reading goes on",
        ),
    )


def service_away() -> Busy:
    """The refusal while nobody serves the command: nothing was done."""
    return Busy(
        "service-away",
        Text(
            zh="负责这项业务的服务还没有启动,请稍后再试", en="the service is not running yet: please try again shortly"
        ),
    )


def service_stopping() -> Busy:
    """The refusal of a process that takes no more requests: nothing was done, another process may take it at once."""
    return Busy(
        STOPPING,
        Text(zh="负责这项业务的服务正在重启,请稍后再试", en="the service is restarting: please try again shortly"),
    )
