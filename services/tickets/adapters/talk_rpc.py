"""RPC entrypoints of tickets about talk."""

from typing import Any

from chassis.rpc import command
from contracts.commands import Call, Outcome
from contracts.commands.talk import CommentTicket


class TalkRpc:
    """Mixed into the service; ``app`` is its application."""

    app: Any

    @command(CommentTicket)
    def comment_ticket(self, call: Call[CommentTicket]) -> Outcome:
        """Write something about an order."""
        outcome: Outcome = self.app.talk.comment(call)
        return outcome
