"""Puts the use cases about pleas together."""

from dataclasses import dataclass

from chassis.aggregates import Aggregates
from chassis.gear import Resources
from services.tickets.adapters.codecs import PleaCodec
from services.tickets.adapters.mongo import PersonVault
from services.tickets.adapters.pleas import MongoHomes, MongoPleas
from services.tickets.application.people_ports import People
from services.tickets.application.pleas import PleaCases
from services.tickets.application.pleas_in import RespondBy, TakingPleas
from services.tickets.application.ports import Areas, Communities, Reveals, Tickets
from services.tickets.application.time_limits import TimeLimits


@dataclass(frozen=True)
class PleaRooms:
    """As they come in, and what staff do."""

    incoming: TakingPleas
    cases: PleaCases


def plea_rooms(
    resources: Resources,
    communities: Communities,
    areas: Areas,
    people: People,
    tickets: Tickets,
    reveals: Reveals,
    time_limits: TimeLimits,
) -> PleaRooms:
    """On the collections of this service."""
    pleas = MongoPleas(Aggregates(resources.journal, PleaCodec()), resources.vault)
    homes, vault = MongoHomes(resources.db, resources.vault), PersonVault(resources.vault)
    by, clock = RespondBy(time_limits), resources.clock
    return PleaRooms(
        incoming=TakingPleas(pleas, homes, communities, areas, people, vault, by, clock),
        cases=PleaCases(pleas, communities, tickets, reveals, vault, by, clock),
    )
