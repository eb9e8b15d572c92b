"""Puts the use cases about suspected harm together."""

from chassis.aggregates import Aggregates
from chassis.gear import Resources
from services.tickets.adapters.codecs import HarmCodec
from services.tickets.adapters.harm import MongoHarmReports, MongoVisitors
from services.tickets.adapters.mongo import PersonVault
from services.tickets.application.complaints import Complaints
from services.tickets.application.harm import Harm
from services.tickets.application.harm_about import AtWhom
from services.tickets.application.known_people import KnownPeople
from services.tickets.application.ports import Persons, Reveals, Tickets
from services.tickets.application.sealing import Sealing


def harm_cases(
    resources: Resources,
    tickets: Tickets,
    known: KnownPeople,
    persons: Persons,
    complaints: Complaints,
    reveals: Reveals,
    sealing: Sealing,
) -> Harm:
    """On the collections of this service."""
    at_whom = AtWhom(tickets, known, persons, MongoVisitors(resources.db), sealing)
    reports = MongoHarmReports(Aggregates(resources.journal, HarmCodec()))
    return Harm(reports, at_whom, complaints, reveals, PersonVault(resources.vault), resources.clock)
