"""The roster, in the play: shifts of today and tomorrow are planned, given on, missed, held and handed over."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from contracts.commands.rosters import CannotServe, NameSubstitute, RemoveShift, SetShift, TakeOver, WriteHandOver
from contracts.roster import ShiftRole
from services.volunteers.domain.shift import Shift
from tests.builders import a_member_actor
from tests.properties.house import DISPATCHER, House
from tests.properties.masters import GRID, OFFICER_TOO
from tests.properties.moves import pick
from tests.properties.rosters_room import ZONE

OFFICERS = (None, "d1", "d2")
CLOCKS = (("08:00", "20:00"), ("20:00", "08:00"), ("00:00", "23:59"))
MOST_SHIFTS = 4


def plan_shift(house: House, a: int, b: int) -> None:
    """A new shift, with somebody, somebody else behind them, or nobody; now and then one that is there is changed."""
    house.keep_member(OFFICER_TOO.id, lambda known: known or OFFICER_TOO)
    known = pick(_shifts(house), a)
    changes = known is not None and (a % 4 == 3 or len(_shifts(house)) >= MOST_SHIFTS)
    day = house.clock.now().astimezone(ZoneInfo(ZONE)).date() + timedelta(days=b % 2)
    starts, ends = CLOCKS[a % len(CLOCKS)]
    command = SetShift(
        area_id=GRID.id,
        day=_day(known) if changes and known else day.isoformat(),
        role=ShiftRole.COUNTER if a % 5 == 4 else ShiftRole.DUTY_OFFICER,
        starts=starts,
        ends=ends,
        member_id=OFFICERS[b // 2 % 3],
        substitute_id=OFFICERS[b // 6 % 3],
        shift_id=known.id if changes and known else None,
    )
    house.command(house.rosters.app.set_shift, command, DISPATCHER)


def name_substitute(house: House, a: int, b: int) -> None:
    """Somebody else has it, or comes if they do not; volunteers are refused."""
    shift = pick(_shifts(house), a)
    if shift:
        command = NameSubstitute(shift_id=shift.id, member_id=("d1", "d2", "m1")[b % 3])
        house.command(house.rosters.app.name_substitute, command, DISPATCHER)


def cannot_serve(house: House, a: int, b: int) -> None:
    """Whoever has it cannot come; now and then somebody says so who has it not."""
    shift = pick(_shifts(house), a)
    if shift:
        _as(house, shift, b, CannotServe(shift_id=shift.id), house.rosters.app.cannot_serve)


def take_over(house: House, a: int, b: int) -> None:
    """Whoever has it signs in, or who stands in for them. A repeat reads the newest note: its answer may be another."""
    shift = pick(_shifts(house), a)
    if shift and _as(house, shift, b, TakeOver(shift_id=shift.id), house.rosters.app.take_over):
        house.done.pop()


def hand_over_shift(house: House, a: int, b: int) -> None:
    """Whoever is there writes for the next."""
    shift = pick(_shifts(house), a)
    if shift:
        command = WriteHandOver(shift_id=shift.id, note=f"三号楼门禁坏了{b}")
        _as(house, shift, b, command, house.rosters.app.write_hand_over)


def remove_shift(house: House, a: int, b: int) -> None:
    """It is not held; who is there is not removed."""
    shift = pick(_shifts(house), a)
    if shift and b % 3 == 0:
        house.command(house.rosters.app.remove_shift, RemoveShift(shift_id=shift.id), DISPATCHER)


def _as(house: House, shift: Shift, b: int, command: object, use_case: object) -> object:
    who = (shift.substitute_id if b % 3 == 1 else shift.member_id) or "d1"
    return house.command(use_case, command, a_member_actor(who))  # type: ignore[arg-type]


def _shifts(house: House) -> list[Shift]:
    return [shift for roster in house.shifts() for shift in roster.shifts]


def _day(shift: Shift) -> str:
    return shift.starts_at.astimezone(ZoneInfo(ZONE)).date().isoformat()
