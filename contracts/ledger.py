"""The ledger 台账 of an order: what was asked for, why, by whom, who decided. Its lines are only ever added to.

Reasons are codes; what anybody typed beside them is a sealed note of the order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from contracts.ladder import Rung
from contracts.words import Text


class RequestKind(StrEnum):
    """What may be asked for, and is done when somebody who stands above says so."""

    HOLD = "hold"
    """The clock of the solution stands still until a day: papers or parts are missing, nobody is at home."""
    EXTENSION = "extension"
    """More time to solve it."""
    RETURN = "return"
    """Whoever has it gives it back: others are looked for."""
    VOID = "void"
    """It should not be there: entered twice, a test, malicious. It ends, and no rate counts it."""
    REASSIGN = "reassign"
    """A named member or team is asked instead of who has it now."""
    RETURN_UPSTREAM = "return_upstream"
    """Given back to the upstream system that passed it on: it is not ours. It ends here, and goes on there."""


class RequestState(StrEnum):
    """Where a request stands; each but ``asked`` is for ever."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    LAPSED = "lapsed"
    """Nobody decided in time, or the order ended first."""


class Resumed(StrEnum):
    """Why a hold ended."""

    STAFF = "staff"
    TIME = "time"
    DONE = "done"
    """The work was done meanwhile."""


@dataclass(frozen=True)
class Paper:
    """A paper that is missing, by its code in the item's list of materials; ``name`` is the catalogue's."""

    code: str
    name: Text | None = None


@dataclass(frozen=True)
class Desk:
    """Who is asked, and until when; then the next one is."""

    rung: Rung
    until: datetime


@dataclass(frozen=True, kw_only=True)
class Particulars:
    """``until`` is the end of a hold, or the new time to solve it; ``local`` is that as the wall there shows it.

    ``team_id`` or ``member_id``: who is to be asked. ``assignment_ids`` are the seats that were taken when it was asked
    for: whoever took it since is not concerned. ``round`` is the round of dispatch that a reassignment began.
    """

    until: datetime | None = None
    local: str = ""
    papers: tuple[Paper, ...] = ()
    team_id: str | None = None
    member_id: str | None = None
    assignment_ids: tuple[str, ...] = ()
    round: int | None = None


@dataclass(frozen=True, kw_only=True)
class LedgerRow:
    """One request. ``desks`` are those who may be asked for it one after the other, ``desk`` is who is asked now.

    ``asked_by`` and ``decided_by`` are accounts, for staff alone to read: others are shown None.
    """

    id: str
    kind: RequestKind
    reason_code: str
    asked_by: str | None
    asked_as: Rung
    asked_at: datetime
    desks: tuple[Desk, ...] = ()
    desk: int = 0
    particulars: Particulars = Particulars()
    state: RequestState = RequestState.ASKED
    decided_by: str | None = None
    decided_as: Rung | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Hold:
    """A mark with its interval: from ``started_at`` the clock of the solution stands still, at most until ``until``.

    ``local`` is ``until`` as the wall there shows it; ``ended_at`` is None while it stands.
    """

    request_id: str
    reason_code: str
    started_at: datetime
    until: datetime
    papers: tuple[Paper, ...] = ()
    local: str = ""
    ended_at: datetime | None = None
    ended_by: Resumed | None = None


def to_ask_first(ledger: Sequence[LedgerRow], round: int) -> Particulars | None:
    """Whom the ledger wants asked before all others in this round of dispatch; None where nobody was named."""
    named = (row for row in reversed(ledger) if row.kind is RequestKind.REASSIGN and row.state is RequestState.APPROVED)
    row = next(named, None)
    return row.particulars if row is not None and row.particulars.round == round else None
