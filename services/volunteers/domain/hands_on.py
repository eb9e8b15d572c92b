"""What staff do to a search with their own hands. Each function raises Conflict in words where it is not possible."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from contracts.actor import Role
from contracts.dispatch import Asking
from contracts.errors import Conflict, Invalid
from contracts.events.hands_on import DemandSteered
from contracts.hands_on import Intervention, SteeringReason, SteeringStep, SuggestionOutcome
from contracts.lifecycle import advance
from contracts.words import DemandStatus, OfferStatus, ReleaseReason, Text, Urgency
from services.volunteers.domain.asking import asking_of
from services.volunteers.domain.change import Change
from services.volunteers.domain.choice import Choice
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.lifecycle import SEAT, DemandAction, SeatAction
from services.volunteers.domain.member import Member
from services.volunteers.domain.offer import REFUSED
from services.volunteers.domain.search import invite, withdraw_open
from services.volunteers.domain.seating import assigned, release
from services.volunteers.domain.standing_in import give_on
from services.volunteers.domain.steering import Hand
from services.volunteers.domain.suggesting import drop

BY_NAME = Text("社区工作人员点名请您", "the community's staff asked for you by name")
TEAM_BY_NAME = Text("社区工作人员点名请你们队", "the community's staff asked for your team by name")
LONGEST_PIN = timedelta(days=3)
"""So long one member may be asked alone: whoever ordered waits meanwhile."""

_SEARCHED = frozenset({DemandStatus.OPEN, DemandStatus.CLAIM, DemandStatus.UNSERVED})
_FREEZABLE = frozenset({DemandStatus.OPEN, DemandStatus.FILLED})


@dataclass(frozen=True, kw_only=True)
class ByHand:
    """Who steps in, as what, why and when; ``note`` gives what they typed, sealed as the note of the numbered step."""

    account_id: str
    role: Role
    reason: SteeringReason
    at: datetime
    note: Callable[[int], bytes] | None = None


def assign(demand: Demand, member: Member, role: str | None, hand: ByHand) -> tuple[Change, Member]:
    """Duty staff have a seat without being asked; the gates were asked before.

    With full hands only for that very reason, and that reason only with full hands.
    """
    if demand.terms is None or asking_of(member.employment, demand.terms.policy) is not Asking.ORDERED:
        sentence = Text(
            "只有值守人员可以派;志愿者和签约单位只能请",
            "only duty staff are assigned; volunteers and contractors are asked",
        )
        raise Conflict("not-ordered", sentence)
    still_wanted(demand)
    beyond = hands_are_full(member, hand)
    own = next((offer for offer in demand.open_offers if offer.member_id == member.id and not offer.team_id), None)
    settled = drop(demand, hand.at, SuggestionOutcome.OTHERS)
    taken, seated = assigned(settled.demand, member, own.role if own else role, hand.at, own, beyond)
    take = taken.demand.takes[-1]
    return settled.then(lambda _: taken).then(_noted(SteeringStep.ASSIGN, hand, take.id, member.id)), seated


def hands_are_full(member: Member, hand: ByHand) -> bool:
    """Are they sent with full hands? For that very reason alone, and that reason only with full hands."""
    beyond = member.room <= 0
    if beyond is not (hand.reason is SteeringReason.BEYOND_CAPACITY):
        raise Conflict("hands-full", _FULL) if beyond else Invalid("hands-free", _FREE, "reason")
    return beyond


def confirm_substitute(demand: Demand, assignment_id: str, member: Member, hand: ByHand) -> tuple[Change, Member]:
    """Whom duty staff named who cannot come has the seat now; the gates were asked before."""
    given, seated = give_on(demand, assignment_id, member, lambda: hands_are_full(member, hand), hand.at)
    take = given.demand.takes[-1]
    return given.then(_noted(SteeringStep.SUBSTITUTE, hand, take.id, member.id)), seated


def ask_by_name(demand: Demand, choice: Choice, hand: ByHand, alone: timedelta | None = None) -> Change:
    """An offer outside the waves, even to who is not the best; the gates were asked before.

    *alone*: nobody else is asked for so long, unless they answer before. A "no" to this order is for good; whoever only
    let it pass may be asked again.
    """
    still_wanted(demand)
    if alone is not None:
        _may_be_pinned(demand)
    _may_be_asked(demand, choice)
    settled = drop(demand, hand.at, SuggestionOutcome.OTHERS)
    asked = settled.then(lambda at: invite(at, choice, hand.at, alone))
    if alone is not None:
        pinned = replace(asked.demand.steering, pinned=asked.demand.offers[-1].id)
        asked = replace(asked, demand=replace(asked.demand, steering=pinned))
    step = SteeringStep.INVITE_TEAM if choice.team_id else SteeringStep.INVITE
    return asked.then(_noted(step if alone is None else SteeringStep.PIN, hand, about=choice.member_id))


def take_back(demand: Demand, assignment_id: str, hand: ByHand, search: bool) -> Change:
    """A seat is free again, whatever its holder says; the search for somebody else goes on, or is frozen."""
    take = demand.take(assignment_id)
    if take.released is not None:
        raise Conflict("seat-released", Text("这个名额已经空出来了", "this seat is free already"))
    advance(SEAT, take.status, SeatAction.GIVE_BACK)
    change = release(demand, take, ReleaseReason.TAKEN_BACK)
    if not search and not demand.steering.frozen:
        _not_in_an_emergency(demand)
        change = change.then(_closed_to_claims).then(_frozen)
    return change.then(_noted(SteeringStep.TAKE_BACK, hand, take.id, take.member_id))


def freeze(demand: Demand, hand: ByHand, withdrawn: bool) -> Change:
    """Nobody is asked any more until staff say so; offers that are out stay, or are *withdrawn*."""
    if demand.steering.frozen:
        raise Conflict("frozen-already", Text("已经暂停找人了", "the search is frozen already"))
    if demand.status not in _FREEZABLE:
        sentence = Text("这一单现在没有在请人,不用暂停", "nobody is being asked for this order now: nothing to freeze")
        raise Conflict("nobody-is-asked", sentence)
    _not_in_an_emergency(demand)
    change = _frozen(demand)
    if withdrawn:
        change = change.then(withdraw_open)
    return change.then(_noted(SteeringStep.FREEZE, hand))


def unfreeze(demand: Demand, hand: ByHand) -> Change:
    """The search goes on as its mode says, also where it went up the ladder meanwhile."""
    if not demand.steering.frozen:
        raise Conflict("not-frozen", Text("没有暂停找人", "the search is not frozen"))
    thawed = replace(demand, steering=replace(demand.steering, frozen=False, waits=None))
    if thawed.status is DemandStatus.UNSERVED:
        thawed = thawed.moved(DemandAction.RESTART)
    return Change(thawed).then(_noted(SteeringStep.UNFREEZE, hand))


def _frozen(demand: Demand) -> Change:
    return Change(replace(demand, steering=replace(demand.steering, frozen=True)))


def _closed_to_claims(demand: Demand) -> Change:
    """Nobody takes a seat unasked either, nor does the time to claim run out while staff think."""
    if demand.status is not DemandStatus.CLAIM:
        return Change(demand)
    return Change(replace(demand.moved(DemandAction.RESTART), claim_until=None))


def _noted(
    step: SteeringStep,
    hand: ByHand,
    assignment_id: str | None = None,
    member_id: str | None = None,
    about: str | None = None,
) -> Callable[[Demand], Change]:
    """That staff stepped in, with the order and for whoever has to hear of it; *about* whom, in no event."""

    def note(demand: Demand) -> Change:
        done = demand.steering.interventions
        number, noted = len(done) + 1, hand.note is not None
        entry = Intervention(
            number=number,
            at=hand.at,
            step=step,
            reason=hand.reason,
            by=hand.role,
            assignment_id=assignment_id,
            noted=noted,
        )
        told = DemandSteered(
            number=number,
            step=step,
            reason=hand.reason,
            assignment_id=assignment_id,
            member_id=member_id,
            noted=noted,
        )
        whose = Hand(number=number, account_id=hand.account_id)
        if hand.note is not None:
            whose = replace(whose, note=hand.note(number), about=member_id or about)
        steered = replace(demand.steering, interventions=(*done, entry), hands=(*demand.steering.hands, whose))
        return Change(replace(demand, steering=steered), (told,))

    return note


def still_wanted(demand: Demand) -> None:
    """Is somebody still wanted, and is it known for what? Raises Conflict ``nobody-wanted``."""
    if demand.terms is None or demand.status not in _SEARCHED or not demand.open_seats:
        raise Conflict("nobody-wanted", Text("这一单现在不缺人", "nobody is wanted for this order now"))


def _may_be_asked(demand: Demand, choice: Choice) -> None:
    """Raises Conflict: ``comes-already``, ``asked-already``, ``said-no``."""
    if choice.team_id is None and any(take.member_id == choice.member_id for take in demand.holders):
        raise Conflict("comes-already", Text("这位已经接了这一单", "they have a seat of this order already"))
    theirs = [offer for offer in demand.offers if _is_theirs(offer.member_id, offer.team_id, choice)]
    if any(offer.status is OfferStatus.OPEN for offer in theirs):
        raise Conflict("asked-already", Text("已经请了,正在等回话", "they are asked already and have not answered yet"))
    if any(offer.status in REFUSED for offer in theirs):
        raise not_again() if choice.team_id is None else Conflict("said-no", _TEAM_SAID_NO)


def _is_theirs(member_id: str, team_id: str | None, choice: Choice) -> bool:
    return team_id == choice.team_id if choice.team_id else (team_id is None and member_id == choice.member_id)


def does_not_fit(sentence: Text) -> Conflict:
    """As the member would be told it."""
    words = Text(f"这位办不了这一单:{sentence.zh}", f"they cannot take this order: {sentence.en}")
    return Conflict("does-not-fit", words)


def not_again() -> Conflict:
    """In the same words for a no to this order and for a full day: who said no is told by a logged reveal alone."""
    return does_not_fit(
        Text(
            "现在不能再请(今天请得太多、手上已满,或不再打扰)",
            "they are not asked now (asked too often today, hands full, or not to be asked again)",
        )
    )


def waited_for(minutes: float) -> timedelta:
    """How long one member is asked alone; raises Invalid ``too-long``."""
    if not 0 < minutes <= LONGEST_PIN / timedelta(minutes=1):
        raise Invalid("too-long", Text("单独等一位最多三天", "one member is waited for three days at most"), "minutes")
    return timedelta(minutes=minutes)


def _may_be_pinned(demand: Demand) -> None:
    _not_in_an_emergency(demand)
    if demand.open_offers:
        sentence = Text("已经请了别人:先等回话,或暂停并撤回", "others are asked: wait for them, or freeze and withdraw")
        raise Conflict("others-are-asked", sentence)
    if demand.status is DemandStatus.CLAIM:
        raise Conflict(
            "open-to-claims", Text("已经开放认领,不能只请一位", "it is open to claims: nobody is asked alone")
        )


def _not_in_an_emergency(demand: Demand) -> None:
    urgency = demand.urgency if demand.terms is None else demand.terms.urgency
    if urgency is Urgency.EMERGENCY:
        sentence = Text("紧急的单不能停下来等", "an emergency never stops to wait")
        raise Conflict("an-emergency", sentence)


_TEAM_SAID_NO = Text("这支队对这一单说过不方便,不再打扰", "the team said no to this order, and is not asked again")
_FULL = Text(
    "这位手上已满;确实少不了,请选「手上已满也要」", "their hands are full; if they are needed all the same, say so"
)
_FREE = Text("这位手上没有满,请选别的原因", "their hands are not full: please choose another reason")
