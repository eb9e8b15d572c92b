"""Where a mark must not turn up: everything that is stored, sent, written down or told, read as it is."""

import json
import urllib.request
from collections.abc import Iterator
from itertools import chain
from typing import Any

import amqp
from bson import json_util

from chassis.rpc_wire import request_queue
from contracts.topology import EXCHANGE, SERVICES, dead_queue
from deploy.audit.databases import Databases
from deploy.stack.ports import HOST
from deploy.stack.rabbit import connected
from deploy.stack.stack import Stack
from tests.brokers import house_queues
from tests.system.canary.marks import Planted
from tests.system.canary.witness import Answer, Witness

Found = tuple[Planted, str]
"""Whose mark, and where."""
SPY = "canary.spy"
REVEALING = ("reveal", "private", "read_self", "keep_sessions")
"""In the permission or the path of routes that show what is private, on purpose; or one's own."""
OUTSIDERS = frozenset({"", "neighbour", "V003", "V146"})
"""Who has to do with nobody's order, so that nothing is shown to them anywhere."""
WORK, AFTERWARDS = "work", "afterwards"
"""While the order goes on, and when it is at its end: then who was asked and who did it are outsiders too."""
CREW = frozenset({"V001", "V002"})


class Spy:
    """A queue of the test's own that gets every event."""

    def __init__(self, amqp_url: str) -> None:
        self._context = connected(amqp_url)
        connection = self._context.__enter__()
        self._channel = connection.channel()
        self._channel.queue_declare(SPY, durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"})
        self._channel.queue_bind(SPY, EXCHANGE, "#")

        self.heard = 0

    def events(self) -> Iterator[tuple[str, str]]:
        """Type and text of each, with its headers."""
        while message := self._channel.basic_get(SPY, no_ack=True):
            self.heard += 1
            yield message.delivery_info["routing_key"], _text(message)

    def close(self) -> None:
        """No more."""
        self._channel.queue_delete(SPY)
        self._context.__exit__(None, None, None)


def in_events(spy: Spy, witness: Witness) -> Iterator[Found]:
    """What was published."""
    for kind, text in spy.events():
        yield from ((one, f"event {kind}") for one in witness.marks.found_in(text))


def in_queues(amqp_url: str, witness: Witness) -> Iterator[Found]:
    """What still lies in any queue of the house but those of requests."""
    requests = {request_queue(service) for service in SERVICES}
    for queue in (name for name in house_queues() if name not in requests):
        with connected(amqp_url) as connection:
            channel = connection.channel()
            try:
                while message := channel.basic_get(queue):
                    yield from ((one, f"queue {queue}") for one in witness.marks.found_in(_text(message)))
            except amqp.NotFound:
                continue


def in_databases(stack: Stack, witness: Witness) -> Iterator[Found]:
    """Every field of every document of every service, bytes as they are."""
    settings = stack.settings()
    with Databases(settings.mongo_url, settings.amqp_url, settings.db_prefix) as databases:
        for service in SERVICES:
            database = databases.of(service)
            for name in database.list_collection_names():
                for document in database[name].find():
                    for path, text in leaves(document):
                        yield from ((one, f"database {service}.{name}.{path}") for one in witness.marks.found_in(text))


def in_logs(stack: Stack, witness: Witness) -> Iterator[Found]:
    """Every line that a service or a broker wrote."""
    for file in sorted(stack.root.rglob("*.log*")):
        if file.is_file():
            for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
                yield from ((one, f"log {file.name}: {_event(line)}") for one in witness.marks.found_in(line))


def in_metrics(stack: Stack, witness: Witness) -> Iterator[Found]:
    """Names, labels and values."""
    for instance in stack.plan.processes():
        address = f"http://{HOST}:{stack.ports[instance.name]}/metrics"
        with urllib.request.urlopen(address, timeout=10) as response:
            text = response.read().decode()
        yield from ((one, f"metrics of {instance.name}") for one in witness.marks.found_in(text))


def in_answers(witness: Witness) -> Iterator[Found]:
    """What somebody was answered who did not type it, by a route that is not there to show it; errors among them."""
    for answer in witness.answers:
        if answer.status < 300 and _is_revealing(answer) and not _is_outside(answer):
            continue
        for one in witness.marks.found_in(answer.text):
            if one.by != answer.who:
                yield one, f"answer {answer.operation} {answer.status} to {answer.who or 'nobody'}"


def _is_revealing(answer: Answer) -> bool:
    return any(word in answer.permission or f"{word}s" in answer.operation for word in REVEALING)


def _is_outside(answer: Answer) -> bool:
    return answer.who in OUTSIDERS or (answer.who in CREW and answer.day == AFTERWARDS)


def in_frames(frames: dict[str, list[Any]], witness: Witness) -> Iterator[Found]:
    """What streams brought."""
    for who, some in frames.items():
        for frame in some:
            yield from ((one, f"stream {frame['type']} to {who}") for one in witness.marks.found_in(json.dumps(frame)))


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Path and text of everything in a document; keys are text too."""
    if isinstance(value, dict):
        for name, part in value.items():
            here = f"{path}.{name}" if path else str(name)
            yield here, str(name)
            yield from leaves(part, here)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from leaves(part, f"{path}[]")
    elif isinstance(value, bytes):
        yield path, value.decode("latin-1")
    else:
        yield path, value if isinstance(value, str) else json_util.dumps(value)


def everywhere(stack: Stack, witness: Witness, spy: Spy, frames: dict[str, list[Any]]) -> dict[tuple[str, str], int]:
    """How often the mark of each place was found at each spot."""
    found: dict[tuple[str, str], int] = {}
    for planted, where in chain(
        in_events(spy, witness),
        in_queues(stack.amqp_url, witness),
        in_databases(stack, witness),
        in_logs(stack, witness),
        in_metrics(stack, witness),
        in_answers(witness),
        in_frames(frames, witness),
    ):
        found[planted.place, where] = found.get((planted.place, where), 0) + 1
    return found


def plant_everywhere(stack: Stack, witness: Witness, frames: dict[str, list[Any]]) -> str:
    """Put one mark where none may be, in every kind of place that can be reached from outside; its place's name."""
    place = "the canary's own"
    mark = witness.marks.word(place, "nobody at all")
    with connected(stack.amqp_url) as connection:
        channel = connection.channel()
        channel.basic_publish(amqp.Message(json.dumps({"data": mark})), EXCHANGE, "canary.sings")
        channel.basic_publish(amqp.Message(mark, headers={"error": mark}), "", dead_queue("notify"))
    settings = stack.settings()
    with Databases(settings.mongo_url, settings.amqp_url, settings.db_prefix) as databases:
        databases.client[databases.of("gateway").name]["stream"].insert_one({"deep": [{"down": mark.lower().encode()}]})
    with (stack.root / "planted.log").open("w", encoding="utf-8") as log:
        log.write(json.dumps({"event": "canary.sings", "error": f"ValueError: {mark}"}) + "\n")
    witness.answers.append(Answer("GET /api/v1/tickets", "read_tickets", "neighbour", 200, mark))
    frames["neighbour"].append({"type": "canary", "subject": mark})
    return place


def _text(message: Any) -> str:
    body = message.body if isinstance(message.body, str) else message.body.decode("utf-8", "replace")
    return f"{message.properties} {body}"


def _event(line: str) -> str:
    """What a log line is about, without what varies."""
    try:
        return str(json.loads(line).get("event"))
    except (ValueError, AttributeError):
        return line[:60]
