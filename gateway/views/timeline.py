"""An order's timeline: the events of its owners, merged, cut to what the viewer may know."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from contracts import asked
from contracts.dispatch import FREE_TO_REFUSE, Asking
from contracts.events.counter import TicketPartReported, TicketWholeReported
from contracts.events.hands_on import HANDS_ON_EVENTS, DemandSteered, DemandSuggested, DemandWaiting
from contracts.events.ledger import (
    TicketRequestDecided,
    TicketRequestLapsed,
    TicketRequestMade,
    TicketRequestRaised,
)
from contracts.events.seat_visits import AssignmentSafetyAlarm, AssignmentSafetyAsked, AssignmentStillThere
from contracts.events.talk import TicketNoted
from contracts.events.tickets import TicketDelegatesChanged
from contracts.events.volunteers import (
    ClaimOpened,
    DemandUnserved,
    OfferDeclined,
    OfferExpired,
    OfferMade,
    OfferReturned,
)
from contracts.hearing import SAID_OF_IT
from gateway.views import steering

Document = dict[str, Any]

_SILENT = frozenset({OfferDeclined.TYPE, OfferReturned.TYPE, OfferExpired.TYPE})
_THEIR_ANSWER = frozenset({OfferDeclined.TYPE, OfferExpired.TYPE})
"""No, or nothing, of who was free to refuse: told of three at once, since an entry of fewer says whose it was."""
_WHAT_FOLLOWS = frozenset(
    event.TYPE for event in (OfferMade, ClaimOpened, DemandUnserved, DemandSuggested, DemandWaiting)
)
"""What an answer, or none, leads to in the same write: as whom that was done would say which of both it was."""
_REQUESTS = (TicketRequestMade, TicketRequestRaised, TicketRequestDecided, TicketRequestLapsed)
_OF_STAFF = frozenset({TicketDelegatesChanged.TYPE, *(event.TYPE for event in _REQUESTS)})
_OF_STAFF |= {event.TYPE for event in HANDS_ON_EVENTS}
"""For staff alone: what a request, a suggestion or somebody's stepping in led to has an entry of its own."""
_BETWEEN_ORDERS = frozenset({TicketPartReported.TYPE, TicketWholeReported.TYPE})
"""What an order and its parts tell each other: what came of it has an entry of its own."""
_WATCHED = frozenset({AssignmentSafetyAsked.TYPE, AssignmentSafetyAlarm.TYPE, AssignmentStillThere.TYPE})
"""Whether all is well with whoever is at the door: theirs and staff's, never the household's."""
_ACCOUNTS = ("owner", "before")
"""Accounts of staff, in what is told of the counter."""
Office = Callable[[str], Mapping[str, str] | None]
"""What the staff of an account are and where, in both languages."""
_LEFT_OUT = frozenset({"snapshot", "offers", "terms", "gates", "requester_id"})


def timeline(
    events: Iterable[Mapping[str, Any]],
    *,
    member_id: str | None,
    staff: bool,
    crew: bool = False,
    theirs: bool = False,
    office: Office = lambda _: None,
) -> list[Document]:
    """Entries in the order (time, id): subject, version, type and what happened.

    Of offers, staff see how many changed in which way, never whose, and of fewer than three not that they declined
    or let it pass (``contracts.asked``); a member sees their own. For others than staff that is no entry at all; nor
    is that an order was hidden or shown, or what was asked for. What staff and crew noted among themselves is theirs
    alone; what was said of the work in a call is for staff and for those whose order it is (*theirs*). Whoever owns an
    order at the counter is for others than staff an *office*, which is looked up.
    """
    unheard = frozenset[str]() if staff or crew else frozenset({TicketNoted.TYPE})
    unheard |= frozenset[str]() if staff or theirs else SAID_OF_IT
    heard = (event for event in events if event["type"] not in unheard)
    entries = (_entry(event, member_id, staff, office) for event in heard)
    return sorted((entry for entry in entries if entry is not None), key=lambda entry: (entry["time"], entry["id"]))


def _entry(event: Mapping[str, Any], member_id: str | None, staff: bool, office: Office) -> Document | None:
    data, snapshot = event["data"], event["data"]["snapshot"]
    offers = _told(event)
    own = [offer for offer in data.get("offers", ()) if member_id is not None and offer["member_id"] == member_id]
    if event["type"] in _BETWEEN_ORDERS or (event["type"] in _OF_STAFF and not staff):
        return None
    if event["type"] in _WATCHED and not staff and (member_id is None or data["member_id"] != member_id):
        return None
    if event["type"] in _SILENT and not own and not (staff and offers):
        return None
    shown = {name: value for name, value in data.items() if name not in _LEFT_OUT}
    if not staff:
        for name in (one for one in _ACCOUNTS if one in data):
            shown |= {name: None, f"{name}_office": office(data[name])}
    if own:
        shown["offers"] = own
    if staff and offers:
        shown["offer_counts"] = dict(Counter(offer["status"] for offer in offers))
    if staff:
        shown |= {"gates": data["gates"]} if "gates" in data else {}
        shown |= {"counts": asked.withheld(snapshot["counts"])} if "counts" in snapshot else {}
    if event["type"] == DemandSteered.TYPE:
        shown["said"] = steering.said(data)
    return {
        "id": event["id"],
        "type": event["type"],
        "subject": event["subject"],
        "aggregate": event["aggregatetype"],
        "version": event["aggregateversion"],
        "time": event["time"],
        "status": snapshot.get("status"),
        "by": _by(event),
        "data": shown,
    }


def _told(event: Mapping[str, Any]) -> list[Document]:
    """The offers of an event that staff may count."""
    offers = list(event["data"].get("offers", ()))
    if event["type"] not in _THEIR_ANSWER:
        return offers
    theirs = [one for one in offers if one.get("asking", Asking.INVITED) in FREE_TO_REFUSE]
    return [one for one in offers if one not in theirs or asked.may_be_told(len(theirs))]


def _by(event: Mapping[str, Any]) -> Document | None:
    """As whom somebody did it; events of an older version do not say, nor what follows from an answer."""
    role = event.get("actorrole")
    return None if role is None or event["type"] in _WHAT_FOLLOWS else {"role": role, "area_id": event.get("actorarea")}
