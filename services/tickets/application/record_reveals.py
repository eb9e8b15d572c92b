"""The log of who read of a person outside any order: their record, or who they are when they ring."""

from contracts.actor import Actor
from services.tickets.application.ports import Clock, Reveal, Reveals
from services.tickets.domain.person import Person

PERSON = "person"
"""What of somebody was read: their record, not an order of theirs."""
CALLER = "caller"
"""What of somebody was read: who they are, and what they ordered, when they rang."""


class RecordReveals:
    """Adds rows about people themselves; whoever they concern finds them among their own."""

    def __init__(self, reveals: Reveals, clock: Clock) -> None:
        self._reveals = reveals
        self._clock = clock

    def add(self, person: Person, actor: Actor, role: str, reason: str | None, part: str, once: str) -> None:
        """Log a reading before it happens; readings with the same *once* are one."""
        row = Reveal(
            community_id=person.community_id,
            ticket_id=person.id,
            at=self._clock.now(),
            account_id=actor.account_id,
            role=role,
            reason=reason,
            part=part,
            sealed_for=person.id,
            concerns=tuple(dict.fromkeys(one for one in (person.id, person.account_id) if one is not None)),
        )
        self._reveals.add(row, once)
