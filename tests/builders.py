"""Builders of contract values: each gives a whole, plausible thing; name what your test is about. All invented."""

from datetime import timedelta
from typing import Any

from contracts.actor import Actor, Grant, Role
from contracts.commands import Meta
from contracts.dispatch import Asking, ReturnReason
from contracts.envelope import Envelope
from contracts.events import EVENTS, AnyReceived
from contracts.events.absences import AbsenceSnapshot
from contracts.events.hands_on import DemandSteered, DemandSuggested, DemandWaiting, SuggestionSettled
from contracts.events.harm import HarmSnapshot
from contracts.events.hours import HoursSnapshot
from contracts.events.masters import (
    AreaPublished,
    AreaSnapshot,
    CatalogueItemPublished,
    CatalogueItemSnapshot,
    CommunityPublished,
    CommunitySnapshot,
    MemberPublished,
    MemberSnapshot,
    TeamPublished,
    TeamSnapshot,
)
from contracts.events.people import PersonSnapshot
from contracts.events.pleas import PleaSnapshot
from contracts.events.rosters import RosterSnapshot
from contracts.events.ticket_snapshot import TicketHolder, TicketSnapshot, TicketTimes
from contracts.events.tickets import (
    TicketAccepted,
    TicketAssigned,
    TicketAssignmentRefused,
    TicketCallbackDue,
    TicketCancelled,
    TicketClosed,
    TicketCompleted,
    TicketDeadlineNear,
    TicketDelegatesChanged,
    TicketOverdue,
    TicketRecused,
    TicketRedispatched,
    TicketRejected,
    TicketReporterForgotten,
    TicketReporterRevealed,
    TicketReworked,
    TicketSeatFreed,
    TicketStarted,
    TicketSubmitted,
)
from contracts.events.upstream import TicketTermsFrozen
from contracts.events.volunteers import (
    AssignmentArrived,
    AssignmentLeft,
    AssignmentMade,
    AssignmentReleased,
    ClaimOpened,
    DemandEnded,
    DemandHolder,
    DemandSnapshot,
    DemandUnserved,
    InvitedCounts,
    OfferChange,
    OfferCounts,
    OfferDeclined,
    OfferExpired,
    OfferMade,
    OfferReturned,
)
from contracts.hands_on import SteeringReason, SteeringStep, SuggestionOutcome
from contracts.schemas.fields import time_text
from contracts.schemas.wire import event_data, read_event
from contracts.terms import SkillNeed, Terms
from contracts.words import (
    Answer,
    ClosedBy,
    DeadlineKind,
    DemandStatus,
    Mode,
    Nature,
    OfferStatus,
    Origin,
    Policy,
    ReleaseReason,
    ResultCode,
    SeatStatus,
    Text,
    TicketStatus,
    Urgency,
    WhoMay,
)
from tests.builders_of_absences import ABSENCE_BODIES, an_absence_snapshot
from tests.builders_of_cash import CASH_BODIES
from tests.builders_of_counter import COUNTER_BODIES
from tests.builders_of_harm import HARM_BODIES, a_harm_snapshot
from tests.builders_of_hours import HOURS_BODIES, an_hours_snapshot
from tests.builders_of_intake import INTAKE_BODIES
from tests.builders_of_ladder import LADDER_BODIES
from tests.builders_of_ledger import LEDGER_BODIES
from tests.builders_of_masters import a_community_snapshot as a_community_snapshot
from tests.builders_of_masters import a_member_snapshot as a_member_snapshot
from tests.builders_of_masters import a_team_snapshot as a_team_snapshot
from tests.builders_of_masters import an_area_snapshot as an_area_snapshot
from tests.builders_of_masters import an_item_snapshot as an_item_snapshot
from tests.builders_of_merging import MERGING_BODIES
from tests.builders_of_people import PERSON_BODIES, a_person_snapshot
from tests.builders_of_pleas import PLEA_BODIES, a_plea_snapshot
from tests.builders_of_public_answers import PUBLIC_ANSWER_BODIES
from tests.builders_of_results import RESULT_BODIES
from tests.builders_of_rosters import ROSTER_BODIES, a_roster_snapshot
from tests.builders_of_talk import TALK_BODIES
from tests.builders_of_upstream import UPSTREAM_BODIES
from tests.builders_of_visits import VISIT_BODIES
from tests.scene import AREA_PATH as AREA_PATH
from tests.scene import COMMUNITY as COMMUNITY
from tests.scene import MEMBER_ID as MEMBER_ID
from tests.scene import NOON as NOON
from tests.scene import some_deadlines as some_deadlines

TICKET_ID = "01KAJ5ZX0000000000000TCKET"
ASSIGNMENT_ID = f"{TICKET_ID}.s1.1"
OFFER_ID = f"{TICKET_ID}.o1"


def an_actor(role: Role = Role.RESIDENT, **changes: Any) -> Actor:
    """Somebody signed in with one role for the whole community."""
    values = {"account_id": f"a-{role}", "community_id": COMMUNITY, "grants": (Grant(role),), **changes}
    return Actor(**values)


