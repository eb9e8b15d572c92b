"""The consumer of a service's requests, and how each is answered.

nameko's own consumer closes its connection before the workers in flight have ended, so that their acknowledgement is
dropped and a rolling restart runs every command in flight twice. This one cancels first, keeps the connection until
the last worker has answered and acknowledged, and closes it then.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any
from uuid import uuid4

import amqp
import eventlet
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint, SharedExtension

from chassis import rpc_wire
from chassis.clock import elapsed_seconds
from chassis.ids import new_id
from chassis.logging import get_logger
from chassis.metrics import RPC_LATE, RPC_SERVED
from chassis.outage import come_again, is_outage
from chassis.rpc_client import service_stopping, too_late
from chassis.rpc_link import NotConnected, RpcLink
from chassis.rpc_transit import Transit
from chassis.settings import Settings
from contracts.errors import DomainError
from contracts.schemas.wire import read_call, write_outcome, write_refusal

log = get_logger(__name__)


class CommandConsumer(SharedExtension):
    """The one consumer of a service's requests. As many are taken as there are workers, so that none waits inside."""

    def __init__(self) -> None:
        super().__init__()
        self._methods: dict[str, tuple[Entrypoint, Any]] = {}
        self._transit = Transit()
        self._quiet = False
        self._paused = False
        self._tag = ""

    def setup(self) -> None:
        settings: Settings = self.container.config["settings"]
        self._workers = settings.rpc_workers
        self._link = RpcLink(settings, f"{self.container.service_name}.rpc", self._prepare)

    def start(self) -> None:
        self._link.start()

    def stop(self) -> None:
        self._link.stop()

    def kill(self) -> None:
        self._link.stop()

    @property
    def connected(self) -> bool:
        """Are requests taken now?"""
        return self._link.connected and not (self._quiet or self._paused)

    def register(self, entrypoint: Entrypoint, kind: Any) -> None:
        """Serve calls of *kind* (a command's class) with the entrypoint's method."""
        self._methods[kind.METHOD] = (entrypoint, kind)

    def quiet(self) -> None:
        """Take no more requests; those taken are still answered and acknowledged."""
        if not self._quiet:
            self._quiet = True
            self._cancel()

    def pause(self) -> None:
        """Take no requests for now: another instance shall have them, or the caller be told at once."""
        if not self._paused:
            self._paused = True
            self._cancel()

    def resume(self) -> None:
        """Take requests again."""
        if self._paused:
            self._paused = False
            if not self._quiet:
                with suppress(NotConnected):
                    self._link.send(self._take)

    def _cancel(self) -> None:
        with suppress(NotConnected):
            self._link.cancel(self._tag)

    def _prepare(self, channel: Any) -> None:
        rpc_wire.declare_exchange(channel)
        channel.basic_qos(0, self._workers, False)
        rpc_wire.retire_former_queue(channel, self.container.service_name)
        if not (self._quiet or self._paused):
            self._take(channel, nowait=False)

    def _take(self, channel: Any, nowait: bool = True) -> None:
        self._tag = uuid4().hex
        rpc_wire.take_requests(channel, self.container.service_name, self._tag, self._receive, nowait=nowait)

    def _receive(self, message: amqp.Message) -> None:
        delivery = Delivery(message, self._transit)
        if self.container.has_room:
            self._serve(delivery)
        else:
            # Workers of a lost connection still run; whoever reads the new one must not wait for them.
            eventlet.spawn_n(self._serve, delivery)

    def _serve(self, delivery: "Delivery") -> None:
        try:
            if self._quiet or self._paused:
                # Not given back: where nobody else takes requests, the queue is going with the one who did. The caller
                # asks again: another process has it then, or the broker says that there is none.
                self._cancel()
                raise come_again() if self._paused else service_stopping()
            self._begin(delivery)
        except DomainError as error:
            self._answer(delivery, write_refusal(error), error.kind)
        except ContainerBeingKilled:
            self._settle(self._link.give_back, delivery)
        except Exception:  # noqa: BLE001  whatever a request holds, the next ones must be served
            self._answer_fault(delivery)

    def _begin(self, delivery: "Delivery") -> None:
        entrypoint, kind = self._methods[delivery.method]
        wire = rpc_wire.read_request(delivery.message)
        call = read_call(kind, wire)
        ids = {
            "correlation_id": call.meta.correlation_id,
            "command_id": call.meta.command_id,
            "method": delivery.method,
        }
        work = Work(lambda: self._may_begin(delivery), lambda *end: self._finish(delivery, *end))
        self.container.spawn_worker(entrypoint, (call,), {}, context_data=ids, handle_result=work)

    def _may_begin(self, delivery: "Delivery") -> bool:
        if not delivery.late:
            return True
        RPC_LATE.labels(delivery.method).inc()
        refusal = too_late()
        self._answer(delivery, write_refusal(refusal), refusal.kind)
        return False

    def _finish(self, delivery: "Delivery", result: Any, exc_info: Any) -> None:
        """Answer and acknowledge; an error here would end the whole container, so none leaves."""
        try:
            if exc_info is None:
                self._answer(delivery, write_outcome(result), "ok")
            elif isinstance(exc_info[1], DomainError):
                log.info("rpc.refused", kind=exc_info[1].kind, code=exc_info[1].code)
                self._answer(delivery, write_refusal(exc_info[1]), exc_info[1].kind)
            elif is_outage(exc_info[1]):
                log.warning("rpc.database_away", method=delivery.method, error=type(exc_info[1]).__name__)
                self._answer(delivery, write_refusal(come_again()), "outage")
            else:
                self._answer_fault(delivery, exc_info)
        except Exception:  # noqa: BLE001  see above: logged there, with an id
            self._answer_fault(delivery)

    def _answer_fault(self, delivery: "Delivery", exc_info: Any = True) -> None:
        id = new_id()
        log.error("rpc.failed", fault=id, method=delivery.method, exc_info=exc_info)
        self._answer(delivery, rpc_wire.fault(id), "fault")

    def _answer(self, delivery: "Delivery", body: Mapping[str, Any], outcome: str) -> None:
        answer = rpc_wire.answer(body, correlation_id=delivery.correlation_id)
        self._settle(lambda _: self._link.publish(answer, rpc_wire.EXCHANGE, delivery.reply_to), delivery)
        self._settle(self._link.ack, delivery)
        method = delivery.method if delivery.method in self._methods else "unknown"
        RPC_SERVED.labels(method, outcome).observe(elapsed_seconds() - delivery.arrived)

    def _settle(self, say: Callable[[amqp.Message], None], delivery: "Delivery") -> None:
        try:
            say(delivery.message)
        except NotConnected:
            # The broker hands the request out again; the command memory makes the second run harmless.
            log.warning("rpc.connection_gone_before_the_answer", method=delivery.method)


class Delivery:
    """One request as it came."""

    def __init__(self, message: amqp.Message, transit: Transit) -> None:
        self.message = message
        self.arrived = elapsed_seconds()
        waited = transit.waited(message.properties.get("application_headers") or {}, self.arrived)
        self._until = self.arrived + rpc_wire.useful_seconds(message) - waited
        self.method: str = message.delivery_info["routing_key"].rpartition(".")[2]
        self.reply_to: str = message.properties.get("reply_to", "")
        self.correlation_id: str = message.properties.get("correlation_id", "")

    @property
    def late(self) -> bool:
        """Has the caller given up by now?

        The broker drops such requests from its queue by its own clock. This is for one that it had handed out before:
        it waited on the network, in the socket, or for a worker.
        """
        return elapsed_seconds() >= self._until


class Work:
    """What a worker asks before it starts, and tells at its end (nameko's ``handle_result``)."""

    def __init__(self, may_begin: Callable[[], bool], finish: Callable[[Any, Any], None]) -> None:
        self.may_begin = may_begin
        self._finish = finish

    def __call__(self, _worker: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
        self._finish(result, exc_info)
        return result, exc_info
