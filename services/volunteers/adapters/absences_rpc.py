"""RPC entrypoints of volunteers about no-shows and late cancels."""

from typing import Any

from chassis.rpc import command
from contracts.commands import Call, Outcome
from contracts.commands.absences import (
    AnswerAbsence,
    DecideAbsence,
    ReadAbsences,
    ReadWaitingAbsences,
    RevealAbsence,
)


class AbsencesRpc:
    """Mixed into the service; ``app`` is its application."""

    app: Any

    @command(ReadAbsences)
    def read_absences(self, call: Call[ReadAbsences]) -> Outcome:
        """One's own, or those of a member that stand."""
        outcome: Outcome = self.app.absences.read(call)
        return outcome

    @command(ReadWaitingAbsences)
    def read_waiting_absences(self, call: Call[ReadWaitingAbsences]) -> Outcome:
        """What waits for a decision."""
        outcome: Outcome = self.app.absences.read_waiting(call)
        return outcome

    @command(AnswerAbsence)
    def answer_absence(self, call: Call[AnswerAbsence]) -> Outcome:
        """My side of it."""
        outcome: Outcome = self.app.absences.answer(call)
        return outcome

    @command(DecideAbsence)
    def decide_absence(self, call: Call[DecideAbsence]) -> Outcome:
        """It stands, or is set aside."""
        outcome: Outcome = self.app.absences.decide(call)
        return outcome

    @command(RevealAbsence)
    def reveal_absence(self, call: Call[RevealAbsence]) -> Outcome:
        """What they wrote; logged."""
        outcome: Outcome = self.app.absences.reveal(call)
        return outcome
