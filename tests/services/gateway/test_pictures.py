"""Pictures through HTTP on the real database: who sends, lists, sees and takes away; what is kept and what is not."""

import json
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from gridfs import GridFSBucket
from PIL import Image
from pymongo.database import Database

from contracts.actor import STAFF, Actor, Grant, Role
from contracts.commands.tickets import AdmitPicture, RevealPicture
from contracts.errors import NotFound, Refused
from contracts.events.tickets import TicketAccepted, TicketCancelled
from contracts.events.volunteers import AssignmentMade
from contracts.words import PictureKind, SeatStatus, Text, TicketStatus
from gateway.api import schemas
from gateway.api.app import make_app
from gateway.api.desk import Desk
from gateway.pictures.files import Size
from tests.builders import (
    ASSIGNMENT_ID,
    MEMBER_ID,
    NOON,
    OFFER_ID,
    TICKET_ID,
    a_demand_snapshot,
    a_holder,
    a_member_actor,
    a_ticket_snapshot,
    an_actor,
    an_envelope,
    an_offer_change,
    some_terms,
)
from tests.fakes.desk import a_desk, some_pictures
from tests.fakes.rpc import FakeRpc
from tests.fakes.vault import FakeVault
from tests.services.gateway.api import Api
from tests.services.gateway.sending import a_jpeg

Document = dict[str, Any]
DAUGHTER = an_actor(Role.RESIDENT, account_id="a-daughter")
CREW = a_member_actor()
OFFICER = an_actor(Role.DUTY)
STRANGERS = [
    an_actor(account_id="a-stranger"),
    a_member_actor("m-other"),
    an_actor(Role.DUTY, grants=(Grant(Role.DUTY, "sll-g3"),)),
]
PATH = f"/tickets/{TICKET_ID}/pictures"
MARK = b"SECRET-7431"
NO_SUCH = NotFound("no-such-ticket", Text("没有", "none"))
ASSIGNED = {"requester_id": "a-daughter", "status": TicketStatus.ASSIGNED}


def a_picture(colour: str = "red") -> bytes:
    return a_jpeg(colour, (90, 60), comment=MARK)


@pytest.fixture
def vault() -> FakeVault:
    return FakeVault()


@pytest.fixture
def desk(db: Database[Document], rpc: FakeRpc, vault: FakeVault) -> Desk:
    return a_desk(db, rpc, pictures=some_pictures(db, vault))


@pytest.fixture
def house(api: Api, rpc: FakeRpc, seen: Any) -> Api:
    """An assigned order, and tickets that admits its crew."""
    snapshot = a_ticket_snapshot(**ASSIGNED)
    made = AssignmentMade(
        assignment_id=ASSIGNMENT_ID, member_id=MEMBER_ID, offer_id=OFFER_ID, offers=(an_offer_change(),)
    )
    seen(
        an_envelope(TicketAccepted(terms=some_terms()), snapshot),
        an_envelope(made, a_demand_snapshot(holders=(a_holder(status=SeatStatus.TAKEN),))),
    )
    admits(rpc, "assignee")
    rpc.will("tickets.reveal_picture", {"relation": "assignee"})
    return api


def admits(rpc: FakeRpc, relation: str, subject: str = "p-chen") -> None:
    rpc.will("tickets.admit_picture", {"relation": relation, "subject": subject})


def send(
    api: Api,
    data: bytes | None = None,
    status: int = 201,
    actor: Actor = CREW,
    query: str = "kind=after",
    key: str | None = None,
    **request: Any,
) -> Any:
    headers = api.headers(actor) | ({"Idempotency-Key": key} if key else {})
    given = {"data": a_picture() if data is None else data, "content_type": "image/jpeg"} | request
    response = api.client.post(f"/api/v1{PATH}?{query}", headers=headers, **given)
    assert response.status_code == status, response.text
    return json.loads(response.data)


def fetch(api: Api, actor: Actor, path: str, status: int = 200) -> Any:
    response = api.client.get(path, headers=api.headers(actor))
    assert response.status_code == status, response.text
    return response


