"""RPC entrypoints of tickets about visits."""

from typing import Any

from chassis.rpc import command
from contracts.commands import Call, Outcome
from contracts.commands.visits import EndVisit, FollowUp, ProveArrival, ReadArrivalCodes


class VisitsRpc:
    """Mixed into the service; ``app`` is its application."""

    app: Any

    @command(ProveArrival)
    def prove_arrival(self, call: Call[ProveArrival]) -> Outcome:
        """What shows that somebody came."""
        outcome: Outcome = self.app.arriving.prove(call)
        return outcome

    @command(ReadArrivalCodes)
    def read_arrival_codes(self, call: Call[ReadArrivalCodes]) -> Outcome:
        """The codes to be shown to whoever comes."""
        outcome: Outcome = self.app.arriving.codes(call)
        return outcome

    @command(EndVisit)
    def end_visit(self, call: Call[EndVisit]) -> Outcome:
        """How a visit ended that did not do the work."""
        outcome: Outcome = self.app.visiting.end(call)
        return outcome

    @command(FollowUp)
    def follow_up(self, call: Call[FollowUp]) -> Outcome:
        """What else is needed there."""
        outcome: Outcome = self.app.visiting.follow_up(call)
        return outcome
