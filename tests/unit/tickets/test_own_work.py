"""Nobody says how their own work went: not who owns an order now, not who owned it before, nor what was done for it."""

from dataclasses import replace
from typing import Any

import pytest

from contracts.actor import Actor, Role
from contracts.errors import Refused
from contracts.events.ticket_snapshot import TicketDelegate
from contracts.merging import Primary
from contracts.words import Nature, Permit
from contracts.words import TicketStatus as S
from services.tickets.domain import merging, verifying
from services.tickets.domain.ticket import Ticket
from tests.builders import AREA_PATH, NOON, an_actor
from tests.unit.tickets.builders import a_ticket
from tests.unit.tickets.together import Together, an_order

CLERK = an_actor(Role.DISPATCHER, account_id="a-clerk")
BY_TOKEN = an_actor(Role.DISPATCHER, account_id="a-second", member_id="m-7")
COLLEAGUE = an_actor(Role.DISPATCHER, account_id="a-colleague")
BEFORE: dict[str, Any] = {
    "owner": "a-other",
    "handled_by": ("a-clerk", "m-m-7"),
    "completed_by": "a-other",
    "holders": (),
    "lead": None,
}


@pytest.mark.parametrize("ask", [verifying.must_confirm, verifying.must_call, verifying.must_explain])
def test_an_earlier_owner_neither_confirms_nor_calls_nor_explains_whichever_account_they_use(ask: Any) -> None:
    ticket = a_ticket(S.COMPLETED, **BEFORE)
    for who in (CLERK, BY_TOKEN):
        with pytest.raises(Refused, match="own-work"):
            ask(ticket, who)
    ask(ticket, COLLEAGUE)


def test_an_earlier_owner_confirms_for_their_family_no_more_than_as_staff() -> None:
    daughter = TicketDelegate("a-clerk", (Permit.SEE, Permit.CONFIRM))
    with pytest.raises(Refused, match="own-work"):
        verifying.must_confirm(a_ticket(S.COMPLETED, delegates=(daughter,), **BEFORE), CLERK)


def test_who_had_a_part_in_it_is_told_with_it_once_it_is_done_and_never_before() -> None:
    values: dict[str, Any] = {"completed_by": "a-x", "owner": "a-y", "handled_by": ("a-z",), "worked_by": ("m-9",)}
    at_work = a_ticket(S.IN_PROGRESS, **values).snapshot()
    assert (at_work.handlers, at_work.handled_in) == ((), ())
    told = a_ticket(S.COMPLETED, completed_in=(AREA_PATH[-1],), **values)
    assert set(told.snapshot().handlers) == {"a-x", "a-y", "a-z", "m-m-9", "m-m-1"}
    assert told.snapshot().handled_in == ()
    complaint = replace(told, nature=Nature.COMPLAINT)
    assert complaint.snapshot().handled_in == (AREA_PATH[-1],), "of a complaint all of that unit"


def test_who_owned_the_one_asks_none_of_the_others_how_it_went() -> None:
    primary = replace(a_ticket(S.COMPLETED, **{**BEFORE, "owner": "a-last"}), id="first")
    after = merging.follow_done(
        a_ticket(S.MERGED, holders=(), lead=None, primary=Primary("first", "NC-1")), primary, NOON
    )
    assert after is not None
    for who in (CLERK, BY_TOKEN, an_actor(Role.DUTY, account_id="a-last")):
        _refuses(after.aggregate, who)


def test_who_owned_what_was_split_off_again_still_had_a_part_in_it() -> None:
    street = Together(an_order("first"), an_order("second", S.ASSIGNED, owner="a-clerk", holders=(), lead=None))
    street.merge("second", "first")
    street.split("second")
    _refuses(street.now("second"), CLERK)


def test_who_had_begun_it_and_was_let_go_does_not_ask_those_who_ended_it_and_who_had_not_does() -> None:
    member = an_actor(Role.DUTY, account_id="m-m-1", member_id="m-1")
    for status in (S.IN_PROGRESS, S.COMPLETED):
        again = a_ticket(status).redispatch().aggregate
        _refuses(replace(again, status=S.COMPLETED, completed_by="a-other"), member)
    untouched = replace(a_ticket(S.ASSIGNED).redispatch().aggregate, status=S.COMPLETED, completed_by="a-other")
    verifying.must_call(untouched, member)


def _refuses(ticket: Ticket, who: Actor) -> None:
    with pytest.raises(Refused, match="own-work"):
        verifying.must_call(ticket, who)
