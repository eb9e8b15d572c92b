"""Faults of dispatch: of offers, of searches, of the roster."""

from dataclasses import replace
from typing import Any

from services.volunteers.adapters.codecs import RosterCodec
from tests.builders_of_rosters import a_roster, a_wanted
from tests.system.auditing.faults import SOON, demand, fault, later
from tests.system.auditing.world import Plant


@fault("somebody who counts as asked and is not", half_offered=["half-offered"])
def counted_as_asked(plant: Plant) -> None:
    demand(plant).set(plant, asking=["m1"])


@fault("two volunteers asked though their day was over", asked_too_often=["asked-too-often", "asked-too-often"])
def asked_beyond_the_day(plant: Plant) -> None:
    demand(plant).set(plant, terms__offers_per_day=0)


@fault("an order that waits for the dispatcher for ever", search_stuck=["still-seeking"])
def seeking_for_ever(plant: Plant) -> None:
    demand(plant).set(plant, seeking=SOON)


@fault("a duty officer who said no, and nobody above hears of it", search_stuck=["climb-missing"])
def nobody_above_hears(plant: Plant) -> None:
    first = demand(plant).doc(plant)["offers"][0]["id"]
    demand(plant).set(plant, steering__officer={"round": 1, "offer": first})


@fault("a shift of tonight that nobody has, and nobody was told", shifts_untold=["shift-untold"])
def nobody_tonight(plant: Plant) -> None:
    _roster(plant, checked=True, late=True)


@fault("a shift of which only the roster knows that it is empty", shifts_untold=["shift-untold"])
def alarm_without_a_word(plant: Plant) -> None:
    _roster(plant, checked=True, late=True, alarm="empty")


@fault("a shift that nobody will look at", shifts_untold=["shift-unwatched", "shift-unwatched"])
def not_looked_at(plant: Plant) -> None:
    _roster(plant)


def _roster(plant: Plant, **changes: Any) -> None:
    """A day far from all others, which was never told of; by its own deadlines nobody looks at it."""
    roster = a_roster(a_wanted(member_id=None))
    (shift,) = roster.shifts
    doc = RosterCodec().to_doc(replace(roster, shifts=(replace(shift, starts_at=SOON, ends_at=later(60)),)))
    doc["shifts"] = [doc["shifts"][0] | changes]
    plant.add("volunteers", "rosters", doc | {"_id": roster.id, "version": 0, "due": []})
