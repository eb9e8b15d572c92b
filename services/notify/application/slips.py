"""The use cases of print slips: see which there are, take one, acknowledge it; and tell staff once of a late one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from contracts.actor import STAFF, Actor
from contracts.commands import Call, Outcome
from contracts.commands.slips import AcknowledgeSlip, ReadSlips, TakeSlip
from contracts.errors import Conflict, Invalid, NotFound
from contracts.moments import time_text
from contracts.slips import HandedHow, SlipState
from contracts.words import Text
from services.notify.application.ports import Clock, Rendered
from services.notify.domain.slip import Slip

MOST_SLIPS = 100
LATE_BATCH = 50


class Slips(Protocol):
    """The slips, which are messages of their own way."""

    def get(self, slip_id: str) -> Slip | None:
        """One that is still to be handed over, or was; None also where its news is overtaken."""

    def page(
        self,
        community_id: str,
        states: Sequence[SlipState],
        areas: Sequence[str] | None,
        area: str | None,
        cursor: str | None,
        limit: int,
    ) -> tuple[list[Slip], str | None]:
        """The soonest due first: in one of *areas* (None: anywhere) and in *area*. Raises Invalid for the cursor."""

    def take(self, slip_id: str, account_id: str, at: datetime) -> bool:
        """Somebody brings it: its message is sent. False where it was handed over, or is overtaken."""

    def acknowledge(self, slip_id: str, account_id: str, how: HandedHow, at: datetime) -> bool:
        """It is there: its message is delivered. False where it was before, or is overtaken."""

    def late(self, now: datetime, most: int) -> Sequence[Slip]:
        """Those that should be there by *now*, are not, and of which staff do not know yet."""

    def tell_late(self, slip: Slip, now: datetime) -> None:
        """Staff are told, once for each slip; then it is noted."""


class SlipWords(Protocol):
    """The words of a message as they were when it was planned."""

    def on_paper(self, slip: Slip, locale: str) -> Rendered:
        """In one language."""


class SlipCases:
    """``read_slips``, ``take_slip``, ``acknowledge_slip``, for staff where the order is; and the late ones."""

    def __init__(self, slips: Slips, words: SlipWords, clock: Clock) -> None:
        self._slips = slips
        self._words = words
        self._clock = clock

    def read(self, call: Call[ReadSlips]) -> Outcome:
        """A page, rendered as it is read."""
        command, actor = call.command, call.meta.actor
        if not 1 <= command.limit <= MOST_SLIPS:
            sentence = Text(f"limit 要在 1 到 {MOST_SLIPS} 之间", f"limit has to be between 1 and {MOST_SLIPS}")
            raise Invalid("invalid-limit", sentence, "limit")
        areas = _areas(actor)
        if areas == ():
            return Outcome({"items": [], "next": None})
        found, following = self._slips.page(
            actor.community_id, command.states, areas, command.area, command.cursor, command.limit
        )
        return Outcome({"items": [self._shown(slip) for slip in found], "next": following})

    def take(self, call: Call[TakeSlip]) -> Outcome:
        """Who takes it last has it; once it was handed over nobody takes it any more."""
        actor = call.meta.actor
        slip = self._must_know(call.command.slip_id, actor)
        if slip.state is SlipState.TAKEN and slip.taken_by == actor.account_id:
            return self._whole(slip)
        if not self._slips.take(slip.id, actor.account_id, self._clock.now()):
            raise _handed_over()
        return self._whole(self._must_know(slip.id, actor))

    def acknowledge(self, call: Call[AcknowledgeSlip]) -> Outcome:
        """Said twice by the same it is said once; by another, or otherwise, it is refused."""
        command, actor = call.command, call.meta.actor
        slip = self._must_know(command.slip_id, actor)
        same = (slip.acknowledged_by, slip.how) == (actor.account_id, command.how)
        done = slip.state is SlipState.ACKNOWLEDGED
        if not (done and same):
            if done or not self._slips.acknowledge(slip.id, actor.account_id, command.how, self._clock.now()):
                raise _handed_over()
            slip = self._must_know(slip.id, actor)
        return Outcome(self._shown(slip))

    def tell_late(self) -> None:
        """Staff hear of each that is not there in its time, once."""
        now = self._clock.now()
        for slip in self._slips.late(now, LATE_BATCH):
            self._slips.tell_late(slip, now)

    def _must_know(self, slip_id: str, actor: Actor) -> Slip:
        slip = self._slips.get(slip_id)
        here = slip is not None and slip.community_id == actor.community_id and actor.has(STAFF, slip.area_path)
        if slip is None or not here:
            raise NotFound("no-such-slip", Text("没有这张通知单", "there is no such slip"), "slip_id")
        return slip

    def _whole(self, slip: Slip) -> Outcome:
        return Outcome({**self._shown(slip), "person_id": slip.person_id})

    def _shown(self, slip: Slip) -> dict[str, Any]:
        return {
            "slip_id": slip.id,
            "ticket_id": slip.ticket_id,
            "number": slip.number,
            "area_path": list(slip.area_path),
            "state": slip.state.value,
            "at": time_text(slip.at),
            "due_at": time_text(slip.due_at),
            "late": slip.state is not SlipState.ACKNOWLEDGED and slip.due_at <= self._clock.now(),
            "taken_by": slip.taken_by,
            "taken_at": None if slip.taken_at is None else time_text(slip.taken_at),
            "how": None if slip.how is None else slip.how.value,
            "acknowledged_by": slip.acknowledged_by,
            "acknowledged_at": None if slip.acknowledged_at is None else time_text(slip.acknowledged_at),
            "pages": [self._page(slip, locale) for locale in slip.locales],
        }

    def _page(self, slip: Slip, locale: str) -> dict[str, str]:
        rendered = self._words.on_paper(slip, locale)
        return {"locale": locale, "title": rendered.title, "body": rendered.body}


def _areas(actor: Actor) -> tuple[str, ...] | None:
    """Where the actor is staff: None means the whole community, () nowhere."""
    areas = [grant.area_id for grant in actor.grants if grant.role in STAFF]
    return None if None in areas else tuple(area for area in areas if area is not None)


def _handed_over() -> Conflict:
    return Conflict("slip-handed-over", Text("这张通知单已经送到,或者不用送了", "it was handed over, or is not needed"))
