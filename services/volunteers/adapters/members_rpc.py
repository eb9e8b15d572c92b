"""RPC entrypoints of volunteers about what is on file of members."""

from typing import Any

from chassis.rpc import command
from contracts.commands import Call, Outcome
from contracts.commands.contacts import ReadMemberContacts
from contracts.commands.members import (
    CountOnDuty,
    EndApart,
    KeepApart,
    ReadApart,
    ReadBadge,
    RecordCheck,
    RecordGuardian,
    SetServing,
    WithdrawGuardian,
)


class MembersRpc:
    """Mixed into the service; ``app`` is its application."""

    app: Any

    @command(RecordCheck)
    def record_check(self, call: Call[RecordCheck]) -> Outcome:
        """Staff saw a paper."""
        outcome: Outcome = self.app.papers.record(call)
        return outcome

    @command(KeepApart)
    def keep_apart(self, call: Call[KeepApart]) -> Outcome:
        """Not to them, or not this one, again."""
        outcome: Outcome = self.app.keeping.keep(call)
        return outcome

    @command(EndApart)
    def end_apart(self, call: Call[EndApart]) -> Outcome:
        """That is taken back."""
        outcome: Outcome = self.app.keeping.end(call)
        return outcome

    @command(ReadApart)
    def read_apart(self, call: Call[ReadApart]) -> Outcome:
        """What the actor said of it."""
        outcome: Outcome = self.app.keeping.read(call)
        return outcome

    @command(SetServing)
    def set_serving(self, call: Call[SetServing]) -> Outcome:
        """I stop serving, or come back."""
        outcome: Outcome = self.app.leaving.set_serving(call)
        return outcome

    @command(RecordGuardian)
    def record_guardian(self, call: Call[RecordGuardian]) -> Outcome:
        """A minor's guardian agreed."""
        outcome: Outcome = self.app.leaving.record_guardian(call)
        return outcome

    @command(WithdrawGuardian)
    def withdraw_guardian(self, call: Call[WithdrawGuardian]) -> Outcome:
        """A minor's guardian took it back."""
        outcome: Outcome = self.app.leaving.withdraw_guardian(call)
        return outcome

    @command(ReadBadge)
    def read_badge(self, call: Call[ReadBadge]) -> Outcome:
        """What a member wishes to be seen of them."""
        outcome: Outcome = self.app.profiles.badge(call)
        return outcome

    @command(CountOnDuty)
    def count_on_duty(self, call: Call[CountOnDuty]) -> Outcome:
        """How many are on duty in each grid."""
        outcome: Outcome = self.app.duty_map.count(call)
        return outcome

    @command(ReadMemberContacts)
    def read_member_contacts(self, call: Call[ReadMemberContacts]) -> Outcome:
        """Where members are reached, for notify."""
        outcome: Outcome = self.app.contacts.read_contacts(call)
        return outcome
