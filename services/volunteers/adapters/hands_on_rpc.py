"""RPC entrypoints of volunteers for suggestions and for staff who step in."""

from typing import Any

from chassis.rpc import command
from contracts.commands import Call, Outcome
from contracts.commands.hands_on import (
    AssignMember,
    ConfirmSubstitute,
    CountSuggestions,
    FreezeSearch,
    InviteMember,
    InviteTeam,
    PinMember,
    ReadHands,
    ReadSubstitutes,
    ReadSuggestion,
    RevealHands,
    SendSuggestion,
    TakeSeatBack,
    UnfreezeSearch,
)


class HandsOnRpc:
    """Mixed into the service; ``app`` is its application."""

    app: Any

    @command(ReadSuggestion)
    def read_suggestion(self, call: Call[ReadSuggestion]) -> Outcome:
        """The best, as they wait for staff."""
        outcome: Outcome = self.app.hands_on.suggestions.read(call)
        return outcome

    @command(SendSuggestion)
    def send_suggestion(self, call: Call[SendSuggestion]) -> Outcome:
        """Ask them."""
        outcome: Outcome = self.app.hands_on.suggestions.send(call)
        return outcome

    @command(CountSuggestions)
    def count_suggestions(self, call: Call[CountSuggestions]) -> Outcome:
        """What became of them lately."""
        outcome: Outcome = self.app.suggestion_counts.count(call)
        return outcome

    @command(AssignMember)
    def assign_member(self, call: Call[AssignMember]) -> Outcome:
        """Duty staff have a seat."""
        outcome: Outcome = self.app.hands_on.assign(call)
        return outcome

    @command(InviteMember)
    def invite_member(self, call: Call[InviteMember]) -> Outcome:
        """Ask somebody by name."""
        outcome: Outcome = self.app.hands_on.invite(call)
        return outcome

    @command(InviteTeam)
    def invite_team(self, call: Call[InviteTeam]) -> Outcome:
        """Ask a team by name."""
        outcome: Outcome = self.app.hands_on.invite_team(call)
        return outcome

    @command(PinMember)
    def pin_member(self, call: Call[PinMember]) -> Outcome:
        """Ask somebody alone."""
        outcome: Outcome = self.app.hands_on.pin(call)
        return outcome

    @command(TakeSeatBack)
    def take_seat_back(self, call: Call[TakeSeatBack]) -> Outcome:
        """A seat is free again."""
        outcome: Outcome = self.app.hands_on.take_seat_back(call)
        return outcome

    @command(FreezeSearch)
    def freeze_search(self, call: Call[FreezeSearch]) -> Outcome:
        """Nobody is asked any more."""
        outcome: Outcome = self.app.hands_on.freeze(call)
        return outcome

    @command(UnfreezeSearch)
    def unfreeze_search(self, call: Call[UnfreezeSearch]) -> Outcome:
        """The search goes on."""
        outcome: Outcome = self.app.hands_on.unfreeze(call)
        return outcome

    @command(ReadHands)
    def read_hands(self, call: Call[ReadHands]) -> Outcome:
        """Whose hands they were."""
        outcome: Outcome = self.app.hands_on.read_hands(call)
        return outcome

    @command(RevealHands)
    def reveal_hands(self, call: Call[RevealHands]) -> Outcome:
        """What staff wrote beside their reasons."""
        outcome: Outcome = self.app.hand_notes.reveal(call)
        return outcome

    @command(ReadSubstitutes)
    def read_substitutes(self, call: Call[ReadSubstitutes]) -> Outcome:
        """Whom duty staff named who cannot come."""
        outcome: Outcome = self.app.hands_on.read_substitutes(call)
        return outcome

    @command(ConfirmSubstitute)
    def confirm_substitute(self, call: Call[ConfirmSubstitute]) -> Outcome:
        """Whom they named has the seat."""
        outcome: Outcome = self.app.hands_on.confirm_substitute(call)
        return outcome
