"""Who serves with whom changes while a complaint is open: whoever joins its subject's team is recused from then on."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from contracts.commands import reaction_to
from contracts.decisions import Decided
from contracts.events import AnyReceived
from contracts.events.tickets import TicketRecused
from contracts.recusal import Recusal
from contracts.words import ENDED
from services.tickets.application.complaints import Complaints, Crews, Kept
from services.tickets.application.ports import Tickets
from services.tickets.domain.ticket import Ticket


class OpenComplaints(Protocol):
    """The complaints that are not at their end."""

    def ids(self, community_id: str) -> Sequence[str]:
        """Those of one community."""


class Recusals:
    """The handler of members and teams as they are published. Nobody is let in again who was recused once."""

    def __init__(self, crews: Crews, complaints: Complaints, open_ones: OpenComplaints, tickets: Tickets) -> None:
        self._crews = crews
        self._complaints = complaints
        self._open = open_ones
        self._tickets = tickets

    def keep_crew(self, events: Sequence[AnyReceived]) -> None:
        """Keep the newest version of every member and team, then look at each open complaint of their community."""
        self._crews.keep([Kept(event.snapshot, event.version) for event in events])
        newest = {event.envelope.communityid: event for event in events}
        for community_id, event in newest.items():
            for ticket_id in self._open.ids(community_id):
                self._widen(ticket_id, event)

    def _widen(self, ticket_id: str, event: AnyReceived) -> None:

        def decide(ticket: Ticket | None) -> Decided[Ticket] | None:
            if ticket is None or ticket.subject is None or ticket.recused is None or ticket.status in ENDED:
                return None
            wider = _both(ticket.recused, self._complaints.recusal(ticket.subject, ticket.community_id))
            if wider == ticket.recused:
                return None
            return Decided(replace(ticket, recused=wider), (TicketRecused(),), ticket.answer_to_caller())

        self._tickets.apply(ticket_id, reaction_to(event.envelope), decide)


def _both(before: Recusal, now: Recusal) -> Recusal:
    return Recusal(
        tuple(sorted({*before.members, *now.members})),
        tuple(sorted({*before.areas, *now.areas})),
        tuple(sorted({*before.staff, *now.staff})),
    )
