"""What lies in queues is counted and left where it is; dead is what was planted, all of it, and nothing else."""

from collections.abc import Iterator
from typing import Any

import pytest
from amqp import Channel, Message

from chassis.bus import declare_topology
from chassis.retry import message_key
from chassis.rpc_wire import request_queue
from chassis.settings import Settings
from contracts.topology import SERVICES, dead_queue, inbox_queue, retry_queue
from deploy.audit.audit import CLAUSES, audit
from deploy.audit.databases import Databases, _depth, letter_id, rpc_queue
from deploy.audit.findings import Scope
from deploy.audit.notices import WHO, rules
from services.notify.adapters.rules import read_rules
from services.notify.domain.audience import Audience
from tests.brokers import Rabbit
from tests.waiting import wait_until

QUEUES = {name: CLAUSES[name] for name in ("queues", "dead_letters")}


@pytest.fixture
def databases(settings: Settings, amqp: Rabbit) -> Iterator[Databases]:
    declare_topology(amqp.channel())
    with Databases(settings.mongo_url, settings.amqp_url, settings.db_prefix) as opened:
        yield opened


def lay(amqp: Rabbit, queue: str, *messages: Message) -> None:
    channel = amqp.channel()
    channel.confirm_select()
    for message in messages:
        channel.basic_publish_confirm(message, exchange="", routing_key=queue)
    wait_until(lambda: amqp.depth(queue) == len(messages))


def found(databases: Databases, scope: Scope = Scope()) -> dict[str, list[tuple[str, str]]]:  # noqa: B008  frozen
    audited = audit(databases, scope, QUEUES)
    return {name: [(one.clause, one.about) for one in some] for name, some in audited.items() if some}


def test_empty_queues_are_no_fault(databases: Databases) -> None:
    assert found(databases) == {}


@pytest.mark.parametrize("queue", [inbox_queue("gateway"), retry_queue("gateway", 2)])
def test_an_event_that_waits_is_found(queue: str, databases: Databases, amqp: Rabbit) -> None:
    lay(amqp, queue, Message(b"{}"))
    assert found(databases) == {"queues": [("event-waits", "gateway")]}
    wait_until(lambda: amqp.depth(queue) == 1)


def test_a_broker_that_did_not_hear_from_a_queue_is_asked_again(
    databases: Databases, amqp: Rabbit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says then that nothing waits there, and only the time that it took tells that it does not know."""
    queue, declare, heard = inbox_queue("gateway"), Channel.queue_declare, list[bool]()
    lay(amqp, queue, Message(b"{}"))

    def silent_at_first(channel: Any, *arguments: Any, **options: Any) -> Any:
        said = declare(channel, *arguments, **options)
        heard.append(len(heard) > 2)
        return said if heard[-1] else said._replace(message_count=0)

    monkeypatch.setattr("deploy.audit.databases.SILENCE", 0.0)
    monkeypatch.setattr("deploy.audit.databases.ASKED", 5)
    with amqp.connect() as connection:
        with monkeypatch.context() as patched:
            patched.setattr(Channel, "queue_declare", silent_at_first)
            assert _depth(connection, queue) == 1
        with pytest.raises(TimeoutError, match="notify"):
            _depth(connection, inbox_queue("notify"))


def test_a_request_that_waits_is_found(databases: Databases, amqp: Rabbit) -> None:
    channel = amqp.channel()
    channel.queue_declare(rpc_queue("tickets"), durable=True, auto_delete=False)
    try:
        lay(amqp, rpc_queue("tickets"), Message(b"{}"))
        assert found(databases) == {"queues": [("request-waits", "tickets")]}
    finally:
        channel.queue_delete(rpc_queue("tickets"))


def test_a_dead_letter_that_nobody_planted_is_found_and_stays(databases: Databases, amqp: Rabbit) -> None:
    lay(amqp, dead_queue("notify"), Message(b"{}", message_id="e1"), Message(b"x", message_id="e2"))
    planted = {"notify": frozenset({"e1"})}
    for _ in range(2):
        assert found(databases, Scope(planted=planted)) == {"dead_letters": [("dead-letter", "notify e2")]}
    wait_until(lambda: amqp.depth(dead_queue("notify")) == 2)


def test_what_was_planted_has_to_be_dead(databases: Databases, amqp: Rabbit) -> None:
    lay(amqp, dead_queue("notify"), Message(b"{}", message_id="e1"), Message(b"{}", message_id="e1"))
    planted = {"notify": frozenset({"e1"}), "gateway": frozenset({"e3"})}
    assert found(databases, Scope(planted=planted)) == {"dead_letters": [("planted-missing", "gateway e3")]}


@pytest.mark.parametrize("message", [Message(b"{}", message_id="e1"), Message(b"\xff no event")])
def test_a_letter_is_named_as_people_name_it(message: Message, databases: Databases, amqp: Rabbit) -> None:
    lay(amqp, dead_queue("notify"), message)
    assert list(databases.dead_letters("notify")) == [message_key(message)] == [letter_id(message)]


def test_requests_wait_where_the_gear_has_them_wait() -> None:
    assert [rpc_queue(service) for service in SERVICES] == [request_queue(service) for service in SERVICES]


def test_the_audit_reads_the_rules_that_notify_reads_and_knows_every_audience() -> None:
    known = {rule.id: rule for some in rules().values() for rule in some}
    for rule in read_rules():
        own = known.pop(rule.id)
        assert (own.event, own.audience, own.template) == (rule.event, rule.audience.value, rule.template)
        assert (own.category, own.urgent, own.reach, own.group) == (rule.category, rule.urgent, rule.reach, rule.group)
        assert (own.before, own.cancels) == (rule.before, rule.cancels)
        assert {field: tuple(values) for field, values in own.when.items()} == rule.when
    assert known == {}
    assert WHO.keys() == {audience.value for audience in Audience}
