"""The one table of who publishes what and who reacts.

A test holds every row against a handler, a schema and a sample. All handlers of an event run in the listed order
on one delivery; an error retries all of them, since each one's effect is keyed.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from contracts.envelope import TYPE_PREFIX
from contracts.events import EVENTS
from contracts.events.absences import ABSENCE_EVENTS
from contracts.events.cash import TicketCashChanged
from contracts.events.counter import (
    TicketAppointed,
    TicketHandedOver,
    TicketPapersSeen,
    TicketPartReported,
    TicketPartsChanged,
    TicketTakenIn,
    TicketWholeReported,
)
from contracts.events.hands_on import DemandSteered, DemandSuggested, DemandWaiting
from contracts.events.harm import HarmRaised, HarmReceived
from contracts.events.hours import HOURS_EVENTS
from contracts.events.intake import TicketHandled
from contracts.events.ladder import LADDER_EVENTS, TicketEscalated
from contracts.events.ledger import (
    TicketExtended,
    TicketHeld,
    TicketRequestDecided,
    TicketRequestLapsed,
    TicketRequestMade,
    TicketRequestRaised,
    TicketResumed,
    TicketStruckThree,
)
from contracts.events.masters import (
    AreaPublished,
    CatalogueItemPublished,
    CommunityPublished,
    MemberPublished,
    TeamPublished,
)
from contracts.events.merging import TicketDoneForOthers, TicketMerged, TicketSplit
from contracts.events.people import (
    DelegationEnded,
    DelegationGranted,
    DelegationLapsing,
    DelegationRenewed,
    PersonDeceased,
    PersonRegistered,
    PersonRestored,
)
from contracts.events.pleas import PLEA_EVENTS
from contracts.events.public_answers import (
    TicketAnswerAgreed,
    TicketAnswerPublished,
    TicketAnswerWithdrawn,
    TicketAnswerWritten,
)
from contracts.events.results import (
    TicketAnswerDue,
    TicketAnsweredAgain,
    TicketCallbackRecorded,
    TicketExplained,
    TicketReviewDue,
)
from contracts.events.rosters import ROSTER_EVENTS
from contracts.events.seat_visits import (
    AssignmentLate,
    AssignmentOnTheWay,
    AssignmentSafetyAlarm,
    AssignmentSafetyAsked,
    AssignmentStillThere,
    AssignmentSubstituteWanted,
)
from contracts.events.talk import TicketCommented, TicketNoted
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
    TicketSubmitted,
)
from contracts.events.upstream import (
    TicketTermsFrozen,
    TicketUpstreamCalledBack,
    TicketUpstreamRepeated,
    TicketUpstreamTold,
)
from contracts.events.visits import TicketVisited
from contracts.events.volunteers import (
    AssignmentArrived,
    AssignmentLeft,
    AssignmentMade,
    AssignmentReleased,
    ClaimOpened,
    DemandEnded,
    DemandUnserved,
    OfferDeclined,
    OfferExpired,
    OfferMade,
    OfferReturned,
)
from contracts.hearing import TOLD_TO_NOBODY

EXCHANGE = "shiliu.events.v1"
SERVICES = ("tickets", "volunteers", "notify", "gateway")
RETRIES = (1, 2, 3)


def inbox_queue(service: str) -> str:
    """The service's one queue of events; its arguments never change under this name."""
    return f"{service}.inbox.v1"


def retry_queue(service: str, step: int) -> str:
    """Where a message whose handler failed waits for its next try."""
    return f"{service}.retry.{step}.v1"


def dead_queue(service: str) -> str:
    """Where what cannot be handled is kept, with the reason, for people to look at."""
    return f"{service}.dead.v1"


def dead_look(service: str) -> str:
    """The exclusive queue that whoever looks at the dead queue holds meanwhile: what they hold nobody else can see."""
    return f"{dead_queue(service)}.look"


@dataclass(frozen=True)
class Row:
    """``service`` reacts to ``event`` (a type) with its handler named ``handler``."""

    event: str
    service: str
    handler: str

    @property
    def routing_key(self) -> str:
        """The binding of the service's inbox for this row."""
        return self.event.removeprefix(TYPE_PREFIX)


def _rows(service: str, handler: str, *events: type[Any]) -> tuple[Row, ...]:
    return tuple(Row(event.TYPE, service, handler) for event in events)


_WHOSE_ACCOUNT = (PersonRegistered, PersonDeceased, PersonRestored)
"""The events that say whose own account it is, and whether they live."""

