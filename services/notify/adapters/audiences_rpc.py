"""RPC entrypoints of notify about those who want to hear."""

from typing import Any

from chassis.rpc import command
from contracts.commands import Call, Outcome
from contracts.commands.following import FollowTicket, ReadSubscriptions, SetSubscriptions, UnfollowTicket


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
