"""Reading what is private: allowed by relation, logged before it is shown, and the log readable too."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from contracts.actor import Actor
from contracts.commands import Call, Outcome
from contracts.commands.tickets import ReadPrivate, ReadReveals
from contracts.moments import time_text
from contracts.words import Nature, Permit
from services.tickets.application.ports import Clock, Persons, Reveal, Reveals, Tickets
from services.tickets.application.sealing import Sealing
from services.tickets.domain import merging, relations
from services.tickets.domain.likely import is_everybodys_place
from services.tickets.domain.notes import is_for_the_crew, is_for_whose_it_is, is_of_the_thing
from services.tickets.domain.private import Note
from services.tickets.domain.relations import Relation
from services.tickets.domain.ticket import Ticket

_LONGEST_REASON = 200
WORDS = "words"
_REPORTING = frozenset({Relation.REQUESTER, Relation.DELEGATE})
"""The side of whoever made a complaint, which is hidden from those who handle it."""


class PrivateReads:
    """``read_private`` and ``read_reveals``."""

    def __init__(self, tickets: Tickets, persons: Persons, reveals: Reveals, sealing: Sealing, clock: Clock) -> None:
        self._tickets = tickets
        self._persons = persons
        self._reveals = reveals
        self._sealing = sealing
        self._clock = clock

    def read_private(self, call: Call[ReadPrivate]) -> Outcome:
        """The private part of an order, after the reading was logged.

        Of one that is done with another the crew at work reads what was said of the thing, and nothing else.
        """
        actor, reason = call.meta.actor, reason_of(call.command.reason)
        found = self._tickets.get(call.command.ticket_id)
        if found is not None and self._goes_for_it_too(found, actor):
            self._reveals.add(reveal_of(found, actor, Relation.ASSIGNEE, reason, self._clock.now()))
            return Outcome(self._of_the_thing(found))
        ticket, relation = relations.must_reveal(found, actor, reason)
        self._reveals.add(reveal_of(ticket, actor, relation, reason, self._clock.now()))
        exactly = relation is not Relation.DELEGATE or relations.delegate_may(ticket, actor, Permit.SEE_ADDRESS)
        private = self._private(ticket, relation, hidden=_hides_reporter(ticket, relation))
        return Outcome(private if exactly else _without_place(private))

    def read_reveals(self, call: Call[ReadReveals]) -> Outcome:
        """Who has seen it: for the requester, the family and staff there.

        The family reads who and when. Why is between whoever looked and whoever ordered: a reason may be about them.
        """
        actor = call.meta.actor
        ticket = relations.must_see_reveals(self._tickets.get(call.command.ticket_id), actor)
        own = relations.is_requester(ticket, actor)
        family = relations.delegate_may(ticket, actor, Permit.SEE)
        told_why = own or relations.is_staff(ticket, actor)
        rows = [
            row_of(row) if told_why or row.account_id == actor.account_id else {**row_of(row), "reason": None}
            for row in self._reveals.of(ticket.community_id, ticket.id)
            if own or family or not _tells_reporter(ticket, row)
        ]
        return Outcome({"reveals": rows})

    def _goes_for_it_too(self, ticket: Ticket, actor: Actor) -> bool:
        if ticket.primary is None or actor.member_id is None or ticket.community_id != actor.community_id:
            return False
        primary = self._tickets.get(ticket.primary.id)
        return primary is not None and merging.is_served_with(ticket, primary, actor.member_id)

    def _of_the_thing(self, ticket: Ticket) -> Mapping[str, Any]:
        """What is wrong with it, as it was ordered and said since; where, if the place is everybody's and no home.

        Who says so, their answers, their papers and their money are none of the crew's of another order.
        """
        public = ticket.terms is not None and is_everybodys_place(ticket.terms.delivery)
        return {
            "description": self._sealing.open_description(ticket),
            "area_id": self._sealing.open_area(ticket) if public else None,
            "notes": [_note(note, text) for note, text in self._sealing.open_notes(ticket) if is_of_the_thing(note)],
            "beneficiary": None,
            "door_word": None,
            "point": self._sealing.open_point(ticket) if public else None,
            "answers": [],
            "cash": [],
        }

    def _private(self, ticket: Ticket, relation: Relation, *, hidden: bool) -> Mapping[str, Any]:
        """*hidden*: without what tells who made it: whom it is for, and the exact place, which is where they live."""
        return {
            "description": self._sealing.open_description(ticket),
            "area_id": None if hidden else self._sealing.open_area(ticket),
            "notes": [_note(note, text) for note, text in self._sealing.open_notes(ticket) if _is_for(note, relation)],
            "beneficiary": None if hidden else self._served(ticket.beneficiary_id),
            "door_word": self._sealing.open_door_word(ticket),
            "point": None if hidden else self._sealing.open_point(ticket),
            "answers": self._sealing.open_answers(ticket),
            "cash": [
                {"number": number, **asdict(sums)} for number, sums in sorted(self._sealing.open_sums(ticket).items())
            ],
        }

    def _served(self, beneficiary_id: str | None) -> Mapping[str, Any] | None:
        person = None if beneficiary_id is None else self._persons.get(beneficiary_id)
        return None if person is None else asdict(person.details)


def _is_for(note: Note, relation: Relation) -> bool:
    """What staff and crew write each other is theirs; what was said of the work to others is not for who did it."""
    if relation in _REPORTING:
        return is_for_whose_it_is(note)
    return relation is not Relation.ASSIGNEE or is_for_the_crew(note)


def _note(note: Note, text: str) -> Mapping[str, Any]:
    side = None if note.side is None else note.side.value
    return {
        "action": note.action,
        "text": text,
        "at": time_text(note.at),
        "side": side,
        "internal": note.internal,
    }


def _without_place(private: Mapping[str, Any]) -> Mapping[str, Any]:
    """For a delegate who may see the order but not where and how to find the person."""
    served = private["beneficiary"]
    named = None if served is None else {**served, "phone": None, "address": None}
    return {**private, "area_id": None, "door_word": None, "point": None, "beneficiary": named}


def reveal_of(
    ticket: Ticket, actor: Actor, relation: str, reason: str | None, now: datetime, part: str = WORDS
) -> Reveal:
    """The row of one reading."""
    return Reveal(
        community_id=ticket.community_id,
        ticket_id=ticket.id,
        at=now,
        account_id=actor.account_id,
        role=relation,
        reason=reason,
        part=part,
        sealed_for=ticket.sealed_for,
        concerns=ticket.concerns,
    )


def row_of(row: Reveal) -> Mapping[str, Any]:
    """A row of the log, as it is told."""
    return {
        "at": time_text(row.at),
        "account_id": row.account_id,
        "role": row.role,
        "reason": row.reason,
        "part": row.part,
    }


def reason_of(typed: str | None) -> str | None:
    """Why somebody looks, as they said it; None where they said nothing."""
    return (typed or "").strip()[:_LONGEST_REASON] or None


def _hides_reporter(ticket: Ticket, relation: relations.Relation) -> bool:
    return ticket.nature is Nature.COMPLAINT and relation not in _REPORTING


def _tells_reporter(ticket: Ticket, row: Reveal) -> bool:
    """Who made a complaint has read it too, and that row would name them to whoever handles it."""
    return ticket.nature is Nature.COMPLAINT and row.role in _REPORTING
