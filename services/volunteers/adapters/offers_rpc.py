"""RPC entrypoints of volunteers about offers."""

from typing import Any

from chassis.rpc import command
from contracts.commands import Call, Outcome
from contracts.commands.volunteers import AcceptOffer, DeclineOffer, ReturnOffer


class OffersRpc:
    """Mixed into the service; ``app`` is its application."""

    app: Any

    @command(AcceptOffer)
    def accept_offer(self, call: Call[AcceptOffer]) -> Outcome:
        """I will do it, or these of my team."""
        outcome: Outcome = self.app.offers.accept_offer(call)
        return outcome

    @command(DeclineOffer)
    def decline_offer(self, call: Call[DeclineOffer]) -> Outcome:
        """Not this time."""
        outcome: Outcome = self.app.offers.decline_offer(call)
        return outcome

    @command(ReturnOffer)
    def return_offer(self, call: Call[ReturnOffer]) -> Outcome:
        """Given back, with a reason."""
        outcome: Outcome = self.app.offers.return_offer(call)
        return outcome
