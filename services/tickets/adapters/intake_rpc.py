"""RPC entrypoints of tickets for whoever takes orders in."""

from typing import Any

from chassis.rpc import command
from contracts.commands import Call, Outcome
from contracts.commands.intake import HandleTicket


class IntakeRpc:
    """Mixed into the service; ``app`` is its application."""

    app: Any

    @command(HandleTicket)
    def handle_ticket(self, call: Call[HandleTicket]) -> Outcome:
        """Write down what was done on the spot."""
        outcome: Outcome = self.app.handling.handle(call)
        return outcome
