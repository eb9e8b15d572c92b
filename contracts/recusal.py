"""Conflict 回避: whom a complaint is about, and everybody who therefore has nothing to do with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contracts.actor import CHIEFS, MEMBER_ACCOUNT, STAFF, Actor
from contracts.words import SubjectKind


@dataclass(frozen=True)
class Subject:
    """Whom a complaint is about, by reference: ``id`` of a member, team, area, staff account; None for ``other``."""

    kind: SubjectKind
    id: str | None = None


@dataclass(frozen=True)
class Recusal:
    """Who sees, hears, takes, decides and counts nothing of an order, worked out when it was placed.

    ``members`` are the subject, their team mates, and who leads or reports to them; ``areas`` are those for whose staff
    it would be their own case; ``staff`` are accounts of staff who are no members. Whoever ordered keeps their own
    order, whatever else they are.
    """

    members: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    staff: tuple[str, ...] = ()

    @property
    def accounts(self) -> frozenset[str]:
        """Accounts that are recused whatever their roles: the members' own, and those of staff."""
        return frozenset(MEMBER_ACCOUNT + member for member in self.members) | frozenset(self.staff)

    def concerns(self, actor: Actor) -> bool:
        """Is it the actor's own case?"""
        if actor.account_id in self.staff or (actor.member_id is not None and actor.member_id in self.members):
            return True
        return any(area in self.areas for area in staffed(actor))


def staffed(actor: Actor) -> tuple[str, ...]:
    """The areas for which the actor is staff, or the blocks whose chief they are, by name.

    Who is staff of the whole community is of none in particular.
    """
    named = (grant for grant in actor.grants if grant.role in STAFF | CHIEFS)
    return tuple(grant.area_id for grant in named if grant.area_id is not None)


def is_recused(recused: Recusal | None, requester_id: str | None, actor: Actor) -> bool:
    """Does the order not exist for the actor, though their role or area would show it to them?"""
    return recused is not None and actor.account_id != requester_id and recused.concerns(actor)


def recusal_of(part: Mapping[str, Any]) -> Recusal | None:
    """Who is recused, as an event or a view tells it."""
    told = part.get("recused")
    return None if told is None else Recusal(tuple(told["members"]), tuple(told["areas"]), tuple(told.get("staff", ())))