def test_a_picture_is_sent_listed_and_seen(house: Api, rpc: FakeRpc) -> None:
    picture = send(house)
    assert schemas.PICTURE.validate(picture) == {}
    assert rpc.last.command == AdmitPicture(ticket_id=TICKET_ID, kind=PictureKind.AFTER)
    assert (picture["kind"], picture["by"], picture["width"]) == ("after", "assignee", 90)
    listed = house.get(OFFICER, PATH, schema=schemas.PICTURES)["items"]
    assert [item["id"] for item in listed] == [picture["id"]]
    for link, width in (("full", 90), ("small", 64)):
        response = fetch(house, CREW, picture["links"][link])
        assert rpc.last.command == RevealPicture(ticket_id=TICKET_ID, picture_id=picture["id"])
        with Image.open(BytesIO(response.data)) as image:
            assert (image.format, image.width) == ("JPEG", width)


def test_it_is_served_as_a_picture_and_nothing_else(house: Api) -> None:
    response = fetch(house, CREW, send(house)["links"]["full"])
    headers = response.headers
    assert headers["Content-Type"] == "image/jpeg"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Disposition"].startswith("inline; filename=")
    assert "sandbox" in headers["Content-Security-Policy"]
    assert MARK not in response.data


def test_the_order_lists_its_pictures_for_whom_they_concern(house: Api, rpc: FakeRpc, seen: Any) -> None:
    picture = send(house)
    for actor in (DAUGHTER, CREW, OFFICER):
        ticket = house.get(actor, f"/tickets/{TICKET_ID}", schema=schemas.TICKET)
        assert [(one["id"], one["kind"], one["by"]) for one in ticket["pictures"]] == [
            (picture["id"], "after", "assignee")
        ]
    done = a_ticket_snapshot(**(ASSIGNED | {"status": TicketStatus.COMPLETED}))
    seen(an_envelope(TicketAccepted(terms=some_terms()), done, version=2))
    assert house.get(CREW, f"/tickets/{TICKET_ID}")["pictures"] == []
    house.get(CREW, PATH, 404)
    assert len(house.get(DAUGHTER, f"/tickets/{TICKET_ID}")["pictures"]) == 1


def test_nothing_that_is_kept_can_be_read_without_the_vault(house: Api, db: Database[Document]) -> None:
    send(house)
    row = db["pictures"].find_one() or {}
    kept = b"".join(chunk["data"] for chunk in db["attachments.chunks"].find())
    assert row["key"].startswith(b"sealed-")
    assert b"JFIF" not in kept
    assert len(kept) > 500
    assert [doc["filename"] for doc in db["attachments.files"].find()] == [row["_id"]] * 2


def test_the_same_upload_twice_is_one_picture(house: Api, db: Database[Document], rpc: FakeRpc) -> None:
    first = send(house, key="once")
    asked = len(rpc.asked)
    assert send(house, key="once") == first
    assert len(rpc.asked) == asked
    form = {"data": {"picture": (BytesIO(a_picture()), "私密的名字.jpg")}, "content_type": "multipart/form-data"}
    assert send(house, key="once", **form) == first
    assert send(house, a_picture("blue"), 422, key="once")["code"] == "key-reused"
    assert send(house, None, 422, key="once", query="kind=before")["code"] == "key-reused"
    assert send(house, key="once", actor=OFFICER)["id"] != first["id"]
    assert db["pictures"].count_documents({}) == 2
    assert db["attachments.files"].count_documents({}) == 4