def a_member_actor(member_id: str = MEMBER_ID) -> Actor:
    """A member's own account."""
    return an_actor(Role.MEMBER, account_id=f"a-{member_id}", member_id=member_id)


def a_meta(actor: Actor | None = None, command_id: str = "command-1", **changes: Any) -> Meta:
    """The meta of one command; another command needs another id."""
    values = {
        "actor": actor or an_actor(),
        "command_id": command_id,
        "body_hash": "hash-1",
        "created_id": TICKET_ID,
        "correlation_id": "correlation-1",
        **changes,
    }
    return Meta(**values)


def some_terms(**changes: Any) -> Terms:
    """The terms of a small repair for one trained volunteer."""
    values: dict[str, Any] = {
        "item_id": "water-electric",
        "item_version": 1,
        "item_name": Text("水电小修", "Small water and electric repairs"),
        "policy": Policy.OFFER,
        "mode": Mode.AUTOMATIC,
        "who_may": WhoMay.TRAINED,
        "urgency": Urgency.ORDINARY,
        "skills": (SkillNeed("water_electric", 1),),
        "night_from": "21:00",
        "night_to": "08:00",
        **changes,
    }
    return Terms(**values)


def a_ticket_snapshot(**changes: Any) -> TicketSnapshot:
    """An accepted order of a resident."""
    values: dict[str, Any] = {
        "id": TICKET_ID,
        "number": "NC-261121-0042",
        "community_id": COMMUNITY,
        "item_id": "water-electric",
        "item_name": Text("水电小修", "Small water and electric repairs"),
        "category": "maintenance",
        "nature": Nature.HELP,
        "origin": Origin.RESIDENT,
        "urgency": Urgency.ORDINARY,
        "status": TicketStatus.ACCEPTED,
        "area_path": AREA_PATH,
        "requester_id": "a-resident",
        "beneficiary_id": None,
        "seats": 1,
        "round": 1,
        "rework_count": 0,
        "holders": (),
        "lead": None,
        "result": None,
        "answer": None,
        "closed_by": None,
        "resolved": None,
        "times": TicketTimes(placed_at=NOON, accepted_at=NOON),
        "deadlines": some_deadlines(),
        **changes,
    }
    return TicketSnapshot(**values)


def a_ticket_holder(**changes: Any) -> TicketHolder:
    """王师傅, as tickets knows the seat."""
    values = {"assignment_id": ASSIGNMENT_ID, "member_id": MEMBER_ID, "display_name": "王师傅", **changes}
    return TicketHolder(**values)


def an_offer_change(**changes: Any) -> OfferChange:
    """An open offer."""
    values: dict[str, Any] = {
        "id": OFFER_ID,
        "member_id": MEMBER_ID,
        "wave": 1,
        "status": OfferStatus.OPEN,
        "expires_at": NOON + timedelta(hours=2),
        "why": (Text("走路10分钟以内", "within 10 minutes' walk"),),
        **changes,
    }
    return OfferChange(**values)


def a_holder(**changes: Any) -> DemandHolder:
    """王师傅 in seat 1."""
    values: dict[str, Any] = {
        "assignment_id": ASSIGNMENT_ID,
        "seat": 1,
        "member_id": MEMBER_ID,
        "display_name": "王师傅",
        "status": SeatStatus.TAKEN,
        "taken_at": NOON,
        "arrived_at": None,
        **changes,
    }
    return DemandHolder(**values)


def a_demand_snapshot(**changes: Any) -> DemandSnapshot:
    """A demand whose one seat is taken."""
    values: dict[str, Any] = {
        "id": TICKET_ID,
        "number": "NC-261121-0042",
        "community_id": COMMUNITY,
        "item_id": "water-electric",
        "item_name": Text("水电小修", "Small water and electric repairs"),
        "urgency": Urgency.ORDINARY,
        "area_path": AREA_PATH,
        "status": DemandStatus.FILLED,
        "round": 1,
        "wave": 1,
        "seats": 1,
        "holders": (a_holder(),),
        "counts": OfferCounts(asked=1, accepted=1, declined=0, expired=0, open=0),
        "invited": InvitedCounts(asked=1, by_name=0),
        "claim_until": None,
        **changes,
    }
    return DemandSnapshot(**values)


