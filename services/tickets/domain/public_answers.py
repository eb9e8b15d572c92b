"""民呼我应: what staff publish of an order in their own words; everybody can read the answer (design, section 8).

Grid and month only. Of care, children, complaints, mediation, wishes, and of what is done in a home, nothing is
published unless whoever ordered agrees to the very words.
"""

from dataclasses import replace
from datetime import datetime

from contracts.actor import Actor
from contracts.decisions import Decided
from contracts.errors import Conflict, Refused
from contracts.events.public_answers import (
    TicketAnswerAgreed,
    TicketAnswerPublished,
    TicketAnswerWithdrawn,
    TicketAnswerWritten,
)
from contracts.public_answers import AnswerState, PublicAnswer
from contracts.talk import Side
from contracts.words import Nature, Text, Urgency
from services.tickets.domain.owed import AFTERWARDS
from services.tickets.domain.ticket import Ticket

_OF_PERSONS = frozenset({"care", "mediation"})
_AT_HOME = "home"


def needs_agreement(ticket: Ticket) -> bool:
    """Is an order of its kind never published without the word of who ordered it?"""
    terms = ticket.terms
    about_somebody = ticket.nature is Nature.COMPLAINT or ticket.category in _OF_PERSONS
    at_home = terms is not None and (terms.for_child or _AT_HOME in terms.delivery)
    if terms is None:  # handled on the spot: nobody wrote down where, so that it may have been in their home
        at_home = ticket.requester_id is not None or ticket.beneficiary_id is not None
    return about_somebody or at_home or ticket.urgency is Urgency.WISH


def write(ticket: Ticket, by: Actor, words: bytes) -> Decided[Ticket]:
    """Staff wrote it, or wrote it anew: what was agreed to, or published, were other words."""
    if ticket.status not in AFTERWARDS:
        raise Conflict("not-answered-yet", Text("办完以后才能公开答复", "it is answered in public once it is done"))
    version = 1 if ticket.public_answer is None else ticket.public_answer.version + 1
    shown = PublicAnswer(state=AnswerState.WRITTEN, version=version, needs_agreement=needs_agreement(ticket))
    after = replace(
        ticket,
        public_answer=shown,
        answer_by=by.account_id,
        answer_heard_by=None,
        private=replace(ticket.private, published=words),
    )
    return Decided(after, (TicketAnswerWritten(version=version),), after.answer_to_caller())


def agree(ticket: Ticket, version: int, heard_by: str | None) -> Decided[Ticket]:
    """Whoever ordered agrees to these words, no others; *heard_by*: who of staff says so for them."""
    shown = _these(ticket, version)
    after = replace(ticket, public_answer=replace(shown, agreed=version), answer_heard_by=heard_by)
    return Decided(after, (TicketAnswerAgreed(version=version),), after.answer_to_caller())


def approve(ticket: Ticket, by: Actor, version: int, now: datetime) -> Decided[Ticket]:
    """Somebody else than who wrote it, or wrote down the agreement, publishes these words.

    Raises Refused, or Conflict without the agreement.
    """
    shown = _these(ticket, version)
    if by.account_id == ticket.answer_by:
        raise Refused("own-words", Text("自己写的要请别人批准", "somebody else has to approve what you wrote"))
    if by.account_id == ticket.answer_heard_by:
        sentence = Text(
            "您代记的同意,要请别人批准公开", "you wrote down the agreement: somebody else has to approve it"
        )
        raise Refused("own-witness", sentence)
    if (shown.needs_agreement or needs_agreement(ticket)) and shown.agreed != version:
        sentence = Text("这类事要点单人同意这段文字才能公开", "whoever ordered has to agree to these words first")
        raise Conflict("agreement-needed", sentence)
    published = replace(shown, state=AnswerState.PUBLISHED, published_at=now)
    after = replace(ticket, public_answer=published)
    return Decided(after, (TicketAnswerPublished(version=version),), after.answer_to_caller())


def withdraw(ticket: Ticket, side: Side) -> Decided[Ticket]:
    """It is gone at once, and so are its words."""
    shown = ticket.public_answer
    if shown is None or shown.state is AnswerState.WITHDRAWN:
        raise Conflict("nothing-to-withdraw", Text("没有公开答复可撤", "there is no public answer to take back"))
    gone = replace(shown, state=AnswerState.WITHDRAWN, agreed=None, published_at=None)
    after = replace(ticket, public_answer=gone, private=replace(ticket.private, published=None))
    return Decided(after, (TicketAnswerWithdrawn(side=side),), after.answer_to_caller())


def _these(ticket: Ticket, version: int) -> PublicAnswer:
    shown = ticket.public_answer
    if shown is None or shown.state is not AnswerState.WRITTEN:
        raise Conflict("nothing-written", Text("没有待公开的答复", "no public answer waits"))
    if shown.version != version:
        raise Conflict("words-changed", Text("文字已改过,请再看一遍", "the words have changed: please read them again"))
    return shown
