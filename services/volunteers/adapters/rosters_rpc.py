"""RPC entrypoints of volunteers for the roster."""

from typing import Any

from chassis.rpc import command
from contracts.commands import Call, Outcome
from contracts.commands.rosters import (
    CannotServe,
    NameSubstitute,
    ReadRosters,
    RemoveShift,
    SetShift,
    TakeOver,
    WriteHandOver,
)


class RostersRpc:
    """Mixed into the service; ``app`` is its application."""

    app: Any

    @command(SetShift)
    def set_shift(self, call: Call[SetShift]) -> Outcome:
        """Plan a shift."""
        outcome: Outcome = self.app.rosters.set_shift(call)
        return outcome

    @command(RemoveShift)
    def remove_shift(self, call: Call[RemoveShift]) -> Outcome:
        """It is not held."""
        outcome: Outcome = self.app.rosters.remove_shift(call)
        return outcome

    @command(NameSubstitute)
    def name_substitute(self, call: Call[NameSubstitute]) -> Outcome:
        """Who has it instead."""
        outcome: Outcome = self.app.rosters.name_substitute(call)
        return outcome

    @command(CannotServe)
    def cannot_serve(self, call: Call[CannotServe]) -> Outcome:
        """I cannot."""
        outcome: Outcome = self.app.rosters.cannot_serve(call)
        return outcome

    @command(TakeOver)
    def take_over(self, call: Call[TakeOver]) -> Outcome:
        """I am there; what did the one before me write down?"""
        outcome: Outcome = self.app.rosters.take_over(call)
        return outcome

    @command(WriteHandOver)
    def write_hand_over(self, call: Call[WriteHandOver]) -> Outcome:
        """What the next one has to know."""
        outcome: Outcome = self.app.rosters.write_hand_over(call)
        return outcome

    @command(ReadRosters)
    def read_rosters(self, call: Call[ReadRosters]) -> Outcome:
        """Who is on duty when."""
        outcome: Outcome = self.app.roster_pages.read(call)
        return outcome
