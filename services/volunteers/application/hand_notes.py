"""What staff type beside the coded reason when they step into a search: sealed for them, read by a logged reveal."""

from typing import Any

from contracts.actor import MEMBER_ACCOUNT
from contracts.commands import Call, Outcome
from contracts.commands.hands_on import RevealHands
from contracts.errors import Invalid
from contracts.typed import clean
from contracts.words import Text
from services.volunteers.application.ports import Clock, Privacy, Store
from services.volunteers.application.relations import within_reach
from services.volunteers.application.reveals import MemberReveal, MemberReveals, reason_of
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.steering import Hand

HANDS = "hands"
"""Which part of what is private of a member it is: what staff wrote when they stepped in."""
LONGEST_NOTE = 500
"""Characters beside the reason of a step."""


class HandNotes:
    """``reveal_hands``: logged before it is opened, for whoever wrote a note and whomever it was about."""

    def __init__(self, demands: Store[Demand], privacy: Privacy, log: MemberReveals, clock: Clock) -> None:
        self._demands = demands
        self._privacy = privacy
        self._log = log
        self._clock = clock

    def reveal(self, call: Call[RevealHands]) -> Outcome:
        """See ``RevealHands``. Whose own case it is learns nothing of it."""
        demand = within_reach(self._demands.get(call.command.demand_id), call.meta.actor)
        noted = [one for one in demand.steering.hands if one.note is not None]
        self._note(call, demand.id, noted, reason_of(call.command.reason))
        return Outcome({"notes": [{"number": one.number, "note": self._opened(demand.id, one)} for one in noted]})

    def _opened(self, demand_id: str, hand: Hand) -> str | None:
        return self._privacy.open(hand.account_id, note_field(demand_id, hand.number), hand.note)

    def _note(self, call: Call[Any], demand_id: str, noted: list[Hand], reason: str) -> None:
        actor, now = call.meta.actor, self._clock.now()
        concerned = [who for one in noted for who in (one.account_id.removeprefix(MEMBER_ACCOUNT), one.about) if who]
        rows = [
            MemberReveal(
                community_id=actor.community_id,
                member_id=member_id,
                at=now,
                account_id=actor.account_id,
                reason=reason,
                part=HANDS,
                ticket_id=demand_id,
            )
            for member_id in dict.fromkeys(concerned)
        ]
        self._log.add(f"{call.meta.created_id or call.meta.command_id}.{call.meta.body_hash}.{HANDS}", rows)


def typed_note(text: str | None) -> str | None:
    """What was typed, whole, or None; raises Invalid ``too-long``."""
    note = clean(text or "").strip()
    if len(note) > LONGEST_NOTE:
        raise Invalid("too-long", Text(f"最多 {LONGEST_NOTE} 个字", f"at most {LONGEST_NOTE} characters"), "note")
    return note or None


def note_field(demand_id: str, number: int) -> str:
    """To what the note of one step is bound, in the vault of whoever wrote it."""
    return f"{HANDS}/{demand_id}/{number}"
