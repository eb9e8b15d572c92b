"""RPC entrypoints of volunteers for whoever takes a seat, is there, or gives it back."""

from typing import Any

from chassis.rpc import command
from contracts.commands import Call, Outcome
from contracts.commands.volunteers import Arrive, ClaimSeat, Leave, ReleaseSeat


class SeatsRpc:
    """Mixed into the service; ``app`` is its application."""

    app: Any

    @command(ClaimSeat)
    def claim_seat(self, call: Call[ClaimSeat]) -> Outcome:
        """Take an open seat unasked."""
        outcome: Outcome = self.app.seats.claim_seat(call)
        return outcome

    @command(Arrive)
    def arrive(self, call: Call[Arrive]) -> Outcome:
        """I am there."""
        outcome: Outcome = self.app.seats.arrive(call)
        return outcome

    @command(Leave)
    def leave(self, call: Call[Leave]) -> Outcome:
        """My part is done."""
        outcome: Outcome = self.app.seats.leave(call)
        return outcome

    @command(ReleaseSeat)
    def release_seat(self, call: Call[ReleaseSeat]) -> Outcome:
        """I cannot come after all."""
        outcome: Outcome = self.app.seats.release_seat(call)
        return outcome
