"""One visit to the counter, with its parts, through RPC, the exchange and the inbox; and what races with them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import eventlet
import pytest

from chassis.settings import Settings
from contracts.actor import Role
from contracts.catalogue import GivenAnswer
from contracts.commands.counter import (
    AddPart,
    Appoint,
    CloseAtCounter,
    GiveMandate,
    HandOver,
    SeePapers,
    TakeIn,
    TakeInNew,
)
from contracts.commands.ledger import DecideRequest
from contracts.commands.tickets import (
    CancelTicket,
    CompleteTicket,
    NewPerson,
    PlaceTicket,
    ReadPrivate,
    ReworkTicket,
)
from contracts.counter import ServedAt, Signed
from contracts.errors import Conflict, DomainError, Invalid, NotFound, Refused
from contracts.words import Answer, ResultCode
from tests.builders import an_actor
from tests.services.tickets.kit import Running
from tests.services.tickets.test_flow import taken
from tests.waiting import wait_until

CLERK = an_actor(Role.DUTY, account_id="m-k-001", member_id="k-001")
COLLEAGUE = an_actor(Role.DUTY, account_id="m-k-002", member_id="k-002")
DISPATCHER = an_actor(Role.DISPATCHER)
RESIDENT = an_actor()
ELDER = NewPerson(name="古丽", phone="000-1111-2222")


AHEAD = datetime(2026, 11, 24, 2, 0, tzinfo=UTC) - datetime.now(UTC)
"""Of the wall's clock: it is a Tuesday morning here, and no holiday for weeks, on whatever day this runs."""


@pytest.fixture
def settings(settings: Settings) -> Settings:
    started = datetime.now(UTC)
    return replace(settings, clock_origin=(started + AHEAD).isoformat(), clock_started=started.isoformat())


def now() -> datetime:
    """By the service's clock."""
    return datetime.now(UTC) + AHEAD


def taken_in(service: Running, **changes: Any) -> str:
    """An order for the minimum living allowance, taken in by the clerk."""
    values: dict[str, Any] = {
        "item_id": "one-stop-counter",
        "area_id": "heping-1",
        "description": "来办低保",
        "beneficiary": ELDER,
        "businesses": ("B01",),
        **changes,
    }
    return str(service.call(CLERK, TakeInNew(**values)).result["ticket_id"])


def part_of(service: Running, whole: str, item: str = "jobs", key: str | None = None) -> str:
    """A share of the order for another department."""
    command = AddPart(ticket_id=whole, item_id=item, description="顺便登记找工作")
    return str(service.call(CLERK, command, key).result["ticket_id"])


def done_by_others(service: Running, part: str) -> None:
    """Somebody takes the part, and it is done."""
    taken(service, part)
    service.reaches(part, "assigned")
    service.call(DISPATCHER, CompleteTicket(ticket_id=part, result=ResultCode.SOLVED))


def papers(service: Running, ticket_id: str) -> tuple[str, ...]:
    """The codes of the order's list."""
    return tuple(paper["code"] for paper in service.ticket(ticket_id)["counter"]["papers"])


def close(ticket_id: str, **changes: Any) -> CloseAtCounter:
    """Solved, and the resident has signed."""
    values: dict[str, Any] = {
        "result": ResultCode.SOLVED,
        "answer": Answer.SATISFIED,
        "solved": True,
        "signed": Signed.SIGNATURE,
        **changes,
    }
    return CloseAtCounter(ticket_id=ticket_id, **values)


def row_of(service: Running, whole: str, part: str) -> str:
    """Where the part stands, as the whole knows it."""
    rows = {row["ticket_id"]: row["status"] for row in service.ticket(whole)["parts"]}
    return str(rows[part])


def test_one_intake_two_parts_one_owner_closed_by_signature(service: Running) -> None:
    whole = taken_in(service)
    told = service.hears("shiliu.ticket.taken_in.v1", whole)["data"]
    assert told["owner"] == told["snapshot"]["owner"] == "m-k-001"
    assert told["snapshot"]["counter"]["papers"]
    first, second = part_of(service, whole), part_of(service, whole, "policy-advice")
    assert [row["ticket_id"] for row in service.ticket(whole)["parts"]] == [first, second]
    service.call(CLERK, SeePapers(ticket_id=whole, seen=papers(service, whole)))

    with pytest.raises(Conflict) as refusal:
        service.call(CLERK, close(whole))
    assert refusal.value.code == "parts-open"
    for part in (first, second):
        done_by_others(service, part)
    done = service.hears("shiliu.ticket.parts_changed.v1", whole)
    assert done["data"]["part_id"] in (first, second)
    wait_until(lambda: {row_of(service, whole, part) for part in (first, second)} == {"completed"})

    assert service.call(CLERK, close(whole)).result["status"] == "closed"
    for part in (first, second):
        ended = service.reaches(part, "closed")
        assert (ended["closed_by"], ended["resolved"], ended["answer"]) == ("whole", True, None)
    assert service.ticket(whole)["closed_by"] == "counter"


