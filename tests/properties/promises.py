"""What holds after each step of any play, and what holds when everything was delivered."""

from collections import Counter

from contracts.hearing import REQUESTERS_TOO
from contracts.topology import handlers_of
from contracts.words import DemandStatus, OfferStatus, ReleaseReason, TicketStatus
from services.tickets.domain.ticket import Ticket
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.take import HELD
from tests.properties.house import House
from tests.properties.promises_of_crews import crews_are_whole, who_did_not_come_is_noted_once
from tests.properties.promises_of_harm import harm_is_seen_through
from tests.properties.promises_of_hours import all_work_is_on_record
from tests.properties.promises_of_rosters import every_empty_shift_was_told

SERVED = {TicketStatus.ASSIGNED, TicketStatus.IN_PROGRESS}
SEARCH = {DemandStatus.OPEN, DemandStatus.CLAIM, DemandStatus.UNSERVED}
AGREED = {
    TicketStatus.ACCEPTED: SEARCH,
    TicketStatus.ASSIGNED: {DemandStatus.FILLED},
    TicketStatus.IN_PROGRESS: {DemandStatus.FILLED},
    TicketStatus.COMPLETED: {DemandStatus.FINISHED},
    TicketStatus.CLOSED: {DemandStatus.FINISHED},
    TicketStatus.CANCELLED: {DemandStatus.ENDED},
    TicketStatus.MERGED: {DemandStatus.FINISHED},
}
AT_THE_COUNTER = {DemandStatus.FINISHED}
"""Whoever took it in sees to it to the end: nobody is looked for."""
NOT_THEIR_DOING = {
    ReleaseReason.REDISPATCHED,
    ReleaseReason.CANCELLED,
    ReleaseReason.MERGED,
    ReleaseReason.REFUSED,
    ReleaseReason.BUSY,
    ReleaseReason.ALONE,
    ReleaseReason.TAKEN_IN,
}
FOLLOWS = {"follow_ticket", "free_refused_seat"}
"""The handlers that bring a demand in line with its order; the end of a visit is told of a seat."""
IN_NO_VIEW = {"hours", "community", "absence", "roster", "harm_report"}
"""Read from their owner alone, or kept by other services."""
LETTERS = {
    "others-are-asked",
    "cancelled-for-crew",
    "others-do-it",
    "sorry-not-needed",
    "your-seat-was-given-on",
    "adult-cannot-come",
    "counter-goes-on",
}
"""The rules that tell a member that a seat is theirs no more."""


class Steps:
    """What holds after each step; it remembers the step before."""

    def __init__(self) -> None:
        self._held: dict[str, frozenset[str]] = {}

    def __call__(self, house: House) -> None:
        for demand in house.demands():
            no_seat_twice(demand)
        self._nobody_takes_more_than_they_can(house)

    def _nobody_takes_more_than_they_can(self, house: House) -> None:
        """Who was given a smaller capacity keeps what they hold, and gets nothing more but what staff order on top."""
        ordered = Counter(take.member_id for demand in house.demands() for take in demand.holders if take.beyond)
        for member in house.members():
            held = frozenset(member.holding)
            assert len(held) == len(member.holding)
            if held - self._held.get(member.id, frozenset()):
                assert len(held) <= member.capacity + ordered[member.id], f"{member.id} holds {sorted(held)}"
            self._held[member.id] = held


def no_seat_twice(demand: Demand) -> None:
    """Exactly as many seats as there are, each with one holder who has no other."""
    seats = [take.seat for take in demand.holders]
    assert len(seats) == len(set(seats)) <= demand.seats
    assert set(seats) <= set(range(1, demand.seats + 1))
    assert len({take.member_id for take in demand.holders}) == len(seats)


