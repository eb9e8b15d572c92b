"""RPC entrypoints of tickets about what is private: reading it, who has read it, pictures, who made a complaint."""

from typing import Any

from chassis.rpc import command
from contracts.commands import Call, Outcome
from contracts.commands.tickets import (
    AdmitPicture,
    ReadOwnReveals,
    ReadPrivate,
    ReadReveals,
    RevealPicture,
    RevealReporter,
)


class PrivateRpc:
    """Mixed into the service; ``app`` is its application."""

    app: Any

    @command(ReadPrivate)
    def read_private(self, call: Call[ReadPrivate]) -> Outcome:
        """What a person typed, and whom and where it is for; logged."""
        outcome: Outcome = self.app.reads.read_private(call)
        return outcome

    @command(ReadOwnReveals)
    def read_own_reveals(self, call: Call[ReadOwnReveals]) -> Outcome:
        """Who has seen what is the actor's."""
        outcome: Outcome = self.app.own_reveals.read(call)
        return outcome

    @command(ReadReveals)
    def read_reveals(self, call: Call[ReadReveals]) -> Outcome:
        """Who has read it."""
        outcome: Outcome = self.app.reads.read_reveals(call)
        return outcome

    @command(AdmitPicture)
    def admit_picture(self, call: Call[AdmitPicture]) -> Outcome:
        """May such a picture be added now?"""
        outcome: Outcome = self.app.pictures.admit(call)
        return outcome

    @command(RevealPicture)
    def reveal_picture(self, call: Call[RevealPicture]) -> Outcome:
        """May a picture be seen? Logged."""
        outcome: Outcome = self.app.pictures.reveal(call)
        return outcome

    @command(RevealReporter)
    def reveal_reporter(self, call: Call[RevealReporter]) -> Outcome:
        """Who made a complaint; logged and told."""
        outcome: Outcome = self.app.reporters.reveal(call)
        return outcome