def test_a_form_will_do_and_its_file_name_is_not_kept(house: Api, db: Database[Document]) -> None:
    form = {"data": {"picture": (BytesIO(a_picture()), "私密的名字.jpg")}, "content_type": "multipart/form-data"}
    send(house, **form)
    assert "私密" not in str([*db["pictures"].find(), *db["attachments.files"].find()])


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"data": b"no picture"}, 422, "not-a-picture"),
        ({"data": b""}, 422, "no-picture"),
        ({"content_type": "text/html"}, 415, "picture-needed"),
        ({"content_type": "application/json", "data": b"{}"}, 415, "picture-needed"),
        ({"content_type": "multipart/form-data; boundary=x", "data": b"--x\r\n\r\nbroken"}, 422, "no-picture"),
        ({"content_type": "multipart/form-data", "data": {"other": (BytesIO(b"x"), "x")}}, 422, "no-picture"),
        ({"query": "kind=selfie"}, 422, "invalid-request"),
        ({"query": ""}, 422, "invalid-request"),
        ({"query": "kind=after&name=x"}, 422, "invalid-request"),
        ({"query": "kind=after&shows_person=true"}, 422, "consent-needed"),
        ({"query": "kind=after&consent=public"}, 422, "no-person"),
        ({"data": b"\0" * 24_000}, 422, "not-a-picture"),
        ({"data": b"\0" * 30_000}, 413, "too-large"),
    ],
)
def test_what_is_no_picture_is_refused_in_words(
    house: Api, db: Database[Document], given: dict[str, Any], status: int, code: str
) -> None:
    assert send(house, status=status, **given)["code"] == code
    assert db["pictures"].count_documents({}) == 0
    assert db["attachments.files"].count_documents({}) == 0


def test_a_person_is_shown_with_their_word_alone(house: Api, rpc: FakeRpc) -> None:
    picture = send(house, query="kind=after&shows_person=true&consent=record")
    assert (picture["shows_person"], picture["consent"]) == (True, "record")
    assert rpc.last.command.shows_person is True


def test_who_no_longer_agrees_has_the_picture_of_them_taken_away(house: Api, rpc: FakeRpc) -> None:
    thing, person = send(house), send(house, query="kind=after&shows_person=true&consent=record")
    for purpose, about in (("picture_record", thing), ("care_list", person), ("picture_record", person)):
        assert person["id"] in [one["id"] for one in house.get(OFFICER, PATH)["items"]]
        rpc.will("tickets.withdraw_consent", {"consent_id": "c-1", "purpose": purpose, "about": about["id"]})
        house.post(OFFICER, "/consents/c-1/withdraw", {"how": "call"})
    assert [one["id"] for one in house.get(OFFICER, PATH)["items"]] == [thing["id"]]


def test_a_consent_about_the_picture_of_others_takes_nothing_away(house: Api, rpc: FakeRpc) -> None:
    """Found broken: a consent names its picture freely, so that anybody could delete any picture of a person."""
    person = send(house, query="kind=after&shows_person=true&consent=record")
    of_a_stranger = {"consent_id": "c-1", "purpose": "picture_record", "person_id": "a-stranger", "about": person["id"]}
    rpc.will("tickets.withdraw_consent", of_a_stranger)
    for stranger in STRANGERS:
        house.post(stranger, "/consents/c-1/withdraw", {})
    assert [one["id"] for one in house.get(OFFICER, PATH)["items"]] == [person["id"]]
    rpc.will("tickets.withdraw_consent", {**of_a_stranger, "person_id": "p-chen"})
    house.post(STRANGERS[0], "/consents/c-1/withdraw", {})
    assert house.get(OFFICER, PATH)["items"] == []


def test_who_tickets_does_not_admit_sends_nothing(house: Api, rpc: FakeRpc, db: Database[Document]) -> None:
    rpc.on("tickets.admit_picture", Refused("no-pictures-here", Text("不拍照", "none")))
    assert send(house, status=403)["code"] == "no-pictures-here"
    rpc.on("tickets.admit_picture", NO_SUCH)
    assert send(house, status=404)["code"] == "no-such-ticket"
    assert db["pictures"].count_documents({}) == 0


