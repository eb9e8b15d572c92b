"""The ledgers, in the play: whoever served says that it is wrong, staff decide, or enter times from a paper sheet."""

from datetime import timedelta
from typing import Any

from contracts.commands.hours import AskForCorrection, DecideCorrection, EnterTimes
from services.volunteers.application.correcting import Correcting
from services.volunteers.application.recording import WorkingDays
from services.volunteers.domain.hours_entry import Entry
from tests.properties.house import DISPATCHER, STAFF, House

_NOT_ASKED: Any = None
"""What no move here needs: the sums, and the log of reveals."""


class PlainWords:
    """A ``HoursWords`` that seals nothing: plays read no words."""

    def seal(self, member_id: str, entry_id: str, field: str, text: str) -> bytes | None:
        return text.encode() if member_id else None

    def open(self, entry_id: str, field: str, blob: bytes | None) -> str | None:
        return None if blob is None else blob.decode()


def correcting(house: House) -> Correcting:
    """The use cases on what the house keeps."""
    volunteers = house.volunteers
    return Correcting(
        entries=volunteers.entries,
        ledgers=_NOT_ASKED,
        reads=_NOT_ASKED,
        words=PlainWords(),
        log=_NOT_ASKED,
        days=WorkingDays(volunteers.communities),
        areas=volunteers.areas,
        clock=house.clock,
    )


def ask_for_correction(house: House, a: int, b: int) -> None:
    """That is not how it was; whoever asked already is refused."""
    entry = _one(house, a)
    if entry is not None:
        command = AskForCorrection(entry_id=entry.id, reason="时间不对")
        house.as_member(correcting(house).ask, command, entry.member_id)


def decide_correction(house: House, a: int, b: int) -> None:
    """Granted with other times, granted as workload, or not; whoever wrote the standing line is refused."""
    entry = _one(house, a)
    asked = entry.asks[-1] if entry is not None and entry.asks else None
    if entry is not None and asked is not None:
        now = house.clock.now()
        times = {"began": now - timedelta(minutes=20 + b), "ended": now} if b % 3 == 0 else {}
        command = DecideCorrection(
            entry_id=entry.id, ask_id=asked.id, granted=b % 3 < 2, reason="看过", to_workload=b % 3 == 1, **times
        )
        house.command(correcting(house).decide, command, STAFF if b % 2 else DISPATCHER)


def enter_times(house: House, a: int, b: int) -> None:
    """From a paper sheet; where times are known it is refused."""
    entry = _one(house, a)
    if entry is not None:
        now = house.clock.now()
        command = EnterTimes(entry_id=entry.id, began=now - timedelta(minutes=15 + b), ended=now, vouched_by="签到表")
        house.command(correcting(house).enter, command, STAFF if b % 2 else DISPATCHER)


def _one(house: House, a: int) -> Entry | None:
    entries = sorted(house.entries(), key=lambda entry: entry.id)
    return entries[a % len(entries)] if entries else None
