"""RPC entrypoints of volunteers for suggestions and for staff who step in."""

from typing import Any

from chassis.rpc import command
from contracts.commands import Call, Outcome
from contracts.commands.hands_on import ReadSuggestion, SendSuggestion


class HandsOnRpc:
    """Mixed into the service; ``app`` is its application."""

    app: Any

    @command(ReadSuggestion)
    def read_suggestion(self, call: Call[ReadSuggestion]) -> Outcome:
        """The best, as they wait for staff."""
        outcome: Outcome = self.app.suggestions.read(call)
        return outcome

    @command(SendSuggestion)
    def send_suggestion(self, call: Call[SendSuggestion]) -> Outcome:
        """Ask them."""
        outcome: Outcome = self.app.suggestions.send(call)
        return outcome
