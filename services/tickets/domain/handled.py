"""自行处置: what duty staff did on the spot is written down when it is done already: completed at birth.

Nobody was looked for, so there are no terms. Where it turns out not to be solved, the community takes it up as an order
like any other: it gets its terms then, and people are looked for.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from contracts.actor import Actor
from contracts.catalogue import Evidence
from contracts.decisions import Decided, Due
from contracts.errors import Invalid, Refused
from contracts.events.intake import TicketHandled
from contracts.events.tickets import TicketAccepted, TicketReworked
from contracts.results import Closing
from contracts.terms import Terms
from contracts.words import ClosedBy, Nature, PictureKind, ResultCode, Text, TicketStatus, WhoMay
from services.tickets.domain.catalogue import CatalogueItem
from services.tickets.domain.endings import Shown, is_shown
from services.tickets.domain.lifecycle import Action
from services.tickets.domain.pictures import BY_EVIDENCE
from services.tickets.domain.private import Note
from services.tickets.domain.ticket import Ticket
from services.tickets.domain.ticket_parts import ASKED_ANEW, NO_RESULT, answered_by_going_again, with_answer

UNASKED = "unasked"
"""The deadline at which what nobody is asked about closes."""

_PICTURED = frozenset({Evidence.PHOTOS, Evidence.THING_PHOTO})


def handle(ticket: Ticket, by: Actor, headcount: int | None, *, call: bool, now: datetime) -> Decided[Ticket]:
    """The new order *ticket* was done by *by* before it was written down; *call*: somebody else asks how it went."""
    after = replace(
        ticket,
        status=TicketStatus.COMPLETED,
        handled_at_birth=True,
        call_wanted=call,
        result=ResultCode.SOLVED,
        times=with_answer(ticket.times, now),
    ).completed_anew(by, now)
    return Decided(after, (TicketHandled(result=ResultCode.SOLVED, headcount=headcount),), after.answer_to_caller())


def is_untaken(ticket: Ticket) -> bool:
    """Was it handled on the spot, and nobody was ever looked for?"""
    return ticket.handled_at_birth and ticket.terms is None


def take_up(ticket: Ticket, terms: Terms, note: Note | None, now: datetime, *, again: bool) -> Decided[Ticket]:
    """It was not solved after all: people are looked for, under *terms*. *again*: whoever is served said so."""
    count = ticket.rework_count + int(again)
    notes = ticket.private.notes if note is None else (*ticket.private.notes, note)
    after = ticket.moved(
        Action.TAKE_UP,
        terms=terms,
        rework_count=count,
        call_wanted=False,
        times=replace(ticket.times, accepted_at=now),
        private=replace(ticket.private, notes=notes),
        **NO_RESULT,
        **{**ASKED_ANEW, "review": answered_by_going_again(ticket.review)},
    )
    told = (TicketReworked(rework=count),) if again else ()
    return Decided(after, (*told, TicketAccepted(terms=terms)), after.answer_to_caller())


def must_be_handled_on_the_spot(item: CatalogueItem) -> None:
    """Raises Refused for what an officer cannot do alone and at once: it is ordered like anything else."""
    reason = _why_not(item)
    if reason is not None:
        raise Refused("not-on-the-spot", reason, field="item_id")


def must_come_with(item: CatalogueItem, kinds: frozenset[PictureKind]) -> None:
    """What was done is shown as the item's evidence asks: before and after, or the thing as it is now.

    Raises Invalid naming the picture that is missing (``before``, ``after``) or not taken.
    """
    for kind in sorted(kinds - BY_EVIDENCE.get(item.evidence, frozenset())):
        raise Invalid(
            "no-pictures-here",
            Text(zh="这类服务不拍这种照片", en="no such picture is taken of this service"),
            field=kind.value,
        )
    if item.evidence not in _PICTURED or is_shown(item.evidence, Shown(pictures=kinds)):
        return
    before = item.evidence is Evidence.PHOTOS and PictureKind.BEFORE not in kinds
    raise Invalid(
        "picture-needed",
        Text(zh="当场处理要有处理前后的照片", en="what was done on the spot is shown before and after"),
        field=PictureKind.BEFORE if before else PictureKind.AFTER,
    )


def shown_by(item: CatalogueItem) -> tuple[Evidence, ...]:
    """What shows the work, once its pictures were there."""
    return (item.evidence,) if item.evidence in _PICTURED else ()


def wants_call(item: CatalogueItem, ticket: Ticket) -> bool:
    """Who handled it never vouches for danger; else what is always asked about, and what was drawn for the sample."""
    return ticket.danger or Closing.CALLBACK in item.closing or ticket.sampled


def standing(ticket: Ticket, completion: str, completed_at: datetime) -> Iterator[Due]:
    """What becomes of it when nobody says how it went, where somebody else asks, or nobody is there to be asked."""
    if ticket.call_wanted and not ticket.called_back:
        yield Due(f"callback:{completion}", completed_at + timedelta(days=ticket.windows.callback_days))
    elif not ticket.call_wanted:
        yield Due(f"{UNASKED}:{completion}", completed_at + timedelta(days=ticket.windows.silence_days))


def close_unasked(ticket: Ticket, now: datetime) -> Decided[Ticket]:
    """Nobody is there to ask, and it was not drawn: closed, as one of those of which a sample is looked at."""
    return ticket.confirm(ClosedBy.SAMPLE, answer=None, solved=False, note=None, now=now)


def _why_not(item: CatalogueItem) -> Text | None:
    if item.nature is Nature.COMPLAINT:
        return Text(
            zh="投诉不能当场自己办结,请按投诉登记", en="a complaint is not closed on the spot: enter it as a complaint"
        )
    if item.who_may is WhoMay.PROFESSIONAL:
        return Text(zh="这件事要专业人员来办,请点单", en="this is for professionals: place an order")
    if item.for_child:
        return Text(zh="陪孩子的服务不能当场自己办结,请点单", en="what is for a child is not closed on the spot")
    if item.businesses:
        return Text(zh="窗口业务请在窗口受理", en="business of the counter is taken in at the counter")
    return None
