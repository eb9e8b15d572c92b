"""RPC entrypoints of notify about those who want to hear, and about print slips."""

from typing import Any

from chassis.rpc import command
from contracts.commands import Call, Outcome
from contracts.commands.following import FollowTicket, ReadSubscriptions, SetSubscriptions, UnfollowTicket
from contracts.commands.slips import AcknowledgeSlip, ReadSlips, TakeSlip


class AudiencesRpc:
    """Mixed into the service; ``app`` is its application."""

    app: Any

    @command(FollowTicket)
    def follow_ticket(self, call: Call[FollowTicket]) -> Outcome:
        """Somebody wants to hear of an order."""
        outcome: Outcome = self.app.audiences.following.follow(call)
        return outcome

    @command(UnfollowTicket)
    def unfollow_ticket(self, call: Call[UnfollowTicket]) -> Outcome:
        """And no more."""
        outcome: Outcome = self.app.audiences.following.unfollow(call)
        return outcome

    @command(ReadSubscriptions)
    def read_subscriptions(self, call: Call[ReadSubscriptions]) -> Outcome:
        """The actor's own."""
        outcome: Outcome = self.app.audiences.following.read(call)
        return outcome

    @command(SetSubscriptions)
    def set_subscriptions(self, call: Call[SetSubscriptions]) -> Outcome:
        """These and no others."""
        outcome: Outcome = self.app.audiences.following.subscribe(call)
        return outcome

    @command(ReadSlips)
    def read_slips(self, call: Call[ReadSlips]) -> Outcome:
        """Which slips there are."""
        outcome: Outcome = self.app.audiences.slips.read(call)
        return outcome

    @command(TakeSlip)
    def take_slip(self, call: Call[TakeSlip]) -> Outcome:
        """Somebody brings it."""
        outcome: Outcome = self.app.audiences.slips.take(call)
        return outcome

    @command(AcknowledgeSlip)
    def acknowledge_slip(self, call: Call[AcknowledgeSlip]) -> Outcome:
        """It is there."""
        outcome: Outcome = self.app.audiences.slips.acknowledge(call)
        return outcome
