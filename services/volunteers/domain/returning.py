"""An order given back by whoever was not free to refuse it: with a reason, and what they typed beside it sealed."""

from dataclasses import replace

from contracts.dispatch import ReturnReason
from contracts.errors import Conflict
from contracts.events.volunteers import OfferReturned
from contracts.words import OfferStatus, Text
from services.volunteers.domain.change import Change
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.search import decline, offer_not_open


def give_back_offer(demand: Demand, offer_id: str, reason: ReturnReason, note: bytes | None = None) -> Change:
    """Not signed in but returned; somebody else is looked for.

    Raises Conflict: ``offer-not-open``; ``decline-instead`` where they were invited: nobody asks those for a reason.
    """
    offer = demand.offer(offer_id)
    if offer.status is not OfferStatus.OPEN:
        raise offer_not_open()
    if not offer.owed:
        raise Conflict(
            "decline-instead",
            Text(
                "这是请您帮忙:说「这次不方便」就好,不用写原因",
                'you were invited: "not this time" will do, no reason is asked',
            ),
        )
    returned = replace(offer, status=OfferStatus.RETURNED, returned=reason, note=note)
    return Change(demand.with_offer(returned), (OfferReturned(offers=(returned.change(),), reason=reason),))


def answer_no(demand: Demand, offer_id: str) -> Change:
    """No, for somebody who is not there any more to say it: invited or not."""
    if demand.offer(offer_id).owed:
        return give_back_offer(demand, offer_id, ReturnReason.AWAY)
    return decline(demand, offer_id)
