"""From any state with news on its way: in order and once, or in any order and twice, it ends the same.

One order, so that nobody's capacity hangs on another order's news; nobody gives a command meanwhile. Compared is the
business state after all follow-up events were delivered too: of the order its status, round, reworks, crew, lead and
result; of its demand status, round, reworks, seats and how their holders stand, the terms, and how many are asked; what
each member holds; who was told that a seat is lost. Whom the search asks may hang on the order of arrival; how many
letters went out on the way does, and how many refusals an order had to say.
"""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.properties.budget import examples
from tests.properties.house import House
from tests.properties.promises import when_quiet
from tests.properties.scripts import CALM, Script, play, scripts

ONE = tuple(name for name in CALM if name not in {"place", "settle"})


def business_state(house: House) -> dict[str, Any]:
    """What both ways must agree on."""
    state: dict[str, Any] = {member.id: set(member.holding) for member in house.members()}
    for id in house.placed:
        ticket, demand = house.ticket(id), house.demand(id)
        crew = {(holder.assignment_id, holder.member_id) for holder in ticket.holders}
        state["ticket"] = (ticket.status, ticket.round, ticket.rework_count, crew, ticket.lead, ticket.result)
        if demand is None:
            continue
        seats = {(take.id, take.member_id, take.status, take.arrived_at) for take in demand.holders}
        state["demand"] = (demand.status, demand.round, demand.rework_count, seats)
        state["search"] = (demand.terms, len(demand.open_offers), demand.claim_until)
    return state


@given(
    place=st.tuples(st.just("place"), st.integers(0, 255), st.integers(0, 255)), script=scripts(40, ONE), data=st.data()
)
@examples(100)
def test_any_order_ends_as_the_right_one(place: Any, script: Script, data: st.DataObject) -> None:
    straight, mixed = (play(House(), [place, *script]) for _ in range(2))
    straight.settle()
    deliver_anyhow(mixed, data)
    when_quiet(mixed)
    assert business_state(mixed) == business_state(straight)


def deliver_anyhow(house: House, data: st.DataObject) -> None:
    """Everything twice, some of it after everything else."""
    choices = data.draw(st.lists(st.integers(0, 2**16), min_size=8, max_size=8))
    number = 0
    while house.post.waiting:
        choice = choices[number % len(choices)] + number // len(choices)
        number += 1
        house.post.deliver(choice % len(house.post.waiting), 1 + choice // 256 % 3)
        house.post.again(choice // 16 % len(house.post.delivered))
        house.collect()
    for place in range(len(house.post.delivered)):
        house.post.again((place * 7 + choices[0]) % len(house.post.delivered))
    house.settle()
