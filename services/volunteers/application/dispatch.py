"""The dispatch step: whatever changed a demand, this brings its search up to date in the same write.

With a tick, an order that can wait is only marked in that write; the dispatcher (``application.ticking``) finds its
people a moment later, together with those of all other marked orders of the community.
"""

from collections.abc import Sequence
from datetime import datetime

from services.volunteers.application.modes import Modes
from services.volunteers.application.ports import Matcher
from services.volunteers.domain.change import Change
from services.volunteers.domain.choice import Choice
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.need import need_of
from services.volunteers.domain.search import give_up, open_claim, still_asking
from services.volunteers.domain.seating import noted
from services.volunteers.domain.seeking import can_wait, look_again, marked, unmarked
from services.volunteers.domain.suggesting import tidied


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
        return self._after_look(noted_change.then(lambda demand: self._ask(demand, now)), now)

    def others(self, demand: Demand, choices: Sequence[Choice], now: datetime) -> Sequence[Choice]:
        """*choices* of a match of many orders, with the next best behind them where staff shall choose."""
        return self._modes.others(demand, choices, now)

    def found(self, demand: Demand, choices: Sequence[Choice], now: datetime) -> Change:
        """What a look of the dispatcher does to a demand that waits for it: *choices* are asked, or suggested.

        It was looked at then, whatever was found: the mark goes, and comes back with the next change that leaves
        somebody missing. So a look that found too few is not repeated until an answer or a deadline changed something,
        and where nobody was found and nobody is asked the seats are open to claims.
        """
        tidy = tidied(unmarked(demand), now)
        if still_asking(tidy.demand):
            tidy = tidy.then(lambda at: self._modes.offered(at, choices, now))
            tidy = tidy.then(lambda at: Change(look_again(at, demand)))
        return self._after_look(tidy, now)

    def on_time(self, demand: Demand, now: datetime) -> Change:
        """A suggestion that waited long enough sends itself; staff hear again of an order that waits for them."""
        return self._modes.send_by_itself(demand, now).then(lambda at: self._modes.remind(at, now))

    def give_up(self, demand: Demand, now: datetime) -> Change:
        """The alarm, with how many members each gate stopped."""
        return give_up(demand, self._matcher.stopped(demand, now))

    def _ask(self, demand: Demand, now: datetime) -> Change:
        if not (self._by_tick and can_wait(demand)):
            return self._modes.ask(unmarked(demand), now)
        if demand.terms is not None:
            # Terms under which nobody can be looked for fail in the write that brings them, not in everybody's tick.
            need_of(demand, demand.terms, now)
        tidy = tidied(demand, now)
        return tidy.then(lambda at: Change(marked(at, now) if still_asking(at) else unmarked(at)))

    def _after_look(self, change: Change, now: datetime) -> Change:
        """Nobody claims what the dispatcher has still to look at."""
        change = change.then(lambda demand: open_claim(demand, now) if demand.seeking is None else Change(demand))
        return change.then(lambda demand: self._modes.mind(demand, now)).told()
