"""Several orders, one thing to do: it is done once, and whoever ordered keeps callback, answer and their word."""

from dataclasses import replace
from typing import Any

import pytest

from contracts.actor import Actor, Grant, Role
from contracts.cash import SlipStep
from contracts.commands import Call
from contracts.commands.merging import SplitTicket
from contracts.commands.tickets import RedispatchTicket
from contracts.errors import Conflict, DomainError, Invalid, NotFound, Refused
from contracts.events.tickets import TicketReworked
from contracts.ladder import EscalationReason, WhistleStatus
from contracts.lifecycle import IllegalTransition
from contracts.merging import Primary
from contracts.schemas.wire import read_event
from contracts.words import Answer, ClosedBy, Nature, ResultCode
from contracts.words import TicketStatus as S
from services.tickets.domain import merging, verifying
from services.tickets.domain.circle import follow_person
from services.tickets.domain.following import follow_demand
from services.tickets.domain.ladder import climbed
from services.tickets.domain.person import Person
from services.tickets.domain.ticket_parts import Slip
from tests.builders import COMMUNITY, NOON, a_member_actor, an_actor
from tests.builders_of_ladder import a_whistle
from tests.builders_of_ledger import a_hold
from tests.unit.tickets.builders import a_seat, a_ticket, demand_with
from tests.unit.tickets.together import DISPATCHER, LEAD, Together, an_order, neighbour


def a_lamp(*others: str, **primary: Any) -> Together:
    """One order under way, and others that are merged into it."""
    street = Together(an_order("first", S.IN_PROGRESS, **primary), *(an_order(name) for name in others))
    for name in others:
        street.merge(name, "first")
    return street


def test_what_is_merged_waits_for_the_other_and_its_crew_is_free() -> None:
    street = Together(an_order("first"), an_order("second", S.ASSIGNED))
    answer = street.merge("second", "first")

    second, first = street.now("second"), street.now("first")
    assert answer == {"ticket_id": "second", "number": "NC-second", "status": "merged"}
    assert (second.status, second.holders, second.lead) == (S.MERGED, (), None)
    assert second.primary is not None
    assert (second.primary.id, second.primary.number, first.merged) == ("first", "NC-first", ("second",))
    assert (street.told("second"), street.told("first")) == (["merged"], ["gathered"])
    assert [holder["member_id"] for holder in street.journal.envelopes[0].data["released"]] == ["m-1"]
    assert second.times.responded_at == NOON, "whoever ordered has an answer"


REFUSED: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "a complaint": ({"nature": Nature.COMPLAINT}, {}, "never-merged"),
    "into a complaint": ({}, {"nature": Nature.COMPLAINT}, "never-merged"),
    "a quarrel": ({"category": "mediation"}, {}, "never-merged"),
    "with others of its own": ({"merged": ("third",)}, {}, "has-others"),
    "waits for review": ({"status": S.SUBMITTED}, {}, "not-accepted-yet"),
    "somebody is there already": ({"status": S.IN_PROGRESS}, {}, "too-late-to-merge"),
    "done": ({"status": S.COMPLETED}, {}, "too-late-to-merge"),
    "ended": ({"status": S.CANCELLED}, {}, "too-late-to-merge"),
    "into what waits for review": ({}, {"status": S.SUBMITTED}, "not-under-way"),
    "into what is done": ({}, {"status": S.COMPLETED}, "not-under-way"),
    "into what is closed": ({}, {"status": S.CLOSED}, "not-under-way"),
    "into what ended": ({}, {"status": S.CANCELLED}, "not-under-way"),
    "danger into none": ({"danger": True}, {}, "danger-first"),
    "departments are called to it alone": ({"whistles": (a_whistle(),)}, {}, "departments-at-it"),
    "on hold": ({"held": (a_hold(),)}, {}, "on-hold"),
    "money is out": ({"slips": (Slip(number=1, step=SlipStep.OUT, waits_for=None, said_by="a-m-1"),)}, {}, "cash-open"),
    "a share": ({"part_of": "third"}, {}, "has-parts"),
    "too many": ({}, {"merged": tuple(f"o{number}" for number in range(50))}, "too-many-merged"),
}


@pytest.mark.parametrize("case", list(REFUSED))
def test_what_does_not_fit_is_not_merged(case: str) -> None:
    second, first, code = REFUSED[case]
    street = Together(an_order("first", **first), an_order("second", **second))
    with pytest.raises(Conflict) as refusal:
        street.merge("second", "first")
    assert refusal.value.code == code
    assert street.journal.envelopes == []


