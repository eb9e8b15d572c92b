"""``prove_arrival`` and ``read_arrival_codes``: the word and the place stay where they lie sealed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from contracts.commands import Call, Outcome
from contracts.commands.visits import ProveArrival, ReadArrivalCodes
from contracts.decisions import Decided
from contracts.events.ticket_snapshot import TicketHolder
from contracts.moments import time_text
from contracts.places import GivenPoint
from contracts.visits import Evidence
from contracts.words import Permit
from services.tickets.application.ports import Areas, Tickets
from services.tickets.application.sealing import Sealing
from services.tickets.domain import arriving, relations
from services.tickets.domain.coordinates import to_wgs84
from services.tickets.domain.ticket import Ticket

Digest = Callable[[str, str], str]
"""What stands for a text in a context (hex): keyed, so that nobody can work it out who does not know the key."""
_CONTEXT = "tickets/arrival-code"


@dataclass(frozen=True)
class _Shown:
    """What one way of showing it came to: how good it is, or what was wrong."""

    evidence: Evidence | None = None
    near: bool | None = None
    wrong: str | None = None


class Arriving:
    """What of an arrival tickets can judge. A wrong word is counted; nothing that was shown is kept."""

    def __init__(
        self, tickets: Tickets, areas: Areas, sealing: Sealing, digest: Digest, real: Callable[[], datetime]
    ) -> None:
        self._tickets = tickets
        self._areas = areas
        self._sealing = sealing
        self._digest = digest
        self._real = real

    def prove(self, call: Call[ProveArrival]) -> Outcome:
        """Raises NotFound unless the actor holds this seat, Conflict ``too-many-tries``, Invalid for no coordinate."""
        command, actor = call.command, call.meta.actor

        def decide(found: Ticket | None) -> Decided[Ticket]:
            ticket = relations.must_hold(found, actor, command.assignment_id)
            shown = self._judge(ticket, command)
            after = arriving.with_wrong_try(ticket, command.assignment_id) if shown.wrong else ticket
            left = arriving.MOST_WRONG - arriving.wrong_tries(after, command.assignment_id)
            return Decided(after, (), {**_told(shown), "tries_left": left})

        return self._tickets.apply(command.ticket_id, call.meta, decide)

    def codes(self, call: Call[ReadArrivalCodes]) -> Outcome:
        """For whoever ordered it, a delegate who may see it and staff there; the holder never gets their own."""
        actor = call.meta.actor
        ticket = relations.must_know(self._tickets.get(call.command.ticket_id), actor)
        may = relations.is_requester(ticket, actor) or relations.is_staff(ticket, actor)
        if not (may or relations.delegate_may(ticket, actor, Permit.SEE)):
            raise relations.no_such_ticket()
        others = [holder for holder in ticket.holders if holder.member_id != actor.member_id]
        return Outcome({"codes": [self._row(holder) for holder in others]})

    def _row(self, holder: TicketHolder) -> Mapping[str, Any]:
        window = arriving.CodeWindow.at(self._real())
        code = self._code(holder.assignment_id, window)
        return {
            "assignment_id": holder.assignment_id,
            "display_name": holder.display_name,
            "code": code,
            "qr": f"shiliu:arrive:{holder.assignment_id}:{code}",
            "until": time_text(datetime.fromtimestamp(window.until, UTC)),
        }

    def _code(self, assignment_id: str, window: arriving.CodeWindow) -> str:
        return arriving.code_of(self._digest(f"{assignment_id}/{window.number}", _CONTEXT))

    def _judge(self, ticket: Ticket, command: ProveArrival) -> _Shown:
        given = [("code", command.code), ("door_word", command.door_word)]
        for name, said in ((name, said) for name, said in given if said is not None):
            arriving.must_have_tries(ticket, command.assignment_id)
            if not self._right(ticket, command.assignment_id, name, said):
                return _Shown(wrong=name)
            return _Shown(Evidence.CODE if name == "code" else Evidence.SHOWN)
        near = None if command.point is None else self._near(ticket, command.point)
        return _Shown(Evidence.SHOWN if near else None, near)

    def _right(self, ticket: Ticket, assignment_id: str, name: str, said: str) -> bool:
        if name == "door_word":
            word = self._sealing.open_door_word(ticket)
            return word is not None and arriving.same(said, word)
        window = arriving.CodeWindow.at(self._real())
        return any(arriving.same(said, self._code(assignment_id, one)) for one in (window, window.before))

    def _near(self, ticket: Ticket, point: GivenPoint) -> bool | None:
        place = to_wgs84(point)
        area_id = self._sealing.open_area(ticket)
        area = None if area_id is None else self._areas.get(area_id)
        return arriving.is_near(place, self._sealing.open_point(ticket), area)


def _told(shown: _Shown) -> Mapping[str, Any]:
    evidence = None if shown.evidence is None else int(shown.evidence)
    return {"evidence": evidence, "near": shown.near, "wrong": shown.wrong}
