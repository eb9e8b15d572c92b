"""RPC entrypoints of notify about what became of messages."""

from typing import Any

from chassis.rpc import command
from contracts.commands import Call, Outcome
from contracts.commands.notify import ReadDeliveries, ReadMyNotices, ReadPunctuality


class SendingRpc:
    """Mixed into the service; ``app`` is its application."""

    app: Any

    @command(ReadMyNotices)
    def read_my_notices(self, call: Call[ReadMyNotices]) -> Outcome:
        """Why did I, or did I not, get this?"""
        outcome: Outcome = self.app.reasons.read_my_notices(call)
        return outcome

    @command(ReadDeliveries)
    def read_deliveries(self, call: Call[ReadDeliveries]) -> Outcome:
        """What was told about an order, for staff."""
        outcome: Outcome = self.app.reasons.read_deliveries(call)
        return outcome

    @command(ReadPunctuality)
    def read_punctuality(self, call: Call[ReadPunctuality]) -> Outcome:
        """How much went out in time."""
        outcome: Outcome = self.app.reasons.read_punctuality(call)
        return outcome
