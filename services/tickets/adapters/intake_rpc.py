"""RPC entrypoints of tickets for whoever takes orders in."""

from typing import Any

from chassis.rpc import command
from contracts.commands import Call, Outcome
from contracts.commands.intake import HandleTicket, ReadCaller, ReadPasted


class IntakeRpc:
    """Mixed into the service; ``app`` is its application."""

    app: Any

    @command(HandleTicket)
    def handle_ticket(self, call: Call[HandleTicket]) -> Outcome:
        """Write down what was done on the spot."""
        outcome: Outcome = self.app.handling.handle(call)
        return outcome

    @command(ReadPasted)
    def read_pasted(self, call: Call[ReadPasted]) -> Outcome:
        """What a text from a chat may be about."""
        outcome: Outcome = self.app.pasting.read(call)
        return outcome

    @command(ReadCaller)
    def read_caller(self, call: Call[ReadCaller]) -> Outcome:
        """Who rings; logged."""
        outcome: Outcome = self.app.calling.read(call)
        return outcome
