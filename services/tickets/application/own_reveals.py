"""What a person has a right to know: who has read what is private of theirs, in which order, when and why."""

from contracts.commands import Call, Outcome
from contracts.commands.tickets import ReadOwnReveals
from services.tickets.application.people_ports import People
from services.tickets.application.pleas import PLEA
from services.tickets.application.ports import Reveals
from services.tickets.application.private_reads import row_of
from services.tickets.application.record_reveals import CALLER, PERSON

MOST = 200
_OF_THEIR_RECORD = frozenset({PERSON, CALLER, PLEA})
"""Readings of who somebody is, or of what they wrote by SMS, not of one order."""


class OwnReveals:
    """``read_own_reveals``."""

    def __init__(self, reveals: Reveals, people: People) -> None:
        self._reveals = reveals
        self._people = people

    def read(self, call: Call[ReadOwnReveals]) -> Outcome:
        """A page of the readings about the actor's account, and about the person whose account it is."""
        actor, command = call.meta.actor, call.command
        person = self._people.of_account(actor.community_id, actor.account_id)
        mine = [actor.account_id] if person is None else [actor.account_id, person.id]
        limit = max(1, min(command.limit, MOST))
        found = self._reveals.about(actor.community_id, mine, command.before, limit)
        rows = [
            {**row_of(row), "mark": mark, "ticket_id": None if row.part in _OF_THEIR_RECORD else row.ticket_id}
            for mark, row in found
        ]
        return Outcome({"reveals": rows})