@pytest.mark.parametrize("actor", STRANGERS)
def test_for_others_there_is_nothing(house: Api, rpc: FakeRpc, actor: Actor) -> None:
    picture = send(house)
    rpc.on("tickets.reveal_picture", NO_SUCH)
    rpc.on("tickets.admit_picture", NO_SUCH)
    house.get(actor, PATH, 404)
    path = f"{PATH}/{picture['id']}/reveals"
    there, missing = (house.post(actor, one, status=404) for one in (path, path.replace(picture["id"], "01ARZ")))
    assert {**there, "instance": ""} == {**missing, "instance": ""}
    if not actor.has(STAFF):
        for link in ("full", "small"):
            fetch(house, actor, picture["links"][link], 404)
    house.post(actor, f"{PATH}/{picture['id']}/remove", status=404)
    send(house, actor=actor, status=404)


def test_staff_say_why_and_get_the_picture(house: Api, rpc: FakeRpc) -> None:
    picture = send(house)
    path = f"/api/v1{PATH}/{picture['id']}"
    assert fetch(house, OFFICER, path, 403).json["code"] == "not-permitted"
    rpc.on("tickets.reveal_picture", Refused("reason-needed", Text("请写明", "say why")))
    assert house.post(OFFICER, f"{PATH}/{picture['id']}/reveals", status=403)["code"] == "reason-needed"
    rpc.will("tickets.reveal_picture", {"relation": "staff"})
    body = {"reason": "核对现场", "size": "small"}
    response = house.client.post(f"{path}/reveals", json=body, headers=house.headers(OFFICER))
    assert (response.status_code, response.content_type) == (200, "image/jpeg")
    assert rpc.last.command == RevealPicture(ticket_id=TICKET_ID, picture_id=picture["id"], reason="核对现场")


@pytest.mark.parametrize("actor", [DAUGHTER, CREW, OFFICER])
def test_who_ordered_who_sent_it_and_staff_take_it_away(house: Api, db: Database[Document], actor: Actor) -> None:
    picture = send(house, key="once")
    answer = house.post(actor, f"{PATH}/{picture['id']}/remove", schema=schemas.REMOVED)
    assert answer == {"id": picture["id"], "removed": True}
    assert house.get(OFFICER, PATH)["items"] == []
    assert house.get(OFFICER, f"/tickets/{TICKET_ID}")["pictures"] == []
    fetch(house, CREW, picture["links"]["full"], 404)
    assert db["attachments.chunks"].count_documents({}) == 0
    assert "key" not in (db["pictures"].find_one() or {})
    assert send(house, status=409, key="once")["code"] == "picture-removed"


def test_a_member_takes_no_other_s_picture_away(house: Api, rpc: FakeRpc) -> None:
    admits(rpc, "requester")
    picture = send(house, actor=DAUGHTER, query="kind=thing")
    house.post(CREW, f"{PATH}/{picture['id']}/remove", status=404)
    assert len(house.get(CREW, PATH)["items"]) == 1


def test_an_order_takes_so_many_and_no_more(house: Api, rpc: FakeRpc) -> None:
    admits(rpc, "requester")
    pictures = [send(house, actor=DAUGHTER, query="kind=thing") for _ in range(2)]
    assert send(house, actor=DAUGHTER, query="kind=thing", status=409)["code"] == "too-many-pictures"
    admits(rpc, "assignee")
    for _ in range(3):
        send(house)
    assert send(house, status=409)["code"] == "too-many-pictures"
    house.post(DAUGHTER, f"{PATH}/{pictures[0]['id']}/remove")
    send(house)


def test_after_an_erasure_nothing_opens_and_nothing_is_kept(house: Api, desk: Desk, vault: FakeVault) -> None:
    picture = send(house)
    assert [row["_id"] for row, _ in desk.pictures.of_subject("p-chen")] == [picture["id"]]
    vault.destroy("p-chen")
    fetch(house, CREW, picture["links"]["full"], 404)
    assert send(house, status=409)["code"] == "person-erased"
    assert desk.pictures.forget_person("p-chen") == 1
    assert house.get(OFFICER, PATH)["items"] == []


