"""RPC entrypoints of tickets about the people it serves."""

from typing import Any

from chassis.rpc import command
from contracts.commands import Call, Outcome
from contracts.commands.contacts import ReadPersonContacts
from contracts.commands.people import (
    ChangePerson,
    EndDelegation,
    GiveConsent,
    GrantDelegation,
    HideTicket,
    MarkDeceased,
    ReadConsents,
    ReadDelegateActs,
    ReadDelegations,
    ReadDesk,
    ReadPerson,
    RegisterPerson,
    RenewDelegation,
    RestorePerson,
    RevealPerson,
    WithdrawConsent,
)


class PeopleRpc:
    """Mixed into the service; ``app`` is its application."""

    app: Any

    @command(RegisterPerson)
    def register_person(self, call: Call[RegisterPerson]) -> Outcome:
        """Staff enter somebody who is served."""
        outcome: Outcome = self.app.registering.register(call)
        return outcome

    @command(ChangePerson)
    def change_person(self, call: Call[ChangePerson]) -> Outcome:
        """Put right what is held."""
        outcome: Outcome = self.app.registering.change(call)
        return outcome

    @command(GrantDelegation)
    def grant_delegation(self, call: Call[GrantDelegation]) -> Outcome:
        """Somebody may act for a person."""
        outcome: Outcome = self.app.people.grant(call)
        return outcome

    @command(RenewDelegation)
    def renew_delegation(self, call: Call[RenewDelegation]) -> Outcome:
        """For another year."""
        outcome: Outcome = self.app.people.renew(call)
        return outcome

    @command(EndDelegation)
    def end_delegation(self, call: Call[EndDelegation]) -> Outcome:
        """One sentence ends it."""
        outcome: Outcome = self.app.people.end(call)
        return outcome

    @command(MarkDeceased)
    def mark_deceased(self, call: Call[MarkDeceased]) -> Outcome:
        """Everything stops at once."""
        outcome: Outcome = self.app.people.mark_deceased(call)
        return outcome

    @command(RestorePerson)
    def restore_person(self, call: Call[RestorePerson]) -> Outcome:
        """It was entered by mistake."""
        outcome: Outcome = self.app.people.restore(call)
        return outcome

    @command(ReadPerson)
    def read_person(self, call: Call[ReadPerson]) -> Outcome:
        """What stands of a person."""
        outcome: Outcome = self.app.people_reads.read_person(call)
        return outcome

    @command(RevealPerson)
    def reveal_person(self, call: Call[RevealPerson]) -> Outcome:
        """Who a person is; logged."""
        outcome: Outcome = self.app.people_reads.reveal_person(call)
        return outcome

    @command(ReadDelegations)
    def read_delegations(self, call: Call[ReadDelegations]) -> Outcome:
        """The actor's own, both ways."""
        outcome: Outcome = self.app.people_reads.read_delegations(call)
        return outcome

    @command(ReadDelegateActs)
    def read_delegate_acts(self, call: Call[ReadDelegateActs]) -> Outcome:
        """Who did what for a person."""
        outcome: Outcome = self.app.people_reads.read_delegate_acts(call)
        return outcome

    @command(HideTicket)
    def hide_ticket(self, call: Call[HideTicket]) -> Outcome:
        """Keep one order from delegates."""
        outcome: Outcome = self.app.people_reads.hide_ticket(call)
        return outcome

    @command(GiveConsent)
    def give_consent(self, call: Call[GiveConsent]) -> Outcome:
        """A line in the consent ledger."""
        outcome: Outcome = self.app.consenting.give(call)
        return outcome

    @command(WithdrawConsent)
    def withdraw_consent(self, call: Call[WithdrawConsent]) -> Outcome:
        """Taken back as easily as given."""
        outcome: Outcome = self.app.consenting.withdraw(call)
        return outcome

    @command(ReadConsents)
    def read_consents(self, call: Call[ReadConsents]) -> Outcome:
        """The ledger of one person."""
        outcome: Outcome = self.app.consenting.read(call)
        return outcome

    @command(ReadDesk)
    def read_desk(self, call: Call[ReadDesk]) -> Outcome:
        """How the community is reached."""
        outcome: Outcome = self.app.people_reads.read_desk(call)
        return outcome

    @command(ReadPersonContacts)
    def read_person_contacts(self, call: Call[ReadPersonContacts]) -> Outcome:
        """Where people served are reached, for notify."""
        outcome: Outcome = self.app.reaching.read(call)
        return outcome
