"""No-shows and late cancels put together; part of the composition root of volunteers."""

from chassis.aggregates import Aggregates
from chassis.resources import Resources
from services.volunteers.adapters.absences import AbsenceCodec, MongoAbsencePages
from services.volunteers.adapters.privacy import MemberVault
from services.volunteers.adapters.stores import MongoAreas
from services.volunteers.application.absences import Absences
from services.volunteers.application.ports import Communities
from services.volunteers.application.recording import WorkingDays
from services.volunteers.application.reveals import MemberReveals
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.member import Member


def absences_room(
    resources: Resources,
    demands: Aggregates[Demand],
    members: Aggregates[Member],
    log: MemberReveals,
    communities: Communities,
) -> Absences:
    """Wire them."""
    kept = Aggregates(resources.journal, AbsenceCodec())
    return Absences(
        absences=kept,
        pages=MongoAbsencePages(kept),
        demands=demands,
        members=members,
        areas=MongoAreas(resources.db),
        days=WorkingDays(communities),
        log=log,
        privacy=MemberVault(resources.vault),
        clock=resources.clock,
    )
