"""Who does not come, and who is away: sides said and decided; days off and a rest while offers are open."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from contracts.absences import Side
from contracts.availability import DaysOff, ExtraTime
from contracts.commands.absences import AnswerAbsence, DecideAbsence
from contracts.commands.members import ChangeProfile, SetServing
from contracts.commands.volunteers import SetDuty
from tests.builders import a_member_actor
from tests.properties.house import DISPATCHER, STAFF, House
from tests.properties.masters import MEMBERS
from tests.properties.moves import pick
from tests.properties.rosters_room import ZONE

_SIDES = tuple(Side)


def let_them_wait(house: House, a: int, b: int) -> None:
    """The time at which somebody was wanted passes, and nobody says anything."""
    house.clock.advance(hours=1 + a % 8)
    for due in house.due():
        house.fire(*due)
    house.clock.advance(minutes=16)
    for due in house.due():
        house.fire(*due)


def answer_absence(house: House, a: int, b: int) -> None:
    """The member says their side; now and then somebody whose it is not tries."""
    absence = pick(house.absences(), a)
    if absence:
        side = _SIDES[b % len(_SIDES)]
        command = AnswerAbsence(absence_id=absence.id, side=side, note="孩子发烧" if side is Side.OTHER else None)
        who = "m1" if b % 7 == 6 else absence.member_id
        house.as_member(house.volunteers.absent.answer, command, who)


def decide_absence(house: House, a: int, b: int) -> None:
    """Staff decide of what was answered; what is the member's alone yet is not there for them."""
    absence = pick(house.absences(), a)
    if absence:
        command = DecideAbsence(absence_id=absence.id, stands=b % 2 == 0)
        house.command(house.volunteers.absent.decide, command, STAFF if b % 3 else DISPATCHER)


def go_away(house: House, a: int, b: int) -> None:
    """Days off from today on, with an hour in between, or all time again; now and then from a page of before."""
    member = MEMBERS[a % len(MEMBERS)].id
    found = house.volunteers.members.get(member)
    if found is None:
        return
    profiles, today = house.volunteers.profiles, house.clock.now().astimezone(ZoneInfo(ZONE)).date()
    off = DaysOff(today.isoformat(), (today + timedelta(days=b % 3)).isoformat())
    command = ChangeProfile(
        revision="of-before" if b % 7 == 6 else profiles.shown(found)["revision"],
        days_off=(off,) if b % 4 else (),
        extra_times=(ExtraTime(today.isoformat(), "12:00", "13:00"),) if b % 5 == 4 else (),
    )
    house.as_member(profiles.change, command, member)


def rest_until(house: House, a: int, b: int) -> None:
    """Nobody asks them until some hours later; what they were asked before they may still answer."""
    member = MEMBERS[a % len(MEMBERS)].id
    until = house.clock.now() + timedelta(hours=1 + b % 48)
    house.as_member(house.volunteers.duty.set_duty, SetDuty(member_id=member, on_duty=False, until=until), member)


def stop_serving(house: House, a: int, b: int) -> None:
    """Somebody serves no more, with offers open and seats in hand; or comes back, and on duty."""
    member = MEMBERS[a % len(MEMBERS)].id
    serving = b % 3 > 0
    house.stopped.add(member)
    house.command(house.volunteers.leaving.set_serving, SetServing(serving=serving), a_member_actor(member))
    if serving:
        house.as_member(house.volunteers.duty.set_duty, SetDuty(member_id=member, on_duty=True), member)
