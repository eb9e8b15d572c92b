"""Taking orders in on a real service: handled on the spot, found by the phone, placed by a point on a map."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chassis.gear import offline
from chassis.ids import derived_id
from contracts.actor import Role
from contracts.commands.intake import HandleTicket, ReadCaller, ReadPasted
from contracts.commands.tickets import CancelTicket, NewPerson, ReadOwnReveals, ReadPrivate, ReworkTicket
from contracts.errors import Invalid
from contracts.places import Crs, GivenPoint
from contracts.words import Origin, PictureKind
from services.tickets.adapters.callers import MongoCallers
from services.tickets.domain.coordinates import Place, from_wgs84
from services.tickets.domain.sampling import drawn
from services.tickets.service import NAME, build
from tests.builders import COMMUNITY, an_actor
from tests.fakes.clock import FixedClock
from tests.services.tickets.kit import Running
from tests.services.tickets.test_flow import DISPATCHER, OFFICER, RESIDENT
from tests.services.tickets.test_person import Whom, erased
from tests.services.tickets.test_retention import retention

ELDER = NewPerson(name="阿依古丽·买买提", phone="000-1234-5678", address="3号楼502", form_of_address="阿依古丽阿姨")
CABLE = HandleTicket(
    item_id="flying-wires",
    area_id="heping-3-2",
    description="断开了王家的电瓶车",
    pictures=(PictureKind.BEFORE, PictureKind.AFTER),
)
IN_BUILDING_3 = Place(82.2022, 38.60423)


def a_key(sampled: bool) -> str:
    """One whose order is in the sample, or is not."""
    keys = (f"handled-{number}" for number in range(1000))
    return next(key for key in keys if drawn(COMMUNITY, derived_id(key), 0.1) is sampled)


def test_what_was_handled_is_one_event_and_becomes_an_order_when_it_was_not_solved(service: Running) -> None:
    result = service.call(OFFICER, CABLE, a_key(sampled=False)).result
    ticket_id = result["ticket_id"]
    assert result["status"] == "completed"
    told = service.hears("shiliu.ticket.handled.v1", ticket_id)["data"]
    assert (told["snapshot"]["handled_at_birth"], told["snapshot"]["area_path"][-1]) == (True, "sll-g1")
    assert "王家" not in str(service.ticket(ticket_id))

    service.call(DISPATCHER, ReworkTicket(ticket_id=ticket_id))

    accepted = service.hears("shiliu.ticket.accepted.v1", ticket_id)["data"]
    assert (accepted["terms"]["policy"], accepted["snapshot"]["rework_count"]) == ("duty", 1)
    assert service.ticket(ticket_id)["status"] == "accepted"


def test_outside_the_sample_it_closes_by_itself_and_within_it_waits_for_somebody(hasty_service: Running) -> None:
    quiet = hasty_service.call(OFFICER, CABLE, a_key(sampled=False)).result["ticket_id"]
    asked = hasty_service.call(OFFICER, CABLE, a_key(sampled=True)).result["ticket_id"]

    closed = hasty_service.reaches(quiet, "closed")
    hasty_service.hears("shiliu.ticket.callback_due.v1", asked)

    assert (closed["closed_by"], closed["resolved"]) == ("sample", False)
    assert hasty_service.ticket(asked)["status"] == "completed"


def ring(service: Running, phone: str = "000 1234 5678", actor: Any = OFFICER) -> list[Any]:
    people: list[Any] = service.call(actor, ReadCaller(phone=phone)).result["people"]
    return people


def test_whoever_rings_is_found_by_the_number_until_it_is_forgotten(service: Running) -> None:
    ticket_id = service.place(OFFICER, beneficiary=ELDER, origin=Origin.PHONE)

    (person,) = ring(service)

    assert (person["name"], [one["ticket_id"] for one in person["orders"]]) == (ELDER.name, [ticket_id])
    row = service.db["persons"].find_one({"_id": f"{ticket_id}.p"}) or {}
    assert "1234" not in str(row["phone_index"])
    (seen,) = service.db["reveals"].find({"part": "caller"})
    assert seen["concerns"] == [f"{ticket_id}.p"]
    service.call(OFFICER, CancelTicket(ticket_id=ticket_id, reason_code="withdrawn"))
    retention(service, FixedClock(datetime.now(UTC) + timedelta(days=31))).run()
    assert ring(service) == []
    assert (service.db["persons"].find_one({"_id": f"{ticket_id}.p"}) or {})["phone_index"] is None


def test_of_a_person_who_was_erased_no_index_stays(service: Running) -> None:
    ticket_id = service.place(OFFICER, beneficiary=ELDER, origin=Origin.PHONE)

    erased(service, Whom(persons=(f"{ticket_id}.p",)))

    assert ring(service) == []
    assert (service.db["persons"].find_one({"_id": f"{ticket_id}.p"}) or {})["phone_index"] is None


def test_people_of_an_older_version_get_their_index(service: Running) -> None:
    ticket_id = service.place(OFFICER, beneficiary=ELDER, origin=Origin.PHONE)
    service.db["persons"].update_one({}, {"$unset": {"phone_index": ""}})
    assert ring(service) == []

    with offline(build, service.settings, NAME) as (resources, _):
        callers = MongoCallers(service.db, resources.vault)
        assert [callers.index_older(), callers.index_older()] == [1, 0]

    assert [one["person_id"] for one in ring(service)] == [f"{ticket_id}.p"]


def test_the_person_reads_who_looked_them_up(service: Running) -> None:
    service.place(RESIDENT)
    service.call(OFFICER, ReadCaller(phone="000-0000-0000", account_ids=(RESIDENT.account_id,)))

    (row,) = service.call(RESIDENT, ReadOwnReveals()).result["reveals"]

    assert (row["part"], row["account_id"], row["ticket_id"]) == ("caller", OFFICER.account_id, None)


@pytest.mark.parametrize("crs", list(Crs))
def test_a_point_finds_the_house_in_any_system_and_is_forgotten_with_the_place(service: Running, crs: Crs) -> None:
    shown = from_wgs84(IN_BUILDING_3, crs)
    point = GivenPoint(longitude=shown.longitude, latitude=shown.latitude, crs=crs)

    ticket_id = service.place(RESIDENT, area_id=None, point=point)

    private = service.call(OFFICER, ReadPrivate(ticket_id=ticket_id, reason="上门")).result
    assert private["area_id"] == "heping-3-2"
    assert private["point"]["longitude"] == pytest.approx(IN_BUILDING_3.longitude, abs=5e-6)
    assert private["point"]["given"]["crs"] == crs
    assert "82.20" not in str(service.ticket(ticket_id))
    service.call(OFFICER, CancelTicket(ticket_id=ticket_id, reason_code="withdrawn"))
    retention(service, FixedClock(datetime.now(UTC) + timedelta(days=31))).run()
    assert service.ticket(ticket_id)["private"]["point"] is None


def test_a_point_of_another_community_is_in_no_grid_of_this_one(service: Running) -> None:
    with pytest.raises(Invalid, match="no-area-here"):
        service.place(RESIDENT, area_id=None, point=GivenPoint(longitude=116.39, latitude=39.9, crs=Crs.WGS84))


def test_a_pasted_text_is_read_against_the_demo(service: Running) -> None:
    found = service.call(OFFICER, ReadPasted(text="和平苑三号楼二单元门口有人飞线充电")).result

    assert [one["item_id"] for one in found["items"]][:1] == ["flying-wires"]
    assert [one["area_id"] for one in found["areas"]] == ["heping-3-2"]
    assert service.call(an_actor(Role.DUTY), ReadPasted(text="有人触电了")).result["danger"]["call"][0] == "120"
