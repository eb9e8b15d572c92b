"""The broker: how a connection to it is made, and the one topology that every process declares whole.

``mandatory`` alone protects nothing: some queue always matches, so an event whose other bindings are missing is
acknowledged and lost to them. Hence nobody publishes on a connection on which the whole topology was not declared.
"""

import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any
from urllib.parse import unquote, urlsplit

import amqp
from amqp.exceptions import PreconditionFailed
from amqp.transport import SSLTransport, TCPTransport

from chassis.settings import Settings
from contracts.envelope import TYPE_PREFIX
from contracts.events import EVENTS
from contracts.topology import EXCHANGE, RETRIES, SERVICES, TOPOLOGY, Row, dead_queue, inbox_queue, retry_queue

HEARTBEAT = 10
"""Seconds; a peer that is silent for two of them is given up."""

IO_TIMEOUT = 5.0
"""Seconds that connecting, one read in a dialogue, or one write may take: a frozen broker blocks nobody longer."""

DELIVERY_LIMIT = 50
"""Times a message is handed out again after its consumer vanished; then it goes to dead (it may be the killer)."""

LOOKS_AT_DEAD = 1_000_000
"""Looking at a dead message counts as a delivery; newer brokers drop it after 20 where no limit is stated."""

READ_CHUNK = 16_384

UNREAD_MAY_WAIT: Mapping[int, int] = {socket.TCP_USER_TIMEOUT: 0} if hasattr(socket, "TCP_USER_TIMEOUT") else {}
"""The system's own patience with bytes the peer does not take, not the one second that the library sets.

A broker with an alarm stops reading from whoever publishes, for as long as the alarm lasts. That is no dead peer: its
heartbeats go on, and those are what a dead one is known by.
"""

BROKER_ERRORS: tuple[type[Exception], ...] = (amqp.AMQPError, OSError, EOFError)
"""Everything that talking to a broker may raise; OSError includes time-outs, EOFError is eventlet's closed socket."""


class TopologyMismatch(Exception):
    """A queue exists with other arguments than ours; the message is a sentence for the person at the terminal."""


def go_on_trying(_: TopologyMismatch) -> None:
    """What is done about a mismatch on a later connection where nobody may end the process."""


class _BufferedTransport(TCPTransport):
    """Reads what is there instead of three small reads for every frame."""

    def _setup_transport(self) -> None:
        super()._setup_transport()
        receive = self.sock.recv
        self._quick_recv = lambda wanted: receive(max(wanted, READ_CHUNK))


class _Connection(amqp.Connection):
    def Transport(self, host: str, connect_timeout: float, ssl: Any = False, *_: Any, **__: Any) -> Any:  # noqa: N802
        """The library's own hook for another transport."""
        kind = partial(SSLTransport, ssl=ssl) if ssl else _BufferedTransport
        return kind(host, connect_timeout=connect_timeout, socket_settings=dict(UNREAD_MAY_WAIT))


def connect(settings: Settings, name: str) -> Any:
    """Open a py-amqp connection shown as *name* in the broker's lists; raises one of BROKER_ERRORS.

    The caller sends the heartbeats (see chassis.link).
    """
    url = urlsplit(settings.amqp_url)
    secure = url.scheme == "amqps"
    connection = _Connection(
        host=f"{url.hostname}:{url.port or (5671 if secure else 5672)}",
        userid=unquote(url.username or "guest"),
        password=unquote(url.password or "guest"),
        virtual_host=unquote(url.path[1:]) or "/",
        login_method="PLAIN",
        ssl=secure,
        connect_timeout=IO_TIMEOUT,
        heartbeat=HEARTBEAT,
        client_properties={"connection_name": name},
    )
    try:
        connection.connect()
        connection.transport.sock.settimeout(IO_TIMEOUT)
    except BaseException:
        connection.collect()
        raise
    return connection


