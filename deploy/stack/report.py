"""What a stack looks like now: its parts, whether they serve, what they use."""

import time
from collections.abc import Container, Iterator
from contextlib import suppress
from dataclasses import dataclass

import psutil
from pymongo.errors import PyMongoError

from deploy.stack import mongo, outside, rabbit, readiness
from deploy.stack.processes import Record
from deploy.stack.stack import Stack

PROBE_SECONDS = 1.0


@dataclass(frozen=True)
class Part:
    """One process (or one broker from outside) as it is now."""

    name: str
    where: str
    """Its port, or the address of a broker from outside."""
    pid: int = 0
    """0: does not run, or is not ours."""
    ready: bool = False
    reasons: tuple[str, ...] = ()
    memory: int = 0
    """Resident bytes, its children's included."""
    uptime: float = 0.0
    """Seconds since its start."""


def parts(stack: Stack) -> list[Part]:
    """Every part of *stack*, brokers first; those that should run and do not are there too.

    Last comes what was started beside it and runs.
    """
    own = [*_brokers(stack), *_services(stack)]
    return [*own, *_beside(stack, {part.name for part in own})]


def _brokers(stack: Stack) -> Iterator[Part]:
    plan, find = stack.plan, stack.brokers.processes.find
    if plan.amqp_url:
        yield Part("rabbitmq", outside.without_password(plan.amqp_url), ready=_logs_in(stack.amqp_url))
    else:
        yield _private("epmd", stack.ports["epmd"], record := find("epmd"), ready=record is not None)
        yield _private("rabbitmq", stack.ports["amqp"], find("rabbitmq"), ready=_logs_in(stack.amqp_url))
    if plan.mongo_url:
        yield Part("mongod", outside.without_password(plan.mongo_url), ready=_answers(stack.mongo_url))
    else:
        yield _private(
            "mongod", stack.ports["mongo"], found := find("mongod"), ready=bool(found) and _answers(stack.mongo_url)
        )


def _services(stack: Stack) -> Iterator[Part]:
    for instance in stack.plan.processes():
        record = stack.running(instance)
        port = stack.ports[instance.http_name or instance.name]
        if record is None:
            yield Part(instance.name, str(port))
            continue
        answer = readiness.ask(record.ready_url, PROBE_SECONDS)
        yield _private(instance.name, port, record, ready=answer.ready, reasons=answer.reasons)


def _beside(stack: Stack, own: Container[str]) -> Iterator[Part]:
    """Another number of processes of a service, too, than is asked for now."""
    processes = stack.brokers.processes
    for record in processes.records():
        if record.name not in own and processes.living(record):
            answer = readiness.ask(record.ready_url, PROBE_SECONDS)
            yield _private(record.name, record.port, record, ready=answer.ready, reasons=answer.reasons)


def _private(name: str, port: int, record: Record | None, *, ready: bool, reasons: tuple[str, ...] = ()) -> Part:
    if record is None:
        return Part(name, str(port))
    return Part(
        name,
        str(port),
        pid=record.pid,
        ready=ready,
        reasons=reasons,
        memory=_memory(record),
        uptime=max(0.0, time.time() - record.started),
    )


def _memory(record: Record) -> int:
    process = record.process()
    total = 0
    with suppress(psutil.Error):
        for each in [process, *process.children(recursive=True)] if process else []:
            total += each.memory_info().rss
    return total


def _logs_in(url: str) -> bool:
    try:
        rabbit.login(url, PROBE_SECONDS)
    except rabbit.BROKER_ERRORS:
        return False
    return True


def _answers(url: str) -> bool:
    try:
        mongo.reachable(url, PROBE_SECONDS)
    except PyMongoError:
        return False
    return True
