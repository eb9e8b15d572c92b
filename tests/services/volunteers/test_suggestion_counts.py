"""How often staff took the best of a suggestion, counted in the database."""

from dataclasses import replace
from datetime import timedelta

from contracts.actor import Grant, Role
from contracts.commands import Call
from contracts.commands.hands_on import CountSuggestions
from contracts.hands_on import SuggestionOutcome
from services.volunteers.adapters.codecs import DemandCodec
from services.volunteers.adapters.suggestion_counts import MongoSettledSuggestions
from services.volunteers.application.suggestion_counts import SuggestionCounts
from services.volunteers.domain.steering import Settled, Steering
from tests.builders import NOON, a_meta, an_actor
from tests.fakes.clock import FixedClock
from tests.unit.volunteers.builders import a_demand

SENT, BY_ITSELF = SuggestionOutcome.SENT, SuggestionOutcome.BY_ITSELF
OTHERS, DROPPED = SuggestionOutcome.OTHERS, SuggestionOutcome.DROPPED


def _settled(outcome: SuggestionOutcome, *ranks: int, days: int = 1) -> Settled:
    return Settled(number=1, at=NOON - timedelta(days=days), outcome=outcome, taken_ranks=ranks)


def _keep(db, id: str, *settled: Settled, **changes) -> None:
    demand = replace(a_demand(), id=id, steering=Steering(settled=settled), **changes)
    db["demands"].insert_one({**DemandCodec().to_doc(demand), "_id": id})


def _count(db, grant: Grant) -> dict:
    actor = an_actor(Role.DISPATCHER, grants=(grant,))
    counts = SuggestionCounts(MongoSettledSuggestions(db), FixedClock(NOON))
    return dict(counts.count(Call(CountSuggestions(), a_meta(actor))).result)


def test_by_what_became_of_them_in_all_and_by_item(db) -> None:
    _keep(db, "a", _settled(SENT, 1), _settled(DROPPED), _settled(SENT, 1, 2))
    _keep(db, "b", _settled(SENT, 3), _settled(BY_ITSELF, 1))
    _keep(db, "c", _settled(OTHERS), _settled(SENT, 1, days=31), item_id="visit")
    _keep(db, "d")

    told = _count(db, Grant(Role.DISPATCHER))

    assert told["all"] == {"settled": 5, "first": 2, "other": 1, "by_itself": 1, "others": 1}
    assert [(one["item_id"], one["counts"]["settled"]) for one in told["items"]] == [
        (a_demand().item_id, 4),
        ("visit", 1),
    ]


def test_only_where_one_is_staff(db) -> None:
    _keep(db, "a", _settled(SENT, 1))

    assert _count(db, Grant(Role.DISPATCHER, a_demand().area_path[-1]))["all"]["first"] == 1
    assert _count(db, Grant(Role.DISPATCHER, "elsewhere"))["all"]["settled"] == 0
    assert _count(db, Grant(Role.MEMBER))["all"]["settled"] == 0