SAMPLE_BODIES: tuple[Any, ...] = (
    TicketSubmitted(),
    TicketAccepted(terms=some_terms()),
    TicketTermsFrozen(terms=some_terms()),
    TicketRejected(reason_code="not_ours", go_to="gas_company"),
    TicketAssigned(assignment_ids=(ASSIGNMENT_ID,), lead=MEMBER_ID),
    TicketSeatFreed(assignment_ids=(ASSIGNMENT_ID,)),
    TicketStarted(),
    TicketCompleted(result=ResultCode.SOLVED, by_member=MEMBER_ID, headcount=1),
    TicketCallbackDue(),
    TicketDeadlineNear(kind=DeadlineKind.RESPOND),
    TicketOverdue(kind=DeadlineKind.RESOLVE),
    TicketClosed(by=ClosedBy.CALLBACK, answer=Answer.SATISFIED, resolved=True),
    TicketReworked(rework=1),
    TicketRedispatched(released=(a_ticket_holder(),)),
    TicketCancelled(by_role="resident", reason_code="no_longer_needed", go_to=None, released=(a_ticket_holder(),)),
    TicketAssignmentRefused(assignment_id=ASSIGNMENT_ID, member_id=MEMBER_ID),
    OfferMade(offers=(an_offer_change(),)),
    OfferDeclined(offers=(an_offer_change(status=OfferStatus.DECLINED),)),
    OfferReturned(
        offers=(an_offer_change(status=OfferStatus.RETURNED, asking=Asking.ORDERED),), reason=ReturnReason.BUSY
    ),
    OfferExpired(offers=(an_offer_change(status=OfferStatus.EXPIRED),)),
    ClaimOpened(until=NOON + timedelta(hours=4)),
    AssignmentMade(
        assignment_id=ASSIGNMENT_ID,
        member_id=MEMBER_ID,
        offer_id=OFFER_ID,
        offers=(an_offer_change(status=OfferStatus.ACCEPTED),),
    ),
    AssignmentArrived(assignment_id=ASSIGNMENT_ID, member_id=MEMBER_ID),
    AssignmentLeft(assignment_id=ASSIGNMENT_ID, member_id=MEMBER_ID),
    AssignmentReleased(assignment_id=ASSIGNMENT_ID, member_id=MEMBER_ID, reason=ReleaseReason.GAVE_BACK),
    DemandUnserved(gates={"skill": 12, "off_duty": 3}),
    DemandEnded(offers=(an_offer_change(status=OfferStatus.WITHDRAWN),)),
    DemandSuggested(number=1, count=3, send_at=NOON + timedelta(minutes=10)),
    SuggestionSettled(number=1, outcome=SuggestionOutcome.SENT, taken_ranks=(1,)),
    DemandWaiting(times=2, again=True),
    DemandSteered(
        number=1,
        step=SteeringStep.ASSIGN,
        reason=SteeringReason.NOBODY_CAME,
        assignment_id=ASSIGNMENT_ID,
        member_id=MEMBER_ID,
    ),
    *VISIT_BODIES,
    AreaPublished(),
    CommunityPublished(),
    CatalogueItemPublished(),
    MemberPublished(),
    TeamPublished(),
    TicketDelegatesChanged(),
    TicketReporterRevealed(),
    TicketRecused(),
    TicketReporterForgotten(),
    *INTAKE_BODIES,
    *PERSON_BODIES,
    *RESULT_BODIES,
    *TALK_BODIES,
    *PUBLIC_ANSWER_BODIES,
    *LADDER_BODIES,
    *ROSTER_BODIES,
    *MERGING_BODIES,
    *COUNTER_BODIES,
    *LEDGER_BODIES,
    *UPSTREAM_BODIES,
    *CASH_BODIES,
    *HOURS_BODIES,
    *ABSENCE_BODIES,
    *HARM_BODIES,
    *PLEA_BODIES,
)
"""One body of every event type."""

_SNAPSHOTS = {
    TicketSnapshot: a_ticket_snapshot,
    DemandSnapshot: a_demand_snapshot,
    AreaSnapshot: an_area_snapshot,
    CommunitySnapshot: a_community_snapshot,
    CatalogueItemSnapshot: an_item_snapshot,
    MemberSnapshot: a_member_snapshot,
    TeamSnapshot: a_team_snapshot,
    PersonSnapshot: a_person_snapshot,
    HoursSnapshot: an_hours_snapshot,
    AbsenceSnapshot: an_absence_snapshot,
    HarmSnapshot: a_harm_snapshot,
    PleaSnapshot: a_plea_snapshot,
    RosterSnapshot: a_roster_snapshot,
}


def an_envelope(body: Any, snapshot: Any = None, version: int = 1, **changes: Any) -> Envelope:
    """The event as it travels; its id follows from its aggregate and version unless named."""
    snapshot = snapshot if snapshot is not None else _SNAPSHOTS[body.SNAPSHOT]()
    values: dict[str, Any] = {
        "id": f"{body.AGGREGATE}-{snapshot.id}-{version}",
        "source": body.SOURCE,
        "type": body.TYPE,
        "subject": snapshot.id,
        "time": time_text(NOON),
        "aggregatetype": body.AGGREGATE,
        "aggregateversion": version,
        "communityid": snapshot.community_id,
        "correlationid": "correlation-1",
        "causationid": "command-1",
        "data": event_data(body, snapshot),
        **changes,
    }
    return Envelope(**values)


def received(body: Any, snapshot: Any = None, version: int = 1, **changes: Any) -> AnyReceived:
    """The event as a handler gets it."""
    return read_event(an_envelope(body, snapshot, version, **changes).to_wire())


def every_sample() -> dict[str, Envelope]:
    """One envelope of every event type, by type."""
    samples = {body.TYPE: an_envelope(body) for body in SAMPLE_BODIES}
    missing = EVENTS.keys() - samples.keys()
    if missing:
        raise AssertionError(f"no sample of {sorted(missing)}")
    return samples
