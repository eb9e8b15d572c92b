"""Merging and splitting on the real database: whatever meets, the two orders agree in the end."""

from collections.abc import Callable
from typing import Any

from contracts.actor import Role
from contracts.commands import Outcome
from contracts.commands.merging import MergeTickets, SplitTicket
from contracts.commands.tickets import CancelTicket, CompleteTicket, ConfirmTicket, ReworkTicket
from contracts.events.volunteers import AssignmentMade
from contracts.words import Answer, ResultCode
from tests.at_once import at_once
from tests.builders import a_demand_snapshot, a_holder, an_actor
from tests.services.tickets.kit import Running

DISPATCHER = an_actor(Role.DISPATCHER)
TRIES = 3
"""So often each race is run: who is first changes."""


def lamp(service: Running, *names: str) -> list[str]:
    """An order of each of them."""
    return [service.place(an_actor(account_id=f"a-{name}"), item_id="stairwell-lamp") for name in names]


def taken(service: Running, ticket_id: str) -> None:
    """A member has it."""
    seat = a_holder(assignment_id=f"{ticket_id}.s1.1", member_id="m-1")
    event = AssignmentMade(assignment_id=seat.assignment_id, member_id="m-1", offer_id=None)
    service.tell(event, a_demand_snapshot(id=ticket_id, holders=(seat,)), 2)
    service.reaches(ticket_id, "assigned")


def merging(service: Running, one: str, into: str) -> Callable[[], Outcome]:
    return lambda: service.call(DISPATCHER, MergeTickets(ticket_id=one, into=into))


def completing(service: Running, one: str) -> Callable[[], Outcome]:
    return lambda: service.call(DISPATCHER, CompleteTicket(ticket_id=one, result=ResultCode.SOLVED))


def test_four_neighbours_one_lamp_and_one_who_is_not_content(service: Running) -> None:
    first, *others = lamp(service, "r1", "r2", "r3", "r4")
    for other in others:
        merging(service, other, first)()
    taken(service, first)
    completing(service, first)()
    for other in others:
        service.reaches(other, "completed")
    content = ConfirmTicket(ticket_id=first, answer=Answer.SATISFIED, solved=True)
    service.call(an_actor(account_id="a-r1"), content)
    service.call(an_actor(account_id="a-r4"), ReworkTicket(ticket_id=others[2], note="三楼还是黑的"))
    again = service.reaches(first, "in_progress")
    assert (again["rework_count"], again["said"]["answer"]) == (1, "satisfied")
    completing(service, first)()
    service.reaches(others[2], "completed")
    assert service.ticket(first)["status"] == "closed"
    assert [service.ticket(other)["status"] for other in others] == ["completed"] * 3


def test_what_is_merged_at_once_makes_no_circle_and_loses_none(service: Running) -> None:
    for _ in range(TRIES):
        one, other = lamp(service, "r1", "r2")
        answers = at_once(merging(service, one, other), merging(service, other, one))
        assert sorted(answers)[-1] == "yes"
        assert answers.count("yes") == 1, answers
        merged, primary = (one, other) if answers[0] == "yes" else (other, one)
        assert service.ticket(merged)["primary"]["id"] == primary
        assert (service.ticket(primary)["primary"], service.ticket(primary)["merged"]) == (None, [merged])
        assert service.ticket(merged)["merged"] == []

    first, *others = lamp(service, *(f"r{number}" for number in range(6)))
    answers = at_once(*(merging(service, other, first) for other in others))
    for other, answer in zip(others, answers, strict=True):
        assert answer in {"yes", "try-again"}
        assert (service.ticket(other)["status"] == "merged") is (answer == "yes")
    assert sorted(service.ticket(first)["merged"]) == sorted(
        other for other, answer in zip(others, answers, strict=True) if answer == "yes"
    )


RACES: dict[str, tuple[Any, str, tuple[str, str]]] = {
    # what happens to the one meanwhile: (the other's status if the merge came first, if it came too late)
    "cancelled": (
        lambda service, first: service.call(
            DISPATCHER, CancelTicket(ticket_id=first, reason_code="not_ours", go_to="property")
        ),
        "cancelled",
        ("cancelled", "accepted"),
    ),
    "completed": (lambda service, first: completing(service, first)(), "completed", ("completed", "accepted")),
}


def test_merged_into_one_that_ends_at_that_moment(service: Running) -> None:
    for what in [*RACES] * TRIES:
        end, status, (together, alone) = RACES[what]
        first, second = lamp(service, "r1", "r2")
        taken(service, first)
        merged, ended = at_once(merging(service, second, first), lambda end=end, first=first: end(service, first))  # type: ignore[misc]
        assert ended in {"yes", "try-again"}
        if ended == "try-again":
            end(service, first)
        service.reaches(first, status)
        service.reaches(second, together if merged == "yes" else alone)


def test_split_off_or_withdrawn_while_the_one_is_done(service: Running) -> None:
    for _ in range(TRIES):
        first, second = lamp(service, "r1", "r2")
        merging(service, second, first)()
        taken(service, first)
        split, done = at_once(
            lambda second=second: service.call(DISPATCHER, SplitTicket(ticket_id=second)),  # type: ignore[misc]
            completing(service, first),
        )
        if done == "try-again":
            completing(service, first)()
        service.reaches(first, "completed")
        service.reaches(second, "accepted" if split == "yes" else "completed")
        assert service.ticket(first)["merged"] == ([] if split == "yes" else [second])

    resident, withdrawal = an_actor(account_id="a-r2"), "withdrawn"
    for _ in range(TRIES):
        first, second = lamp(service, "r1", "r2")
        merging(service, second, first)()
        taken(service, first)
        withdraw = CancelTicket(ticket_id=second, reason_code=withdrawal)
        answers = at_once(lambda withdraw=withdraw: service.call(resident, withdraw), completing(service, first))  # type: ignore[misc]
        service.reaches(second, "cancelled" if answers[0] == "yes" else "completed")
        service.reaches(first, "completed")
