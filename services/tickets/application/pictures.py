"""Pictures of orders: the gateway keeps them, tickets says who may add one and who may see one, and logs who did."""

import hashlib

from contracts.commands import Call, Outcome
from contracts.commands.tickets import AdmitPicture, RevealPicture
from services.tickets.application.ports import Clock, Items, Reveals, Tickets
from services.tickets.application.private_reads import reason_of, reveal_of
from services.tickets.domain import pictures, relations

PART = "picture"
_HOUR = "%Y-%m-%dT%H"


class Pictures:
    """``admit_picture`` and ``reveal_picture``."""

    def __init__(self, tickets: Tickets, items: Items, reveals: Reveals, clock: Clock) -> None:
        self._tickets = tickets
        self._items = items
        self._reveals = reveals
        self._clock = clock

    def admit(self, call: Call[AdmitPicture]) -> Outcome:
        """Whether such a picture may be added now, and whose key seals it."""
        command = call.command
        ticket = self._tickets.get(command.ticket_id)
        item = None if ticket is None else self._items.version(ticket.item_id, ticket.item_version)
        relation = pictures.must_admit(
            ticket,
            item,
            call.meta.actor,
            command.kind,
            shows_person=command.shows_person,
            question=command.question,
        )
        return Outcome({"relation": relation.value, "subject": ticket.sealed_for if ticket else ""})

    def reveal(self, call: Call[RevealPicture]) -> Outcome:
        """Whether the actor may see it, after that was logged: once per reader, picture and hour."""
        actor, reason = call.meta.actor, reason_of(call.command.reason)
        ticket, relation = relations.must_reveal(self._tickets.get(call.command.ticket_id), actor, reason)
        now = self._clock.now()
        seen = f"{ticket.id}/{call.command.picture_id}/{actor.account_id}/{now.strftime(_HOUR)}"
        self._reveals.add(
            reveal_of(ticket, actor, relation, reason, now, PART),
            once=hashlib.sha256(seen.encode()).hexdigest(),
        )
        return Outcome({"relation": relation.value})
