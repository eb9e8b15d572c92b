"""Who stands where, as who asks and as who decides: the office that somebody holds at the order, not who they are."""

from collections.abc import Mapping

from contracts.actor import CHIEFS, DISPATCHERS, MEMBER_ACCOUNT, STAFF, Actor, Grant, Role
from contracts.errors import Refused
from contracts.ladder import Rung
from contracts.ledger import LedgerRow, RequestKind
from contracts.words import Text
from services.tickets.domain.ledger import BY_STAFF, LOWEST
from services.tickets.domain.relations import is_for_them
from services.tickets.domain.rungs import ALL_RUNGS, is_above
from services.tickets.domain.ticket import Ticket

ROLES: Mapping[Rung, frozenset[Role]] = {
    Rung.DUTY: STAFF - DISPATCHERS,
    Rung.DESK: DISPATCHERS,
    Rung.BLOCK_CHIEF: CHIEFS - {Role.CHIEF_OF_BLOCKS},
    Rung.CHIEF_OF_BLOCKS: frozenset({Role.CHIEF_OF_BLOCKS}),
}
"""The roles that are each rung; a crew is one by the seats it holds."""


def rung_of(ticket: Ticket, actor: Actor) -> Rung | None:
    """The highest rung that the actor is for this order; None for who has nothing to do with its handling."""
    held = {grant.role for grant in actor.grants if _reaches(grant, ticket, actor)}
    rungs = (rung for rung in reversed(ALL_RUNGS) if ROLES.get(rung, frozenset()) & held)
    return next(rungs, Rung.CREW if ticket.holds(actor.member_id) else None)


def _reaches(grant: Grant, ticket: Ticket, actor: Actor) -> bool:
    """A chief's block may cut across communities; every other role ends with its own."""
    if grant.role in CHIEFS and grant.area_id is not None:
        return grant.area_id in ticket.blocks
    return ticket.community_id == actor.community_id and (grant.area_id is None or grant.area_id in ticket.area_path)


def must_ask(ticket: Ticket, actor: Actor, kind: RequestKind) -> Rung:
    """As which rung the actor asks; raises Refused. The crew ask by their lead, and not for what staff decide on."""
    rung = rung_of(ticket, actor)
    leads = actor.member_id is not None and actor.member_id == ticket.lead
    if rung is None or (rung is Rung.CREW and (not leads or kind in BY_STAFF)):
        raise Refused(
            "not-yours-to-ask",
            Text(zh="这一步由牵头人或社区工作人员来申请", en="the lead of the crew or staff ask for this"),
        )
    return rung


def must_decide(ticket: Ticket, row: LedgerRow, actor: Actor) -> Rung:
    """As which rung the actor decides; raises Refused. Never who asked, nor anybody with a part in the order."""
    rung = rung_of(ticket, actor)
    if rung is None or is_above(LOWEST, rung) or not _stands_above(rung, row):
        raise Refused("approver-only", Text(zh="要由上一级来批", en="somebody who stands above decides this"))
    own = (actor.account_id, f"{MEMBER_ACCOUNT}{actor.member_id}")
    if row.asked_by in own:
        raise Refused("own-request", Text(zh="自己申请的不能自己批", en="nobody decides what they asked for"))
    if ticket.holds(actor.member_id) or ticket.owner in own or is_for_them(ticket, actor):
        raise Refused("own-part", Text(zh="这一单和您有关,请换一位来批", en="you have a part in it: another decides"))
    return rung


def _stands_above(rung: Rung, row: LedgerRow) -> bool:
    """Above who asked; where nobody stands above them, their equals."""
    return is_above(rung, row.asked_as) or (rung is row.asked_as and row.desks[-1].rung is row.asked_as)
