"""The dispatch step: whatever changed a demand, this brings its search up to date in the same write.

With a tick, an order that can wait is only marked in that write; the dispatcher (``application.ticking``) finds its
people a moment later, together with those of all other marked orders of the community.
"""

from dataclasses import replace
from datetime import datetime
from functools import partial

from services.volunteers.application.modes import Modes
from services.volunteers.application.ports import Matcher
from services.volunteers.domain.change import Change
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.looking import Found, noted_at_the_end
from services.volunteers.domain.need import need_of
from services.volunteers.domain.officer import answered, comes_to_duty, ordered
from services.volunteers.domain.search import ask_to_stand_in, give_up, open_claim, still_asking
from services.volunteers.domain.seating import noted
from services.volunteers.domain.seeking import can_wait, look_again, marked, unmarked
from services.volunteers.domain.standing_in import FOR_THEM, to_be_replaced, without
from services.volunteers.domain.suggesting import left_alone, tidied


class Dispatch:
    """Tops up offers, opens the claim after the last wave, gives up after the claim.

    It is called inside a decision and so looks for people for exactly the state that is then written.
    """

    def __init__(self, matcher: Matcher, modes: Modes, *, by_tick: bool = False) -> None:
        """*by_tick*: orders that can wait are marked for the dispatcher."""
        self._matcher = matcher
        self._modes = modes
        self._by_tick = by_tick

    def go_on(self, change: Change, now: datetime) -> Change:
        """*change*, and then what the search needs next. Every write that frees a seat comes by here."""
        noted_change = change.then(lambda demand: Change(noted(demand, now)))
        asked = noted_change.then(lambda demand: self._ask(demand, now))
        return self._after_look(asked.then(lambda demand: self._stand_ins(demand, now)), now)

    def others(self, demand: Demand, found: Found, now: datetime) -> Found:
        """Whom a match of many orders found, with the next best behind them where staff shall choose."""
        return self._modes.others(demand, found, now)

    def found(self, demand: Demand, found: Found, now: datetime) -> Change:
        """What a look of the dispatcher does to a demand that waits for it: who was found is asked, or suggested.

        It was looked at then, whatever was found: the mark goes, and comes back with the next change that leaves
        somebody missing. So a look that found too few is not repeated until an answer or a deadline changed something,
        and where nobody was found and nobody is asked the seats are open to claims.
        """
        tidy = tidied(unmarked(demand), now)
        if still_asking(tidy.demand):
            tidy = tidy.then(lambda at: self._modes.offered(at, found, now))
            tidy = tidy.then(lambda at: Change(look_again(at, demand)))
        return self._after_look(tidy, now)

    def on_time(self, demand: Demand, now: datetime) -> Change:
        """A suggestion that waited long enough sends itself; staff hear again of an order that waits for them.

        Where they leave it alone all the same, nobody took it: an alarm, and it goes up the ladder.
        """
        sent = self._modes.send_by_itself(demand, now)
        return sent.then(lambda at: self.give_up(at, now) if left_alone(at, now) else self._modes.remind(at, now))

    def give_up(self, demand: Demand, now: datetime, *, by_duty: bool = False) -> Change:
        """The alarm, with how many members each gate stopped; *by_duty*: whoever is on duty did not take it either."""
        look = self._matcher.everybody(demand, now)
        return give_up(noted_at_the_end(demand, look, now), look.stopped, by_duty=by_duty)

    def up_to_duty(self, demand: Demand, round: int, now: datetime) -> Change:
        """What nobody took in *round* has come to the duty officer: whoever is on the roster there is ordered to it.

        Where none of them can it goes on up at once; where no roster is kept the duty staff, who hear of it, have their
        time.
        """
        if not comes_to_duty(demand, round):
            return Change(demand)
        found = self._matcher.on_duty(demand, now)
        looked = ordered(demand, found or (), now)
        if found is None or found:
            return looked
        return looked.then(lambda at: self.give_up(at, now, by_duty=True))

    def _stand_ins(self, demand: Demand, now: datetime) -> Change:
        """For whoever has a seat and cannot come the best who would be asked if it were free, one at a time."""
        change = Change(demand)
        for take in to_be_replaced(demand, now):
            found = self._matcher.choose(without(change.demand, take), 1, now)
            for choice in [one for one in found if one.team_id is None][:1]:
                asked = replace(choice, why=(FOR_THEM, *choice.why))
                change = change.then(partial(ask_to_stand_in, choice=asked, take=take, now=now))
        return change

    def _ask(self, demand: Demand, now: datetime) -> Change:
        if not (self._by_tick and can_wait(demand)):
            return self._modes.ask(unmarked(demand), now)
        if demand.terms is not None:
            # Terms under which nobody can be looked for fail in the write that brings them, not in everybody's tick.
            need_of(demand, demand.terms, now)
        tidy = tidied(demand, now)
        return tidy.then(lambda at: Change(marked(at, now) if still_asking(at) else unmarked(at)))

    def _after_look(self, change: Change, now: datetime) -> Change:
        """Nobody claims what the dispatcher has still to look at. Without the duty officer who was ordered to it, it
        goes on up.
        """
        change = change.then(lambda demand: open_claim(demand, now) if demand.seeking is None else Change(demand))
        change = change.then(lambda demand: self._without_officer(demand, now))
        return change.then(lambda demand: self._modes.mind(demand, now)).told()

    def _without_officer(self, demand: Demand, now: datetime) -> Change:
        after, left = answered(demand)
        return self.give_up(after, now, by_duty=True) if left else Change(after)
