"""RPC entrypoints of cash slips."""

from typing import Any

from chassis.rpc import command
from contracts.commands import Call, Outcome
from contracts.commands.cash import ConfirmCash, HandCash, ReturnCash


class CashRpc:
    """What the service answers; ``app`` is its application."""

    app: Any

    @command(HandCash)
    def hand_cash(self, call: Call[HandCash]) -> Outcome:
        """Money goes out."""
        outcome: Outcome = self.app.cash.hand(call)
        return outcome

    @command(ReturnCash)
    def return_cash(self, call: Call[ReturnCash]) -> Outcome:
        """What is left comes back."""
        outcome: Outcome = self.app.cash.give_back(call)
        return outcome

    @command(ConfirmCash)
    def confirm_cash(self, call: Call[ConfirmCash]) -> Outcome:
        """The other side says whether it is right."""
        outcome: Outcome = self.app.cash.confirm(call)
        return outcome