def test_what_the_same_department_is_called_to_twice_is_merged_and_what_it_has_done() -> None:
    done = a_whistle(team="water", status=WhistleStatus.REPORTED)
    street = Together(an_order("first", whistles=(a_whistle(),)), an_order("second", whistles=(a_whistle(), done)))
    assert street.merge("second", "first")["status"] == "merged"


def test_depth_is_one_and_nothing_goes_round_in_a_circle() -> None:
    street = Together(*(an_order(name) for name in ("first", "second", "third")))
    street.merge("second", "first")
    for name, into in (("first", "second"), ("third", "second"), ("first", "third")):
        with pytest.raises(Conflict):
            street.merge(name, into)
    with pytest.raises(Invalid) as itself:
        street.merge("third", "third")
    assert (itself.value.code, itself.value.field) == ("same-order", "into")


FAR_AWAY = an_actor(Role.DISPATCHER, grants=(Grant(Role.DISPATCHER, "sll-g3"),))


@pytest.mark.parametrize("by", [neighbour("second"), an_actor(Role.DUTY)])
def test_dispatchers_merge_and_split(by: Actor) -> None:
    street = Together(an_order("first"), an_order("second"), an_order("third"))
    street.merge("third", "first")
    with pytest.raises((Refused, NotFound)):
        street.merge("second", "first", by)
    with pytest.raises((Refused, NotFound)):
        street.split("third", by)


def test_another_area_or_community_has_no_such_order() -> None:
    street = Together(an_order("first"), an_order("second"), an_order("far", community_id="elsewhere"))
    with pytest.raises(NotFound):
        street.merge("second", "first", FAR_AWAY)
    for into in ("far", "nothing-there"):
        with pytest.raises(Invalid) as refusal:
            street.merge("second", into)
        assert (refusal.value.code, refusal.value.field) == ("no-such-order", "into")


def test_all_are_done_with_the_one_and_each_is_asked() -> None:
    street = a_lamp("second", "third")
    street.complete("first", LEAD, ResultCode.PARTLY)
    street.deliver()
    assert street.statuses("first", "second", "third") == ["completed"] * 3
    assert street.now("second").result is ResultCode.PARTLY

    street.confirm("third", solved=False)
    assert street.statuses("first", "second", "third") == ["completed", "completed", "closed"]
    assert street.now("third").closed_by is ClosedBy.REQUESTER


@pytest.mark.parametrize("by", [LEAD, an_actor(Role.DUTY, member_id="m-1"), an_actor(Role.DUTY, account_id="a-m-1")])
def test_who_did_the_one_confirms_none_of_the_others(by: Actor) -> None:
    street = a_lamp("second")
    street.complete("first", LEAD)
    street.deliver()
    with pytest.raises(DomainError) as refusal:
        street.confirm("second", by)
    assert refusal.value.code in {"own-work", "no-such-ticket"}
    street.confirm("second", an_actor(Role.DUTY))


@pytest.mark.parametrize("step", ["complete", "rework", "confirm"])
def test_nobody_does_a_merged_order_by_itself(step: str) -> None:
    street = a_lamp("second")
    with pytest.raises(IllegalTransition):
        getattr(street, step)("second", DISPATCHER)


def test_one_is_not_content_and_the_same_people_go_again_for_that_one() -> None:
    street = a_lamp("second", "third", "fourth")
    street.complete("first", LEAD)
    street.deliver()
    for name in ("first", "second", "third"):
        street.confirm(name)

    street.rework("fourth")
    assert street.now("fourth").status is S.MERGED
    street.deliver()
    first = street.now("first")
    assert street.statuses("first", "second", "third", "fourth") == ["in_progress", "closed", "closed", "merged"]
    assert (first.rework_count, first.holders, first.times.ended_at) == (1, first.holders, None)
    assert first.lead == "m-1"
    reworked = next(one for one in reversed(street.journal.envelopes) if one.type == TicketReworked.TYPE)
    assert (reworked.subject, read_event(reworked.to_wire()).body.for_another) == ("first", True)

    street.complete("first", LEAD)
    street.deliver()
    first = street.now("first")
    assert street.statuses("first", "second", "third", "fourth") == ["closed", "closed", "closed", "completed"]
    assert (first.answer, first.closed_by, first.resolved) == (Answer.SATISFIED, ClosedBy.REQUESTER, True)
    assert street.told("first").count("closed") == 1, "whoever said that it is well is not asked twice"
    street.confirm("fourth")
    assert street.now("fourth").rework_count == 1


