"""RPC entrypoints of volunteers about visits."""

from typing import Any

from chassis.rpc import command
from contracts.commands import Call, Outcome
from contracts.commands.visits import AskForSubstitute, EnterArrival, OnMyWay, StillHere


class VisitsRpc:
    """Mixed into the service; ``app`` is its application."""

    app: Any

    @command(EnterArrival)
    def enter_arrival(self, call: Call[EnterArrival]) -> Outcome:
        """Staff copy a paper sheet."""
        outcome: Outcome = self.app.visits.enter(call)
        return outcome

    @command(StillHere)
    def still_here(self, call: Call[StillHere]) -> Outcome:
        """All is well."""
        outcome: Outcome = self.app.visits.still_here(call)
        return outcome

    @command(OnMyWay)
    def on_my_way(self, call: Call[OnMyWay]) -> Outcome:
        """I am coming."""
        outcome: Outcome = self.app.visits.on_my_way(call)
        return outcome

    @command(AskForSubstitute)
    def ask_for_substitute(self, call: Call[AskForSubstitute]) -> Outcome:
        """Somebody else is to go."""
        outcome: Outcome = self.app.substituting.ask(call)
        return outcome
