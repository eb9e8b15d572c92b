"""The use cases about a person: who acts for them, and their death."""

from collections.abc import Callable
from typing import TypeVar

from contracts.commands import Call, Meta, Outcome
from contracts.commands.people import (
    EndDelegation,
    GrantDelegation,
    MarkDeceased,
    RenewDelegation,
    RestorePerson,
)
from contracts.decisions import Decided
from contracts.errors import NotFound
from contracts.moments import time_text
from contracts.words import DelegationEnd, Purpose
from services.tickets.application.circles import Circles
from services.tickets.application.codes import account, code
from services.tickets.application.known_people import KnownPeople
from services.tickets.application.people_ports import Consent, Consents, OrdersOf, People
from services.tickets.application.ports import Clock
from services.tickets.domain import people_relations as relations
from services.tickets.domain.delegation import no_such_delegation, person_of
from services.tickets.domain.person import Person

T = TypeVar("T")


class PeopleCases:
    """Grant, renew, end, mark deceased, restore."""

    def __init__(
        self,
        people: People,
        known: KnownPeople,
        consents: Consents,
        circles: Circles,
        orders: OrdersOf,
        clock: Clock,
    ) -> None:
        self._people = people
        self._known = known
        self._consents = consents
        self._circles = circles
        self._orders = orders
        self._clock = clock

    def grant(self, call: Call[GrantDelegation]) -> Outcome:
        """The person lets an account act for them."""
        command, actor, now = call.command, call.meta.actor, self._clock.now()
        known = self._known.must_find(command.person_id, actor)
        delegate = account(command.account_id, "account_id")
        text = code(command.text_version, "text_version")

        def decide(before: Person | None) -> Decided[Person]:
            person, yes = relations.yes_of(before or known, actor, command.how)
            decided = person.grant(delegate, command.may, yes.how, yes.witness, now)
            self._write_down(call.meta, person, text, yes, str(decided.result["delegation_id"]))
            return decided

        return self._change(known.id, call.meta, decide)

    def renew(self, call: Call[RenewDelegation]) -> Outcome:
        """For another year."""
        command, actor, now = call.command, call.meta.actor, self._clock.now()
        text = code(command.text_version, "text_version")

        def decide(before: Person | None) -> Decided[Person]:
            person, yes = _or_no_delegation(lambda: relations.yes_of(before, actor, command.how))
            decided = person.renew(command.delegation_id, yes.how, yes.witness, now)
            self._write_down(call.meta, person, text, yes, command.delegation_id)
            return decided

        return self._change(_of(command.delegation_id), call.meta, decide)

    def end(self, call: Call[EndDelegation]) -> Outcome:
        """By the person, by staff on one sentence of theirs, or given up by who held it."""
        command, actor, now = call.command, call.meta.actor, self._clock.now()

        def decide(before: Person | None) -> Decided[Person]:
            person, standing = _or_no_delegation(lambda: relations.must_know(before, actor))
            held = person.delegation(command.delegation_id)
            if standing is relations.Standing.DELEGATE and held.account_id != actor.account_id:
                raise no_such_delegation()
            own = held.account_id == actor.account_id
            why = DelegationEnd.GIVEN_UP if own else DelegationEnd.ENDED
            return person.end(command.delegation_id, why, actor.account_id, now)

        return self._change(_of(command.delegation_id), call.meta, decide)

    def mark_deceased(self, call: Call[MarkDeceased]) -> Outcome:
        """Staff enter a death; everything that runs for the person stops."""
        actor, now = call.meta.actor, self._clock.now()
        known = self._known.must_find(call.command.person_id, actor)
        outcome = self._change(
            known.id,
            call.meta,
            lambda before: relations.must_be_staff(before or known, actor).die(actor.account_id, now),
        )
        return self._with_fate(outcome, known.id)

    def restore(self, call: Call[RestorePerson]) -> Outcome:
        """It was entered by mistake."""
        actor, now = call.meta.actor, self._clock.now()
        outcome = self._change(
            call.command.person_id, call.meta, lambda before: relations.must_dispatch(before, actor).restore(now)
        )
        return self._with_fate(outcome, call.command.person_id)

    def _change(self, person_id: str, meta: Meta, decide: Callable[[Person | None], Decided[Person]]) -> Outcome:
        return self._circles.at_once(self._people.apply(person_id, meta, decide), person_id, meta)

    def _with_fate(self, outcome: Outcome, person_id: str) -> Outcome:
        person = self._people.get(person_id)
        if person is None:
            return outcome
        until = person.restore_until
        fate = {
            "stopped": list(self._orders.called_off(person)),
            "restore_until": None if until is None else time_text(until),
        }
        return Outcome({**outcome.result, **fate}, outcome.envelopes)

    def _write_down(self, meta: Meta, person: Person, text: str, yes: relations.Yes, delegation_id: str) -> None:
        """The ledger's line of a grant or a renewal; repeating the command writes it once."""
        self._consents.add(
            Consent(
                id=f"{meta.created_id}.c",
                community_id=person.community_id,
                person_id=person.id,
                purpose=Purpose.DELEGATE,
                text_version=text,
                how=yes.how,
                given_at=self._clock.now(),
                witnessed_by=yes.witness,
                about=delegation_id,
            )
        )


def _of(delegation_id: str) -> str:
    person_id = person_of(delegation_id)
    if not person_id:
        raise no_such_delegation()
    return person_id


def _or_no_delegation(look: Callable[[], T]) -> T:
    """Whose delegation it is stays unsaid where the actor may not know the person."""
    try:
        return look()
    except NotFound:
        raise no_such_delegation() from None
