"""RPC entrypoints of tickets for the ladder and the whistles."""

from typing import Any

from chassis.rpc import command
from contracts.commands import Call, Outcome
from contracts.commands.ladder import (
    EscalateTicket,
    MakeContact,
    ReportWhistle,
    ReturnWhistle,
    SignInWhistle,
    WhistleTeams,
)


class LadderRpc:
    """Mixed into the service; ``app`` is its application."""

    app: Any

    @command(EscalateTicket)
    def escalate_ticket(self, call: Call[EscalateTicket]) -> Outcome:
        """Up the ladder."""
        outcome: Outcome = self.app.climbing.escalate(call)
        return outcome

    @command(WhistleTeams)
    def whistle_teams(self, call: Call[WhistleTeams]) -> Outcome:
        """Call departments."""
        outcome: Outcome = self.app.climbing.whistle(call)
        return outcome

    @command(SignInWhistle)
    def sign_in_whistle(self, call: Call[SignInWhistle]) -> Outcome:
        """A department has it."""
        outcome: Outcome = self.app.climbing.sign_in(call)
        return outcome

    @command(MakeContact)
    def contact_whistle(self, call: Call[MakeContact]) -> Outcome:
        """A department has been in touch."""
        outcome: Outcome = self.app.climbing.contact(call)
        return outcome

    @command(ReportWhistle)
    def report_whistle(self, call: Call[ReportWhistle]) -> Outcome:
        """What a department did."""
        outcome: Outcome = self.app.climbing.report(call)
        return outcome

    @command(ReturnWhistle)
    def return_whistle(self, call: Call[ReturnWhistle]) -> Outcome:
        """It is not theirs."""
        outcome: Outcome = self.app.climbing.give_back(call)
        return outcome