def test_pictures_go_a_time_after_their_order_s_end(house: Api, desk: Desk, db: Database[Document], seen: Any) -> None:
    send(house)
    ended = NOON + timedelta(days=5)
    assert desk.pictures.delete_before(NOON + timedelta(days=400)) == 0
    times = a_ticket_snapshot(**ASSIGNED).times
    cancelled = a_ticket_snapshot(
        requester_id="a-daughter",
        status=TicketStatus.CANCELLED,
        times=type(times)(**{**vars(times), "ended_at": ended}),
    )
    seen(
        an_envelope(
            TicketCancelled(by_role="staff", reason_code="other", go_to=None, released=()), cancelled, version=2
        )
    )
    assert desk.pictures.delete_before(ended) == 0
    assert desk.pictures.delete_before(ended + timedelta(seconds=1)) == 1
    assert [db[name].count_documents({}) for name in ("pictures", "attachments.files", "attachments.chunks")] == [0] * 3
    assert house.get(OFFICER, f"/tickets/{TICKET_ID}")["pictures"] == []


def test_what_an_upload_left_behind_goes(house: Api, desk: Desk, db: Database[Document]) -> None:
    picture = send(house)
    full = (db["pictures"].find_one() or {})["files"]["full"]
    db["attachments.files"].update_one({"_id": full}, {"$set": {"metadata.unnamed": True}})
    left = send(house)
    db["pictures"].delete_one({"_id": left["id"]})
    db["attachments.files"].update_many({"filename": left["id"]}, {"$set": {"metadata.unnamed": True}})
    files = list(db["attachments.files"].find())
    newest = max(file["uploadDate"] for file in files)
    assert desk.pictures.drop_orphans(newest - timedelta(hours=1)) == 0
    assert desk.pictures.drop_orphans(newest + timedelta(seconds=1)) == 2
    assert desk.pictures.read(db["pictures"].find_one({"_id": picture["id"]}) or {}, Size.FULL)
    assert db["attachments.files"].count_documents({"metadata.unnamed": True}) == 0


def test_a_picture_whose_file_was_exchanged_is_not_shown(house: Api, db: Database[Document]) -> None:
    first, second = send(house), send(house, a_picture("blue"))
    rows = {row["_id"]: row for row in db["pictures"].find()}
    db["pictures"].update_one({"_id": first["id"]}, {"$set": {"files": rows[second["id"]]["files"]}})
    fetch(house, CREW, first["links"]["full"], 404)


def test_the_description_says_what_is_sent_and_what_comes(desk: Desk) -> None:
    spec = json.loads(make_app(desk).test_client().get("/openapi.json").data)
    path = spec["paths"]["/api/v1/tickets/{ticket_id}/pictures"]["post"]
    assert {"image/jpeg", "multipart/form-data"} <= path["requestBody"]["content"].keys()
    seen = spec["paths"]["/api/v1/tickets/{ticket_id}/pictures/{picture_id}"]["get"]
    assert list(seen["responses"]["200"]["content"]) == ["image/jpeg"]


def test_a_picture_of_whose_file_a_part_is_missing_is_not_there(house: Api, desk: Desk, db: Database[Document]) -> None:
    """A database restored in part: nobody gets half a picture or an error of ours, and the others are handed over."""
    lost, kept = send(house), send(house)
    full = (db["pictures"].find_one({"_id": lost["id"]}) or {})["files"]["full"]
    db["attachments.chunks"].delete_many({"files_id": full})
    fetch(house, CREW, lost["links"]["full"], 404)
    assert [row["_id"] for row, _ in desk.pictures.of_subject("p-chen")] == [kept["id"]]


def test_a_removal_that_breaks_off_leaves_nothing_for_ever(
    house: Api, desk: Desk, db: Database[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    send(house)
    row = db["pictures"].find_one() or {}

    def dies(_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as power:
        power.setattr(GridFSBucket, "delete", lambda _self, _file: dies(_file))
        with pytest.raises(KeyboardInterrupt):
            desk.pictures.remove(row, "a-daughter")
    assert house.get(OFFICER, f"/tickets/{TICKET_ID}")["pictures"] == []
    assert "key" not in (db["pictures"].find_one() or {}), "mute at once"
    desk.pictures.forget_person("p-chen")
    assert [db[name].count_documents({}) for name in ("attachments.files", "attachments.chunks")] == [0, 0]
