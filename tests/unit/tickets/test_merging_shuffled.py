"""Whatever people do to a few orders about one thing, and however late or often the news comes: all end together."""

from contextlib import suppress
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.decisions import Decided
from contracts.errors import DomainError
from contracts.words import TicketStatus as S
from services.tickets.domain.lifecycle import TAKES_HOLDERS
from tests.unit.tickets.builders import holder_number
from tests.unit.tickets.together import DISPATCHER, Together, an_order, neighbour

NAMES = ("first", "second", "third")
MOVES = ("merge", "split", "serve", "complete", "confirm", "rework", "withdraw", "turn away", "redispatch", "hear")
_UNSERVED = (S.CANCELLED, S.REJECTED)


def serve(street: Together, name: str) -> None:
    """Somebody took it and is there."""
    order = street.now(name)
    if order.status is S.ACCEPTED:
        crew = (replace(holder_number(1), assignment_id=f"{name}.s1.{order.round}"),)
        served = replace(order, status=S.IN_PROGRESS, holders=crew, lead="m-1")
        street.tickets.apply(name, street.meta(), lambda _: Decided(served))


def move(street: Together, what: str, name: str, other: str, number: int) -> None:
    """One step, or a refusal."""
    steps = {
        "merge": lambda: street.merge(name, other),
        "split": lambda: street.split(name),
        "serve": lambda: serve(street, name),
        "complete": lambda: street.complete(name),
        "confirm": lambda: street.confirm(name),
        "rework": lambda: street.rework(name),
        "withdraw": lambda: street.cancel(name, neighbour(name)),
        "turn away": lambda: street.cancel(name, DISPATCHER, go_to="property"),
        "redispatch": lambda: street.tickets.apply(name, street.meta(), lambda found: found and found.redispatch()),
        "hear": lambda: hear(street, number),
    }
    with suppress(DomainError):
        steps[what]()


def hear(street: Together, number: int) -> None:
    """Any event that was ever told: for the first time, or once more."""
    told = street.journal.envelopes
    if told:
        street.hand_on(told[number % len(told)])


def settle(street: Together, numbers: list[int]) -> None:
    """Every event comes at last, the newest first: what it leads to, too."""
    for number in numbers:
        hear(street, number)
    heard: set[str] = set()
    while waiting := [one for one in street.journal.envelopes if one.id not in heard]:
        heard.add(waiting[-1].id)
        street.hand_on(waiting[-1])


def check(street: Together) -> None:
    """All that has to hold when everybody has heard."""
    for order in map(street.now, NAMES):
        if order.primary is None:
            assert order.status is not S.MERGED
            continue
        primary = street.now(order.primary.id)
        assert primary.primary is None, "depth is one"
        assert order.status not in TAKES_HOLDERS, f"{order.id} is {order.status} and waits for {primary.id}"
        if order.status is S.MERGED:
            assert order.id in primary.merged
            assert primary.status in TAKES_HOLDERS, f"{order.id} waits for {primary.id}, which is {primary.status}"
            assert primary.turn >= order.primary_turn


@settings(max_examples=400, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(MOVES), st.sampled_from(NAMES), st.sampled_from(NAMES), st.integers(0, 1000)),
        max_size=40,
    ),
    st.lists(st.integers(0, 1000), max_size=20),
    st.sampled_from([(), ("second",), ("second", "third")]),
)
def test_any_history_of_merged_orders_ends_well(
    moves: list[tuple[str, str, str, int]], late: list[int], merged: tuple[str, ...]
) -> None:
    street = Together(an_order("first", S.IN_PROGRESS), an_order("second", S.ASSIGNED), an_order("third"))
    for name in merged:
        street.merge(name, "first")
    for what, name, other, number in moves:
        move(street, what, name, other, number)
    settle(street, late)
    check(street)
