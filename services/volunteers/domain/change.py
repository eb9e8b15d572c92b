"""What one decision did to a demand, put together step by step."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self

from contracts.events.hands_on import DemandSteered
from contracts.events.volunteers import ClaimOpened, DemandEnded, DemandEvent, OfferMade
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.offer import Offer


@dataclass(frozen=True)
class Change:
    """The demand as it is to be and what happened.

    ``untold``: offers that a step changed without an event of its own; ``told`` names them in one that can.
    """

    demand: Demand
    events: tuple[DemandEvent, ...] = ()
    untold: tuple[Offer, ...] = ()

    def then(self, step: Callable[[Demand], "Change"]) -> "Change":
        """This, and then *step*."""
        after = step(self.demand)
        return Change(after.demand, self.events + after.events, self.untold + after.untold)

    def told(self) -> Self:
        """With every changed offer named by an event, so that whoever was asked hears of it."""
        if not self.untold:
            return self
        changes = tuple(offer.change() for offer in self.untold)
        for index, event in enumerate(self.events):
            if isinstance(event, OfferMade | ClaimOpened | DemandSteered | DemandEnded):
                told = replace(event, offers=(*changes, *event.offers))
                return replace(self, events=(*self.events[:index], told, *self.events[index + 1 :]), untold=())
        return replace(self, events=(*self.events, DemandEnded(offers=changes)), untold=())
