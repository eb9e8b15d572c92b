"""Bodies of the events about visits, for samples and tests."""

from typing import Any

from contracts.events.seat_visits import (
    AssignmentComesAgain,
    AssignmentLate,
    AssignmentOnTheWay,
    AssignmentSafetyAlarm,
    AssignmentSafetyAsked,
    AssignmentStillThere,
    AssignmentSubstituteWanted,
)
from contracts.events.visits import TicketFollowedUp, TicketVisited
from contracts.visits import VisitResult
from tests.scene import MEMBER_ID, NOON

SEAT = "01KAJ5ZX0000000000000TCKET.s1.1"
CHECK_ID = "01KAJ5ZX0000000000000CHECK"

VISIT_BODIES: tuple[Any, ...] = (
    TicketVisited(
        assignment_id=SEAT,
        member_id=MEMBER_ID,
        result=VisitResult.NOBODY_ANSWERED,
        visit=1,
        check_wanted=True,
        check_id=CHECK_ID,
    ),
    TicketFollowedUp(follow_up_id=CHECK_ID, member_id=MEMBER_ID),
    AssignmentComesAgain(assignment_id=SEAT, member_id=MEMBER_ID),
    AssignmentSafetyAsked(assignment_id=SEAT, member_id=MEMBER_ID, answer_by=NOON),
    AssignmentSafetyAlarm(assignment_id=SEAT, member_id=MEMBER_ID),
    AssignmentStillThere(assignment_id=SEAT, member_id=MEMBER_ID, after_alarm=True),
    AssignmentLate(assignment_id=SEAT, member_id=MEMBER_ID, answer_by=NOON),
    AssignmentOnTheWay(assignment_id=SEAT, member_id=MEMBER_ID, requester_id="a-resident"),
    AssignmentSubstituteWanted(assignment_id=SEAT, member_id=MEMBER_ID, until=NOON, by_name=True),
)
