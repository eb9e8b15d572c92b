"""The ladder of a new order, and the departments that are called by the order's own rules."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from contracts.decisions import Decided
from contracts.errors import Invalid
from contracts.events.ladder import TicketEscalated
from contracts.events.tickets import TicketAccepted
from contracts.ladder import Rung
from contracts.words import Text
from services.tickets.domain.catalogue import CatalogueItem
from services.tickets.domain.community import Community
from services.tickets.domain.ladder import with_units
from services.tickets.domain.rungs import ladder_of
from services.tickets.domain.ticket import Ticket
from services.tickets.domain.whistles import NOT_AT_WORK, Unit, is_at_it, led_by

Tell = Callable[..., None]
"""Tells operators of an error: an event's name, and its fields."""


class Blocks(Protocol):
    """The blocks of the installation; one may cover parts of several communities."""

    def over(self, area_path: Sequence[str]) -> tuple[str, ...]:
        """The blocks that cover a place, in order of their ids."""


@dataclass(frozen=True)
class KnownUnit:
    """A team as it can be called, or cannot: only departments and contracted companies are, nobody's free will is."""

    unit: Unit
    contracted: bool


class Units(Protocol):
    """The teams of a community, with who answers for them."""

    def units(self, community_id: str, team_ids: Sequence[str]) -> Sequence[KnownUnit]:
        """Those of these teams that there are."""


class Ladders:
    """What the steps of an order need of its ladder. For an ordinary order nothing is looked up but the blocks."""

    def __init__(self, blocks: Blocks, units: Units, tell: Tell) -> None:
        self._blocks = blocks
        self._units = units
        self._tell = tell

    def begin(self, ticket: Ticket, item: CatalogueItem, community: Community) -> Ticket:
        """A new order on the first rung of its ladder."""
        blocks = self._blocks.over(ticket.area_path)
        ladder = ladder_of(community.ladder, item.ladder, ticket.urgency, blocks)
        return replace(ticket, blocks=blocks, ladder=ladder, rung=ladder.start(ticket.nature))

    def accepted(self, decided: Decided[Ticket], item: CatalogueItem, now: datetime) -> Decided[Ticket]:
        """*decided* may have accepted the order: then whoever its item calls at once is called."""
        taken_on = any(isinstance(event, TicketAccepted) for event in decided.events)
        if not item.ladder.at_once or not taken_on or decided.aggregate.status in NOT_AT_WORK:
            return decided
        return with_units(decided, self._usable(decided.aggregate, item.ladder.at_once), None, now)

    def summoned(self, decided: Decided[Ticket] | None, now: datetime) -> Decided[Ticket] | None:
        """*decided* may have brought the order to the chief of blocks: the departments come in the same step."""
        return None if decided is None else self.with_departments(decided, None, now)

    def with_departments(self, decided: Decided[Ticket], by: str | None, now: datetime) -> Decided[Ticket]:
        """The same, where there is a decision; *by* is who sent it up."""
        went_up = [event for event in decided.events if isinstance(event, TicketEscalated)]
        departments = decided.aggregate.ladder.departments
        if not departments or not any(event.rung is Rung.CHIEF_OF_BLOCKS for event in went_up):
            return decided
        return with_units(decided, self._usable(decided.aggregate, departments), by, now)

    def wanted(self, ticket: Ticket, team_ids: Sequence[str]) -> tuple[Unit, ...]:
        """The teams that somebody calls; raises Invalid naming ``teams`` for one that cannot be called."""
        known = {one.unit.team: one for one in self._units.units(ticket.community_id, team_ids)}
        for team in team_ids:
            found = known.get(team)
            if found is None:
                raise _wrong("unknown-team", f"没有「{team}」这支队伍", f"there is no team {team}")
            problem = _problem(ticket, found)
            if problem is not None:
                raise problem
        return tuple(known[team].unit for team in dict.fromkeys(team_ids))

    def as_led_now(self, ticket: Ticket, team: str) -> Ticket:
        """A team may have another lead by now than when it was called."""
        leads = [one.unit.leads for one in self._units.units(ticket.community_id, (team,))]
        return led_by(ticket, team, leads[0]) if leads and leads[0] else ticket

    def _usable(self, ticket: Ticket, team_ids: Sequence[str]) -> list[Unit]:
        """What the catalogue names may not be there (yet): the order goes on, and operators are told."""
        wanted = [team for team in team_ids if not is_at_it(ticket, team)]
        known = self._units.units(ticket.community_id, wanted) if wanted else ()
        usable = [one.unit for one in known if _problem(ticket, one) is None]
        for team in sorted(set(wanted) - {unit.team for unit in usable}):
            self._tell("whistle.team_unusable", ticket_id=ticket.id, team=team)
        return usable


def _problem(ticket: Ticket, one: KnownUnit) -> Invalid | None:
    name = one.unit.name
    if not one.unit.leads:
        return _wrong("team-without-lead", f"「{name.zh}」没有负责人", f"{name.en} has nobody who answers for it")
    if not one.contracted:
        return _wrong(
            "team-not-contracted",
            f"「{name.zh}」是志愿队伍,只能邀请,不能吹哨",
            f"{name.en} are volunteers: they are invited, never called",
        )
    if ticket.recused is not None and not frozenset(one.unit.leads).isdisjoint(ticket.recused.members):
        return _wrong("team-recused", f"这件投诉涉及「{name.zh}」", f"this complaint is about {name.en}")
    return None


def _wrong(code: str, zh: str, en: str) -> Invalid:
    return Invalid(code, Text(zh=zh, en=en), field="teams")
