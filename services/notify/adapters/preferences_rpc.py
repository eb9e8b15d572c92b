"""RPC entrypoints of notify about what somebody wants to hear."""

from typing import Any

from chassis.rpc import command
from contracts.commands import Call, Outcome
from contracts.commands.preferences import ChangePreferences, ReadPreferences


class PreferencesRpc:
    """Mixed into the service; ``app`` is its application."""

    app: Any

    @command(ReadPreferences)
    def read_preferences(self, call: Call[ReadPreferences]) -> Outcome:
        """What somebody wants to hear."""
        outcome: Outcome = self.app.preferences.read(call)
        return outcome

    @command(ChangePreferences)
    def change_preferences(self, call: Call[ChangePreferences]) -> Outcome:
        """They want something else."""
        outcome: Outcome = self.app.preferences.change(call)
        return outcome
