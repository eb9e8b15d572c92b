"""A take: one taking of one seat of an order."""

from dataclasses import dataclass, replace
from datetime import datetime

from contracts.events.volunteers import DemandHolder
from contracts.terms import SeatNeed
from contracts.words import ReleaseReason, SeatStatus

HELD = frozenset({SeatStatus.TAKEN, SeatStatus.ARRIVED})
"""A seat in one of these uses up its holder's capacity."""


@dataclass(frozen=True, kw_only=True)
class Visit:
    """That somebody was there; ``checked_out``: they said themselves that they left."""

    arrived_at: datetime
    left_at: datetime | None
    evidence: int | None = None
    checked_out: bool = False


@dataclass(frozen=True, kw_only=True)
class Take:
    """One taking of one seat. ``released`` marks that it is over and why; the seat is then free for another take.

    ``held`` says whether the member's own document counts it: a transaction brings it in line with ``wanted``.
    ``with_adult`` is the member without whom the holder, a minor, may not be there. ``evidence`` is how well it is
    known that they came (``contracts.visits.Evidence``, 1 is best); ``left_at`` when they left, or the order was done;
    ``near`` whether the one point that was compared lay within 100 m, None: none was given, or nobody could tell.
    ``entered_by`` is the account of staff who copied it from a paper sheet. ``role`` is the seat's in a crew,
    ``named_by`` the lead of a team who named the holder. ``earlier``: their visits before a rework, or
    where nobody answered, oldest first; ``visit`` is the newest end of one that is known here.
    ``beyond``: staff gave it to them with full hands.
    ``released_at``: when the seat was freed here, in the same write; until then whoever had it could not know.
    ``still_at`` is when they last said that all is well, ``safety_asked`` when they were asked, ``safety_told``: staff
    heard that they did not answer; ``on_way_at`` when they said they were coming, ``late_asked`` when they were asked.
    ``substitute_by``: they cannot come, and keep the seat until somebody else has it, until then at the latest;
    ``substitute_named``, as long as it waits: whom duty staff named, for staff to confirm.
    """

    id: str
    seat: int
    member_id: str
    display_name: str
    round: int
    status: SeatStatus
    taken_at: datetime
    arrived_at: datetime | None = None
    released: ReleaseReason | None = None
    held: bool = True
    with_adult: str | None = None
    evidence: int | None = None
    near: bool | None = None
    left_at: datetime | None = None
    entered_by: str | None = None
    role: str | None = None
    named_by: str | None = None
    earlier: tuple[Visit, ...] = ()
    visit: int = 0
    beyond: bool = False
    still_at: datetime | None = None
    safety_asked: datetime | None = None
    safety_told: bool = False
    on_way_at: datetime | None = None
    late_asked: datetime | None = None
    released_at: datetime | None = None
    substitute_by: datetime | None = None
    substitute_named: str | None = None

    @property
    def visits(self) -> tuple[Visit, ...]:
        """Every time that they were there, oldest first."""
        if self.arrived_at is None:
            return self.earlier
        now = Visit(
            arrived_at=self.arrived_at,
            left_at=self.left_at,
            evidence=self.evidence,
            checked_out=self.status is SeatStatus.LEFT,
        )
        return (*self.earlier, now)

    def freed(self, reason: ReleaseReason) -> "Take":
        """Over, and why: whom they named is nobody's business any more."""
        return replace(self, released=reason, substitute_named=None)

    def again(self, done_at: datetime | None) -> "Take":
        """To be worked anew: nobody is there yet. Who was there left when the order was done, at *done_at*."""
        earlier = tuple(one if one.left_at else replace(one, left_at=done_at) for one in self.visits)
        return replace(
            self,
            earlier=earlier,
            arrived_at=None,
            evidence=None,
            near=None,
            left_at=None,
            entered_by=None,
            still_at=None,
            safety_asked=None,
            safety_told=False,
            on_way_at=None,
            late_asked=None,
            substitute_by=None,
            substitute_named=None,
        )

    @property
    def wanted(self) -> bool:
        """Should the member's capacity be used up by this?"""
        return self.released is None and self.status in HELD

    def holder(self, need: SeatNeed | None = None) -> DemandHolder:
        """As a snapshot tells it; *need* is what the seat is for."""
        return DemandHolder(
            assignment_id=self.id,
            seat=self.seat,
            member_id=self.member_id,
            display_name=self.display_name,
            status=self.status,
            taken_at=self.taken_at,
            arrived_at=self.arrived_at,
            evidence=self.evidence,
            role=self.role,
            role_name=need.name if need else None,
            lead=need is not None and need.lead,
        )
