"""RPC entrypoints of volunteers about visits."""

from typing import Any

from chassis.rpc import command
from contracts.commands import Call, Outcome
from contracts.commands.visits import EnterArrival


class VisitsRpc:
    """Mixed into the service; ``app`` is its application."""

    app: Any

    @command(EnterArrival)
    def enter_arrival(self, call: Call[EnterArrival]) -> Outcome:
        """Staff copy a paper sheet."""
        outcome: Outcome = self.app.visits.enter(call)
        return outcome
