"""Which roles the holder of a role may give to a new account, and where."""

from collections.abc import Mapping

from contracts.actor import Actor, Role

GIVES: Mapping[Role, frozenset[Role]] = {
    Role.ADMIN: frozenset(Role) - {Role.SYSTEM},
    Role.SECRETARY: frozenset({Role.RESIDENT, Role.MEMBER, Role.LEAD, Role.DUTY, Role.DISPATCHER, Role.PROTECTOR}),
    Role.DISPATCHER: frozenset({Role.RESIDENT}),
}


def may_give(actor: Actor, role: Role, area_path: tuple[str, ...] | None) -> bool:
    """May the actor open an account with *role* for the area with this path (None: the whole community)?"""
    givers = frozenset(giver for giver, given in GIVES.items() if role in given)
    return actor.has(givers, () if area_path is None else area_path)