@contextmanager
def connected(settings: Settings, name: str) -> Iterator[Any]:
    """A connection for one short dialogue; closed afterwards even when the broker is gone."""
    connection = connect(settings, name)
    try:
        yield connection
    finally:
        close_quietly(connection)


def close_quietly(connection: Any) -> None:
    """Close and give the socket back, whatever state the peer is in."""
    try:
        connection.close()
    except BROKER_ERRORS:
        connection.collect()


def queue_table(services: Sequence[str] = SERVICES) -> dict[str, dict[str, Any]]:
    """Every queue of the house with its arguments, which never change under its name.

    All are quorum queues without a length limit. What is dead-lettered is handed over at least once: with the
    default strategy a message whose target is absent at that moment is lost.
    """
    queues: dict[str, dict[str, Any]] = {}
    for service in services:
        queues[dead_queue(service)] = {"x-queue-type": "quorum", "x-delivery-limit": LOOKS_AT_DEAD}
        queues[inbox_queue(service)] = {**_hands_over_to(dead_queue(service)), "x-delivery-limit": DELIVERY_LIMIT}
        for step in RETRIES:
            queues[retry_queue(service, step)] = _hands_over_to(inbox_queue(service))
    return queues


def _hands_over_to(target: str) -> dict[str, Any]:
    return {
        "x-queue-type": "quorum",
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": target,
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }


def declare_topology(channel: Any, rows: Sequence[Row] = TOPOLOGY, services: Sequence[str] = SERVICES) -> None:
    """Declare the exchange, every service's queues and all bindings; what else is bound stays.

    It may be a row of the next version, whose processes run beside ours during an update (see ``unbind_removed``).
    One round trip: everything is sent without waiting, and the last, waited for, answers for all.
    Raises TopologyMismatch, or one of BROKER_ERRORS.
    """
    channel.exchange_declare(EXCHANGE, "topic", durable=True, auto_delete=False, nowait=True)
    for queue, arguments in queue_table(services).items():
        channel.queue_declare(queue, durable=True, auto_delete=False, nowait=True, arguments=arguments)
    for service in services:
        for key in _wanted(service, rows):
            channel.queue_bind(inbox_queue(service), EXCHANGE, key, nowait=True)
    try:
        channel.exchange_declare(EXCHANGE, "topic", passive=True)
    except PreconditionFailed as error:
        raise TopologyMismatch(_mismatch(str(error.reply_text))) from error


def unbind_removed(channel: Any, service: str, rows: Sequence[Row] = TOPOLOGY) -> None:
    """Unbind from a service's inbox every event that this version knows and has no row for.

    For ``migrate`` alone, which the newest version runs before its processes start. The broker accepts the request
    when there is no such binding. Raises one of BROKER_ERRORS.
    """
    known = {event_type.removeprefix(TYPE_PREFIX) for event_type in EVENTS}
    for key in sorted(known.difference(_wanted(service, rows))):
        channel.queue_unbind(inbox_queue(service), EXCHANGE, key)


def _wanted(service: str, rows: Sequence[Row]) -> list[str]:
    return sorted({row.routing_key for row in rows if row.service == service})


def _mismatch(reply: str) -> str:
    return (
        f"消息队列的参数与本版本不符({reply})。请用新的队列名称发布,或在清空后删除旧队列。"
        f" / A queue on the broker has other arguments than this version declares ({reply}). Changed arguments need a"
        " new queue name; delete the old queue when it is empty."
    )


def declare(settings: Settings) -> None:
    """Declare the whole topology once, at the start of a process; raises TopologyMismatch or one of BROKER_ERRORS."""
    with connected(settings, "shiliu topology") as connection:
        declare_topology(connection.channel())


def migrate(settings: Settings, service: str) -> None:
    """Declare the whole topology, and unbind what is no row of *service* any more; raises as ``declare`` does."""
    with connected(settings, "shiliu topology") as connection:
        channel = connection.channel()
        declare_topology(channel)
        unbind_removed(channel, service)
