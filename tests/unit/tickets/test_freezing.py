"""The terms of an item that wants the same people again, or others in turn, say who came before; no other's do."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from contracts.dispatch import Continuity
from contracts.languages import Language
from contracts.terms import ServedBefore
from contracts.words import Nature, Urgency
from services.tickets.application.freezing import MOST_BEFORE, Freezing
from services.tickets.domain.emergencies import Emergency, made_safe
from services.tickets.domain.person import Person
from services.tickets.domain.ticket import Ticket
from tests.builders import COMMUNITY, NOON, some_terms
from tests.unit.tickets.builders import a_community, a_ticket, an_item


class Visitors:
    """A ``Past`` that remembers what it was asked."""

    def __init__(self, count: int = 2) -> None:
        self.asked: list[str | None] = []
        self._rows = [ServedBefore(f"m{number}", count - number) for number in range(count)]

    def served(self, ticket: Ticket, item_id: str | None) -> Sequence[ServedBefore]:
        self.asked.append(item_id)
        return self._rows


@pytest.mark.parametrize(("continuity", "item_id"), [(Continuity.SAME, None), (Continuity.ROTATE, "tap-and-lamp")])
def test_a_known_face_is_known_from_anything_and_in_turn_is_of_the_item(continuity, item_id) -> None:
    past = Visitors()
    terms = Freezing(past).terms(an_item(continuity=continuity), a_community(), a_ticket())
    assert past.asked == [item_id]
    assert (terms.continuity, terms.served_before) == (continuity, (ServedBefore("m0", 2), ServedBefore("m1", 1)))


def test_nobody_looks_who_came_before_for_an_ordinary_order() -> None:
    past = Visitors()
    terms = Freezing(past).terms(an_item(), a_community(), a_ticket())
    assert (past.asked, terms.continuity, terms.served_before) == ([], None, ())


def test_into_danger_duty_staff_are_sent_whoever_came_before() -> None:
    past = Visitors()
    ticket = replace(a_ticket(), danger=True, urgency=Urgency.EMERGENCY)
    terms = Freezing(past).terms(an_item(continuity=Continuity.SAME), a_community(), ticket)
    assert (past.asked, terms.continuity) == ([], None)


def test_no_more_are_told_of_than_matter() -> None:
    terms = Freezing(Visitors(50)).terms(an_item(continuity=Continuity.SAME), a_community(), a_ticket())
    assert len(terms.served_before) == MOST_BEFORE
    assert terms.served_before[0] == ServedBefore("m0", 50)


def test_what_somebody_speaks_comes_with_their_orders_as_codes() -> None:
    speaking = Person(id="01P.p", community_id=COMMUNITY, languages=(Language.UG, Language.ZH))
    terms = Freezing(served=lambda _: speaking).terms(an_item(), a_community(), a_ticket())
    assert terms.languages == ("ug", "zh")
    assert Freezing().terms(an_item(), a_community(), a_ticket()).languages == ()


def test_what_somebody_speaks_tells_nobody_who_complained() -> None:
    speaking = Person(id="01P.p", community_id=COMMUNITY, languages=(Language.UG,))
    complaint = a_ticket(nature=Nature.COMPLAINT)
    assert Freezing(served=lambda _: speaking).terms(an_item(), a_community(), complaint).languages == ()


def test_in_danger_they_speak_the_same() -> None:
    known = replace(some_terms(), languages=("ug",))
    safe = made_safe(a_ticket(terms=known), Emergency(terms=some_terms()), NOON).aggregate
    assert safe.terms is not None
    assert (safe.danger, safe.terms.languages) == (True, ("ug",))


def test_where_nothing_is_known_of_the_past_nobody_came() -> None:
    terms = Freezing().terms(an_item(continuity=Continuity.ROTATE), a_community(), a_ticket())
    assert (terms.continuity, terms.served_before) == (Continuity.ROTATE, ())


def test_whether_companies_are_asked_first_is_frozen() -> None:
    assert Freezing().terms(an_item(company_first=True), a_community(), a_ticket()).company_first
    assert not Freezing().terms(an_item(), a_community(), a_ticket()).company_first
