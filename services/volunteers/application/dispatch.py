"""The dispatch step: whatever changed a demand, this brings its search up to date in the same write."""

from datetime import datetime

from services.volunteers.application.modes import Modes
from services.volunteers.application.ports import Matcher
from services.volunteers.domain.change import Change
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.search import give_up, open_claim


class Dispatch:
    """Tops up offers, opens the claim after the last wave, gives up after the claim.

    It is called inside a decision and so looks for people for exactly the state that is then written.
    """

    def __init__(self, matcher: Matcher, modes: Modes) -> None:
        self._matcher = matcher
        self._modes = modes

    def go_on(self, change: Change, now: datetime) -> Change:
        """*change*, and then what the search needs next."""
        change = change.then(lambda demand: self._modes.ask(demand, now))
        change = change.then(lambda demand: open_claim(demand, now))
        return change.then(lambda demand: self._modes.mind(demand, now)).told()

    def on_time(self, demand: Demand, now: datetime) -> Change:
        """A suggestion that waited long enough sends itself; staff hear again of an order that waits for them."""
        return self._modes.send_by_itself(demand, now).then(lambda at: self._modes.remind(at, now))

    def give_up(self, demand: Demand, now: datetime) -> Change:
        """The alarm, with how many members each gate stopped."""
        return give_up(demand, self._matcher.stopped(demand, now))
