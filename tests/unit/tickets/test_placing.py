"""Placing an order: what is accepted, what is refused with which field, and that nothing typed stays readable."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from contracts.actor import Grant, Role
from contracts.commands import Call
from contracts.commands.tickets import NewPerson, PlaceTicket
from contracts.errors import DomainError, KeyReused, Refused
from contracts.events.tickets import TicketAccepted, TicketSubmitted
from contracts.words import Origin, Policy, TicketStatus, Urgency, WhoMay
from services.tickets.application.time_limits import TimeLimits
from services.tickets.domain.catalogue import Seats
from services.tickets.domain.work_calendar import UnknownYear
from tests.builders import AREA_PATH, COMMUNITY, NOON, TICKET_ID, a_meta, an_actor
from tests.unit.tickets.builders import a_community, a_grid, an_item, some_time_limits
from tests.unit.tickets.house import House

OFFICER = an_actor(Role.DUTY)
MOTHER = NewPerson(name="阿依古丽·买买提", phone="000-1111-2222", address="1号楼2单元301", form_of_address="阿姨")


def test_an_order_without_review_is_accepted_at_once_by_one_event() -> None:
    house = House()
    result = house.place()
    assert result == {"ticket_id": TICKET_ID, "number": "NC-261121-0001", "status": "accepted"}
    (event,) = house.tickets.events
    assert isinstance(event, TicketAccepted)
    ticket = house.tickets.rows[TICKET_ID]
    assert (ticket.status, ticket.area_path, ticket.terms) == (TicketStatus.ACCEPTED, AREA_PATH, event.terms)
    assert (ticket.requester_id, ticket.beneficiary_id) == ("a-resident", None)
    assert ticket.times.placed_at == ticket.times.accepted_at == NOON


def test_an_order_has_its_deadlines_from_the_moment_it_is_placed() -> None:
    house = House()
    house.place()
    promised = house.tickets.rows[TICKET_ID].deadlines
    assert promised is not None
    shanghai = ZoneInfo("Asia/Shanghai")
    assert (promised.respond_warn_at, promised.respond_by) == (NOON + timedelta(hours=18), NOON + timedelta(days=1))
    # Ordered on a Saturday: the third working day after it is Wednesday, and ends with business.
    assert NOON.astimezone(shanghai).strftime("%a %H:%M") == "Sat 12:00"
    assert promised.resolve_by == datetime(2026, 11, 25, 18, tzinfo=shanghai)
    assert house.tickets.rows[TICKET_ID].snapshot().deadlines == promised


def test_danger_has_the_deadlines_of_an_emergency_and_staff_may_make_an_order_urgent() -> None:
    house = House()
    house.place(description="插座冒火花")
    house.place(OFFICER, "t-2", beneficiary=MOTHER, urgency=Urgency.URGENT)
    emergency, urgent = (house.tickets.rows[id].deadlines for id in (TICKET_ID, "t-2"))
    assert emergency is not None
    assert urgent is not None
    assert (emergency.respond_by - NOON, emergency.resolve_by - NOON) == (timedelta(minutes=15), timedelta(hours=4))
    assert (urgent.respond_by - NOON, urgent.resolve_by - NOON) == (timedelta(hours=2), timedelta(days=1))


def test_no_order_is_refused_for_a_year_whose_holidays_are_unknown_and_operators_hear_of_it_once() -> None:
    told: list[str] = []

    def unknown(day: date) -> bool:
        raise UnknownYear(day.year)

    limits = TimeLimits(unknown, lambda event, **fields: told.append(f"{event} {fields['year']}"))
    for _ in range(2):
        promised = limits.of(an_item(), a_community(), Urgency.ORDINARY, NOON)
        assert promised == some_time_limits().of(an_item(), a_community(), Urgency.ORDINARY, NOON)
    assert told == ["calendar.year_unknown 2026"]


def test_an_order_that_needs_review_waits_without_terms() -> None:
    house = House()
    house.items["tap-and-lamp"] = an_item(review=True)
    assert house.place()["status"] == "submitted"
    assert house.tickets.events == [TicketSubmitted()]
    assert house.tickets.rows[TICKET_ID].terms is None


def test_what_was_typed_is_sealed_and_the_exact_place_too() -> None:
    house = House()
    house.place(OFFICER, beneficiary=MOTHER, description="我妈瘫痪在床")
    ticket = house.tickets.rows[TICKET_ID]
    for word in ("瘫痪", "heping-1", "阿依古丽", "000-1111-2222", "301"):
        assert word not in repr(ticket)
        assert word not in repr(house.tickets.events)
    assert house.sealing.open_description(ticket) == "我妈瘫痪在床"
    assert house.sealing.open_area(ticket) == "heping-1"


def test_a_beneficiary_without_account_goes_to_the_vault_under_an_id_that_follows_from_the_order() -> None:
    house = House()
    house.place(OFFICER, beneficiary=MOTHER, requester_id="a-daughter", origin=Origin.PHONE)
    ticket = house.tickets.rows[TICKET_ID]
    assert (ticket.requester_id, ticket.beneficiary_id) == ("a-daughter", f"{TICKET_ID}.p")
    person = house.persons.rows[f"{TICKET_ID}.p"]
    assert (person.details, person.known_to) == (MOTHER, "a-daughter")


def test_staff_order_for_nobody_with_an_account() -> None:
    house = House()
    house.place(OFFICER, beneficiary=MOTHER, origin=Origin.WALK_IN)
    assert house.tickets.rows[TICKET_ID].requester_id is None


def test_the_same_command_again_gives_the_same_order_and_another_body_is_refused() -> None:
    house = House()
    first = house.place()
    assert house.place() == first
    assert house.tickets.writes == 1
    command = PlaceTicket(item_id="tap-and-lamp", area_id="heping-1", description="别的")
    meta = replace(a_meta(command_id=f"place-{TICKET_ID}"), body_hash="another")
    with pytest.raises(KeyReused):
        house.placing.place(Call(command, meta))


def test_a_refused_repeat_leaves_nobody_in_the_vault() -> None:
    house = House()
    house.place(OFFICER, origin=Origin.PHONE)
    command = PlaceTicket(
        item_id="tap-and-lamp", area_id="heping-1", description="滴水", origin=Origin.PHONE, beneficiary=MOTHER
    )
    meta = replace(a_meta(OFFICER, command_id=f"place-{TICKET_ID}"), body_hash="another")
    with pytest.raises(KeyReused):
        house.placing.place(Call(command, meta))
    assert house.persons.rows == {}
    assert set(house.vault.sealed_for) == {TICKET_ID}


def test_what_is_private_is_sealed_for_whom_the_order_is_about() -> None:
    house = House()
    house.place(an_actor(account_id="a-resident"))
    assert set(house.vault.sealed_for) == {"a-resident"}
    house = House()
    house.place(OFFICER, origin=Origin.PHONE, beneficiary=MOTHER)
    assert set(house.vault.sealed_for) == {house.tickets.rows[TICKET_ID].beneficiary_id}
    house = House()
    house.place(OFFICER, origin=Origin.PATROL)
    assert set(house.vault.sealed_for) == {TICKET_ID}


def test_nothing_is_ordered_for_a_person_who_was_erased() -> None:
    house = House()
    house.vault.erased.add("a-resident")
    with pytest.raises(Refused, match="person-erased"):
        house.place(an_actor(account_id="a-resident"))
    assert TICKET_ID not in house.tickets.rows


def test_a_repeat_that_the_order_no_longer_remembers_makes_no_second_one() -> None:
    house = House()
    first = house.place()
    house.tickets.memory.clear()
    assert house.place() == first
    assert len(house.tickets.events) == 1


def test_a_repeat_is_answered_the_same_although_the_item_can_no_longer_be_ordered() -> None:
    house = House()
    first = house.place(seats=3)
    for retired in (an_item(policy=Policy.SESSION), an_item(seats=Seats(min=1, max=1))):
        house.items["tap-and-lamp"] = retired
        assert house.place(seats=3) == first
        with pytest.raises(DomainError):
            house.place(seats=3, created_id="another")
    assert house.tickets.writes == 1


def test_danger_goes_in_as_an_emergency_for_duty_staff_and_says_whom_to_call() -> None:
    house = House()
    result = house.place(description="老人昏倒了")
    assert result["danger"]["call"] == ["120", "119", "110"]
    assert "120" in result["danger"]["zh"]
    assert result["status"] == "accepted"
    ticket = house.tickets.rows[TICKET_ID]
    assert ticket.urgency is Urgency.EMERGENCY
    assert ticket.terms is not None
    assert (ticket.terms.who_may, ticket.terms.expiry_minutes) == (WhoMay.DUTY, 3)


def test_an_ordinary_order_says_nothing_of_danger() -> None:
    assert "danger" not in House().place()


def test_numbers_count_per_local_day() -> None:
    house = House()
    house.place(created_id="t1")
    house.clock.advance(hours=11.5)
    house.place(created_id="t2")
    house.clock.advance(hours=1)
    house.place(created_id="t3")
    numbers = [house.tickets.rows[id].number for id in ("t1", "t2", "t3")]
    assert numbers == ["NC-261121-0001", "NC-261121-0002", "NC-261122-0001"]


REFUSALS: list[tuple[dict[str, Any], str, str]] = [
    ({"item_id": "no-such"}, "unknown-item", "item_id"),
    ({"area_id": "nowhere"}, "unknown-area", "area_id"),
    ({"area_id": "sll"}, "area-too-wide", "area_id"),
    ({"seats": 9}, "seats-out-of-bounds", "seats"),
    ({"requester_id": "a-somebody"}, "staff-only", "requester_id"),
    ({"origin": Origin.PATROL}, "not-your-origin", "origin"),
    ({"urgency": Urgency.EMERGENCY}, "staff-set-urgency", "urgency"),
    ({"beneficiary_id": "p-unknown"}, "unknown-person", "beneficiary_id"),
    ({"beneficiary": MOTHER, "beneficiary_id": "p-1"}, "two-beneficiaries", "beneficiary_id"),
    ({"beneficiary": NewPerson(name=" \u202e ")}, "name-needed", "beneficiary.name"),
]


@pytest.mark.parametrize(("changes", "code", "field"), REFUSALS)
def test_what_cannot_be_ordered_names_its_field(changes: dict[str, Any], code: str, field: str) -> None:
    house = House()
    with pytest.raises(DomainError) as refusal:
        house.place(**changes)
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert house.tickets.writes == 0
    assert house.persons.rows == {}


def test_a_phone_number_is_no_account() -> None:
    with pytest.raises(DomainError, match="not-an-account"):
        House().place(OFFICER, requester_id="13800001111")


def test_items_and_areas_of_another_community_do_not_exist_here() -> None:
    house = House()
    house.items["theirs"] = an_item(id="theirs", community_id="elsewhere")
    house.areas["their-grid"] = a_grid(id="their-grid", community_id="elsewhere")
    for changes, code in (({"item_id": "theirs"}, "unknown-item"), ({"area_id": "their-grid"}, "unknown-area")):
        with pytest.raises(DomainError, match=code):
            house.place(**changes)


def test_items_by_booking_are_refused_with_a_sentence() -> None:
    house = House()
    house.items["tap-and-lamp"] = an_item(policy=Policy.BOOKING)
    with pytest.raises(DomainError, match="not-orderable-yet"):
        house.place()


def test_a_known_person_may_be_named_by_staff_and_by_those_who_named_them() -> None:
    house = House()
    house.place(beneficiary=MOTHER, created_id="t1")
    for number, actor in enumerate((OFFICER, an_actor())):
        house.place(actor, beneficiary_id="t1.p", created_id=f"again-{number}")
    with pytest.raises(DomainError, match="unknown-person"):
        house.place(an_actor(account_id="a-stranger"), beneficiary_id="t1.p", created_id="t9")


def test_a_machine_may_say_where_an_order_comes_from() -> None:
    house = House()
    house.place(an_actor(Role.CLIENT), origin=Origin.DEVICE, urgency=Urgency.URGENT)
    ticket = house.tickets.rows[TICKET_ID]
    assert (ticket.origin, ticket.urgency, ticket.requester_id) == (Origin.DEVICE, Urgency.URGENT, "a-client")
    assert ticket.community_id == COMMUNITY


@pytest.mark.parametrize(
    ("area", "code"), [("sll-g1", None), ("heping-1", None), (None, None), ("sll-g2", "unknown-area")]
)
def test_a_machine_orders_where_it_was_opened_for(area: str | None, code: str | None) -> None:
    house, machine = House(), an_actor(Role.CLIENT, grants=(Grant(Role.CLIENT, area),))
    if code is None:
        assert house.place(machine)["status"] == "accepted"
    else:
        with pytest.raises(DomainError) as refusal:
            house.place(machine)
        assert refusal.value.code == code