def test_a_part_is_for_the_same_person_at_the_same_place_and_added_once(service: Running) -> None:
    whole = taken_in(service, requester_id="a-resident")
    part = part_of(service, whole, key="part-1")
    assert part == part_of(service, whole, key="part-1")
    assert len(service.ticket(whole)["parts"]) == 1
    kept = service.ticket(part)
    assert (kept["part_of"], kept["area_path"][-1], kept["requester_id"]) == (whole, "sll-g1", "a-resident")
    private = service.call(CLERK, ReadPrivate(ticket_id=part, reason="核对")).result
    assert (private["description"], private["area_id"]) == ("顺便登记找工作", "heping-1")
    assert private["beneficiary"]["phone"] == ELDER.phone


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"item_id": "no-such-item"}, "item_id"),
        ({"businesses": ("B99",)}, "businesses"),
        ({"appointment_at": "past"}, "appointment_at"),
        ({"follow": "another-order"}, "follow"),
        ({"item_id": "tap-and-lamp", "businesses": ()}, "item_id"),
    ],
)
def test_what_the_counter_does_not_take_in(service: Running, change: dict[str, Any], field: str) -> None:
    if "appointment_at" in change:
        change = {"appointment_at": now() - timedelta(minutes=1)}
    with pytest.raises((Invalid, Refused)) as refusal:
        taken_in(service, **change)
    assert refusal.value.field == field
    assert service.db["tickets"].count_documents({}) == 0


def test_the_business_that_a_resident_chose_need_not_be_asked_again(service: Running) -> None:
    order = PlaceTicket(
        item_id="one-stop-counter",
        area_id="heping-1",
        description="想办低保",
        answers=(GivenAnswer(question="business", choices=("B01",)),),
    )
    ordered = service.call(RESIDENT, order).result["ticket_id"]
    service.call(CLERK, TakeIn(ticket_id=ordered))
    assert service.ticket(ordered)["counter"]["businesses"] == ["B01"]
    assert "id-card" in papers(service, ordered)


def test_an_appointment_is_told_with_its_time_on_the_wall_there(service: Running) -> None:
    whole = taken_in(service, appointment_at=now() + timedelta(days=1), where=ServedAt.HOME)
    told = service.hears("shiliu.ticket.appointed.v1", whole)["data"]
    assert (told["where"], len(told["local"]), told["snapshot"]["status"]) == ("home", 16, "assigned")
    with pytest.raises(Invalid):
        service.call(CLERK, Appoint(ticket_id=whole, at=now() - timedelta(days=1)))


def test_nobody_is_told_to_come_when_the_counter_is_not_open(service: Running) -> None:
    zone = ZoneInfo("Asia/Shanghai")
    monday = (now() + timedelta(days=14)).astimezone(zone)
    monday = (monday - timedelta(days=monday.weekday())).replace(hour=9, minute=0, second=0, microsecond=0)
    closes, sunday = monday.replace(hour=17, minute=30), monday + timedelta(days=6)
    for at in (monday - timedelta(minutes=1), closes, sunday):
        with pytest.raises(Invalid) as refusal:
            taken_in(service, appointment_at=at)
        assert (refusal.value.code, refusal.value.field) == ("outside-hours", "appointment_at")
    whole = taken_in(service, appointment_at=monday)
    with pytest.raises(Invalid) as refusal:
        service.call(CLERK, Appoint(ticket_id=whole, at=sunday))
    assert refusal.value.field == "at"
    service.call(CLERK, Appoint(ticket_id=whole, at=sunday, where=ServedAt.HOME))
    service.call(CLERK, Appoint(ticket_id=whole, at=closes - timedelta(minutes=1)))


