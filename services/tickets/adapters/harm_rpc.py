"""RPC entrypoints of tickets about suspected harm."""

from typing import Any

from chassis.rpc import command
from contracts.commands import Call, Outcome
from contracts.commands.harm import (
    AcknowledgeHarm,
    CloseHarm,
    ExplainHarm,
    NoteHarmTold,
    ReadHarmReports,
    ReportHarm,
    RevealHarm,
)


class HarmRpc:
    """Mixed into the service; ``app`` is its application."""

    app: Any

    @command(ReportHarm)
    def report_harm(self, call: Call[ReportHarm]) -> Outcome:
        """Somebody suspects harm."""
        outcome: Outcome = self.app.harm.report(call)
        return outcome

    @command(ReadHarmReports)
    def read_harm_reports(self, call: Call[ReadHarmReports]) -> Outcome:
        """The circle's list."""
        outcome: Outcome = self.app.harm.read(call)
        return outcome

    @command(RevealHarm)
    def reveal_harm(self, call: Call[RevealHarm]) -> Outcome:
        """What a report says, or who made it."""
        outcome: Outcome = self.app.harm.reveal(call)
        return outcome

    @command(AcknowledgeHarm)
    def acknowledge_harm(self, call: Call[AcknowledgeHarm]) -> Outcome:
        """Somebody has it."""
        outcome: Outcome = self.app.harm.acknowledge(call)
        return outcome

    @command(NoteHarmTold)
    def note_harm_told(self, call: Call[NoteHarmTold]) -> Outcome:
        """An authority was told."""
        outcome: Outcome = self.app.harm.tell(call)
        return outcome

    @command(ExplainHarm)
    def explain_harm(self, call: Call[ExplainHarm]) -> Outcome:
        """Why nobody is told."""
        outcome: Outcome = self.app.harm.explain(call)
        return outcome

    @command(CloseHarm)
    def close_harm(self, call: Call[CloseHarm]) -> Outcome:
        """What came of it."""
        outcome: Outcome = self.app.harm.close(call)
        return outcome
