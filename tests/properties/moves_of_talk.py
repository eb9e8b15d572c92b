"""What people write about an order, and what of it everybody may read, in the play."""

from typing import Any

from contracts.commands.public_answers import (
    AgreeToPublicAnswer,
    ApprovePublicAnswer,
    WithdrawPublicAnswer,
    WritePublicAnswer,
)
from contracts.commands.talk import CommentTicket
from contracts.public_answers import AnswerState
from contracts.words import Given, Nature
from services.tickets.domain.ticket import Ticket
from tests.builders import a_member_actor
from tests.properties.house import DISPATCHER, RESIDENT, STAFF, House


def comment(house: House, a: int, b: int) -> None:
    """Whoever ordered, staff, or the lead; now and then for those at work alone."""
    if house.placed:
        id = house.placed[a % len(house.placed)]
        lead = house.ticket(id).lead
        by = (RESIDENT, STAFF, a_member_actor(lead or "m1"))[b % 3]
        house.command(house.talk.comment, CommentTicket(ticket_id=id, text="几点来", internal=b % 4 == 3), by)


def write_answer(house: House, a: int, b: int) -> None:
    """A dispatcher or the secretary puts it in their own words, or puts it anew."""
    if house.placed:
        id = house.placed[a % len(house.placed)]
        command = WritePublicAnswer(ticket_id=id, question="灯坏了找谁?", answer="打社区电话。")
        house.command(house.public_answers.write, command, DISPATCHER if b % 2 else STAFF)


def agree_to_answer(house: House, a: int, b: int) -> None:
    """By their own tap, or before staff; now and then to words that have changed since."""
    _to_the_words(house, a, b, AgreeToPublicAnswer)


def approve_answer(house: House, a: int, b: int) -> None:
    """By a colleague, now and then by who wrote it, or before there is an agreement."""
    _to_the_words(house, a, b, ApprovePublicAnswer)


def withdraw_answer(house: House, a: int, b: int) -> None:
    """Whoever ordered, or staff, take it back."""
    told = _told(house)
    if told:
        command = WithdrawPublicAnswer(ticket_id=told[a % len(told)].id)
        house.command(house.public_answers.withdraw, command, RESIDENT if b % 2 else STAFF)


def _told(house: House) -> list[Ticket]:
    return [ticket for ticket in map(house.ticket, house.placed) if ticket.public_answer is not None]


def _to_the_words(house: House, a: int, b: int, kind: Any) -> None:
    told = _told(house)
    if not told:
        return
    ticket = told[a % len(told)]
    assert ticket.public_answer is not None
    version = max(1, ticket.public_answer.version - (b % 7 == 6))
    if kind is AgreeToPublicAnswer:
        by = (RESIDENT, STAFF)[b % 2]
        given = Given.TAP if by is RESIDENT else Given.SIGNATURE
        command: Any = AgreeToPublicAnswer(ticket_id=ticket.id, version=version, given=given)
        house.command(house.public_answers.agree, command, by)
    else:
        command = ApprovePublicAnswer(ticket_id=ticket.id, version=version)
        house.command(house.public_answers.approve, command, DISPATCHER if b % 2 else STAFF)


class ByTwo:
    """After each step: what is published was agreed to where that is needed, and by nobody alone who wrote it.

    An agreement is a line of the ledger, where it is known whose it is and the line does not tell who complained.
    """

    def __call__(self, house: House) -> None:
        for ticket in _told(house):
            shown = ticket.public_answer
            assert shown is not None
            assert (ticket.private.published is None) == (shown.state is AnswerState.WITHDRAWN)
            if shown.state is AnswerState.PUBLISHED:
                assert not shown.needs_agreement or shown.agreed == shown.version
                assert shown.published_at is not None
            lines = [line for line in house.consents.rows.values() if line.about == ticket.id]
            assert len({line.text_version for line in lines}) == len(lines)
            named = ticket.beneficiary_id or ticket.requester_id
            if shown.agreed is not None and named is not None and ticket.nature is not Nature.COMPLAINT:
                line = house.consents.get(f"{ticket.id}.a{shown.agreed}")
                assert line is not None
                assert line.stands
