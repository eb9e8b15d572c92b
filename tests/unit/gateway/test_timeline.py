"""A timeline shows what happened and never who was asked."""

import json
from typing import Any

import pytest

from contracts.dispatch import Asking
from contracts.events.counter import TicketHandedOver, TicketTakenIn
from contracts.events.results import TicketCallbackRecorded, TicketExplained, TicketReviewDue
from contracts.events.talk import TicketCommented, TicketNoted
from contracts.events.tickets import TicketAccepted
from contracts.events.upstream import TicketUpstreamCalledBack
from contracts.events.volunteers import DemandUnserved, OfferDeclined, OfferExpired, OfferMade
from contracts.talk import Side
from contracts.words import Answer, OfferStatus
from gateway.views.timeline import timeline
from tests.builders import a_ticket_snapshot, an_envelope, an_offer_change, some_terms

ASKED = an_envelope(OfferMade(offers=(an_offer_change(member_id="shy"), an_offer_change(member_id="bold"))), version=1)
DECLINED = an_envelope(
    OfferDeclined(offers=(an_offer_change(member_id="shy", status=OfferStatus.DECLINED),)), version=2
)
UNSERVED = an_envelope(DemandUnserved(gates={"skill": 12}), version=3)
ACCEPTED = an_envelope(TicketAccepted(terms=some_terms()), time="2026-11-21T03:59:00.000Z")
EVENTS = [event.to_wire() for event in (UNSERVED, DECLINED, ASKED, ACCEPTED)]


def seen(**who: Any) -> list[dict[str, Any]]:
    return timeline(EVENTS, **{"member_id": None, "staff": False, **who})


def test_entries_of_both_owners_stand_in_the_order_of_time_and_id() -> None:
    entries = seen(staff=True)
    assert entries == sorted(entries, key=lambda entry: (entry["time"], entry["id"]))
    assert entries[0]["type"] == "shiliu.ticket.accepted.v1"
    assert {"subject", "version", "type"} <= entries[0].keys()


def test_staff_see_counts_and_nobody_who_was_asked() -> None:
    text = json.dumps(seen(staff=True))
    assert "shy" not in text
    assert "bold" not in text
    made = next(entry for entry in seen(staff=True) if entry["type"] == "shiliu.offer.made.v1")
    assert made["data"]["offer_counts"] == {"open": 2}
    assert made["data"]["counts"]["asked"] >= 0


SAID_NO, SILENT = OfferStatus.DECLINED, OfferStatus.EXPIRED


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (OfferDeclined(offers=(an_offer_change(status=SAID_NO),)), None),
        (OfferExpired(offers=(an_offer_change(status=SILENT),) * 2), None),
        (OfferExpired(offers=(an_offer_change(status=SILENT),) * 3), {"expired": 3}),
        (OfferExpired(offers=(an_offer_change(status=SILENT, asking=Asking.ORDERED),), owed=True), {"expired": 1}),
    ],
)
def test_an_entry_says_of_three_at_once_what_they_answered_and_of_fewer_nothing(body, told) -> None:
    entries = timeline([an_envelope(body).to_wire()], member_id=None, staff=True)
    assert [entry["data"]["offer_counts"] for entry in entries] == ([told] if told else [])
    assert all(entry["data"]["counts"]["declined"] is None for entry in entries), "the next entry would say whose it is"


def test_what_follows_does_not_say_as_whom_it_was_done() -> None:
    """In the write of a no it is a member's, in that of silence the platform's."""
    follows = an_envelope(OfferMade(offers=(an_offer_change(),)), actorrole="member").to_wire()
    (entry,) = timeline([follows], member_id=None, staff=True)
    assert entry["by"] is None


def test_who_ordered_sees_neither_declines_nor_counts_nor_gates() -> None:
    entries = seen()
    assert "shiliu.offer.declined.v1" not in {entry["type"] for entry in entries}
    shown = {name for entry in entries for name in entry["data"]}
    assert shown.isdisjoint({"counts", "gates", "offers", "offer_counts", "terms", "snapshot"})


def test_a_member_sees_their_own_offers_and_nobody_elses() -> None:
    own = [offer["member_id"] for entry in seen(member_id="shy") for offer in entry["data"].get("offers", ())]
    assert own == ["shy", "shy"]
    others = seen(member_id="bold")
    assert "shiliu.offer.declined.v1" not in {entry["type"] for entry in others}
    assert "shy" not in json.dumps(others)


def test_every_entry_says_as_whom_it_was_done_where_its_event_does() -> None:
    told = an_envelope(TicketCommented(side=Side.STAFF), actorrole="duty", actorarea="sll-g1").to_wire()
    (entry,) = timeline([told], member_id=None, staff=False)
    assert entry["by"] == {"role": "duty", "area_id": "sll-g1"}
    assert seen()[0]["by"] is None, "an event of an older version"


def test_a_note_among_staff_and_crew_is_no_entry_for_who_ordered() -> None:
    noted = an_envelope(TicketNoted(side=Side.STAFF)).to_wire()
    assert timeline([noted], member_id=None, staff=False) == []
    assert len(timeline([noted], member_id="m-1", staff=False, crew=True)) == 1
    assert len(timeline([noted], member_id=None, staff=True)) == 1


def test_what_was_said_of_the_work_in_a_call_is_no_entry_for_who_did_it() -> None:
    bodies = (
        TicketCallbackRecorded(reached=True, answer=Answer.UNSATISFIED, solved=False),
        TicketReviewDue(),
        TicketExplained(reason_code="no_parts"),
        TicketUpstreamCalledBack(answer=Answer.UNSATISFIED, solved=False, content=False),
    )
    events = [an_envelope(body).to_wire() for body in bodies]
    assert timeline(events, member_id="m-1", staff=False, crew=True) == []
    assert len(timeline(events, member_id=None, staff=False, theirs=True)) == len(bodies)
    assert len(timeline(events, member_id=None, staff=True)) == len(bodies)


def test_who_owns_it_at_the_counter_is_an_office_to_all_but_staff() -> None:
    taken = an_envelope(TicketTakenIn(owner="a-clerk"), a_ticket_snapshot(), version=2)
    over = an_envelope(TicketHandedOver(owner="a-next", before="a-clerk", reason_code="shift"), a_ticket_snapshot())
    events = [taken.to_wire(), over.to_wire()]
    offices = {"a-clerk": {"zh": "窗口", "en": "counter"}}
    for who in ({"theirs": True}, {"crew": True}):
        shown = timeline(events, member_id=None, staff=False, office=offices.get, **who)
        assert "a-clerk" not in json.dumps(shown)
        assert "a-next" not in json.dumps(shown)
        (handed,) = (one["data"] for one in shown if one["type"] == TicketHandedOver.TYPE)
        assert (handed["before_office"], handed["owner_office"]) == (offices["a-clerk"], None)
    kept = timeline(events, member_id=None, staff=True)
    assert {one["data"]["owner"] for one in kept} == {"a-clerk", "a-next"}
