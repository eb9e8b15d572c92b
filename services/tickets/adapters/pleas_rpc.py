"""RPC entrypoints of tickets about pleas."""

from typing import Any

from chassis.rpc import command
from contracts.commands import Call, Outcome
from contracts.commands.pleas import HandlePlea, ReadPleas, RevealPlea, TakePlea


class PleasRpc:
    """Mixed into the service; ``app`` is its application."""

    app: Any

    @command(TakePlea)
    def take_plea(self, call: Call[TakePlea]) -> Outcome:
        """Somebody wrote by SMS."""
        outcome: Outcome = self.app.pleas_in.take(call)
        return outcome

    @command(ReadPleas)
    def read_pleas(self, call: Call[ReadPleas]) -> Outcome:
        """Staff's list."""
        outcome: Outcome = self.app.pleas.read(call)
        return outcome

    @command(RevealPlea)
    def reveal_plea(self, call: Call[RevealPlea]) -> Outcome:
        """What it says, and from which number."""
        outcome: Outcome = self.app.pleas.reveal(call)
        return outcome

    @command(HandlePlea)
    def handle_plea(self, call: Call[HandlePlea]) -> Outcome:
        """Somebody answered."""
        outcome: Outcome = self.app.pleas.handle(call)
        return outcome
