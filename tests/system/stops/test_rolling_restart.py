"""Every process is stopped by SIGTERM and started again, one after the other, while twenty orders come every second."""

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from deploy.audit.audit import CLAUSES, settled
from deploy.audit.databases import Databases
from deploy.audit.findings import Scope
from deploy.demo.play import COMMUNITY, DESK
from deploy.simulate.journal import Journal
from tests.system.stops import sums
from tests.system.stops.load import Load, open_loop
from tests.system.stops.town import SERVICES, Town
from tests.waiting import wait_until

pytestmark = [pytest.mark.stack, pytest.mark.alone, pytest.mark.slow, pytest.mark.timeout(300)]

RATE = 20.0
QUIET_SECONDS = 90.0
FINE = {
    "200",
    "201",
    "409 offer-not-open",
    "409 capacity-full",
    "409 seat-taken",
    "503 restarting",
    "refused",
    "closed",
}
"""What a client may get while its platform is restarted: the right answer, "come again", or a door that is shut."""


@dataclass
class Restarted:
    """A town after its restart, and what was seen of it."""

    town: Town
    load: Load
    databases: Databases
    ends: dict[str, float] = field(default_factory=dict)
    begins: dict[str, float] = field(default_factory=dict)


@pytest.fixture(scope="module")
def restarted(settled_town: Town) -> Iterator[Restarted]:
    town = settled_town
    town.all_ready()
    residents = [name for name in town.cast.accounts if name.startswith("resident")]
    settings = town.stack.settings()
    with (
        Databases(settings.mongo_url, settings.amqp_url, settings.db_prefix) as databases,
        Journal(town.stack.root / "journal.jsonl") as journal,
    ):
        seen = Restarted(town, Load(town, sorted(town.cast.members), residents, DESK, journal), databases)
        with open_loop(seen.load, RATE):
            for name in town.instances:
                seen.ends[name] = town.term([name])
                seen.begins[name] = town.begin([name])
        yield seen


def test_every_process_ended_gently_and_came_back(restarted: Restarted, capsys: pytest.CaptureFixture[str]) -> None:
    town = restarted.town
    with capsys.disabled():
        sys.stdout.write(f"\n{told(restarted)}\n")
    assert {name: sums.lives(town, name) for name in town.instances} == dict.fromkeys(town.instances, 2)
    assert [name for name in town.instances if "stop.took_too_long" in town.log(name)] == []


def told(restarted: Restarted) -> str:
    """The figures of the restart, for whoever reads along."""
    load = restarted.load
    lasted = ", ".join(f"{name} {restarted.ends[name]:.1f}+{restarted.begins[name]:.1f}" for name in restarted.ends)
    return (
        f"{load.placed} orders ({load.placed / load.seconds:.1f}/s), slowest reply {load.slowest:.1f} s, "
        f"replies {dict(load.replies)}; seconds to end + to be ready: {lasted}"
    )


def test_each_request_was_answered_rightly_or_told_to_come_again(restarted: Restarted) -> None:
    load = restarted.load
    assert load.odd == []
    assert load.unanswered == []
    assert set(load.replies) <= FINE
    assert load.placed > 0


def test_every_answered_request_is_there_and_everything_adds_up(restarted: Restarted) -> None:
    journal = restarted.load.journal
    assert journal.rows > restarted.load.placed
    clauses = {name: clause for name, clause in CLAUSES.items() if name != "at_end"}
    found = settled(restarted.databases, Scope(COMMUNITY, journal=journal.path), QUIET_SECONDS, clauses)
    assert {name: findings for name, findings in found.items() if findings} == {}


def test_no_call_was_lost_and_none_was_served_twice(restarted: Restarted) -> None:
    by_service = {service: sums.sums_of(restarted.town, service) for service in restarted.town.services}
    made = sum((found["calls_made"] for found in by_service.values()), Counter())
    served = {service: by_service[service]["calls_served"].total() for service in made}
    assert served == made


@pytest.mark.parametrize("service", SERVICES)
def test_every_event_was_handled_once_and_none_that_was_done_was_delivered_again(
    restarted: Restarted, service: str
) -> None:
    town, databases = restarted.town, restarted.databases

    def missing() -> dict[str, int]:
        handled = sums.sums_of(town, service)["events_handled"]
        return {name: n - handled[name] for name, n in sums.expected(databases, service).items() if n != handled[name]}

    wait_until(lambda: all(n <= 0 for n in missing().values()), QUIET_SECONDS, f"{service} has not handled {missing()}")
    assert missing() == {}, "handled more often than there are events"
