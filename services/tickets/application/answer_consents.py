"""An agreement to a public answer as a line of the consent ledger; taken back there, the answer is gone, too."""

from datetime import datetime

from contracts.commands import Meta, Outcome
from contracts.decisions import Decided
from contracts.talk import Side
from contracts.words import Given, Nature, Purpose
from services.tickets.application.known_people import KnownPeople
from services.tickets.application.people_ports import Consent, Consents, Withdrawal
from services.tickets.application.ports import Tickets
from services.tickets.domain import public_answers, relations
from services.tickets.domain.ticket import Ticket


class AnswerConsents:
    """Lines with the purpose ``publish`` about one order; ``text_version`` names the version of its words.

    Of a complaint there is none: the line would tell whoever reads a person's ledger who made it. There the order
    alone keeps that its words were agreed to.
    """

    def __init__(self, tickets: Tickets, known: KnownPeople, consents: Consents) -> None:
        self._tickets = tickets
        self._known = known
        self._consents = consents

    def agreed(self, ticket: Ticket, meta: Meta, version: int, how: Given, now: datetime) -> None:
        """Whoever is served agreed; a delegate who tapped for them, or staff before whom they did, is the witness."""
        person = self._known.served(ticket)
        person_id = ticket.beneficiary_id or ticket.requester_id if person is None else person.id
        if person_id is None or ticket.nature is Nature.COMPLAINT:
            return
        self._consents.add(
            Consent(
                id=_line(ticket.id, version),
                community_id=ticket.community_id,
                person_id=person_id,
                purpose=Purpose.PUBLISH,
                text_version=f"answer-{version}",
                how=how,
                given_at=now,
                witnessed_by=_witness(ticket, meta),
                about=ticket.id,
            )
        )

    def taken_back(self, ticket: Ticket, meta: Meta, now: datetime) -> None:
        """Whoever ordered takes the answer back: what they agreed to does not stand any more."""
        version = None if ticket.public_answer is None else ticket.public_answer.agreed
        line = None if version is None else self._consents.get(_line(ticket.id, version))
        if line is not None and line.stands:
            withdrawal = Withdrawal(consent=line, how=Given.TAP, at=now, witnessed_by=_witness(ticket, meta))
            self._consents.withdraw(withdrawal)

    def unpublish(self, consent: Consent, meta: Meta) -> Outcome:
        """Their word was taken back in the ledger: the answer to which it was given is gone at once."""

        def decide(ticket: Ticket | None) -> Decided[Ticket] | None:
            shown = None if ticket is None else ticket.public_answer
            if ticket is None or shown is None or shown.agreed is None or _line(ticket.id, shown.agreed) != consent.id:
                return None
            return public_answers.withdraw(ticket, Side.REQUESTER)

        if consent.purpose is not Purpose.PUBLISH or consent.about is None:
            return Outcome()
        return self._tickets.apply(consent.about, meta, decide)


def _line(ticket_id: str, version: int) -> str:
    return f"{ticket_id}.a{version}"


def _witness(ticket: Ticket, meta: Meta) -> str | None:
    return None if relations.is_requester(ticket, meta.actor) else meta.actor.account_id
