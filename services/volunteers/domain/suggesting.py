"""Who sends the offers: the platform, staff by one touch on a suggestion, or staff alone.

Once the first suggestion of a round was sent, what follows in it (a no, silence, a seat given back) goes by itself: the
dispatcher has looked at the order, and nobody served should wait for the same touch again. A redispatch is a new round.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from contracts.errors import Conflict, Invalid
from contracts.events.hands_on import DemandSuggested, DemandWaiting, SuggestionSettled
from contracts.hands_on import SuggestionOutcome
from contracts.terms import Terms
from contracts.words import DemandStatus, Mode, Text
from services.volunteers.domain.change import Change
from services.volunteers.domain.choice import Choice
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.modes import acting, waits_for_staff
from services.volunteers.domain.night import after, night_of
from services.volunteers.domain.search import ask
from services.volunteers.domain.steering import Suggestion, Waits

BEST = 3
"""So many are put before staff."""

REMINDERS = (30.0, 60.0, 120.0, 240.0)
"""Working minutes after which staff hear again that an order waits for them. Where they do nothing for as long as the
last of them once more, it goes up the ladder."""


class Minutes(Protocol):
    """Minutes of working time."""

    def after(self, start: datetime, minutes: float) -> datetime:
        """The moment at which so many have passed."""


class Waking:
    """In place of working time, where a community's is not known yet: all minutes but those of the night."""

    def __init__(self, terms: Terms | None) -> None:
        self._night = night_of(terms) if terms else None

    def after(self, start: datetime, minutes: float) -> datetime:
        """See ``Minutes``."""
        return after(start, minutes, self._night)


def looked_for(demand: Demand) -> int:
    """How many the matcher should find, for a demand that is ``still_asking``."""
    return max(BEST, demand.missing_offers) if acting(demand) is Mode.SUGGEST else demand.missing_offers


def offered(demand: Demand, choices: Sequence[Choice], now: datetime, minutes: Minutes) -> Change:
    """What becomes of those the matcher found: offers, or a suggestion. Whoever the ledger names is asked in any mode:
    that was a decision of staff.
    """
    if acting(demand) is not Mode.AUTOMATIC and demand.asks_by_name:
        named = [choice for choice in choices if choice.by_name]
        if named:
            return ask(demand, named, now)
    if acting(demand) is Mode.SUGGEST:
        return _suggest(demand, choices, now, minutes)
    return Change(demand) if acting(demand) is Mode.MANUAL else ask(demand, choices, now)


def _suggest(demand: Demand, choices: Sequence[Choice], now: datetime, minutes: Minutes) -> Change:
    if demand.terms is None or not choices:
        return Change(demand)
    steering = demand.steering
    made = Suggestion(
        number=len(steering.settled) + 1,
        round=demand.round,
        made_at=now,
        send_at=minutes.after(now, demand.terms.suggest_minutes),
        choices=tuple(choices),
    )
    told = DemandSuggested(number=made.number, count=len(made.choices), send_at=made.send_at)
    return Change(replace(demand, steering=replace(steering, suggestion=made)), (told,))


def picked(demand: Demand, number: int | None, ranks: Sequence[int]) -> tuple[int, ...]:
    """The ranks that staff send: those they named, else the first as many as are wanted, of a crew role by role.

    Raises Conflict where there is no such suggestion (any more), Invalid where it has no such rank, or too many.
    """
    suggestion = demand.steering.suggestion
    if suggestion is None or number not in (None, suggestion.number):
        raise Conflict("no-suggestion", Text("这条建议已经处理过了", "this suggestion is dealt with already"))
    count = len(suggestion.choices)
    if len(set(ranks)) != len(ranks) or any(not 1 <= rank <= count for rank in ranks):
        raise Invalid("no-such-rank", Text("建议里没有这一位", "the suggestion has no such place"), "ranks")
    wanted = tuple(_wanted(demand, suggestion, sorted(ranks) or range(1, count + 1)))
    if len(wanted) < len(ranks):
        raise Invalid("too-many", Text("现在不缺这么多人", "not so many are wanted now"), "ranks")
    return wanted


