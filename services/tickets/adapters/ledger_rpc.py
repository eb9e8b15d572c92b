"""RPC entrypoints of the ledger of an order."""

from typing import Any

from chassis.rpc import command
from contracts.commands import Call, Outcome
from contracts.commands.ledger import AskFor, DecideRequest, ResumeTicket


class LedgerRpc:
    """What the service answers; ``app`` is its application."""

    app: Any

    @command(AskFor)
    def ask_for(self, call: Call[AskFor]) -> Outcome:
        """Ask for what somebody above decides."""
        outcome: Outcome = self.app.ledger.ask(call)
        return outcome

    @command(DecideRequest)
    def decide_request(self, call: Call[DecideRequest]) -> Outcome:
        """Grant it, or not."""
        outcome: Outcome = self.app.ledger.decide(call)
        return outcome

    @command(ResumeTicket)
    def resume_ticket(self, call: Call[ResumeTicket]) -> Outcome:
        """Go on before a hold is over."""
        outcome: Outcome = self.app.ledger.resume(call)
        return outcome
