"""The ledger on the real database: whatever meets, a request is decided once, an order waits for what was granted."""

from collections.abc import Callable
from datetime import timedelta

from contracts.actor import Role
from contracts.commands import Outcome
from contracts.commands.ledger import AskFor, DecideRequest, ResumeTicket
from contracts.commands.tickets import CancelTicket, CompleteTicket
from contracts.ledger import RequestKind
from contracts.words import ResultCode
from tests.builders import an_actor
from tests.services.tickets.kit import Running
from tests.services.tickets.test_flow import taken
from tests.services.tickets.test_merging import at_once

RESIDENT = an_actor()
OFFICER = an_actor(Role.DUTY)
DISPATCHER = an_actor(Role.DISPATCHER)
SECRETARY = an_actor(Role.SECRETARY)
TRIES = 3
"""So often each race is run: who is first changes."""
DAY = timedelta(days=1)


def assigned(service: Running) -> str:
    order = service.place(RESIDENT)
    taken(service, order)
    service.reaches(order, "assigned")
    return order


def asking(service: Running, order: str, kind: RequestKind = RequestKind.HOLD) -> str:
    """The request's id."""
    placed_at = service.ticket(order)["times"]["placed_at"]
    until = placed_at + 9 * DAY if kind is RequestKind.HOLD else None
    ask = AskFor(ticket_id=order, kind=kind, reason_code="parts_missing", until=until, note="等配件")
    return str(service.call(OFFICER, ask).result["request_id"])


def deciding(service: Running, order: str, request: str, *, approved: bool = True) -> Callable[[], Outcome]:
    """Whoever decides it; the refusal comes from another account."""
    decision = DecideRequest(ticket_id=order, request_id=request, approved=approved)
    return lambda: service.call(DISPATCHER if approved else SECRETARY, decision)


def test_a_hold_is_asked_for_granted_and_ended(service: Running) -> None:
    order = assigned(service)
    before = service.ticket(order)["deadlines"]
    request = asking(service, order)
    made = service.hears("shiliu.ticket.request_made.v1", order)
    assert (made["data"]["approver"], made["data"]["asked_as"]) == ("desk", "duty")
    deciding(service, order, request)()
    held = service.hears("shiliu.ticket.held.v1", order)
    assert held["data"]["until"] == held["data"]["snapshot"]["held"][0]["until"]
    doc = service.ticket(order)
    assert doc["deadlines"]["resolve_by"] > before["resolve_by"]
    assert {entry["key"].partition(":")[0] for entry in doc["due"]} >= {"hold", "near", "overdue"}
    assert "等配件" not in str(service.published())
    service.call(OFFICER, ResumeTicket(ticket_id=order))
    after = service.ticket(order)
    assert after["held"][0]["ended_by"] == "staff"
    assert after["deadlines"]["resolve_by"] - before["resolve_by"] < DAY
    assert not [entry for entry in after["due"] if entry["key"].startswith("hold")]


def test_two_decide_at_once_and_one_of_them_does(service: Running) -> None:
    for _ in range(TRIES):
        order = assigned(service)
        request = asking(service, order, RequestKind.RETURN)
        yes, no = (deciding(service, order, request, approved=approved) for approved in (True, False))
        answers = at_once(yes, no)
        assert sorted(answers) == ["decided-already", "yes"]
        doc = service.ticket(order)
        granted = answers[0] == "yes"
        assert doc["ledger"][0]["state"] == ("approved" if granted else "refused")
        assert (doc["status"], doc["returns"]) == (("accepted", 1) if granted else ("assigned", 0))


def test_a_grant_meets_the_end_of_the_order(service: Running) -> None:
    ends: tuple[Callable[[str], Outcome], ...] = (
        lambda order: service.call(SECRETARY, CompleteTicket(ticket_id=order, result=ResultCode.PARTLY)),
        lambda order: service.call(SECRETARY, CancelTicket(ticket_id=order, reason_code="not_ours", go_to="property")),
    )
    for end in ends:
        for _ in range(TRIES):
            order = assigned(service)
            request = asking(service, order)
            answers = at_once(deciding(service, order, request), lambda order=order, end=end: end(order))  # type: ignore[misc]
            assert answers[1] == "yes"
            doc = service.ticket(order)
            assert doc["ledger"][0]["state"] == ("approved" if answers[0] == "yes" else "lapsed")
            assert [hold["ended_at"] is not None for hold in doc["held"]] == [True] * (answers[0] == "yes")
            assert not [entry for entry in doc.get("due", ()) if entry["key"].startswith(("hold", "request"))]


def test_several_ask_for_the_same_at_once(service: Running) -> None:
    order = assigned(service)
    ask = AskFor(ticket_id=order, kind=RequestKind.RETURN, reason_code="beyond_us")
    answers = at_once(*(lambda: service.call(OFFICER, ask) for _ in range(4)))
    assert sorted(answers) == ["asked-already"] * 3 + ["yes"]
    assert len(service.ticket(order)["ledger"]) == 1