def when_quiet(house: House) -> None:
    """What holds when nothing waits to be delivered."""
    tickets = [house.ticket(id) for id in house.placed]
    for ticket in tickets:
        both_know_the_same(house, ticket)
        somebody_cares(house, ticket)
        merged_orders_wait_for_one_that_goes_on(house, ticket)
    capacity_is_what_the_seats_say(house, tickets)
    offers_end_as_told(house)
    nobody_loses_a_seat_unheard(house)
    events_have_no_gaps(house)
    views_show_the_newest(house)
    messages_are_due_and_once(house)
    all_work_is_on_record(house)
    every_empty_shift_was_told(house)
    harm_is_seen_through(house)
    crews_are_whole(house)
    who_did_not_come_is_noted_once(house)
    frames_are_once(house)


def both_know_the_same(house: House, ticket: Ticket) -> None:
    """An order and its demand agree on status, round, rework and who holds its seats."""
    demand = house.demand(ticket.id)
    if ticket.status not in AGREED or ticket.untaken:
        assert demand is None
        return
    assert demand is not None
    wanted = AT_THE_COUNTER if ticket.owner is not None and ticket.status in SERVED else AGREED[ticket.status]
    assert demand.status in wanted, f"{ticket.id} is {ticket.status}, its demand {demand.status}"
    if ticket.terms is not None:
        assert (ticket.round, ticket.rework_count) == (demand.round, demand.rework_count)
        if ticket.status is not TicketStatus.CANCELLED:
            assert ticket.terms == demand.terms
    known = {holder.assignment_id: holder.member_id for holder in ticket.holders}
    if ticket.status in {TicketStatus.COMPLETED, TicketStatus.CLOSED}:
        known = {id: member for id, member in known.items() if id not in ticket.vacated}
    assert known == {take.id: take.member_id for take in demand.holders}
    assert not demand.unsettled
    assert demand.ticket_version == max(
        envelope.aggregateversion
        for envelope in house.journal.envelopes
        if envelope.subject == ticket.id and FOLLOWS.intersection(handlers_of("volunteers", envelope.type))
    )


def somebody_cares(house: House, ticket: Ticket) -> None:
    """An order that has not ended has somebody, a search, a deadline ahead, or staff who were told of it."""
    demand = house.demand(ticket.id)
    if ticket.status in SERVED and ticket.owner is None:
        assert demand is not None
        staying = {take.member_id for take in demand.holders if take.status in HELD}
        assert ticket.lead in (staying or {take.member_id for take in demand.holders})
    if ticket.status is TicketStatus.ACCEPTED:
        assert demand is not None
        if demand.status is DemandStatus.UNSERVED:
            assert _told(house, ticket.id)["nobody-takes-it"]
        else:
            assert demand.deadlines()
            assert demand.open_seats
    if ticket.status is TicketStatus.COMPLETED:
        told = _told(house, ticket.id)
        waits = ticket.again is not None and ticket.again.over_at is None
        assert house.tickets.codec.due(ticket) or told["callback-due"] or told["look-again"] or waits
    if ticket.status is TicketStatus.SUBMITTED:
        assert _told(house, ticket.id)["review-waits"]


def merged_orders_wait_for_one_that_goes_on(house: House, ticket: Ticket) -> None:
    """Depth is one; what waits for another is among its others, and that one is under way."""
    if ticket.primary is None:
        assert ticket.status is not TicketStatus.MERGED
        return
    primary = house.ticket(ticket.primary.id)
    assert primary.primary is None
    assert ticket.status not in SERVED | {TicketStatus.ACCEPTED}
    if ticket.status is TicketStatus.COMPLETED and primary.turn > ticket.primary_turn:
        goes_on = primary.status in SERVED | {TicketStatus.ACCEPTED}
        assert ticket.again is not None, f"{ticket.id} is asked of while {primary.id} is done again"
        assert (ticket.again.turn, ticket.again.over_at is None) == (primary.turn, goes_on)
    if ticket.status is TicketStatus.MERGED:
        assert ticket.id in primary.merged
        assert primary.status in SERVED | {TicketStatus.ACCEPTED}, f"{ticket.id} waits for {primary.status}"


