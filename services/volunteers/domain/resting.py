"""A member who died: nothing is asked of them and nothing is theirs any more, until somebody says it was a mistake."""

from functools import partial

from contracts.words import ReleaseReason
from services.volunteers.domain.change import Change
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.search import withdraw
from services.volunteers.domain.seating import release


def let_go(demand: Demand, member_id: str) -> Change:
    """Their offers are withdrawn and their seats free: they have said neither yes nor no."""
    change = withdraw(demand, [one for one in demand.open_offers if one.member_id == member_id and one.team_id is None])
    for take in demand.holders:
        if take.member_id == member_id and take.wanted:
            change = change.then(partial(release, take=take, reason=ReleaseReason.GAVE_BACK))
    return change
