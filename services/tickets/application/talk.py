"""``comment_ticket``: what people write to each other about an order."""

from contracts.commands import Call, Outcome
from contracts.commands.talk import CommentTicket
from contracts.decisions import Decided
from contracts.errors import Invalid
from contracts.words import Permit, Text
from services.tickets.application.ports import Clock, Tickets
from services.tickets.application.sealing import Sealing
from services.tickets.domain import relations, talk
from services.tickets.domain.notes import COMMENT
from services.tickets.domain.ticket import Ticket


class Talk:
    """Who ordered, who acts for them, the crew at work and staff there write; what they write is sealed."""

    def __init__(self, tickets: Tickets, sealing: Sealing, clock: Clock) -> None:
        self._tickets = tickets
        self._sealing = sealing
        self._clock = clock

    def comment(self, call: Call[CommentTicket]) -> Outcome:
        """Raises NotFound for whoever has nothing to do with it, Invalid for nothing written."""
        command, actor, now = call.command, call.meta.actor, self._clock.now()

        def decide(found: Ticket | None) -> Decided[Ticket]:
            ticket, relation = relations.must_show(found, actor, Permit.SEE)
            side = talk.side_of(relation, internal=command.internal)
            talk.must_take_words(ticket, now)
            if not command.text.strip():
                raise Invalid("nothing-said", Text("请写点什么", "write something"), field="text")
            note = self._sealing.note(ticket, COMMENT, command.text, now)
            if note is None:  # nothing is kept any more of somebody who was erased
                raise relations.no_such_ticket()
            return talk.comment(ticket, side, note, internal=command.internal)

        return self._tickets.apply(command.ticket_id, call.meta, decide)
