"""A person's delegations and death, and how an order follows its person: any news, in any order, ends the same."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from contracts.actor import Role
from contracts.decisions import Due
from contracts.errors import Conflict, Invalid, NotFound, Refused
from contracts.events.people import (
    DelegationEnded,
    DelegationGranted,
    DelegationLapsing,
    DelegationRenewed,
    PersonDeceased,
    PersonRestored,
)
from contracts.events.ticket_snapshot import TicketDelegate
from contracts.events.tickets import TicketCancelled, TicketClosed, TicketDelegatesChanged
from contracts.words import ClosedBy, DelegationEnd, Given, Nature, Permit, TicketStatus
from services.tickets.domain import deadlines
from services.tickets.domain.circle import CALLED_OFF, follow_person, hide, noted, with_circle
from services.tickets.domain.delegation import RENEWAL, WARNING, person_of
from services.tickets.domain.people_relations import Standing, must_know, yes_of
from services.tickets.domain.person import MOST_DELEGATES, RESTORE, Person
from tests.builders import AREA_PATH, COMMUNITY, NOON, an_actor
from tests.unit.tickets.builders import a_ticket

SEES = (Permit.SEE, Permit.BE_TOLD)
OPEN = (TicketStatus.SUBMITTED, TicketStatus.ACCEPTED, TicketStatus.ASSIGNED, TicketStatus.IN_PROGRESS)
ENDED = (TicketStatus.CLOSED, TicketStatus.REJECTED, TicketStatus.CANCELLED)


def a_person(**changes) -> Person:
    return Person(**{"id": "01P.p", "community_id": COMMUNITY, "area_path": AREA_PATH, **changes})


def with_delegates(*accounts: str, person: Person | None = None, may=SEES) -> Person:
    person = person or a_person()
    for account in accounts:
        person = person.grant(account, may, Given.CALL, "a-officer", NOON).aggregate
    return person


def hers(person: Person, **changes):
    return a_ticket(beneficiary_id=person.id, requester_id=None, **changes)


def test_a_grant_is_for_a_year_and_names_its_person() -> None:
    decided = a_person().grant("a-son", (Permit.CONFIRM, Permit.SEE, Permit.SEE), Given.CALL, "a-officer", NOON)
    (event,) = decided.events
    assert isinstance(event, DelegationGranted)
    assert (event.may, event.renew_by) == ((Permit.SEE, Permit.CONFIRM), NOON + RENEWAL)
    assert person_of(event.delegation_id) == "01P.p"


def test_a_second_grant_to_the_same_account_replaces_the_first() -> None:
    person = with_delegates("a-son", person=with_delegates("a-son", "a-daughter"), may=(Permit.ORDER,))
    assert [(one.account_id, one.may) for one in person.delegations] == [
        ("a-son", (Permit.ORDER,)),
        ("a-daughter", SEES),
    ]


@pytest.mark.parametrize(
    ("account", "may", "witness"), [("a-own", SEES, None), ("a-son", (), None), ("a-officer", SEES, "a-officer")]
)
def test_what_cannot_be_granted(account: str, may: tuple[Permit, ...], witness: str | None) -> None:
    with pytest.raises(Invalid):
        a_person(account_id="a-own").grant(account, may, Given.CALL, witness, NOON)


def test_so_many_delegates_and_no_more() -> None:
    person = with_delegates(*(f"a-{number}" for number in range(MOST_DELEGATES)))
    with pytest.raises(Invalid):
        person.grant("a-another", SEES, Given.CALL, "a-officer", NOON)
    ended = person.end(person.delegations[0].id, DelegationEnd.ENDED, "a-officer", NOON).aggregate
    assert len(with_delegates("a-another", person=ended).delegations) == MOST_DELEGATES + 1


def test_an_end_is_told_once_and_stays() -> None:
    person = with_delegates("a-son")
    (delegation,) = person.delegations
    decided = person.end(delegation.id, DelegationEnd.ENDED, "a-officer", NOON)
    assert [type(event) for event in decided.events] == [DelegationEnded]
    again = decided.aggregate.end(delegation.id, DelegationEnd.GIVEN_UP, "a-son", NOON)
    assert (again.events, again.aggregate) == ((), decided.aggregate)
    with pytest.raises(Conflict):
        decided.aggregate.renew(delegation.id, Given.CALL, "a-officer", NOON)
    with pytest.raises(NotFound):
        person.end("01P.p.d9", DelegationEnd.ENDED, "a-officer", NOON)


def test_the_year_warns_then_ends_unless_it_is_renewed() -> None:
    person = with_delegates("a-son")
    warn, lapse = person.due()
    assert (warn.at, lapse.at) == (NOON + RENEWAL - WARNING, NOON + RENEWAL)
    assert person.fire(warn.key, NOON) is None, "not yet"
    warned = person.fire(warn.key, warn.at)
    assert warned is not None
    assert [type(event) for event in warned.events] == [DelegationLapsing]
    assert warned.aggregate.fire(warn.key, warn.at) is None, "once"
    assert warned.aggregate.due() == (lapse,)
    renewed = warned.aggregate.renew(person.delegations[0].id, Given.CALL, "a-officer", warn.at)
    assert [type(event) for event in renewed.events] == [DelegationRenewed]
    assert renewed.aggregate.fire(lapse.key, lapse.at) is None, "that year is no deadline any more"
    lapsed = warned.aggregate.fire(lapse.key, lapse.at)
    assert lapsed is not None
    assert (lapsed.aggregate.delegations[0].end, lapsed.aggregate.due()) == (DelegationEnd.LAPSED, ())


def test_in_death_delegations_rest_and_after_a_month_they_are_over_without_a_word() -> None:
    person = with_delegates("a-son")
    dead = person.die("a-officer", NOON)
    assert [type(event) for event in dead.events] == [PersonDeceased]
    assert (dead.aggregate.standing, dead.aggregate.snapshot().delegations) == ((), ())
    assert dead.aggregate.die("a-other", NOON + timedelta(days=1)).aggregate == dead.aggregate
    back = dead.aggregate.restore(NOON + RESTORE)
    assert [type(event) for event in back.events] == [PersonRestored]
    assert back.aggregate == person
    (due,) = dead.aggregate.due()
    over = dead.aggregate.fire(due.key, due.at)
    assert over is not None
    assert (over.events, over.aggregate.due()) == ((), ())
    assert not over.aggregate.delegations[0].stands
    with pytest.raises(Conflict):
        dead.aggregate.restore(NOON + RESTORE + timedelta(seconds=1))
    for refused in (
        lambda: dead.aggregate.grant("a-son", SEES, Given.CALL, "a-officer", NOON),
        dead.aggregate.must_live,
    ):
        with pytest.raises(Conflict):
            refused()


@pytest.mark.parametrize("status", OPEN)
def test_what_is_open_is_called_off(status: TicketStatus) -> None:
    person = with_delegates("a-son").die("a-officer", NOON).aggregate
    decided = follow_person(hers(person, status=status, delegates=(TicketDelegate("a-son", SEES),)), person, NOON)
    assert decided is not None
    (event,) = decided.events
    assert isinstance(event, TicketCancelled)
    assert (event.by_role, event.reason_code) == ("staff", CALLED_OFF)
    after = decided.aggregate
    assert (after.quiet, after.called_off, after.delegates) == (True, True, ())
    assert follow_person(after, person, NOON) is None


def test_what_was_done_is_closed_by_nobody_and_counts_as_unresolved() -> None:
    person = a_person(deceased_at=NOON)
    decided = follow_person(hers(person, status=TicketStatus.COMPLETED), person, NOON)
    assert decided is not None
    assert decided.events == (TicketClosed(by=ClosedBy.NOBODY, answer=None, resolved=False),)
    assert deadlines.standing(decided.aggregate) == ()


@pytest.mark.parametrize("status", ENDED)
def test_what_has_ended_only_falls_silent(status: TicketStatus) -> None:
    person = a_person(deceased_at=NOON)
    decided = follow_person(hers(person, status=status), person, NOON)
    assert decided is not None
    assert (decided.events, decided.aggregate.status) == ((TicketDelegatesChanged(),), status)


def test_what_they_ordered_for_somebody_else_goes_on_without_them() -> None:
    living = a_person(account_id="a-resident")
    person = living.die("a-officer", NOON).aggregate
    ticket = a_ticket(TicketStatus.COMPLETED, beneficiary_id="01Q.p")
    assert [due.key.partition(":")[0] for due in deadlines.standing(ticket)] == [deadlines.SILENCE]
    decided = follow_person(ticket, person, NOON)
    assert decided is not None
    after = decided.aggregate
    assert (after.status, after.quiet) == (TicketStatus.COMPLETED, False)
    assert decided.events == (TicketDelegatesChanged(),), "the call that is owed now is listed"
    assert [due.key.partition(":")[0] for due in deadlines.standing(after)] == [deadlines.CALLBACK]
    assert follow_person(after, person, NOON) is None
    again = follow_person(after, living, NOON)
    assert again is not None
    assert again.aggregate == ticket


def test_an_order_of_somebody_elses_is_left_alone() -> None:
    person = with_delegates("a-son", person=a_person(account_id="a-resident")).die("a-officer", NOON).aggregate
    assert follow_person(a_ticket(beneficiary_id="01Q.p", requester_id="a-other"), person, NOON) is None
    own = follow_person(a_ticket(beneficiary_id=None), person, NOON)
    assert own is not None, "who orders for themselves is served"


def test_news_of_a_person_ends_the_same_in_any_order() -> None:
    first = with_delegates("a-son")
    second = with_delegates("a-daughter", person=first)
    third = second.end(first.delegations[0].id, DelegationEnd.ENDED, "a-officer", NOON).aggregate
    for order in permutations((first, second, third)):
        ticket = hers(first)
        for person in (*order, third):
            decided = follow_person(ticket, person, NOON)
            ticket = ticket if decided is None else decided.aggregate
        assert [one.account_id for one in ticket.delegates] == ["a-daughter"]


def test_hidden_is_hidden_whatever_is_granted_later() -> None:
    person = with_delegates("a-son", "a-daughter")
    ticket = hide(with_circle(hers(person), person), person, frozenset({"a-son"}), hidden=True).aggregate
    again = with_delegates("a-son", person=person, may=tuple(Permit))
    decided = follow_person(ticket, again, NOON)
    shown = ticket if decided is None else decided.aggregate
    assert [one.account_id for one in shown.delegates] == ["a-daughter"]
    back = hide(shown, again, frozenset({"a-son"}), hidden=False).aggregate
    assert [one.account_id for one in back.delegates] == ["a-son", "a-daughter"]
    with pytest.raises(Conflict):
        hide(replace(ticket, placed_by="a-daughter"), person, frozenset({"a-daughter"}), hidden=True)


@pytest.mark.parametrize("changes", [{"nature": Nature.COMPLAINT}, {"category": "mediation"}])
def test_a_quarrel_is_only_for_who_brought_it(changes) -> None:
    person = with_delegates("a-son", "a-daughter", may=(Permit.ORDER,))
    assert with_circle(hers(person, **changes), person).delegates == ()
    brought = with_circle(hers(person, placed_by="a-son", **changes), person)
    assert brought.delegates == (TicketDelegate("a-son", (Permit.ORDER, *SEES)),)


def test_silence_closes_where_a_delegate_may_answer_and_else_somebody_calls() -> None:
    done = hers(a_person(), status=TicketStatus.COMPLETED)
    may_answer = replace(done, delegates=(TicketDelegate("a-son", (Permit.CONFIRM,)),))
    only_sees = replace(done, delegates=(TicketDelegate("a-son", SEES),))
    kinds = [deadlines.standing(one)[0].key.partition(":")[0] for one in (done, only_sees, may_answer)]
    assert kinds == ["callback", "callback", "silence"]
    assert isinstance(deadlines.standing(may_answer)[0], Due)


def test_what_a_delegate_does_is_noted_and_what_others_do_is_not() -> None:
    person = with_delegates("a-son", may=(Permit.ORDER,))
    ticket = with_circle(hers(person), person)
    for who, lines in ((an_actor(account_id="a-son"), 1), (an_actor(account_id="a-officer"), 0)):
        step = ticket.cancel("resident", "no_need", None, None, NOON)
        assert len(noted(ticket, step, who, "cancel", NOON).aggregate.acts) == lines


def test_how_somebody_says_yes() -> None:
    own, officer = an_actor(account_id="a-own"), an_actor(Role.DUTY, account_id="a-officer")
    person = with_delegates("a-son", person=a_person(account_id="a-own"))
    assert yes_of(person, own, None)[1].how is Given.TAP
    assert yes_of(person, officer, None)[1].witness == "a-officer"
    for who, how in ((own, Given.SIGNATURE), (officer, Given.TAP), (an_actor(account_id="a-son"), Given.TAP)):
        with pytest.raises(Refused):
            yes_of(person, who, how)
    with pytest.raises(Refused):
        yes_of(replace(person, minor=True), own, None)
    with pytest.raises(NotFound):
        yes_of(person, an_actor(account_id="a-stranger"), None)


def test_who_may_know_a_person() -> None:
    person = with_delegates("a-son", person=a_person(account_id="a-own"))
    officer = an_actor(Role.DUTY, account_id="a-officer")
    known = [must_know(person, who)[1] for who in (an_actor(account_id="a-own"), officer, an_actor(account_id="a-son"))]
    assert known == [Standing.SELF, Standing.STAFF, Standing.DELEGATE]
    elsewhere = an_actor(account_id="a-own", community_id="elsewhere")
    ended = person.end(person.delegations[0].id, DelegationEnd.ENDED, "a-own", NOON).aggregate
    for nobody, whom in ((elsewhere, person), (an_actor(account_id="a-son"), ended), (officer, None)):
        with pytest.raises(NotFound):
            must_know(whom, nobody)
