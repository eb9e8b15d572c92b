"""RPC entrypoints of volunteers that say why."""

from typing import Any

from chassis.rpc import command
from contracts.commands import Call, Outcome
from contracts.commands.explaining import ReadSearch, ReadWhyNone


class ExplainingRpc:
    """Mixed into the service; ``app`` is its application."""

    app: Any

    @command(ReadSearch)
    def read_search(self, call: Call[ReadSearch]) -> Outcome:
        """How the search for an order went."""
        outcome: Outcome = self.app.searches.read(call)
        return outcome

    @command(ReadWhyNone)
    def read_why_none(self, call: Call[ReadWhyNone]) -> Outcome:
        """Why I see no offers."""
        outcome: Outcome = self.app.why_none.read(call)
        return outcome
