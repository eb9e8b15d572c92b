"""The person served, and those who go to them: from the event alone."""

from contracts.events import AnyReceived
from contracts.words import Nature
from services.notify.domain.recipients import member, person


def beneficiary(event: AnyReceived) -> tuple[str, ...]:
    """The person served, also without an account; nobody where whoever ordered hears already.

    Of a complaint nobody either: a paper would say who made it, and somebody of another unit calls them.
    """
    order = event.snapshot
    told = order.requester_id is not None or order.nature is Nature.COMPLAINT
    return (person(order.beneficiary_id),) if order.beneficiary_id is not None and not told else ()


def crew(event: AnyReceived) -> tuple[str, ...]:
    """Those who hold seats of an order for several, but for who leads them."""
    order = event.snapshot
    if order.seats <= 1:
        return ()
    return tuple(member(one.member_id) for one in order.holders if one.member_id != order.lead)


def crew_lead(event: AnyReceived) -> tuple[str, ...]:
    """Who leads them: tickets says it with the order. Whoever does it alone leads nobody."""
    order = event.snapshot
    return (member(order.lead),) if order.lead and order.seats > 1 else ()
