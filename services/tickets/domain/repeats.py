"""An order that its upstream system sends once more, with other words or a stricter deadline."""

from dataclasses import replace
from datetime import datetime

from contracts.decisions import Decided
from contracts.events.upstream import TicketTermsFrozen, TicketUpstreamRepeated
from contracts.upstream import External
from contracts.words import ENDED
from services.tickets.domain.emergencies import Emergency, made_safe
from services.tickets.domain.private import Note
from services.tickets.domain.ticket import Ticket


def repeated(
    ticket: Ticket, said: External, client: str | None, words: Note | None, emergency: Emergency | None, now: datetime
) -> Decided[Ticket]:
    """Upstream sent it again: nothing of what stands is lost, the words are added, the stricter moments hold.

    Words of danger make it an *emergency*. An order that has ended stays ended: people hear of it and decide.
    """
    if ticket.external is None:
        return Decided(ticket, (), ticket.answer_to_caller())
    external = ticket.external.again(said, client)
    added = replace(ticket, external=external, private=ticket.with_note(words))
    safe = Decided(added) if emergency is None else made_safe(added, emergency, now)
    after = safe.aggregate
    event = TicketUpstreamRepeated(
        repeats=external.repeats,
        ended=ticket.status in ENDED,
        danger=emergency is not None,
        released=ticket.holders if after.round > ticket.round else (),
    )
    anew = (TicketTermsFrozen(terms=after.terms),) if after.terms and after.refrozen > ticket.refrozen else ()
    return Decided(after, (event, *anew, *safe.events), after.answer_to_caller())
