"""Complaints: whom one is about, who therefore has nothing to do with it, and who may look up who made it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from contracts.actor import MEMBER_ACCOUNT, Actor
from contracts.commands import Call, Outcome
from contracts.commands.tickets import PlaceTicket, RevealReporter
from contracts.decisions import Decided
from contracts.errors import Invalid, Refused
from contracts.events.masters import MemberSnapshot, TeamSnapshot
from contracts.events.tickets import TicketReporterRevealed
from contracts.recusal import Recusal, Subject
from contracts.words import Nature, SubjectKind, Text
from services.tickets.application.codes import account
from services.tickets.application.ports import Clock, Persons, Reveals, Tickets
from services.tickets.application.private_reads import reason_of, reveal_of
from services.tickets.application.sealing import Sealing
from services.tickets.domain import relations
from services.tickets.domain.ticket import Ticket

REPORTER = "reporter"
"""What of a complaint was read: who made it."""


@dataclass(frozen=True)
class Kept:
    """A member or team as volunteers published it, with the version it is."""

    snapshot: MemberSnapshot | TeamSnapshot
    version: int


class Crews(Protocol):
    """Who serves with whom, and whose staff works where: a replica of what volunteers publishes, beside the areas."""

    def keep(self, rows: Sequence[Kept]) -> None:
        """Store what is newer than what is there."""

    def is_member(self, community_id: str, member_id: str) -> bool:
        """Is there such a member?"""

    def is_team(self, community_id: str, team_id: str) -> bool:
        """Is there such a team?"""

    def teams_of(self, community_id: str, member_id: str) -> tuple[str, ...]:
        """The teams that a member belongs to, leads or stands in for its lead."""

    def people_of(self, community_id: str, team_ids: Sequence[str]) -> tuple[str, ...]:
        """Everybody of these teams: lead, deputy, roster."""

    def areas_below(self, community_id: str, area_id: str) -> tuple[str, ...]:
        """An area and all below it; nothing where there is no such area."""

    def staff_of(self, community_id: str, area_ids: Sequence[str]) -> tuple[str, ...]:
        """The members who work for the community and start from one of these areas."""


class Complaints:
    """What sets a complaint apart when it is placed."""

    def __init__(self, crews: Crews) -> None:
        self._crews = crews

    def about(
        self, command: PlaceTicket, nature: Nature, community_id: str, *, danger: bool
    ) -> tuple[Subject | None, Recusal | None]:
        """Whom it is about, and who is recused; (None, None) for what is no complaint.

        Raises Invalid where a complaint names nobody or somebody unknown, or another order names somebody; where
        there is danger nobody has to be named, for danger stops for nothing.
        """
        if nature is not Nature.COMPLAINT:
            if command.subject_kind is not None or command.subject_id is not None:
                raise _wrong("no-complaint", "只有投诉才写明反映的对象", "only a complaint names whom it is about")
            return None, None
        subject = Subject(SubjectKind.OTHER) if danger and command.subject_kind is None else _subject(command)
        self._must_be_known(subject, community_id)
        return subject, self.recusal(subject, community_id)

    def recusal(self, subject: Subject, community_id: str) -> Recusal:
        """Who is recused as things stand; nobody where the subject is nobody of ours."""
        if subject.id is None:
            return Recusal()
        if subject.kind is SubjectKind.AREA:
            areas = self._crews.areas_below(community_id, subject.id)
            return Recusal(_sorted(self._crews.staff_of(community_id, areas)), _sorted(areas))
        if subject.kind is SubjectKind.ACCOUNT:
            return Recusal(staff=(subject.id,))
        if subject.kind is SubjectKind.TEAM:
            return Recusal(_sorted(self._crews.people_of(community_id, (subject.id,))))
        teams = self._crews.teams_of(community_id, subject.id)
        return Recusal(_sorted((subject.id, *self._crews.people_of(community_id, teams))))

    def _must_be_known(self, subject: Subject, community_id: str) -> None:
        """Accounts are the gateway's, and it has looked."""
        if subject.kind is SubjectKind.ACCOUNT:
            return
        known = {
            SubjectKind.MEMBER: self._crews.is_member,
            SubjectKind.TEAM: self._crews.is_team,
            SubjectKind.AREA: self._crews.areas_below,
        }
        if subject.id is not None and not known[subject.kind](community_id, subject.id):
            raise _wrong(
                "unknown-subject", "没有这位成员、这支队伍或这个区域", "there is no such one here", "subject_id"
            )


