"""The terms under which an order is served, frozen at its acceptance."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from contracts.dispatch import Continuity
from contracts.terms import ServedBefore, Terms
from contracts.words import Nature
from services.tickets.domain.catalogue import CatalogueItem
from services.tickets.domain.community import Community
from services.tickets.domain.person import Person
from services.tickets.domain.ticket import Ticket

MOST_BEFORE = 20
"""So many members who came before are told of at most, those first who came most often."""


class Past(Protocol):
    """Who came before."""

    def served(self, ticket: Ticket, item_id: str | None) -> Sequence[ServedBefore]:
        """The members who did finished orders for the same person, most often first; *item_id* None: of any item."""


def _nobody(_: Ticket) -> Person | None:
    return None


@dataclass(frozen=True)
class Freezing:
    """Without *past* nobody is known to have come before. Only an order of an item that asks for it looks there.

    *served* looks up whom an order is for, where nobody has looked yet.
    """

    past: Past | None = None
    served: Callable[[Ticket], Person | None] = _nobody

    def terms(self, item: CatalogueItem, community: Community, ticket: Ticket) -> Terms:
        """The terms of an order that is there already."""
        return self.terms_for(self.served(ticket), item, community, ticket)

    def terms_for(self, person: Person | None, item: CatalogueItem, community: Community, ticket: Ticket) -> Terms:
        """The terms of an order for *person*; None: nothing is known of whom it is for.

        What somebody speaks who complains would tell whoever handles it who they are: it stays unsaid.
        For the same people again whoever came for anything is known; in turn are those who came for this.
        """
        terms = item.terms(community, urgency=ticket.urgency, seats=ticket.seats, danger=ticket.danger)
        if person is not None and person.languages and ticket.nature is not Nature.COMPLAINT:
            terms = replace(terms, languages=tuple(language.value for language in person.languages))
        if terms.continuity is None or self.past is None:
            return terms
        own = item.id if terms.continuity is Continuity.ROTATE else None
        return replace(terms, served_before=tuple(self.past.served(ticket, own))[:MOST_BEFORE])