def test_two_who_are_not_content_send_the_crew_once() -> None:
    street = a_lamp("second", "third")
    street.complete("first", LEAD)
    street.deliver()
    street.rework("second")
    street.rework("third")
    street.deliver()
    assert street.now("first").rework_count == 1
    street.complete("first", LEAD)
    street.deliver()
    assert street.statuses("first", "second", "third") == ["completed"] * 3


def test_whoever_ordered_the_one_may_ask_again_and_the_others_keep_their_answer() -> None:
    street = a_lamp("second")
    street.complete("first", LEAD)
    street.deliver()
    street.rework("first")
    street.deliver()
    assert street.statuses("first", "second") == ["in_progress", "completed"]
    street.confirm("second")
    street.complete("first", LEAD)
    street.deliver()
    assert street.statuses("first", "second") == ["completed", "closed"]


def test_what_the_community_ends_is_ended_for_all() -> None:
    street = a_lamp("second")
    street.cancel("first", DISPATCHER, go_to="property")
    street.deliver()
    assert street.statuses("first", "second") == ["cancelled", "cancelled"]
    ended = next(one for one in street.journal.envelopes if one.subject == "second" and "cancelled" in one.type)
    assert (ended.data["reason_code"], ended.data["go_to"], ended.data["by_role"]) == ("not_ours", "property", "staff")


def test_what_its_own_requester_withdraws_goes_on_for_the_others() -> None:
    street = a_lamp("second")
    street.cancel("first", neighbour("first"))
    street.deliver()
    second = street.now("second")
    assert street.statuses("first", "second") == ["cancelled", "accepted"]
    assert (second.round, second.primary) == (2, None)
    assert street.told("second")[-1] == "split"


def test_whoever_is_merged_may_withdraw_and_the_rest_goes_on() -> None:
    street = a_lamp("second", "third")
    street.cancel("second", neighbour("second"))
    street.complete("first", LEAD)
    street.deliver()
    assert street.statuses("first", "second", "third") == ["completed", "cancelled", "completed"]


def test_a_split_order_goes_on_by_itself_in_a_new_round() -> None:
    street = a_lamp("second", "third")
    street.split("second")
    second = street.now("second")
    assert (second.status, second.round, second.primary) == (S.ACCEPTED, 2, None)
    assert street.now("first").merged == ("third",)
    street.complete("first", LEAD)
    street.deliver()
    assert street.statuses("first", "second", "third") == ["completed", "accepted", "completed"]


def test_what_is_done_cannot_be_split_off_any_more() -> None:
    street = a_lamp("second")
    street.complete("first", LEAD)
    with pytest.raises(Conflict) as refusal:
        street.split("second")
    assert refusal.value.code == "primary-done"
    street.deliver()
    with pytest.raises(Conflict):
        street.split("second")


def test_a_repeated_split_is_answered_as_the_first() -> None:
    street = a_lamp("second")
    call = Call(SplitTicket(ticket_id="second"), street.meta())
    assert street.merging.split(call).result == street.merging.split(call).result
    with pytest.raises(Conflict) as refusal:
        street.split("second")
    assert refusal.value.code == "not-merged"


def test_asked_again_where_the_one_ended_meanwhile_it_goes_on_by_itself() -> None:
    street = a_lamp("second", "third")
    street.complete("first", LEAD)
    street.deliver()
    street.rework("third")
    street.deliver()
    street.cancel("first", DISPATCHER, go_to="property")
    street.deliver()
    street.rework("second")
    street.deliver()
    assert street.statuses("first", "second", "third") == ["cancelled", "accepted", "cancelled"]


def test_an_order_that_others_are_looked_for_once_it_was_done_is_its_own_again() -> None:
    street = a_lamp("second")
    street.complete("first", LEAD)
    street.deliver()
    decided = street.now("second").redispatch()
    assert (decided.aggregate.status, decided.aggregate.primary) == (S.ACCEPTED, None)


def test_what_comes_back_to_the_same_order_is_among_its_others_once() -> None:
    street = a_lamp("second")
    street.complete("first", LEAD)
    street.deliver()
    for name in ("second", "first"):
        street.steps.redispatch(Call(RedispatchTicket(ticket_id=name), street.meta()))
    street.merge("second", "first")
    assert street.now("first").merged == ("second",)