TOPOLOGY: tuple[Row, ...] = (
    *_rows(
        "tickets", "follow_demand", AssignmentMade, AssignmentArrived, AssignmentLeft, AssignmentReleased, OfferReturned
    ),
    *_rows(
        "tickets",
        "follow_person",
        PersonRegistered,
        DelegationGranted,
        DelegationRenewed,
        DelegationEnded,
        PersonDeceased,
        PersonRestored,
    ),
    *_rows("tickets", "climb", DemandUnserved),
    *_rows("tickets", "keep_crew", MemberPublished, TeamPublished),
    *_rows("tickets", "follow_merged", TicketDoneForOthers, TicketReworked, TicketRedispatched, TicketCancelled),
    *_rows("tickets", "follow_part", TicketPartReported),
    *_rows("tickets", "follow_whole", TicketWholeReported),
    *_rows("volunteers", "keep_area", AreaPublished),
    *_rows("volunteers", "keep_community", CommunityPublished),
    *_rows(
        "volunteers",
        "follow_ticket",
        TicketAccepted,
        TicketCompleted,
        TicketReworked,
        TicketRedispatched,
        TicketCancelled,
        TicketRecused,
        TicketTakenIn,
    ),
    *_rows("volunteers", "follow_ticket", TicketMerged, TicketSplit, TicketTermsFrozen, TicketDelegatesChanged),
    *_rows("volunteers", "to_duty", TicketEscalated),
    *_rows("volunteers", "follow_visit", TicketVisited),
    *_rows("volunteers", "free_refused_seat", TicketAssignmentRefused),
    *_rows("volunteers", "forget_reporter", TicketReporterForgotten),
    *_rows("volunteers", "follow_person", *_WHOSE_ACCOUNT),
    *_rows("volunteers", "record_hours", AssignmentLeft, AssignmentReleased),
    *_rows(
        "notify",
        "notify",
        TicketSubmitted,
        TicketAccepted,
        TicketRejected,
        TicketAssigned,
        TicketCompleted,
        TicketHandled,
        TicketCallbackDue,
        TicketDeadlineNear,
        TicketOverdue,
        TicketClosed,
        TicketReworked,
        TicketRedispatched,
        TicketCancelled,
        TicketAssignmentRefused,
        TicketTakenIn,
        TicketHandedOver,
        TicketAppointed,
        TicketPapersSeen,
        TicketPartsChanged,
        TicketCashChanged,
        TicketReporterRevealed,
        TicketRequestMade,
        TicketRequestRaised,
        TicketRequestDecided,
        TicketRequestLapsed,
        TicketHeld,
        TicketResumed,
        TicketExtended,
        TicketStruckThree,
        TicketCallbackRecorded,
        TicketReviewDue,
        TicketExplained,
        TicketAnswerDue,
        TicketAnsweredAgain,
        TicketCommented,
        TicketNoted,
        TicketAnswerWritten,
        TicketAnswerAgreed,
        TicketAnswerPublished,
        TicketAnswerWithdrawn,
        *LADDER_EVENTS,
        TicketUpstreamRepeated,
        TicketUpstreamCalledBack,
        TicketUpstreamTold,
        DelegationGranted,
        DelegationRenewed,
        DelegationLapsing,
        DelegationEnded,
        OfferMade,
        OfferReturned,
        OfferExpired,
        ClaimOpened,
        AssignmentMade,
        AssignmentReleased,
        DemandUnserved,
        DemandEnded,
        DemandSuggested,
        DemandWaiting,
        DemandSteered,
    ),
    *_rows("notify", "notify", *HOURS_EVENTS, *ABSENCE_EVENTS),
    *_rows("notify", "notify", TicketMerged, TicketSplit, *ROSTER_EVENTS),
    *_rows("notify", "notify", TicketVisited, AssignmentSafetyAsked, AssignmentSafetyAlarm, AssignmentStillThere),
    *_rows("notify", "notify", AssignmentLate, AssignmentOnTheWay, AssignmentSubstituteWanted),
    *_rows("notify", "notify", HarmReceived, HarmRaised, *PLEA_EVENTS),
    *_rows("notify", "keep_area", AreaPublished),
    *_rows("notify", "notify", OfferDeclined, TicketSeatFreed),
    *_rows("notify", "follow_person", *_WHOSE_ACCOUNT, DelegationGranted, DelegationRenewed, DelegationEnded),
    *_rows("notify", "follow_offers", OfferMade, OfferDeclined, OfferReturned, OfferExpired),
    *_rows("notify", "follow_offers", AssignmentMade, DemandEnded, DemandSteered),
    *_rows("notify", "adopt_preferences", PersonRegistered),
    *_rows("notify", "forget_reporter", TicketReporterForgotten),
    *_rows("notify", "follow_circle", TicketDelegatesChanged),
    *_rows("notify", "recuse", TicketRecused),
    *_rows("notify", "keep_community", CommunityPublished),
    *_rows("notify", "keep_rosters", *ROSTER_EVENTS),
    *_rows("notify", "keep_items", CatalogueItemPublished),
    *_rows("notify", "webhooks", *(kind for type_, kind in EVENTS.items() if type_ not in TOLD_TO_NOBODY)),
    *_rows("gateway", "project", *EVENTS.values()),
    *_rows("gateway", "keep_account", MemberPublished),
    *_rows("gateway", "rest_account", *_WHOSE_ACCOUNT),
    *_rows("gateway", "stream", *EVENTS.values()),
)


@lru_cache(maxsize=4_096)
def handlers_of(service: str, event_type: str) -> tuple[str, ...]:
    """The names of the handlers of *service* for *event_type*, in order."""
    return tuple(row.handler for row in TOPOLOGY if row.service == service and row.event == event_type)
