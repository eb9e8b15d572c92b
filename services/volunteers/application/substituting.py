"""A member who cannot come asks for somebody to stand in: by name, of a team of theirs, or whoever suits.

Whom duty staff name of themselves is not asked: staff of the area confirm it (``confirm_substitute``).
"""

from contracts.commands import Call, Outcome
from contracts.commands.visits import AskForSubstitute
from contracts.decisions import Decided
from contracts.dispatch import Asking
from contracts.errors import Conflict
from contracts.moments import time_text
from contracts.words import Employment, OfferStatus, Text
from services.volunteers.application.dispatch import Dispatch
from services.volunteers.application.modes import Modes
from services.volunteers.application.ports import Clock, Store
from services.volunteers.application.relations import held, known, member_id_of
from services.volunteers.domain.asking import asking_of
from services.volunteers.domain.choice import Choice
from services.volunteers.domain.demand import Demand, demand_of, not_found
from services.volunteers.domain.member import Member
from services.volunteers.domain.offer import REFUSED
from services.volunteers.domain.search import ask_to_stand_in
from services.volunteers.domain.standing_in import FOR_THEM, want_substitute, without

_NOT_AGAIN = REFUSED | {OfferStatus.OPEN}


class Substituting:
    """One write: the seat is kept, and somebody is asked; who takes it comes by ``accept_offer``."""

    def __init__(
        self, demands: Store[Demand], members: Store[Member], dispatch: Dispatch, modes: Modes, clock: Clock
    ) -> None:
        self._demands = demands
        self._members = members
        self._dispatch = dispatch
        self._modes = modes
        self._clock = clock

    def ask(self, call: Call[AskForSubstitute]) -> Outcome:
        """See ``want_substitute``. Conflict, of whom they named: ``comes-already``, ``does-not-suit`` (never why:
        that is between them and the platform), ``staff-assign`` of duty staff, whom duty staff alone may name.
        NotFound: of no team of theirs.
        """
        assignment_id, actor = call.command.assignment_id, call.meta.actor
        mate, is_colleague = self._mate(member_id_of(actor), call.command.member_id)

        def decide(found: Demand | None) -> Decided[Demand]:
            demand, now = held(found, assignment_id, actor), self._clock.now()
            to_confirm = _colleague(demand, mate) if mate is not None and is_colleague else None
            change = want_substitute(demand, assignment_id, now, mate is not None, to_confirm)
            if mate is not None and not is_colleague:
                choice = self._choice(change.demand, assignment_id, mate)
                take = change.demand.take(assignment_id)
                change = change.then(lambda at: ask_to_stand_in(at, choice, take, now))
            change = self._dispatch.go_on(change, now)
            until = change.demand.take(assignment_id).substitute_by
            result = {"ticket_id": demand.id, "assignment_id": assignment_id, "until": until and time_text(until)}
            return Decided(change.demand, change.events, result)

        return self._demands.apply(demand_of(assignment_id), call.meta, decide)

    def _mate(self, holder_id: str, named: str | None) -> tuple[Member | None, bool]:
        """Whom they named, and whether both are duty staff: those know each other. Of whoever else is in no team with
        them nobody learns whether they are here.
        """
        if named is None:
            return None, False
        holder, mate = known(self._members.get(holder_id)), known(self._members.get(named))
        colleagues = holder.employment is mate.employment is Employment.DUTY
        if holder.community_id != mate.community_id or not (colleagues or set(holder.team_ids) & set(mate.team_ids)):
            raise not_found()
        return mate, colleagues

    def _choice(self, demand: Demand, assignment_id: str, mate: Member) -> Choice:
        take = demand.take(assignment_id)
        if demand.terms is None:
            raise not_found()
        asking = asking_of(mate.employment, demand.terms.policy)
        choice = Choice(mate.id, (FOR_THEM,), asking=asking, role=take.role, by_name=True)
        _must_be_free(demand, mate)
        if asking is Asking.ORDERED:
            sentence = Text("值守人员由社区派,请联系社区", "duty staff are assigned by the community: please ask there")
            raise Conflict("staff-assign", sentence)
        # Whoever said no, or is being asked, is refused in the same words: nobody learns which it is.
        asked = any(one.member_id == mate.id and one.status in _NOT_AGAIN for one in demand.offers)
        if asked or not self._modes.fits(without(demand, take), choice, self._clock.now()):
            sentence = Text("这位这次去不了,请换一位或让社区找", "they cannot go this time: name another, or none")
            raise Conflict("does-not-suit", sentence)
        return choice


def _colleague(demand: Demand, mate: Member) -> str:
    """Whom staff are to confirm: what they can do is asked when somebody does."""
    _must_be_free(demand, mate)
    return mate.id


def _must_be_free(demand: Demand, mate: Member) -> None:
    if any(one.member_id == mate.id for one in demand.holders):
        raise Conflict("comes-already", Text("这位已经接了这一单", "they have a seat of this order already"))
