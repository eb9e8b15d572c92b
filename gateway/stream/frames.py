"""What goes into the stream of an event, and who may hear it.

A frame is thin: whoever hears it fetches what they may see. An offer's event reaches the member who was asked; that
somebody declined or let an offer pass reaches that member and nobody else.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from contracts.envelope import Envelope
from contracts.events.absences import AbsenceNoted, AbsenceSettled
from contracts.events.harm import HarmEvent
from contracts.events.ledger import (
    TicketRequestDecided,
    TicketRequestLapsed,
    TicketRequestMade,
    TicketRequestRaised,
)
from contracts.events.masters import (
    AreaPublished,
    CatalogueItemPublished,
    CommunityPublished,
    MemberPublished,
    TeamPublished,
)
from contracts.events.people import (
    DelegationEnded,
    DelegationGranted,
    DelegationLapsing,
    DelegationRenewed,
    PersonEvent,
)
from contracts.events.talk import TicketNoted
from contracts.events.tickets import TicketAssignmentRefused
from contracts.events.volunteers import (
    AssignmentArrived,
    AssignmentMade,
    ClaimOpened,
    OfferDeclined,
    OfferExpired,
    OfferMade,
    OfferReturned,
)
from contracts.ladder import WhistleStatus
from contracts.words import Permit
from gateway.views.scope import OF_BLOCKS, recusal_of
from gateway.views.timeline import SAID_OF_IT

Document = dict[str, Any]

_SILENT = frozenset({OfferDeclined.TYPE, OfferExpired.TYPE})
_OF_THE_MEMBER = frozenset({AbsenceNoted.TYPE, AbsenceSettled.TYPE})
"""What the member sees before anybody else, or alone."""
_OF_NO_AREA = frozenset({PersonEvent.AGGREGATE, HarmEvent.AGGREGATE})
"""What staff of an area hear nothing of; of suspected harm nobody does, here: its circle is told apart."""
_OFFERS_ONLY = _SILENT | {OfferMade.TYPE, OfferReturned.TYPE}
_MASTERS = frozenset(
    {
        AreaPublished.TYPE,
        CommunityPublished.TYPE,
        CatalogueItemPublished.TYPE,
        MemberPublished.TYPE,
        TeamPublished.TYPE,
    }
)
_OF_TWO = frozenset({DelegationGranted.TYPE, DelegationRenewed.TYPE, DelegationLapsing.TYPE, DelegationEnded.TYPE})
_REQUESTS = (TicketRequestMade, TicketRequestRaised, TicketRequestDecided, TicketRequestLapsed)
_NOT_FOR_REQUESTERS = frozenset({TicketNoted.TYPE, *(event.TYPE for event in _REQUESTS)})
"""What is asked for is between those who handle the order; what it led to has an event of its own."""
REQUESTERS_TOO = frozenset({AssignmentMade.TYPE, AssignmentArrived.TYPE})
"""Events of volunteers that concern whoever ordered; their body says who that is, in those of an older version not."""


def frame(envelope: Envelope) -> Document:
    """The thin frame: nothing but where to look."""
    return {
        "id": envelope.id,
        "type": envelope.type,
        "subject": envelope.subject,
        "time": envelope.time,
        "version": envelope.aggregateversion,
        "number": envelope.data["snapshot"].get("number"),
    }


def audience(envelope: Envelope, requesters: Mapping[str, str]) -> Document:
    """``{area_path, member_ids, requester_ids, staff, members, recused}``, and ``blocks`` whose chiefs it came up to.

    *requesters* says who ordered which demand, where the event does not. ``staff``: those who are staff in
    ``area_path``; ``members``: every member of the community; ``recused``: who of these hears nothing of it.
    """
    snapshot = envelope.data["snapshot"]
    silent = envelope.type in _SILENT | _OF_THE_MEMBER or envelope.aggregatetype in _OF_NO_AREA
    return {
        "area_path": list(snapshot.get("area_path", ())),
        "member_ids": sorted(set(_members(envelope))),
        "requester_ids": list(_requesters(envelope, requesters)),
        "staff": not silent,
        "members": envelope.type == ClaimOpened.TYPE,
        "recused": snapshot.get("recused"),
    } | ({"blocks": list(snapshot["blocks"])} if snapshot.get("blocks") and _is_chiefs(envelope) else {})


def _is_chiefs(envelope: Envelope) -> bool:
    """Did the order come up to the chiefs of its blocks, or are they asked to decide something about it?"""
    return envelope.data["snapshot"].get("rung") in OF_BLOCKS or envelope.data.get("approver") in OF_BLOCKS


def _members(envelope: Envelope) -> Iterable[str]:
    data = envelope.data
    for offer in data.get("offers", ()):
        yield offer["member_id"]
        if offer.get("deputy_id"):
            yield offer["deputy_id"]
    if envelope.type in _OFFERS_ONLY | SAID_OF_IT:
        return
    if data.get("member_id"):
        yield data["member_id"]
    yield from data.get("member_ids", ())
    if envelope.type == MemberPublished.TYPE:
        yield data["snapshot"]["id"]
    for holder in (*data.get("released", ()), *_crew(envelope)):
        yield holder["member_id"]
    for whistle in data["snapshot"].get("whistles", ()):
        if whistle["status"] != WhistleStatus.RETURNED or whistle["team"] == data.get("team"):
            yield from whistle["leads"]


def _crew(envelope: Envelope) -> Iterable[Mapping[str, Any]]:
    if envelope.type == TicketAssignmentRefused.TYPE or envelope.type in _MASTERS:
        return ()
    holders: Iterable[Mapping[str, Any]] = envelope.data["snapshot"].get("holders", ())
    return holders


def _requesters(envelope: Envelope, requesters: Mapping[str, str]) -> Iterable[str]:
    if envelope.type in _NOT_FOR_REQUESTERS:
        return ()
    snapshot = envelope.data["snapshot"]
    if envelope.aggregatetype == PersonEvent.AGGREGATE:
        return _of_person(envelope)
    if envelope.type in REQUESTERS_TOO:
        requester = envelope.data.get("requester_id") or requesters.get(envelope.subject)
    else:
        requester = snapshot.get("requester_id")
    told = _told(snapshot)
    whom = dict.fromkeys([*([] if requester is None else [requester]), *told])
    return () if snapshot.get("quiet") else tuple(whom)


def _told(snapshot: Mapping[str, Any]) -> Iterable[str]:
    """The accounts of delegates who are to be told, but of whom it is about and theirs."""
    recusal = recusal_of(snapshot)
    recused: frozenset[str] = recusal.accounts if recusal else frozenset()
    for delegate in snapshot.get("delegates", ()):
        if Permit.BE_TOLD in delegate["may"] and delegate["account_id"] not in recused:
            yield delegate["account_id"]


def _of_person(envelope: Envelope) -> Iterable[str]:
    """A delegation is the affair of two; of a death no machine tells anybody."""
    snapshot = envelope.data["snapshot"]
    if envelope.type not in _OF_TWO or snapshot.get("deceased"):
        return ()
    accounts = (envelope.data.get("account_id"), snapshot.get("account_id"))
    return tuple(account for account in accounts if account is not None)
