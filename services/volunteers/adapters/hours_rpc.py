"""RPC entrypoints of volunteers for the two ledgers."""

from typing import Any

from chassis.rpc import command
from contracts.commands import Call, Outcome
from contracts.commands.hours import (
    AddPaperHours,
    AskForCorrection,
    CheckSheet,
    DecideCorrection,
    EnterTimes,
    IssueSheet,
    ReadHours,
    ReadHoursYear,
    ReadSheet,
    ReadWaitingHours,
    RevealHours,
)


class HoursRpc:
    """Mixed into the service; ``app`` is its application."""

    app: Any

    @command(ReadHours)
    def read_hours(self, call: Call[ReadHours]) -> Outcome:
        """A ledger, of one member."""
        outcome: Outcome = self.app.hours.reads.read(call)
        return outcome

    @command(ReadWaitingHours)
    def read_waiting_hours(self, call: Call[ReadWaitingHours]) -> Outcome:
        """What staff have to see to."""
        outcome: Outcome = self.app.hours.reads.read_waiting(call)
        return outcome

    @command(ReadHoursYear)
    def read_hours_year(self, call: Call[ReadHoursYear]) -> Outcome:
        """A year of it, as a table."""
        outcome: Outcome = self.app.hours.years.read(call)
        return outcome

    @command(AskForCorrection)
    def ask_for_correction(self, call: Call[AskForCorrection]) -> Outcome:
        """That is not how it was."""
        outcome: Outcome = self.app.hours.correcting.ask(call)
        return outcome

    @command(DecideCorrection)
    def decide_correction(self, call: Call[DecideCorrection]) -> Outcome:
        """Granted or not."""
        outcome: Outcome = self.app.hours.correcting.decide(call)
        return outcome

    @command(EnterTimes)
    def enter_times(self, call: Call[EnterTimes]) -> Outcome:
        """From a paper sheet, of an order."""
        outcome: Outcome = self.app.hours.correcting.enter(call)
        return outcome

    @command(AddPaperHours)
    def add_paper_hours(self, call: Call[AddPaperHours]) -> Outcome:
        """From a paper sheet, of something that was no order."""
        outcome: Outcome = self.app.hours.correcting.add(call)
        return outcome

    @command(RevealHours)
    def reveal_hours(self, call: Call[RevealHours]) -> Outcome:
        """The typed words of an entry; logged."""
        outcome: Outcome = self.app.hours.correcting.reveal(call)
        return outcome

    @command(IssueSheet)
    def issue_sheet(self, call: Call[IssueSheet]) -> Outcome:
        """Print a record sheet."""
        outcome: Outcome = self.app.hours.sheets.issue(call)
        return outcome

    @command(ReadSheet)
    def read_sheet(self, call: Call[ReadSheet]) -> Outcome:
        """The same once more."""
        outcome: Outcome = self.app.hours.sheets.read(call)
        return outcome

    @command(CheckSheet)
    def check_sheet(self, call: Call[CheckSheet]) -> Outcome:
        """Is it genuine?"""
        outcome: Outcome = self.app.hours.sheets.check(call)
        return outcome