def test_missing_papers_wait_in_a_hold_that_names_them(service: Running) -> None:
    whole = taken_in(service)
    first, *rest = papers(service, whole)
    with pytest.raises(Invalid) as past:
        service.call(CLERK, SeePapers(ticket_id=whole, seen=(first,), hold_until=now() - timedelta(days=3)))
    assert past.value.field == "hold_until"
    asked = service.call(CLERK, SeePapers(ticket_id=whole, seen=(first,), hold_until=now() + timedelta(days=3))).result
    service.call(DISPATCHER, DecideRequest(ticket_id=whole, request_id=asked["request_id"], approved=True))
    held = service.hears("shiliu.ticket.held.v1", whole)["data"]
    assert [paper["code"] for paper in held["papers"]] == rest
    assert all(paper["name"]["zh"] for paper in held["papers"])
    assert len(held["local"]) == len("2026-11-24 17:00"), "until when, as people read it"
    service.call(CLERK, SeePapers(ticket_id=whole, seen=(first, *rest)))
    service.hears("shiliu.ticket.resumed.v1", whole)


def test_who_comes_for_somebody_shows_a_mandate_and_stays_sealed(service: Running) -> None:
    whole = taken_in(service, by_proxy=True, businesses=())
    with pytest.raises(Conflict) as refusal:
        service.call(CLERK, close(whole))
    assert refusal.value.code == "mandate-needed"
    service.call(CLERK, GiveMandate(ticket_id=whole, name="帕提古丽", phone="000-3333-4444", picture_id="p-1"))
    assert "帕提古丽" not in str(service.ticket(whole)) + str(service.published())
    notes = service.call(CLERK, ReadPrivate(ticket_id=whole, reason="核对")).result["notes"]
    assert [(note["action"], note["text"]) for note in notes] == [("mandate", "帕提古丽 000-3333-4444")]
    assert service.call(CLERK, close(whole)).result["status"] == "closed"


def test_no_slip_opens_a_business_for_which_one_comes_oneself(service: Running) -> None:
    whole = taken_in(service, businesses=("B01",))
    with pytest.raises(Invalid) as refusal:
        service.call(CLERK, GiveMandate(ticket_id=whole, name="帕提古丽", picture_id="p-1"))
    assert (refusal.value.code, refusal.value.field) == ("in-person", "name")
    assert not service.ticket(whole)["counter"]["mandate"]


def test_an_owner_sees_to_it_until_it_is_handed_over(service: Running) -> None:
    whole = taken_in(service, businesses=())
    for command in (close(whole), CompleteTicket(ticket_id=whole, result=ResultCode.SOLVED)):
        with pytest.raises(Refused) as refusal:
            service.call(COLLEAGUE, command)
        assert refusal.value.code == "owner-only"
    with pytest.raises(NotFound):
        service.call(RESIDENT, TakeIn(ticket_id=whole))
    service.call(CLERK, HandOver(ticket_id=whole, to_account="m-k-002", reason_code="end_of_shift"))
    assert service.call(COLLEAGUE, close(whole)).result["status"] == "closed"


def test_parts_are_off_with_their_whole_and_a_part_done_again_opens_it(service: Running) -> None:
    whole = taken_in(service, businesses=())
    part = part_of(service, whole)
    done_by_others(service, part)
    wait_until(lambda: row_of(service, whole, part) == "completed")
    service.call(CLERK, CompleteTicket(ticket_id=whole, result=ResultCode.SOLVED, signed=True))
    service.call(DISPATCHER, ReworkTicket(ticket_id=part))
    service.reaches(whole, "in_progress")
    service.call(DISPATCHER, CancelTicket(ticket_id=whole, reason_code="no_longer_needed", go_to="hotline_12345"))
    assert service.reaches(part, "cancelled")["resolved"] is False


def test_no_part_is_lost_when_its_whole_ends_at_the_same_moment(service: Running) -> None:
    def tried(do: Callable[[], Any]) -> str:
        try:
            do()
        except DomainError as refusal:
            return refusal.code
        return "done"

    pool = eventlet.GreenPool(4)
    for _ in range(6):
        whole = taken_in(service, businesses=())
        adding = pool.spawn(tried, lambda whole=whole: part_of(service, whole))
        closing = pool.spawn(tried, lambda whole=whole: service.call(CLERK, close(whole)))
        added, closed = adding.wait(), closing.wait()
        parts = service.ticket(whole)["parts"]
        assert service.db["tickets"].count_documents({"part_of": whole}) == len(parts)
        assert (added, closed) in {("done", "parts-open"), ("order-ended", "done"), ("illegal-transition", "done")}
