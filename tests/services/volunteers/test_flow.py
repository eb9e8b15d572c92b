"""One order through the real service: offered, accepted, arrived, completed; deadlines; news in any order."""

from dataclasses import replace

from pymongo.database import Database

from chassis.mongo import Document
from chassis.settings import Settings
from contracts.commands.reads import History
from contracts.commands.volunteers import AcceptOffer, Arrive, DeclineOffer
from contracts.events.masters import AreaPublished
from contracts.words import DemandStatus, SeatStatus
from tests.brokers import Rabbit
from tests.builders import TICKET_ID, a_meta, an_actor, an_area_snapshot, received
from tests.services.volunteers.conftest import Service, serving
from tests.unit.volunteers.builders import HERE, a_member, accepted, cancelled, completed, redispatched, reworked
from tests.waiting import wait_until


def test_an_order_finds_somebody_and_ends(service: Service, db: Database[Document]) -> None:
    service.add(a_member("m1"), a_member("m2", skills=()))
    service.tell(received(AreaPublished(), an_area_snapshot(centroid=HERE)))
    wait_until(lambda: db["areas"].find_one("sll-g1"))
    service.tell(accepted())
    [offer] = service.wait(lambda demand: demand.offers).offers
    assert (offer.member_id, offer.why[0].en) == ("m1", "within 10 minutes' walk")

    taken = service.call(AcceptOffer(offer_id=offer.id), "m1")
    assert [envelope.type for envelope in taken.envelopes] == ["shiliu.assignment.made.v1"]
    service.call(Arrive(assignment_id=str(taken.result["assignment_id"])), "m1")
    service.tell(completed(4))
    demand = service.wait(lambda demand: demand.status is DemandStatus.FINISHED)

    assert [take.status for take in demand.holders] == [SeatStatus.FINISHED]
    member = service.members.get("m1")
    assert member is not None
    assert member.holding == ()

    def told() -> list[str]:
        events = service.rpc.call(History(thread=TICKET_ID), a_meta(an_actor()), "volunteers").result["events"]
        return [event["type"].removeprefix("shiliu.") for event in events]

    expected = ["offer.made.v1", "assignment.made.v1", "assignment.arrived.v1"]
    assert wait_until(lambda: told() if len(told()) == len(expected) else None) == expected


def test_the_seat_that_was_finished_is_one_write_and_no_message(
    service: Service, db: Database[Document], amqp: Rabbit
) -> None:
    service.add(a_member("m1"))
    service.tell(accepted())
    [offer] = service.wait(lambda demand: demand.offers).offers
    service.call(AcceptOffer(offer_id=offer.id), "m1")
    before = db["demands"].find_one(TICKET_ID) or {}
    service.tell(completed(4))
    service.wait(lambda demand: demand.status is DemandStatus.FINISHED)
    after = db["demands"].find_one(TICKET_ID) or {}
    assert (after["rev"], after["version"]) == (before["rev"] + 1, before["version"])


def test_a_no_reaches_the_next(service: Service) -> None:
    service.add(a_member("m1"), a_member("m2"))
    service.tell(accepted())
    first = service.wait(lambda demand: demand.offers).offers[0]
    service.call(DeclineOffer(offer_id=first.id), first.member_id)
    second = service.wait(lambda demand: len(demand.offers) == 2).offers[1]
    assert {first.member_id, second.member_id} == {"m1", "m2"}


def test_silence_goes_through_waves_and_claim_to_the_alarm(settings: Settings, db: Database[Document]) -> None:
    """Here a second is two hours."""
    with serving(replace(settings, clock_speed=7200.0), db) as service:
        service.add(a_member("m1"), a_member("m2"))
        service.tell(accepted(waves=2, night_from=None))
        demand = service.wait(lambda demand: demand.status is DemandStatus.UNSERVED, seconds=60)
        assert [offer.status.value for offer in demand.offers] == ["expired", "expired"]
        wait_until(lambda: db["events"].count_documents({"wire.type": "shiliu.demand.unserved.v1"}) == 1)


def test_news_comes_twice_and_backwards(service: Service) -> None:
    service.add(a_member("m1"), a_member("m2"))
    history = (
        accepted(),
        redispatched(2),
        completed(3, round=2),
        reworked(4, round=2),
        cancelled(5, round=2, rework_count=1),
    )
    service.tell(*reversed(history), *history, *reversed(history))
    last = accepted(ticket={"id": "the-last-word"})
    service.tell(last)
    service.demand("the-last-word")
    # Another subject goes by another worker: the last word may well be heard before all that was said earlier.
    service.wait(lambda demand: demand.terms and (demand.status, demand.ticket_version) == (DemandStatus.ENDED, 5))
    assert service.wait(lambda demand: not demand.unsettled).ticket_version == 5