def capacity_is_what_the_seats_say(house: House, tickets: list[Ticket]) -> None:
    """Members hold exactly the seats that count, and none of an order that ended or is done."""
    wanted = {(take.member_id, take.id) for demand in house.demands() for take in demand.takes if take.wanted}
    held = {(member.id, seat) for member in house.members() for seat in member.holding}
    assert held == wanted
    at_work = {ticket.id for ticket in tickets if ticket.status in SERVED | {TicketStatus.ACCEPTED}}
    assert {seat.rsplit(".", 2)[0] for _, seat in held} <= at_work


def offers_end_as_told(house: House) -> None:
    """The events' offers, replayed, are the offers: whoever was asked has heard what became of it."""
    heard: dict[str, str] = {}
    for envelope in house.volunteers.journal.envelopes:
        heard |= {offer["id"]: offer["status"] for offer in envelope.data.get("offers", ())}
    actual = {offer.id: offer.status for demand in house.demands() for offer in demand.offers}
    assert {id: OfferStatus(status) for id, status in heard.items()} == actual


def nobody_loses_a_seat_unheard(house: House) -> None:
    """Whoever has lost a seat by no doing of theirs was told, as often as it happened."""
    for demand in house.demands():
        lost = Counter(
            take.member_id for take in demand.takes if take.released in NOT_THEIR_DOING and take.status in HELD
        )
        letters = Counter(
            row.message.recipient.removeprefix("member:")
            for row in house.messages.rows.values()
            if row.message.thread == demand.id and row.message.rule in LETTERS
        )
        assert lost <= letters, f"{demand.id}: lost {lost}, told {letters}"


def events_have_no_gaps(house: House) -> None:
    """Versions of each aggregate's events run from 1 without gaps."""
    versions: dict[str, list[int]] = {}
    for envelope in house.events():
        versions.setdefault(f"{envelope.aggregatetype}/{envelope.subject}", []).append(envelope.aggregateversion)
    for found in versions.values():
        assert found == list(range(1, len(found) + 1))


def views_show_the_newest(house: House) -> None:
    """Each part of each view is what its newest event says, and accounts are what members are."""
    newest = {(envelope.aggregatetype, envelope.subject): envelope for envelope in house.events()}
    parts = {"ticket": ("tickets", "ticket"), "demand": ("tickets", "demand"), "area": ("areas", "area")}
    parts |= {"catalogue_item": ("items", "item"), "member": ("members", "member"), "team": ("teams", "team")}
    for (kind, id), envelope in newest.items():
        if kind in IN_NO_VIEW:
            continue
        view, part = parts[kind]
        shown = dict(house.gateway.collections[view].rows[id][part])
        assert shown.pop("v") == envelope.aggregateversion
        assert shown.items() <= envelope.data["snapshot"].items()
    for member in house.members():
        account = house.gateway.collections["accounts"].rows[f"m-{member.id}"]
        assert account["member"]["display_name"] == member.display_name
    shown = house.gateway.collections["offers"].rows
    assert {id: row["offer"]["status"] for id, row in shown.items()} == {
        offer.id: offer.status for demand in house.demands() for offer in demand.offers
    }


def messages_are_due_and_once(house: House) -> None:
    """For each event, recipient and rule exactly one message; of reminders one for each moment before."""
    from_events = Counter((row.message.event_id, row.message.rule) for row in house.messages.rows.values())
    keys = Counter(
        (one.event_id, one.recipient, one.rule, one.channel, one.before)
        for one in (row.message for row in house.messages.rows.values())
    )
    assert not keys or max(keys.values()) == 1
    types = {envelope.id: envelope.type for envelope in house.events()}
    assert all(handlers_of("notify", types[event]) for event, _ in from_events)


def frames_are_once(house: House) -> None:
    """Each event has one frame in the stream; of who comes and who is there hears whoever ordered."""
    frames = house.gateway.collections["stream"].rows
    assert set(frames) == {envelope.id for envelope in house.events()}
    for row in frames.values():
        if row["frame"]["type"] in REQUESTERS_TOO:
            requester = house.ticket(row["frame"]["subject"]).requester_id
            assert row["audience"]["requester_ids"] == ([requester] if requester else [])


def _told(house: House, ticket_id: str) -> Counter[str]:
    return Counter(row.message.rule for row in house.messages.rows.values() if row.message.thread == ticket_id)
