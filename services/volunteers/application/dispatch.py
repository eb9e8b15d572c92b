"""The dispatch step: whatever changed a demand, this brings its search up to date in the same write."""

from datetime import datetime

from services.volunteers.application.ports import Matcher
from services.volunteers.domain.change import Change
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.search import ask, give_up, open_claim, still_asking


class Dispatch:
    """Tops up offers, opens the claim after the last wave, gives up after the claim.

    It is called inside a decision and so looks for people for exactly the state that is then written.
    """

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher

    def go_on(self, change: Change, now: datetime) -> Change:
        """*change*, and then what the search needs next."""
        return change.then(lambda demand: self._ask(demand, now)).then(lambda demand: open_claim(demand, now)).told()

    def _ask(self, demand: Demand, now: datetime) -> Change:
        if not still_asking(demand):
            return Change(demand)
        return ask(demand, self._matcher.choose(demand, demand.missing_offers, now), now)

    def give_up(self, demand: Demand, now: datetime) -> Change:
        """The alarm, with how many members each gate stopped."""
        return give_up(demand, self._matcher.stopped(demand, now))
