"""Who was asked and did not take it is forgotten with the words of an order; how many, never."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from chassis.aggregates import Aggregates
from chassis.event_store import EventStore
from chassis.journal import Journal
from chassis.mongo import Document
from chassis.retention import Retention
from chassis.settings import Settings
from contracts.actor import Role
from contracts.decisions import Decided
from contracts.events.volunteers import OfferDeclined, OfferMade
from contracts.hands_on import Intervention, SteeringReason, SteeringStep
from contracts.words import NOBODY, DemandStatus, OfferStatus
from services.volunteers.adapters.codecs import DemandCodec
from services.volunteers.adapters.retention import forget_spoken, rules
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.offer import counted
from services.volunteers.domain.steering import Hand, Steering
from tests.builders import NOON, TICKET_ID, a_meta, some_terms
from tests.fakes.clock import FixedClock
from tests.unit.volunteers.builders import a_demand, a_take, an_offer

STATUSES = (OfferStatus.ACCEPTED, OfferStatus.DECLINED, OfferStatus.EXPIRED, OfferStatus.WITHDRAWN)
ASKED = tuple(an_offer(number, status=status) for number, status in enumerate(STATUSES, 1))
DONE = replace(a_demand(), status=DemandStatus.FINISHED, offers=ASKED, takes=(a_take(1),))


class House:
    """One order, with what was told of it."""

    def __init__(self, db: Database[Document], settings: Settings) -> None:
        self.db = db
        self.clock = FixedClock(NOON)
        journal = Journal(db, self.clock)
        self.demands = Aggregates(journal, DemandCodec())
        self.retention = Retention(
            db, rules(db, settings), self.clock.now, lambda: self.clock.now().timestamp(), seconds=60.0
        )

    def keep(self, demand: Demand) -> Demand:
        told = (
            OfferMade(offers=tuple(replace(offer, status=OfferStatus.OPEN).change() for offer in demand.offers)),
            OfferDeclined(offers=tuple(offer.change() for offer in demand.offers)),
        )
        outcome = self.demands.apply(TICKET_ID, a_meta(command_id=f"{demand.status}"), lambda _: Decided(demand, told))
        EventStore(self.db).add([envelope.to_wire() for envelope in outcome.envelopes])
        return demand

    def forget(self, **after: Any) -> int:
        self.clock.advance(**after)
        return self.retention.run()["asked"]

    @property
    def demand(self) -> Demand:
        demand = self.demands.get(TICKET_ID)
        assert demand is not None
        return demand


@pytest.fixture
def house(db: Database[Document], settings: Settings) -> House:
    return House(db, settings)


def test_who_declined_is_forgotten_in_the_order_and_in_what_was_told_of_it(house: House) -> None:
    before = house.keep(DONE)
    assert house.forget(days=180) == 0
    assert house.forget(hours=3) == 1
    after = house.demand
    assert [offer.member_id for offer in after.offers] == ["m1", NOBODY, NOBODY, NOBODY]
    assert (counted(after.offers), after.takes) == (counted(before.offers), before.takes)
    for member in ("m2", "m3", "m4"):
        assert member not in str(list(house.db["demands"].find({}, {"outbox": 0})))
        assert member not in str(list(house.db["events"].find()))
    made, answered = house.db["events"].find(sort=[("version", 1)])
    assert {offer["member_id"] for offer in made["wire"]["data"]["offers"]} == {NOBODY}
    assert [offer["member_id"] for offer in answered["wire"]["data"]["offers"]] == ["m1", *[NOBODY] * 3]
    assert house.forget(days=30) == 0


def test_what_staff_wrote_goes_with_the_words_of_the_order_what_they_did_stays(house: House) -> None:
    step = Intervention(
        number=1, at=NOON, step=SteeringStep.FREEZE, reason=SteeringReason.WAITS, by=Role.DISPATCHER, noted=True
    )
    hand = Hand(number=1, account_id="a-desk", note=b"sealed", about="m9")
    steered = Steering(interventions=(step,), hands=(hand,))
    house.keep(replace(DONE, offers=(), steering=steered))
    assert house.forget(days=179) == 0
    assert house.forget(days=2) == 1
    assert house.demand.steering == replace(steered, hands=(Hand(number=1, account_id="a-desk"),))
    assert house.forget(days=30) == 0


def test_while_somebody_is_looked_for_it_is_known_who_was_asked(house: House) -> None:
    house.keep(replace(DONE, status=DemandStatus.CLAIM))
    assert house.forget(days=400) == 0
    house.keep(DONE)
    assert house.forget(days=1) == 1


def test_what_is_forgotten_stays_so_when_the_order_is_written_again(house: House) -> None:
    house.keep(DONE)
    house.forget(days=200)
    again = replace(house.demand, ticket_version=9)
    house.demands.apply(TICKET_ID, a_meta(command_id="later"), lambda _: Decided(again))
    assert house.forget(days=1) == 0


def test_a_run_that_was_cut_off_between_the_two_does_the_rest(house: House) -> None:
    house.keep(DONE)
    house.db["events"].update_many({}, {"$set": {"wire.data.offers.$[].member_id": NOBODY}})
    assert house.forget(days=200) == 1
    assert house.demand.not_taken == ()


def test_an_order_that_everybody_took_is_not_looked_at(house: House) -> None:
    house.keep(replace(DONE, offers=ASKED[:1]))
    assert house.forget(days=400) == 0
    assert house.demand.offers == ASKED[:1]


def test_its_index_finds_what_is_to_be_forgotten(house: House) -> None:
    house.keep(DONE)
    plan = house.db["demands"].find({"asked_until": {"$lt": NOON + timedelta(days=1)}}).explain()
    assert "asked_until" in str(plan["queryPlanner"]["winningPlan"])


def test_what_whoever_it_was_for_speaks_is_forgotten_too_whoever_was_asked(house: House) -> None:
    spoken = replace(DONE, terms=replace(some_terms(), languages=("ug",)), offers=ASKED[:1])
    house.keep(spoken)
    assert house.forget(days=179) == 0
    assert house.forget(days=2) == 1
    assert house.demand.terms == some_terms()
    assert house.forget(days=30) == 0


def test_what_somebody_speaks_is_erased_with_them(house: House) -> None:
    house.keep(replace(a_demand(), beneficiary_id="01P.p", terms=replace(some_terms(), languages=("ug",))))
    assert forget_spoken(house.db, ("01Q.p",), ("a-resident",)) == 0, "whoever ordered it for them is another"
    assert forget_spoken(house.db, ("01P.p",), ()) == 1
    assert house.demand.terms == some_terms()
