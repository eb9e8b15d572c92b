"""Who is asked how an order went by somebody who had no part in it, and why (design, section 5).

Worked out from the order as it is: whoever could answer for it may come and go until it is closed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from contracts.events.ticket_snapshot import TicketDelegate
from contracts.results import Callback, CallbackKind, CallbackState, Closing
from contracts.words import Answer, ClosedBy, Nature, TicketStatus

NEVER_BY_SILENCE = frozenset({CallbackKind.OTHER_UNIT, CallbackKind.ALWAYS, CallbackKind.NO_ACCOUNT})
"""While such a call is owed no silence closes the order; a sample only looks on."""
AFTERWARDS = frozenset({TicketStatus.COMPLETED, TicketStatus.CLOSED})
_NOT_ASKED = frozenset({ClosedBy.NOBODY, ClosedBy.WHOLE})
"""Who is gone is not asked, and of a share nobody is asked but of the whole."""
_STILL_OWED = frozenset({CallbackKind.OTHER_UNIT, CallbackKind.ALWAYS, CallbackKind.SAMPLE})
"""Also once it is closed by the requester's own word."""


@dataclass(frozen=True, kw_only=True)
class Called:
    """Somebody was asked: when, by which account, why, and what they said."""

    at: datetime
    by: str
    kind: CallbackKind
    answer: Answer
    solved: bool


class Finished(Protocol):
    """What has to be known of an order whose work is done."""

    @property
    def status(self) -> TicketStatus: ...
    @property
    def nature(self) -> Nature: ...
    @property
    def closing(self) -> Sequence[Closing]: ...
    @property
    def sampled(self) -> bool: ...
    @property
    def requester_id(self) -> str | None: ...
    @property
    def beneficiary_id(self) -> str | None: ...
    @property
    def delegates(self) -> Sequence[TicketDelegate]: ...
    @property
    def is_share(self) -> bool: ...
    @property
    def untaken(self) -> bool: ...
    @property
    def call_wanted(self) -> bool: ...
    @property
    def danger(self) -> bool: ...
    @property
    def can_answer(self) -> bool: ...
    @property
    def closed_by(self) -> ClosedBy | None: ...
    @property
    def quiet(self) -> bool: ...
    @property
    def call_by(self) -> datetime | None: ...
    @property
    def calls(self) -> int: ...
    @property
    def called(self) -> Called | None: ...


def needs_nobody(order: Finished) -> bool:
    """Is it nobody's but the community's own, of a kind where a share is looked at and nobody has to say yes?"""
    return Closing.SAMPLE in order.closing and not (order.requester_id or order.beneficiary_id or order.delegates)


def kind_of(order: Finished) -> CallbackKind | None:
    """Why somebody has to call or come, if at all; the strongest reason."""
    if order.nature is Nature.COMPLAINT:
        return CallbackKind.OTHER_UNIT
    if Closing.CALLBACK in order.closing:
        return CallbackKind.ALWAYS
    if order.untaken:
        wanted = CallbackKind.ALWAYS if order.danger else CallbackKind.SAMPLE
        return wanted if order.call_wanted else None
    if not order.can_answer and not needs_nobody(order):
        return CallbackKind.NO_ACCOUNT
    return CallbackKind.SAMPLE if order.sampled else None


def owed(order: Finished) -> Callback | None:
    """The call or visit that the completion of *order* owes, or had; None where nobody need be asked."""
    if order.call_by is None or order.status not in AFTERWARDS or order.closed_by in _NOT_ASKED:
        return None
    if order.is_share:
        return None
    called = order.called
    if called is not None:
        return Callback(
            kind=called.kind,
            state=CallbackState.DONE,
            due_at=order.call_by,
            tries=order.calls,
            answer=called.answer,
            solved=called.solved,
            at=called.at,
        )
    kind = kind_of(order)
    if kind is None or order.quiet or (order.status is TicketStatus.CLOSED and kind not in _STILL_OWED):
        return None
    return Callback(kind=kind, state=CallbackState.OPEN, due_at=order.call_by, tries=order.calls)


def is_owed(order: Finished) -> bool:
    """Is the call still to be made?"""
    found = owed(order)
    return found is not None and found.state is CallbackState.OPEN
