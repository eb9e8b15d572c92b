"""A team says who goes: the people whom its lead named take their seats."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from contracts.errors import Conflict
from contracts.words import OfferStatus, Text
from services.volunteers.domain.change import Change
from services.volunteers.domain.demand import Demand, not_found
from services.volunteers.domain.gates import ON_YES, stopped_by
from services.volunteers.domain.member import Member
from services.volunteers.domain.need import Candidate, as_of_a_team, need_of_claim
from services.volunteers.domain.offer import REFUSED
from services.volunteers.domain.seating import may_answer, sit, told
from services.volunteers.domain.team_choice import roles_for


def name_people(demand: Demand, offer_id: str, people: Sequence[Member], by: str, now: datetime) -> Change:
    """The team's answer, given by member *by*: a seat for each of *people*, of whom there is one at least.

    What the members' own documents say of it is left to be settled (``Take.held``). Raises Conflict: as ``accept``;
    ``too-many``; ``does-not-suit`` naming whom, and never why: that is between them and the platform.
    """
    offer = demand.offer(offer_id)
    may_answer(demand, offer)
    if len(people) > demand.open_seats:
        sentence = Text(f"只差{demand.open_seats}个人", f"{demand.open_seats} more are needed, not more than that")
        raise Conflict("too-many", sentence, "member_ids")
    roles = _roles(demand, people, now)
    answered = replace(offer, status=OfferStatus.ACCEPTED, member_id=by)
    change = Change(demand.with_offer(answered))
    for one in people:
        change = change.then(lambda at, one=one: _seated(at, one, roles[one.id], by, now))  # type: ignore[misc]
    return told(change, offer_id)


def _seated(demand: Demand, member: Member, role: str | None, by: str, now: datetime) -> Change:
    try:
        change, _ = sit(demand, member, role, now, named_by=by)
    except Conflict as conflict:
        raise _not_them(member) if conflict.code == "capacity-full" else conflict from None
    taken = change.demand.takes[-1]
    return replace(change, demand=change.demand.with_take(replace(taken, held=False)))


def _roles(demand: Demand, people: Sequence[Member], now: datetime) -> Mapping[str, str | None]:
    """Which role each takes, so that all have one; who comes with whom is looked at as if they sat already."""
    terms = demand.terms
    if terms is None:
        raise not_found()
    adults = {one.id for one in people if one.adult}
    said_no = {one.member_id for one in demand.offers if one.status in REFUSED and one.team_id is None}
    fits: dict[str, frozenset[str | None]] = {}
    for one in people:
        needs = [(role, as_of_a_team(need_of_claim(demand, terms, now, role), terms)) for role in demand.open_roles]
        fits[one.id] = frozenset(
            role
            for role, need in needs
            if stopped_by(replace(need, crew=need.crew | adults), Candidate(one), ON_YES) is None
        )
        if not fits[one.id] or one.id in said_no:  # nobody is sent where they said no (条例 art. 25)
            raise _not_them(one)
    roles = roles_for([demand.role_of(seat) for seat in demand.free_seats], [one.id for one in people], fits)
    if roles is None:
        raise Conflict(
            "roles-do-not-fit",
            Text("这几位合起来顶不上所缺的岗位", "together they do not fill the parts that are wanted"),
            "member_ids",
        )
    return roles


def _not_them(member: Member) -> Conflict:
    name = member.display_name
    return Conflict(
        "does-not-suit",
        Text(f"{name} 这次去不了,请换一位", f"{name} cannot go this time: please name somebody else"),
        "member_ids",
    )
