"""RPC entrypoints of tickets about orders that are about the same thing."""

from typing import Any

from chassis.rpc import command
from contracts.commands import Call, Outcome
from contracts.commands.merging import FindDuplicates, FindSimilar, MergeTickets, SplitTicket


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

    @command(FindSimilar)
    def find_similar(self, call: Call[FindSimilar]) -> Outcome:
        """Is it known already?"""
        outcome: Outcome = self.app.similar.find(call)
        return outcome

    @command(FindDuplicates)
    def find_duplicates(self, call: Call[FindDuplicates]) -> Outcome:
        """What may be merged with it."""
        outcome: Outcome = self.app.similar.duplicates(call)
        return outcome
