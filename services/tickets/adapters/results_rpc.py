"""RPC entrypoints of tickets about what comes after the work: callbacks, explanations, later answers."""

from typing import Any

from chassis.rpc import command
from contracts.commands import Call, Outcome
from contracts.commands.results import AnswerAgain, ExplainTicket, RecordCallback


class ResultsRpc:
    """Mixed into the service; ``app`` is its application."""

    app: Any

    @command(RecordCallback)
    def record_callback(self, call: Call[RecordCallback]) -> Outcome:
        """Somebody independent asked how it went."""
        outcome: Outcome = self.app.results.record_callback(call)
        return outcome

    @command(ExplainTicket)
    def explain_ticket(self, call: Call[ExplainTicket]) -> Outcome:
        """Why it stays as it is."""
        outcome: Outcome = self.app.results.explain(call)
        return outcome

    @command(AnswerAgain)
    def answer_again(self, call: Call[AnswerAgain]) -> Outcome:
        """What became of a plan."""
        outcome: Outcome = self.app.results.answer_again(call)
        return outcome
