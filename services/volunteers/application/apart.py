"""Who is not sent to whom: said by the member, by whoever is served, or by staff; known to whoever said it alone."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from contracts.actor import STAFF, Actor
from contracts.commands import Call, Outcome
from contracts.commands.members import EndApart, KeepApart, ReadApart
from contracts.decisions import Decided
from contracts.dispatch import ApartReason, SaidBy
from contracts.errors import Conflict, Invalid
from contracts.moments import time_text
from contracts.recusal import is_recused
from contracts.words import Text
from services.volunteers.application.ports import Areas, Clock, Store
from services.volunteers.domain.demand import Demand, not_found
from services.volunteers.domain.member import Member
from services.volunteers.domain.statements import Apart

_NOBODY = Text("这一单没有登记是给谁办的", "of this order it is not known whom it is for")
_NO_WHY = Text("不用说原因", "no reason is asked for")


class SaidOf(Protocol):
    """Who was kept from somebody by whom."""

    def by(self, community_id: str, account_id: str) -> Sequence[Member]:
        """The members of whom that account said it."""


class Keeping:
    """``keep_apart``, ``end_apart``, ``read_apart``. Nothing of it is published, and nothing is typed."""

    def __init__(
        self, members: Store[Member], demands: Store[Demand], said_of: SaidOf, areas: Areas, clock: Clock
    ) -> None:
        self._members = members
        self._demands = demands
        self._said_of = said_of
        self._areas = areas
        self._clock = clock

    def keep(self, call: Call[KeepApart]) -> Outcome:
        """See ``KeepApart``. Raises NotFound, Conflict ``nobody-known``, Invalid ``bad-reason``."""
        command, actor = call.command, call.meta.actor
        demand = self._demands.get(command.ticket_id)
        if demand is None or demand.community_id != actor.community_id:
            raise not_found()
        if is_recused(demand.recused, demand.requester_id, actor):
            raise not_found()
        said_by = self._as_what(actor, demand, command.member_id)
        if said_by is not SaidBy.STAFF and command.reason is not None:
            raise Invalid("bad-reason", _NO_WHY, "reason")
        other = demand.beneficiary_id or demand.requester_id
        if other is None:
            raise Conflict("nobody-known", _NOBODY)
        apart = Apart(
            other=other,
            said_by=said_by,
            by=actor.account_id,
            at=self._clock.now(),
            ticket_id=demand.id,
            number=demand.number,
            reason=command.reason or (ApartReason.ASKED if said_by is SaidBy.STAFF else None),
        )

        def decide(member: Member | None) -> Decided[Member]:
            if member is None or member.erased or member.community_id != actor.community_id:
                raise not_found()
            after = member.kept_from(apart)
            kept = next(one for one in after.apart if one.is_like(apart))
            return Decided(after, (), {"id": apart_id(member.id, kept)})

        return self._members.apply(command.member_id, call.meta, decide)

    def end(self, call: Call[EndApart]) -> Outcome:
        """See ``EndApart``; raises NotFound where there is none of the actor's."""
        actor, wanted = call.meta.actor, call.command.apart_id

        def decide(member: Member | None) -> Decided[Member]:
            if member is None or member.community_id != actor.community_id:
                raise not_found()
            gone = [
                one for one in member.apart if apart_id(member.id, one) == wanted and self._theirs(actor, member, one)
            ]
            if not gone:
                raise not_found()
            rest = tuple(one for one in member.apart if one not in gone)
            return Decided(replace(member, apart=rest), (), {"ended": True})

        return self._members.apply(wanted.partition(".")[0], call.meta, decide)

    def read(self, call: Call[ReadApart]) -> Outcome:
        """See ``ReadApart``."""
        actor, member_id = call.meta.actor, call.command.member_id
        if member_id is not None:
            member = self._members.get(member_id)
            if member is None or not self._in_care(actor, member):
                raise not_found()
            found = [(member, one) for one in member.apart if one.said_by is SaidBy.STAFF]
        else:
            members = self._said_of.by(actor.community_id, actor.account_id)
            found = [(member, one) for member in members for one in member.apart if _own(actor, one)]
        return Outcome({"apart": [_row(member, one) for member, one in found]})

    def _as_what(self, actor: Actor, demand: Demand, member_id: str) -> SaidBy:
        """As what the actor may say it of this member and order; raises NotFound."""
        if actor.member_id == member_id:
            seats = {take.member_id for take in demand.takes}
            if member_id in seats | {offer.member_id for offer in demand.offers}:
                return SaidBy.MEMBER
            raise not_found()
        theirs = {demand.requester_id, demand.beneficiary_id, *demand.delegates}
        if actor.account_id in theirs and any(take.member_id == member_id for take in demand.takes):
            return SaidBy.PERSON
        if actor.has(STAFF, demand.area_path):
            return SaidBy.STAFF
        raise not_found()

    def _theirs(self, actor: Actor, member: Member, one: Apart) -> bool:
        return _own(actor, one) or (one.said_by is SaidBy.STAFF and self._in_care(actor, member))

    def _in_care(self, actor: Actor, member: Member) -> bool:
        if actor.community_id != member.community_id or member.erased or actor.member_id == member.id:
            return False
        return actor.has(STAFF, self._areas.path(member.home_area))


def apart_id(member_id: str, apart: Apart) -> str:
    """What stands for one of them: the order and whose word it is, never to whom."""
    return f"{member_id}.{apart.ticket_id}.{apart.said_by.value}"


def _own(actor: Actor, one: Apart) -> bool:
    return one.by == actor.account_id and one.said_by is not SaidBy.STAFF


def _row(member: Member, one: Apart) -> Mapping[str, Any]:
    return {
        "id": apart_id(member.id, one),
        "member_id": member.id,
        "display_name": member.display_name,
        "said_by": one.said_by.value,
        "ticket_id": one.ticket_id,
        "number": one.number,
        "at": time_text(one.at),
        "reason": None if one.reason is None else one.reason.value,
    }
