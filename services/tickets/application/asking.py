"""What an order says beyond its words, held against the item: answers, the time it is wanted for, for whom it is."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from contracts.catalogue import PictureAsked, Wanted
from contracts.commands.tickets import PlaceTicket
from contracts.errors import DomainError, Invalid, Refused
from contracts.events.ticket_snapshot import TicketDeadlines
from contracts.words import Text
from services.tickets.domain import hours, questions
from services.tickets.domain.catalogue import CatalogueItem
from services.tickets.domain.community import Community
from services.tickets.domain.danger import CALL, means_danger
from services.tickets.domain.questions import Answers


@dataclass(frozen=True)
class Asked:
    """The answers, and whether they or the words mean danger; ``unchecked``: staff still have to look up for whom.

    ``pictures`` are to follow; of danger none.
    """

    answers: Answers
    danger: bool
    unchecked: bool
    pictures: tuple[PictureAsked, ...]


def asked_of(
    command: PlaceTicket,
    item: CatalogueItem,
    community: Community,
    path: tuple[str, ...],
    now: datetime,
    *,
    staff: bool,
) -> Asked:
    """What is asked for, at the place with this *path*; raises Invalid with its field.

    Danger waits for no answer, no hour, no place and no look-up.
    """
    local = now.astimezone(ZoneInfo(community.time_zone))
    answers = questions.read(item.questions, command.answers, local.date())
    danger = answers.danger or means_danger(f"{command.description}\n{answers.words}", item.danger_words)
    if not danger:
        item.must_serve_at(path)
        questions.must_be_complete(item.questions, answers)
        hours.must_be_orderable_at(item.order_hours, local)
        if command.wanted is not None:
            hours.must_be_possible(command.wanted, item.serve_hours, local)
    if command.eligible is not None and not staff:
        raise Refused("staff-only", Text(zh="由工作人员核对", en="staff look that up"), field="eligible")
    if item.eligibility is not None and command.eligible is False:
        raise not_eligible(item)
    unchecked = item.eligibility is not None and command.eligible is None and not danger
    return Asked(answers, danger, unchecked, () if danger else questions.pictures_asked(item.questions))


def must_be_eligible(item: CatalogueItem, said: bool | None) -> None:
    """Staff who take on an order say that they looked it up; raises Invalid ``eligible``."""
    if item.eligibility is None:
        return
    if said is None:
        rule = item.eligibility.rule
        sentence = Text(zh=f"请先核对并写明:{rule.zh}", en=f"look it up first, and say so: {rule.en}")
        raise Invalid("eligibility-unchecked", sentence, field="eligible")
    if not said:
        raise not_eligible(item)


def not_eligible(item: CatalogueItem) -> Invalid:
    """It is for others; whoever asks is told where to go, never why not."""
    sentence = Text(
        zh=f"「{item.name.zh}」不适用,请改点别的,或不予受理并说明可以找谁",
        en=f"{item.name.en} is not for this person: order something else, or reject it and say where to go",
    )
    return Invalid("not-eligible", sentence, field="eligible")


def for_wanted(deadlines: TicketDeadlines, wanted: Wanted | None) -> TicketDeadlines:
    """Nobody is late who comes when the person asked them to: it is solved by then at the earliest."""
    end = None if wanted is None else wanted.until or wanted.start
    if wanted is None or end is None or end <= deadlines.resolve_by:
        return deadlines
    return replace(deadlines, resolve_by=end, resolve_warn_at=max(deadlines.resolve_warn_at, wanted.start))


def warned(refusal: DomainError, description: str) -> DomainError:
    """A refusal of words that mean danger says first whom to call: nothing else of it may matter."""
    if not means_danger(description, ()):
        return refusal
    said = refusal.sentence
    sentence = Text(zh=f"{CALL.zh}{said.zh}", en=f"{CALL.en} {said.en}")
    return type(refusal)(refusal.code, sentence, refusal.field)
