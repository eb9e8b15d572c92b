"""What an order is comes back from its document as it went in, at every step of its life."""

from dataclasses import replace
from typing import Any

import bson
import pytest
from bson.codec_options import CodecOptions

from contracts.words import Answer, ClosedBy, TicketStatus
from services.tickets.adapters.codecs import AreaCodec, ItemCodec, TicketCodec
from services.tickets.domain.deadlines import standing
from services.tickets.domain.private import Note
from tests.builders import NOON, a_meta
from tests.fakes.aggregates import InMemoryAggregates, InMemoryJournal
from tests.unit.tickets.builders import a_building, a_grid, a_ticket, an_item
from tests.unit.tickets.fakes import FakeClock

OPTIONS: CodecOptions[dict[str, Any]] = CodecOptions(tz_aware=True)
RICH = replace(
    a_ticket(TicketStatus.CLOSED, answer=Answer.SATISFIED, closed_by=ClosedBy.CALLBACK, resolved=True, settled=("a",)),
    private=replace(
        a_ticket().private, notes=(Note(action="complete", sealed=b"\x00\xff", at=NOON),), door_word=b"word"
    ),
)


@pytest.mark.parametrize(
    ("codec", "aggregate"),
    [
        *[(TicketCodec(), a_ticket(status)) for status in TicketStatus],
        (TicketCodec(), RICH),
        (ItemCodec(), an_item(version=7)),
        (AreaCodec(), a_grid()),
        (AreaCodec(), a_building()),
    ],
)
def test_a_document_gives_back_what_it_was_made_of(codec: Any, aggregate: Any) -> None:
    stored = bson.decode(bson.encode({"_id": aggregate.id, **codec.to_doc(aggregate)}), OPTIONS)
    assert codec.from_doc({**stored, "rev": 3, "field_of_tomorrow": 1}) == aggregate
    assert codec.to_doc(codec.from_doc(stored)) == codec.to_doc(aggregate)
    assert codec.to_doc(aggregate)["community_id"] == aggregate.community_id


def test_the_gear_accepts_the_documents_and_the_events() -> None:
    journal = InMemoryJournal(FakeClock())
    tickets = InMemoryAggregates(journal, TicketCodec())
    ticket = a_ticket(TicketStatus.SUBMITTED)
    tickets.apply(ticket.id, a_meta(command_id="place"), lambda _: ticket.place(None, NOON))
    tickets.apply(
        ticket.id, a_meta(command_id="cancel"), lambda found: found and found.cancel("staff", "x", "y", None, NOON)
    )
    assert [envelope.type for envelope in journal.envelopes] == [
        "shiliu.ticket.submitted.v1",
        "shiliu.ticket.cancelled.v1",
    ]
    stored = tickets.get(ticket.id)
    assert stored is not None
    assert stored.status is TicketStatus.CANCELLED


def test_the_deadlines_of_the_document_are_those_of_the_order() -> None:
    ticket = a_ticket(TicketStatus.COMPLETED)
    assert TicketCodec().due(ticket) == standing(ticket) != ()
    assert ItemCodec().due(an_item()) == ()
