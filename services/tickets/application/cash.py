"""The use cases of cash slips: the sums are opened to be counted, and sealed again."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from contracts.cash import SlipStep
from contracts.commands import Call, Meta, Outcome
from contracts.commands.cash import ConfirmCash, HandCash, ReturnCash
from contracts.decisions import Decided
from contracts.errors import Conflict
from contracts.words import Text
from services.tickets.application.ports import Clock, Tickets
from services.tickets.application.sealing import Sealing
from services.tickets.domain import cash, relations
from services.tickets.domain.cash import Sums
from services.tickets.domain.circle import noted
from services.tickets.domain.ticket import Ticket

HANDED = "hand_cash"
RETURNED = "return_cash"
CONFIRMED = "confirm_cash"


class Cash:
    """``hand_cash``, ``return_cash``, ``confirm_cash``."""

    def __init__(self, tickets: Tickets, sealing: Sealing, clock: Clock) -> None:
        self._tickets = tickets
        self._sealing = sealing
        self._clock = clock

    def hand(self, call: Call[HandCash]) -> Outcome:
        """Money goes out."""

        def step(ticket: Ticket) -> Decided[Ticket]:
            standing = [slip.number for slip in ticket.slips if slip.step is not SlipStep.VOID]
            before = [self._sums(ticket, number) for number in standing]
            decided = cash.hand(ticket, call.meta.actor, call.command.out_fen, before)
            number = decided.aggregate.slips[-1].number
            return self._sealed(decided, number, Sums(out_fen=call.command.out_fen))

        return self._take(call.command.ticket_id, call.meta, HANDED, step)

    def give_back(self, call: Call[ReturnCash]) -> Outcome:
        """What is left comes back."""
        command = call.command

        def step(ticket: Ticket) -> Decided[Ticket]:
            out = self._sums(ticket, cash.must_have(ticket, command.number).number).out_fen
            sums = Sums(
                out_fen=out, spent_fen=command.spent_fen, change_fen=command.change_fen, receipt=command.receipt
            )
            decided = cash.give_back(ticket, call.meta.actor, command.number, sums, no_receipt=command.no_receipt)
            return self._sealed(decided, command.number, sums)

        return self._take(command.ticket_id, call.meta, RETURNED, step)

    def confirm(self, call: Call[ConfirmCash]) -> Outcome:
        """The other side says whether it is right."""

        def step(ticket: Ticket) -> Decided[Ticket]:
            return cash.confirm(ticket, call.meta.actor, call.command.number, right=call.command.right)

        return self._take(call.command.ticket_id, call.meta, CONFIRMED, step)

    def _sums(self, ticket: Ticket, number: int) -> Sums:
        sums = self._sealing.open_sums(ticket).get(number)
        if sums is None:
            raise Conflict("sums-forgotten", Text(zh="这张小票的金额已删除", en="the sums of this slip are forgotten"))
        return sums

    def _sealed(self, decided: Decided[Ticket], number: int, sums: Sums) -> Decided[Ticket]:
        return replace(decided, aggregate=self._sealing.with_sums(decided.aggregate, number, sums))

    def _take(self, ticket_id: str, meta: Meta, action: str, step: Callable[[Ticket], Decided[Ticket]]) -> Outcome:
        now: datetime = self._clock.now()

        def decide(ticket: Ticket | None) -> Decided[Ticket]:
            known = relations.must_know(ticket, meta.actor)
            return noted(known, step(known), meta.actor, action, now)

        return self._tickets.apply(ticket_id, meta, decide)
