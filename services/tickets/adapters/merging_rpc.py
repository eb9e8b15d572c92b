"""RPC entrypoints of tickets about orders that are about the same thing."""

from typing import Any

from chassis.rpc import command
from contracts.commands import Call, Outcome
from contracts.commands.merging import MergeTickets, SplitTicket


class MergingRpc:
    """Mixed into the service; ``app`` is its application."""

    app: Any

    @command(MergeTickets)
    def merge_tickets(self, call: Call[MergeTickets]) -> Outcome:
        """One is done for both."""
        outcome: Outcome = self.app.merging.merge(call)
        return outcome

    @command(SplitTicket)
    def split_ticket(self, call: Call[SplitTicket]) -> Outcome:
        """It goes on by itself."""
        outcome: Outcome = self.app.merging.split(call)
        return outcome
