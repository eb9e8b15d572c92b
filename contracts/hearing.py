"""Who may hear of an event as it happens: one answer for the stream, for webhooks, and for whoever looks after both.

An offer's event reaches the member who was asked; that somebody declined or let an offer pass reaches that member and
nobody else.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from contracts.actor import CHIEFS, STAFF, Actor, Role
from contracts.envelope import Envelope
from contracts.events.absences import AbsenceNoted, AbsenceSettled
from contracts.events.harm import HARM_EVENTS, HarmEvent
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
    PERSON_EVENTS,
    DelegationEnded,
    DelegationGranted,
    DelegationLapsing,
    DelegationRenewed,
    PersonEvent,
)
from contracts.events.results import TicketCallbackRecorded, TicketExplained, TicketReviewDue
from contracts.events.talk import TicketNoted
from contracts.events.tickets import TicketAssignmentRefused
from contracts.events.upstream import TicketUpstreamCalledBack
from contracts.events.volunteers import (
    AssignmentArrived,
    AssignmentMade,
    ClaimOpened,
    OfferDeclined,
    OfferExpired,
    OfferMade,
    OfferReturned,
)
from contracts.ladder import OF_BLOCKS, WhistleStatus
from contracts.recusal import recusal_of
from contracts.words import Permit

Document = dict[str, Any]

SAID_OF_IT = frozenset(
    {TicketCallbackRecorded.TYPE, TicketReviewDue.TYPE, TicketExplained.TYPE, TicketUpstreamCalledBack.TYPE}
)
"""What was said of the work to somebody else, and what followed: not for those who did it."""
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
NOT_FOR_REQUESTERS = frozenset({TicketNoted.TYPE, *(event.TYPE for event in _REQUESTS)})
"""What is asked for is between those who handle the order; what it led to has an event of its own."""
REQUESTERS_TOO = frozenset({AssignmentMade.TYPE, AssignmentArrived.TYPE})
"""Events of volunteers that concern whoever ordered; their body says who that is, in those of an older version not."""

TOLD_TO_NOBODY = frozenset({*(event.TYPE for event in HARM_EVENTS), *(event.TYPE for event in PERSON_EVENTS)}) - _OF_TWO
"""Types of which no stream and no webhook ever tells anybody."""


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


def hears(actor: Actor, community_id: str, whom: Mapping[str, Any]) -> bool:
    """Is the actor, as they are now, one of those whom an event of this community is told to (``audience``)?"""
    own = actor.community_id == community_id
    if own and actor.account_id in whom["requester_ids"]:
        return True
    recused = recusal_of(whom)
    if recused is not None and recused.concerns(actor):
        return False
    return (own and (_is_asked(actor, whom) or _is_staff(actor, whom))) or _is_chief(actor, own, whom)


def areas_of(actor: Actor, roles: frozenset[Role]) -> tuple[str, ...] | None:
    """The areas, or blocks, for which the actor has one of *roles*: None means the whole community, () none."""
    areas = [grant.area_id for grant in actor.grants if grant.role in roles]
    return None if None in areas else tuple(area for area in areas if area is not None)


def _is_asked(actor: Actor, whom: Mapping[str, Any]) -> bool:
    return actor.member_id is not None and (bool(whom.get("members")) or actor.member_id in whom["member_ids"])


def _is_staff(actor: Actor, whom: Mapping[str, Any]) -> bool:
    areas = areas_of(actor, STAFF)
    return bool(whom["staff"]) and (areas is None or any(area in whom["area_path"] for area in areas))


def _is_chief(actor: Actor, own: bool, whom: Mapping[str, Any]) -> bool:
    blocks, came_up_to = areas_of(actor, CHIEFS), whom.get("blocks", ())
    return own and bool(came_up_to) if blocks is None else any(block in came_up_to for block in blocks)


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
    if envelope.type in NOT_FOR_REQUESTERS:
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
