"""RPC entrypoints of tickets at the counter."""

from typing import Any

from chassis.rpc import command
from contracts.commands import Call, Outcome
from contracts.commands.counter import (
    AddPart,
    Appoint,
    CloseAtCounter,
    GiveMandate,
    HandOver,
    SeePapers,
    TakeIn,
    TakeInNew,
)


class CounterRpc:
    """Mixed into the service; ``app`` is its application."""

    app: Any

    @command(TakeInNew)
    def take_in_new(self, call: Call[TakeInNew]) -> Outcome:
        """A new order that its owner takes in."""
        outcome: Outcome = self.app.counter.take_in_new(call)
        return outcome

    @command(TakeIn)
    def take_in(self, call: Call[TakeIn]) -> Outcome:
        """An order from elsewhere comes to the counter."""
        outcome: Outcome = self.app.counter.take_in(call)
        return outcome

    @command(HandOver)
    def hand_over(self, call: Call[HandOver]) -> Outcome:
        """Somebody else owns it."""
        outcome: Outcome = self.app.counter.hand_over(call)
        return outcome

    @command(Appoint)
    def appoint(self, call: Call[Appoint]) -> Outcome:
        """A time for it."""
        outcome: Outcome = self.app.counter.appoint(call)
        return outcome

    @command(SeePapers)
    def see_papers(self, call: Call[SeePapers]) -> Outcome:
        """Tick the list of papers."""
        outcome: Outcome = self.app.counter.see_papers(call)
        return outcome

    @command(GiveMandate)
    def give_mandate(self, call: Call[GiveMandate]) -> Outcome:
        """Somebody comes for the person served."""
        outcome: Outcome = self.app.counter.give_mandate(call)
        return outcome

    @command(AddPart)
    def add_part(self, call: Call[AddPart]) -> Outcome:
        """A share for another department."""
        outcome: Outcome = self.app.parts.add(call)
        return outcome

    @command(CloseAtCounter)
    def close_at_counter(self, call: Call[CloseAtCounter]) -> Outcome:
        """Done on the spot, by the word of who was served."""
        outcome: Outcome = self.app.counter.close(call)
        return outcome