def _sorted(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))


def nature_of(asked: Nature | None, usual: Nature) -> Nature:
    """The nature of an order; what the catalogue calls a complaint cannot be placed as something else."""
    return usual if usual is Nature.COMPLAINT else asked or usual


def must_not_be_own_case(recused: Recusal | None, requester_id: str | None, actor: Actor) -> None:
    """Raises Refused where staff who are recused would write a complaint down for somebody else."""
    if recused is not None and requester_id != actor.account_id and recused.concerns(actor):
        raise Refused(
            "own-case",
            Text(
                zh="这件投诉涉及您本人或您的队伍,请换一位同事登记,或请反映人自己点单",
                en="this complaint is about you or your team: a colleague has to take it, or who makes it orders",
            ),
        )


class Reporters:
    """``reveal_reporter``: who made a complaint is hidden from those who handle it, unless they say why they ask."""

    def __init__(self, tickets: Tickets, persons: Persons, reveals: Reveals, sealing: Sealing, clock: Clock) -> None:
        self._tickets = tickets
        self._persons = persons
        self._reveals = reveals
        self._sealing = sealing
        self._clock = clock

    def reveal(self, call: Call[RevealReporter]) -> Outcome:
        """Who made it, after the look was logged; an event tells whoever made it."""
        actor, reason = call.meta.actor, reason_of(call.command.reason)
        ticket = self._allowed(self._tickets.get(call.command.ticket_id), actor)
        if reason is None:
            raise relations.reason_needed()
        self._reveals.add(reveal_of(ticket, actor, relations.Relation.STAFF, reason, self._clock.now(), REPORTER))

        def decide(found: Ticket | None) -> Decided[Ticket]:
            known = self._allowed(found, actor)
            return Decided(known, (TicketReporterRevealed(),), known.answer_to_caller())

        outcome = self._tickets.apply(ticket.id, call.meta, decide)
        # What is private is read anew for each answer: the command's memory lies unsealed beside the order.
        return Outcome(self._reporter(ticket), outcome.envelopes)

    def _allowed(self, ticket: Ticket | None, actor: Actor) -> Ticket:
        known = relations.must_know(ticket, actor)
        relations.must_dispatch(known, actor)
        if known.nature is not Nature.COMPLAINT:
            raise _wrong("no-complaint", "这一单不是投诉", "this order is no complaint", "ticket_id")
        return known

    def _reporter(self, ticket: Ticket) -> dict[str, Any]:
        person = None if ticket.beneficiary_id is None else self._persons.get(ticket.beneficiary_id)
        return {
            "requester_id": ticket.requester_id,
            "area_id": self._sealing.open_area(ticket),
            "beneficiary": None if person is None else asdict(person.details),
        }


def _subject(command: PlaceTicket) -> Subject:
    if command.subject_kind is None:
        raise _wrong(
            "subject-needed", "投诉请写明反映的是谁", "a complaint says whom it is about (other: nobody of ours)"
        )
    if (command.subject_id is None) is not (command.subject_kind is SubjectKind.OTHER):
        raise _wrong("subject-id", "请写明是哪一位、哪支队伍或哪个区域", "say which one it is", "subject_id")
    if command.subject_kind is SubjectKind.ACCOUNT and command.subject_id is not None:
        return _of_account(account(command.subject_id, "subject_id"))
    return Subject(command.subject_kind, command.subject_id)


def _of_account(account_id: str) -> Subject:
    """A member's own account stands for the member, whose team is recused too."""
    if account_id.startswith(MEMBER_ACCOUNT):
        return Subject(SubjectKind.MEMBER, account_id.removeprefix(MEMBER_ACCOUNT))
    return Subject(SubjectKind.ACCOUNT, account_id)


def _wrong(code: str, zh: str, en: str, field: str = "subject_kind") -> Invalid:
    return Invalid(code, Text(zh=zh, en=en), field=field)
