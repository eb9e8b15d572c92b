"""Races on the real service: whatever meets, exactly one wins."""

from collections import Counter
from collections.abc import Sequence

from contracts.commands.volunteers import AcceptOffer, ClaimSeat, ReleaseSeat
from contracts.words import DemandStatus, Policy, WhoMay
from tests.at_once import at_once
from tests.builders import TICKET_ID
from tests.services.volunteers.conftest import Service
from tests.unit.volunteers.builders import a_member, accepted, cancelled
from tests.unit.volunteers.test_teams import a_team
from tests.waiting import wait_until


def a_wish(service: Service, members: Sequence[str], seats: int = 1, id: str = TICKET_ID) -> None:
    """An order that is open to claims."""
    service.add(*(a_member(member) for member in members))
    ticket = {"id": id, "seats": seats}
    service.tell(accepted(seats=seats, policy=Policy.CLAIM, who_may=WhoMay.ANYONE, skills=(), ticket=ticket))
    service.wait(lambda demand: demand.status is DemandStatus.CLAIM, id)


def holdings(service: Service, members: Sequence[str]) -> int:
    found = [service.members.get(id) for id in members]
    return sum(len(member.holding) for member in found if member)


def test_twenty_claim_the_last_seat(service: Service) -> None:
    members = [f"m{n}" for n in range(20)]
    a_wish(service, members)
    codes = Counter(at_once(*(lambda id=id: service.call(ClaimSeat(demand_id=TICKET_ID), id) for id in members)))

    assert codes["yes"] == 1
    assert codes["seat-taken"] + codes["try-again"] == 19
    assert len(service.demand().holders) == holdings(service, members) == 1


def test_three_seats_and_many_hands(service: Service) -> None:
    members = [f"m{n}" for n in range(12)]
    a_wish(service, members, seats=3)
    for _ in range(3):
        at_once(*(lambda id=id: service.call(ClaimSeat(demand_id=TICKET_ID), id) for id in members))
    demand = service.demand()
    assert [take.seat for take in demand.holders] == [1, 2, 3]
    assert holdings(service, members) == 3


def test_one_member_of_capacity_one_takes_two_orders_at_once(service: Service) -> None:
    a_wish(service, ["m1"], id="one")
    a_wish(service, ["m1"], id="two")
    codes = at_once(
        lambda: service.call(ClaimSeat(demand_id="one"), "m1"), lambda: service.call(ClaimSeat(demand_id="two"), "m1")
    )
    assert sorted(codes) == ["capacity-full", "yes"]
    assert holdings(service, ["m1"]) == 1


def test_accept_meets_cancel(service: Service) -> None:
    service.add(a_member("m1"))
    service.tell(accepted())
    [offer] = service.wait(lambda demand: demand.offers).offers
    service.tell(cancelled(2))
    codes = Counter(at_once(lambda: service.call(AcceptOffer(offer_id=offer.id), "m1")))
    service.wait(lambda demand: demand.status is DemandStatus.ENDED)

    assert sum(codes.values()) == 1
    wait_until(lambda: holdings(service, ["m1"]) == 0)
    assert service.wait(lambda demand: not demand.unsettled).holders == ()


def test_giving_back_meets_cancel(service: Service) -> None:
    service.add(a_member("m1"), a_member("m2"))
    service.tell(accepted())
    [offer] = service.wait(lambda demand: demand.offers).offers
    taken = service.call(AcceptOffer(offer_id=offer.id), offer.member_id)
    service.tell(cancelled(2))
    at_once(lambda: service.call(ReleaseSeat(assignment_id=str(taken.result["assignment_id"])), offer.member_id))
    service.wait(lambda demand: demand.status is DemandStatus.ENDED and not demand.unsettled)
    wait_until(lambda: holdings(service, ["m1", "m2"]) == 0)
    assert service.demand().open_offers == ()


def test_lead_and_deputy_answer_at_once_and_one_is_heard(service: Service) -> None:
    people = ["m1", "m2", "m3", "m4"]
    service.add(*(a_member(id, team_ids=("a",)) for id in people))
    service.found(a_team("a", *people))
    service.tell(accepted(seats=2, policy=Policy.TEAM))
    [offer] = service.wait(lambda demand: demand.offers).offers
    codes = Counter(
        at_once(
            lambda: service.call(AcceptOffer(offer_id=offer.id, member_ids=("m1", "m3")), "m1"),
            lambda: service.call(AcceptOffer(offer_id=offer.id, member_ids=("m2", "m4")), "m2"),
        )
    )
    assert codes["yes"] == 1
    demand = service.wait(lambda demand: not demand.unsettled)
    assert {take.member_id for take in demand.holders} in ({"m1", "m3"}, {"m2", "m4"})
    assert holdings(service, people) == 2


def test_a_member_whom_two_leads_name_at_once_goes_once(service: Service) -> None:
    service.add(*(a_member(id, team_ids=("a", "b")) for id in ("m1", "m2", "m3")))
    service.found(a_team("a", "m1", "m2", "m3", deputy=None), a_team("b", "m2", "m1", "m3", deputy=None))
    for id in ("one", "two"):
        service.tell(accepted(seats=1, policy=Policy.TEAM, ticket={"id": id}))
        service.wait(lambda demand: demand.open_offers, id)
    leads = {id: service.demand(id).open_offers[0] for id in ("one", "two")}
    codes = Counter(
        at_once(
            *(
                lambda offer=offer: service.call(AcceptOffer(offer_id=offer.id, member_ids=("m3",)), offer.member_id)
                for offer in leads.values()
            )
        )
    )
    assert codes["yes"] >= 1
    held = [id for id in ("one", "two") if service.wait(lambda demand: not demand.unsettled, id).holders]
    assert len(held) == holdings(service, ["m3"]) == 1