def test_a_member_of_the_crew_hears_nothing_of_the_others() -> None:
    street = a_lamp("second")
    with pytest.raises(NotFound):
        street.cancel("second", a_member_actor("m-1"))


def test_a_look_at_the_one_before_it_was_taken_up_again_completes_nobody() -> None:
    street = a_lamp("second")
    street.complete("first", LEAD)
    street.deliver()
    stale = street.now("first")
    street.rework("second")
    assert merging.follow_done(street.now("second"), stale, NOON) is None
    street.deliver()
    assert street.statuses("first", "second") == ["in_progress", "merged"]


def test_old_news_that_it_is_not_solved_does_not_send_the_crew_again() -> None:
    street = a_lamp("second")
    street.complete("first", LEAD)
    street.deliver()
    street.rework("second")
    asking = street.now("second")
    street.deliver()
    street.complete("first", LEAD)
    assert merging.ask_again(street.now("first"), asking, NOON) is None
    street.deliver()
    assert street.statuses("first", "second") == ["completed", "completed"]
    assert street.now("first").rework_count == 1


def test_news_that_comes_twice_changes_nothing() -> None:
    street = a_lamp("second", "third")
    street.complete("first", LEAD)
    street.deliver()
    street.rework("second")
    street.deliver()
    told = list(street.journal.envelopes)
    for event in told:
        street.hand_on(event)
    assert street.journal.envelopes == told


def test_the_death_of_one_neighbour_ends_theirs_and_no_other() -> None:
    street = a_lamp("second", "third")

    def dies(name: str) -> None:
        person = Person(id=f"p-{name}", community_id=COMMUNITY, account_id=f"a-{name}", deceased_at=NOON)
        street.tickets.apply(name, street.meta(), lambda found: follow_person(found, person, NOON) if found else None)
        street.deliver()

    dies("second")
    assert street.statuses("first", "second", "third") == ["in_progress", "cancelled", "merged"]
    dies("first")
    assert street.statuses("first", "third") == ["cancelled", "accepted"]


def test_whoever_withdraws_leaves_one_task_to_the_others() -> None:
    street = a_lamp("second", "third", "fourth")
    street.cancel("second", neighbour("second"))
    street.cancel("first", neighbour("first"))
    street.deliver()
    assert street.statuses("first", "second", "third", "fourth") == ["cancelled", "cancelled", "accepted", "merged"]
    fourth = street.now("fourth")
    assert fourth.primary is not None
    assert (fourth.primary.id, street.now("third").merged) == ("third", ("fourth",))
    told = list(street.journal.envelopes)
    for event in told:
        street.hand_on(event)
    assert street.journal.envelopes == told, "however often it is heard"
    street.put_to_work("third")
    street.complete("third")
    street.deliver()
    assert street.statuses("third", "fourth") == ["completed", "completed"]


def test_what_waits_for_another_climbs_no_ladder_of_its_own() -> None:
    street = a_lamp("second")
    assert climbed(street.now("second"), EscalationReason.OVERDUE, NOON) is None
    assert climbed(street.now("first"), EscalationReason.OVERDUE, NOON) is not None


def test_what_the_counter_owned_and_is_split_off_again_is_anybodys_to_take() -> None:
    street = Together(an_order("first"), an_order("second", S.ASSIGNED, owner="a-clerk", holders=(), lead=None))
    street.merge("second", "first")
    street.split("second")
    second = street.now("second")
    taken = follow_demand(second, demand_with(a_seat(1), round=second.round), second.demand_version + 1, NOON)
    assert taken is not None
    assert (taken.aggregate.status, taken.aggregate.owner) == (S.ASSIGNED, None)


def test_a_department_that_did_it_for_several_asks_none_of_them_how_it_went() -> None:
    gas = a_whistle(status=WhistleStatus.REPORTED, leads=("m-gas",))
    primary = replace(a_ticket(S.COMPLETED, whistles=(gas,)), id="first")
    waiting = a_ticket(S.MERGED, holders=(), lead=None, primary=Primary("first", "NC-1"))
    after = merging.follow_done(waiting, primary, NOON)
    assert after is not None
    for member in ("m-gas", *(holder.member_id for holder in primary.holders)):
        with pytest.raises(Refused, match="own-work"):
            verifying.must_call(after.aggregate, an_actor(Role.DUTY, account_id=f"m-{member}", member_id=member))