def _wanted(demand: Demand, suggestion: Suggestion, ranks: Iterable[int]) -> Iterator[int]:
    """Those of *ranks* for whom there is a seat that nobody was asked for."""
    left = Counter(demand.missing_by_role)
    teams = demand.missing_teams if demand.asks_teams else 0
    for rank in ranks:
        choice = suggestion.choices[rank - 1]
        if choice.team_id is not None and teams > 0:
            teams -= 1
            yield rank
        elif choice.team_id is None and left[choice.role] > 0:
            left[choice.role] -= 1
            yield rank


def send(
    demand: Demand, ranks: Sequence[int], others: Sequence[Choice], now: datetime, outcome: SuggestionOutcome
) -> Change:
    """Ask those of the suggestion with these *ranks*, and *others* in place of who no longer fits."""
    suggestion = demand.steering.suggestion
    if suggestion is None:
        return Change(demand)
    told = SuggestionSettled(number=suggestion.number, outcome=outcome, taken_ranks=tuple(ranks))
    steering = replace(demand.steering.after(outcome, now, tuple(ranks)), let_go=demand.round)
    sent = Change(replace(demand, steering=steering), (told,))
    return sent.then(lambda at: ask(at, [*(suggestion.choices[rank - 1] for rank in ranks), *others], now))


def drop(demand: Demand, now: datetime, outcome: SuggestionOutcome = SuggestionOutcome.DROPPED) -> Change:
    """The suggestion is not needed any more."""
    suggestion = demand.steering.suggestion
    if suggestion is None:
        return Change(demand)
    told = SuggestionSettled(number=suggestion.number, outcome=outcome)
    return Change(replace(demand, steering=demand.steering.after(outcome, now)), (told,))


def tidied(demand: Demand, now: datetime) -> Change:
    """Without a suggestion that speaks of another round, of seats that are taken, or of an order that wants nobody."""
    suggestion = demand.steering.suggestion
    wanted = demand.status is DemandStatus.OPEN and demand.missing_offers > 0 and acting(demand) is Mode.SUGGEST
    stands = suggestion is None or (wanted and suggestion.round == demand.round)
    return Change(demand) if stands else drop(demand, now)


def minded(demand: Demand, now: datetime, minutes: Minutes) -> Change:
    """Staff hear that an order waits for them, once when it begins; whoever froze it knows, and hears at the reminder.

    Nothing waits any more once it has people, or an offer out.
    """
    steering = demand.steering
    if not waits_for_staff(demand):
        return Change(demand if steering.waits is None else replace(demand, steering=replace(steering, waits=None)))
    if steering.waits is not None:
        return Change(demand)
    return _told(demand, 0 if steering.frozen else 1, now, minutes)


def remind(demand: Demand, now: datetime, minutes: Minutes) -> Change:
    """It still waits, and the time to be reminded has come: an alarm, never a silence."""
    waits = demand.steering.waits
    if waits is None or waits.remind_at > now:
        return Change(demand)
    return _told(demand, waits.times + 1, now, minutes)


def left_alone(demand: Demand, now: datetime) -> bool:
    """Did staff do nothing, though they were reminded as often as there are reminders, and waited for once more?"""
    waits = demand.steering.waits
    if waits is None or waits.remind_at > now:
        return False
    reminders = waits.times if demand.steering.frozen else waits.times - 1
    return reminders >= len(REMINDERS)


def _told(demand: Demand, times: int, now: datetime, minutes: Minutes) -> Change:
    pause = REMINDERS[min(max(times - 1, 0), len(REMINDERS) - 1)]
    waits = Waits(remind_at=minutes.after(now, pause), times=times)
    waiting = replace(demand, steering=replace(demand.steering, waits=waits))
    return Change(waiting, (DemandWaiting(times=times, again=times > 1 or demand.steering.frozen),) if times else ())
