"""RPC entrypoints of tickets about the life of an order."""

from typing import Any

from chassis.rpc import command
from contracts.commands import Call, Outcome
from contracts.commands.tickets import (
    AcceptTicket,
    CancelTicket,
    CompleteTicket,
    ConfirmTicket,
    PlaceTicket,
    RedispatchTicket,
    RejectTicket,
    ReworkTicket,
)


class OrdersRpc:
    """Mixed into the service; ``app`` is its application."""

    app: Any

    @command(PlaceTicket)
    def place_ticket(self, call: Call[PlaceTicket]) -> Outcome:
        """Order something."""
        outcome: Outcome = self.app.joining.place(call)
        return outcome

    @command(AcceptTicket)
    def accept_ticket(self, call: Call[AcceptTicket]) -> Outcome:
        """Take on an order that waited for review."""
        outcome: Outcome = self.app.steps.accept(call)
        return outcome

    @command(RejectTicket)
    def reject_ticket(self, call: Call[RejectTicket]) -> Outcome:
        """Say whose it is instead."""
        outcome: Outcome = self.app.steps.reject(call)
        return outcome

    @command(CompleteTicket)
    def complete_ticket(self, call: Call[CompleteTicket]) -> Outcome:
        """Say how it ended."""
        outcome: Outcome = self.app.steps.complete(call)
        return outcome

    @command(ConfirmTicket)
    def confirm_ticket(self, call: Call[ConfirmTicket]) -> Outcome:
        """Confirm the end."""
        outcome: Outcome = self.app.steps.confirm(call)
        return outcome

    @command(ReworkTicket)
    def rework_ticket(self, call: Call[ReworkTicket]) -> Outcome:
        """Once more, by the same people."""
        outcome: Outcome = self.app.steps.rework(call)
        return outcome

    @command(RedispatchTicket)
    def redispatch_ticket(self, call: Call[RedispatchTicket]) -> Outcome:
        """Look for other people."""
        outcome: Outcome = self.app.steps.redispatch(call)
        return outcome

    @command(CancelTicket)
    def cancel_ticket(self, call: Call[CancelTicket]) -> Outcome:
        """End it without service."""
        outcome: Outcome = self.app.steps.cancel(call)
        return outcome
