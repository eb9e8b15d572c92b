"""RPC entrypoints of tickets about public answers."""

from typing import Any

from chassis.rpc import command
from contracts.commands import Call, Outcome
from contracts.commands.public_answers import (
    AgreeToPublicAnswer,
    ApprovePublicAnswer,
    ReadPublicAnswer,
    ReadPublicAnswers,
    WithdrawPublicAnswer,
    WritePublicAnswer,
)


class PublicAnswersRpc:
    """Mixed into the service; ``app`` is its application."""

    app: Any

    @command(WritePublicAnswer)
    def write_public_answer(self, call: Call[WritePublicAnswer]) -> Outcome:
        """In the words of staff."""
        outcome: Outcome = self.app.public_answers.write(call)
        return outcome

    @command(AgreeToPublicAnswer)
    def agree_to_public_answer(self, call: Call[AgreeToPublicAnswer]) -> Outcome:
        """These very words."""
        outcome: Outcome = self.app.public_answers.agree(call)
        return outcome

    @command(ApprovePublicAnswer)
    def approve_public_answer(self, call: Call[ApprovePublicAnswer]) -> Outcome:
        """By somebody else than who wrote them."""
        outcome: Outcome = self.app.public_answers.approve(call)
        return outcome

    @command(WithdrawPublicAnswer)
    def withdraw_public_answer(self, call: Call[WithdrawPublicAnswer]) -> Outcome:
        """At once."""
        outcome: Outcome = self.app.public_answers.withdraw(call)
        return outcome

    @command(ReadPublicAnswer)
    def read_public_answer(self, call: Call[ReadPublicAnswer]) -> Outcome:
        """Whatever its state."""
        outcome: Outcome = self.app.public_answers.read(call)
        return outcome

    @command(ReadPublicAnswers)
    def read_public_answers(self, call: Call[ReadPublicAnswers]) -> Outcome:
        """What anybody can read."""
        outcome: Outcome = self.app.public_answers.read_published(call)
        return outcome
