"""Somebody suspects harm at an order; the circle takes it up, or nobody does."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from contracts.actor import Role
from contracts.commands.harm import AcknowledgeHarm, CloseHarm, ExplainHarm, NoteHarmTold, ReportHarm
from contracts.harm import HarmAuthority, HarmKind, HarmResult
from contracts.words import SubjectKind
from services.tickets.domain.harm import HarmReport
from tests.builders import a_member_actor, an_actor
from tests.properties.house import RESIDENT, STAFF, House
from tests.properties.masters import MEMBERS
from tests.properties.moves import pick

PROTECTOR = an_actor(Role.PROTECTOR, account_id="a-protector")
DISTRICT = an_actor(Role.DISTRICT_CONTACT, account_id="a-district")
THEIRS = replace(RESIDENT, grants=PROTECTOR.grants)
"""Whoever ordered, with an office in the circle: it is none of theirs."""
MOST_REPORTS = 3
_KINDS, _AUTHORITIES, _RESULTS = tuple(HarmKind), tuple(HarmAuthority), tuple(HarmResult)


def report_harm(house: House, a: int, b: int) -> None:
    """By whoever has, or had, a seat of an order, or by staff; now and then about one of ours, who hears nothing."""
    reports = house.harm.all()
    if not house.placed or len(reports) >= MOST_REPORTS:
        return
    order = house.placed[a % len(house.placed)]
    demand = house.demand(order)
    were = [] if demand is None else [take.member_id for take in demand.takes]
    visitor = pick(were, b)
    about = MEMBERS[b % len(MEMBERS)].id if b % 4 == 3 else None
    house.harm.crews.members = {member.id for member in MEMBERS}
    command = ReportHarm(
        kind=_KINDS[b % len(_KINDS)],
        ticket_id=order,
        note="家里没有吃的",
        subject_kind=SubjectKind.MEMBER if about else None,
        subject_id=about,
    )
    by = STAFF if visitor is None or b % 3 == 2 else a_member_actor(visitor)
    house.command(house.harm.app.report, command, by, f"harm{len(reports) + 1}")


def acknowledge_harm(house: House, a: int, b: int) -> None:
    """Somebody has it; or somebody tries whose it is not."""
    _on_report(house, a, b, lambda id: (house.harm.app.acknowledge, AcknowledgeHarm(report_id=id)))


def tell_of_harm(house: House, a: int, b: int) -> None:
    """An authority is told, also a second one."""
    told = _AUTHORITIES[b % len(_AUTHORITIES)]
    _on_report(house, a, b, lambda id: (house.harm.app.tell, NoteHarmTold(report_id=id, whom=told, number="0042")))


def explain_harm(house: House, a: int, b: int) -> None:
    """Why nobody is told."""
    _on_report(house, a, b, lambda id: (house.harm.app.explain, ExplainHarm(report_id=id, words="上门看过")))


def close_harm(house: House, a: int, b: int) -> None:
    """What came of it."""
    result = _RESULTS[b % len(_RESULTS)]
    _on_report(house, a, b, lambda id: (house.harm.app.close, CloseHarm(report_id=id, result=result)))


def _on_report(house: House, a: int, b: int, build: Callable[[str], tuple[Any, Any]]) -> None:
    report = pick(house.harm.all(), a)
    if report is not None:
        by = (PROTECTOR, DISTRICT, PROTECTOR, THEIRS if is_theirs(house, report) else DISTRICT)[b % 4]
        done = house.command(*build(report.id), by)
        assert done is None or by is not THEIRS, "the household may do nothing with it"


def is_theirs(house: House, report: HarmReport) -> bool:
    """Is it about the resident's own order?"""
    return report.ticket_id is not None and house.ticket(report.ticket_id).requester_id == RESIDENT.account_id
