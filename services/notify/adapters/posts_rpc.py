"""RPC entrypoints of notify about the ways out and what comes back from them."""

from typing import Any

from chassis.rpc import command
from contracts.commands import Call, Outcome
from contracts.commands.posts import (
    GiveWechatConsents,
    ReadWechatConsents,
    StopMail,
    TakeSmsReceipts,
    TakeSmsReplies,
)


class PostsRpc:
    """Mixed into the service; ``app`` is its application."""

    app: Any

    @command(TakeSmsReceipts)
    def take_sms_receipts(self, call: Call[TakeSmsReceipts]) -> Outcome:
        """What became of short messages."""
        outcome: Outcome = self.app.posts.receipts.take(call)
        return outcome

    @command(TakeSmsReplies)
    def take_sms_replies(self, call: Call[TakeSmsReplies]) -> Outcome:
        """What people wrote back."""
        outcome: Outcome = self.app.posts.replies.take(call)
        return outcome

    @command(GiveWechatConsents)
    def give_wechat_consents(self, call: Call[GiveWechatConsents]) -> Outcome:
        """Somebody agreed to messages."""
        outcome: Outcome = self.app.posts.consents.give(call)
        return outcome

    @command(ReadWechatConsents)
    def read_wechat_consents(self, call: Call[ReadWechatConsents]) -> Outcome:
        """What somebody agreed to."""
        outcome: Outcome = self.app.posts.consents.read(call)
        return outcome

    @command(StopMail)
    def stop_mail(self, call: Call[StopMail]) -> Outcome:
        """No more mail of a kind."""
        outcome: Outcome = self.app.stops.stop(call)
        return outcome
