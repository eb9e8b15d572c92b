"""The community of the plays: small, so that people meet. All of it is invented."""

from contracts.results import Closing
from contracts.terms import SeatNeed, SkillNeed
from contracts.words import Employment, Mode, Policy, Text, WhoMay
from services.tickets.domain.catalogue import Seats
from services.volunteers.domain.member import HeldSkill
from services.volunteers.domain.team import Team
from tests.builders import COMMUNITY
from tests.unit.tickets.builders import a_building, a_grid, a_street, an_item
from tests.unit.volunteers.builders import PLUMBING, a_member

REPAIR = an_item(skills=(SkillNeed("water_electric", 1),))
WISH = an_item(id="wish", code="W1", policy=Policy.CLAIM, who_may=WhoMay.ANYONE, skills=())
VISIT = an_item(id="visit", code="V1", who_may=WhoMay.ANYONE, skills=(), seats=Seats(min=1, max=3), cash_limit=200)
REVIEWED = an_item(id="reviewed", code="R1", review=True, skills=())
WATCH = an_item(
    id="watch",
    code="D1",
    policy=Policy.DUTY,
    who_may=WhoMay.DUTY,
    skills=(),
    closing=(Closing.REQUESTER, Closing.COUNTER),
)
ITEMS = (REPAIR, VISIT, WISH, REVIEWED, WATCH)

SUGGESTED = an_item(id="suggested", code="S1", mode=Mode.SUGGEST, who_may=WhoMay.ANYONE, skills=())
MANUAL = an_item(id="by-hand", code="S2", mode=Mode.MANUAL, who_may=WhoMay.ANYONE, skills=())
BY_STAFF = (SUGGESTED, MANUAL)

LEADING = SeatNeed(
    role="lead",
    name=Text("带队", "leading"),
    skills=(SkillNeed("water_electric", 1, Text("水电", "Plumbing")),),
    lead=True,
)
CARRYING = SeatNeed(role="carry", name=Text("搬抬", "carrying"), count=2)
CREW = an_item(
    id="crew", code="W3", who_may=WhoMay.ANYONE, skills=(), seats=Seats(min=3, max=3), crew=(LEADING, CARRYING)
)
"""One to lead, who can do more, and two to carry."""

GRID = a_grid()
AREAS = (a_street(), GRID, a_building())

MEMBERS = (
    a_member("m1"),
    a_member("m2", capacity=2),
    a_member("m3"),
    a_member("m4", skills=(HeldSkill("water_electric", 1), HeldSkill("care", 2))),
    a_member("d1", employment=Employment.DUTY, capacity=2, skills=(PLUMBING,)),
)
OFFICER_TOO = a_member("d2", employment=Employment.DUTY, capacity=2, skills=(PLUMBING,))
"""Comes with the first shift that is planned."""
TEAM = Team(
    id="silver-vanguard",
    community_id=COMMUNITY,
    name=Text("银发先锋", "Silver vanguard"),
    kind="volunteer_team",
    area="sll",
    lead="m1",
    member_ids=("m1", "m2"),
)
