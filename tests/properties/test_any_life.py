"""Whatever people do, whatever time does, whatever way the events travel: the house ends in order."""

import pytest
from hypothesis import given

from contracts.events.counter import COUNTER_EVENTS
from contracts.events.intake import INTAKE_EVENTS
from contracts.events.merging import MERGING_EVENTS
from contracts.events.people import PERSON_EVENTS
from contracts.events.pleas import PLEA_EVENTS
from contracts.events.results import RESULT_EVENTS
from contracts.events.tickets import (
    TicketDelegatesChanged,
    TicketRecused,
    TicketReporterForgotten,
    TicketReporterRevealed,
)
from contracts.events.upstream import UPSTREAM_EVENTS
from contracts.topology import TOPOLOGY, Row
from tests.properties.budget import examples
from tests.properties.endings import everything_is_over, let_time_pass, staff_end_the_rest, upstream_was_told
from tests.properties.house import House
from tests.properties.known_lives import LIVES as LIVES_OF_ORDERS
from tests.properties.known_lives_of_crews import LIVES_OF_CREWS
from tests.properties.known_lives_of_harm import LIVES_OF_HARM
from tests.properties.known_lives_of_rosters import LIVES_OF_ROSTERS
from tests.properties.moves_of_ledger import OnlyAdded
from tests.properties.moves_of_talk import ByTwo
from tests.properties.promises import Steps, when_quiet
from tests.properties.scripts import Script, play, scripts

pytestmark = pytest.mark.slow

LIVES = (*LIVES_OF_ORDERS, *LIVES_OF_CREWS, *LIVES_OF_HARM, *LIVES_OF_ROSTERS)
ELSEWHERE = frozenset(
    event.TYPE
    for event in (
        *PERSON_EVENTS,
        *UPSTREAM_EVENTS,
        *COUNTER_EVENTS,
        *INTAKE_EVENTS,
        *MERGING_EVENTS,
        *RESULT_EVENTS,
        *PLEA_EVENTS,
        TicketDelegatesChanged,
        TicketReporterRevealed,
        TicketReporterForgotten,
        TicketRecused,
    )
)
"""No play has people served with rights of their own, complaints, or parts; what is merged, entered as done, passed on
by upstream, taken in at the counter or called about is not in all its ways in the known lives: all have tests."""


def live(script: Script) -> House:
    """One life, with its promises after each step, when it is quiet, and at the end of all orders."""
    house, steps = House(), Steps()
    play(house, script, steps, OnlyAdded(), ByTwo())
    house.settle()
    when_quiet(house)
    let_time_pass(house)
    staff_end_the_rest(house)
    everything_is_over(house)
    upstream_was_told(house)
    steps(house)
    when_quiet(house)
    return house


@given(scripts(100))
@examples(150)
def test_any_life_keeps_every_promise(script: Script) -> None:
    live([("place", 0, 0), *script])


@pytest.mark.parametrize("script", LIVES)
def test_a_known_life_keeps_every_promise(script: Script) -> None:
    live(script)


def test_the_known_lives_use_every_row_of_the_topology() -> None:
    rows: set[Row] = set()
    for script in LIVES:
        rows |= live(script).post.rows
    played = {row for row in rows if row.event not in ELSEWHERE}
    assert played == {row for row in TOPOLOGY if row.event not in ELSEWHERE}
