"""The frozen terms under which an order was accepted: what others need of its item, so that nobody looks up."""

from dataclasses import dataclass

from contracts.dispatch import Continuity
from contracts.words import Ability, Mode, Policy, Risk, Text, Urgency, WhoMay


@dataclass(frozen=True)
class SkillNeed:
    """A skill and the least level asked for (1 to 3); its name is what people read in an offer's why."""

    code: str
    level: int = 1
    name: Text | None = None


@dataclass(frozen=True)
class ServedBefore:
    """A member who served the same person before, and how often."""

    member_id: str
    times: int = 1


@dataclass(frozen=True, kw_only=True)
class SeatNeed:
    """The seats of one role in a crew: two to lift, one to drive.

    ``skills`` and ``asks`` are asked of these seats beside what the order asks of everybody. Whoever has a seat of the
    role marked ``lead`` leads.
    """

    role: str
    name: Text
    count: int = 1
    skills: tuple[SkillNeed, ...] = ()
    asks: tuple[Ability, ...] = ()
    lead: bool = False


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What dispatch needs to know of an order. Minutes are business time.

    ``night_from`` and ``night_to`` ("21:00", "08:00", local) pause offers at night; both None: no pause.
    ``waves``: so many rounds of offers before the seats are open to claims. ``delivery`` says where the work may be
    (codes of the catalogue), ``asks`` what whoever goes has to have said they can do, ``risks`` why no minor is asked;
    ``for_child``: only vetted adults, and never one alone. ``offers_per_day``: so often a volunteer is asked within a
    local day, counted over all orders; emergencies neither count nor are held back by it. ``credentials``: papers in
    date that whoever goes must have.

    ``languages``: one of these is welcome (codes like zh, ug). ``continuity`` says whether the item wants the same
    people again or others in turn; only then ``served_before`` lists who came before.
    ``crew`` says what each seat is for, in the order of the seats; empty: all seats are alike, and so are those beyond
    it.
    ``suggest_minutes`` (working time): so long a suggestion waits for staff before it sends itself.
    ``company_first``: of a contracted item, companies and departments are asked as teams, before people of theirs.
    ``free``: the person served pays nothing for the work itself (goods at their cost are not pay); only then it can
    earn hours.
    ``visit_minutes``: so long a visit is planned to take; ``late_minutes`` after the time that was wanted whoever has
    the seat is asked whether they are coming; until ``cancel_minutes`` before it a seat is given back freely.
    """

    item_id: str
    item_version: int
    item_name: Text
    policy: Policy
    mode: Mode
    who_may: WhoMay
    urgency: Urgency
    skills: tuple[SkillNeed, ...] = ()
    adult_only: bool = False
    seats: int = 1
    waves: int = 3
    expiry_minutes: float = 120
    claim_minutes: float = 240
    night_from: str | None = None
    night_to: str | None = None
    time_zone: str = "Asia/Shanghai"
    delivery: tuple[str, ...] = ()
    asks: tuple[Ability, ...] = ()
    credentials: tuple[str, ...] = ()
    risks: tuple[Risk, ...] = ()
    for_child: bool = False
    offers_per_day: int = 3
    languages: tuple[str, ...] = ()
    continuity: Continuity | None = None
    served_before: tuple[ServedBefore, ...] = ()
    crew: tuple[SeatNeed, ...] = ()
    suggest_minutes: float = 10
    free: bool = True
    visit_minutes: float = 60
    late_minutes: float = 120
    cancel_minutes: float = 720
    company_first: bool = False

    def role_of(self, seat: int) -> SeatNeed | None:
        """What the seat of that number (from 1) is for; None: like all others."""
        if not self.crew:
            return None
        roles = [need for need in self.crew for _ in range(need.count)]
        return roles[seat - 1] if seat <= len(roles) else None
