"""The catalogue through HTTP: every version stays readable, facts are for staff alone; what shows that it was done."""

from dataclasses import replace
from typing import Any

import pytest
from pymongo.database import Database

from contracts.actor import Role
from contracts.catalogue import Eligibility, Fact, PictureAsked, Question, QuestionKind
from contracts.commands import Outcome
from contracts.commands.tickets import AdmitPicture, PlaceTicket
from contracts.errors import Invalid
from contracts.events.masters import CatalogueItemPublished
from contracts.events.tickets import TicketAccepted, TicketCompleted
from contracts.events.volunteers import AssignmentMade
from contracts.words import PictureKind, ResultCode, Text, TicketStatus
from gateway.api import schemas
from gateway.api.desk import Desk
from tests.builders import (
    MEMBER_ID,
    TICKET_ID,
    a_demand_snapshot,
    a_holder,
    a_member_actor,
    a_ticket_snapshot,
    an_actor,
    an_envelope,
    an_item_snapshot,
    some_terms,
)
from tests.fakes.desk import a_desk, some_pictures
from tests.fakes.rpc import FakeRpc
from tests.fakes.vault import FakeVault
from tests.services.gateway.api import Api
from tests.services.gateway.sending import send_picture

RESIDENT = an_actor()
CREW = a_member_actor()
OFFICER = an_actor(Role.DUTY)
ITEM = "/catalogue-items/water-electric"
WHICH = Question(code="which", kind=QuestionKind.TEXT, label=Text("哪一样", "which one"), required=True)
ELDERS = Eligibility(rule=Text("80岁以上", "over 80"), facts=(Fact.AGE_80,))
ONE = f"/tickets/{TICKET_ID}"
COMPLETE = f"{ONE}/complete"


def published(version: int, **changes: Any) -> Any:
    return an_envelope(CatalogueItemPublished(), an_item_snapshot(version=version, **changes), version)


@pytest.fixture
def desk(db: Database[Any], rpc: FakeRpc) -> Desk:
    return a_desk(db, rpc, pictures=some_pictures(db, FakeVault()))


def test_every_version_of_an_item_stays_readable(api: Api, seen: Any) -> None:
    seen(published(2, questions=(WHICH,), retired=True, orderable=False), published(1))
    newest = api.get(RESIDENT, ITEM, schema=schemas.ITEM)
    assert (newest["version"], newest["retired"], newest["orderable"]) == (2, True, False)
    assert [question["code"] for question in newest["questions"]] == ["which"]
    first = api.get(RESIDENT, f"{ITEM}/versions/1", schema=schemas.ITEM)
    assert (first["id"], first["version"], first["questions"]) == ("water-electric", 1, [])
    assert api.get(RESIDENT, f"{ITEM}/versions/2")["questions"] == newest["questions"]
    for absent in ("3", "0", "01", "x", "$ne"):
        assert api.get(RESIDENT, f"{ITEM}/versions/{absent}", 404)["code"] == "not-found"
    elsewhere = an_actor(community_id="elsewhere")
    assert api.get(elsewhere, f"{ITEM}/versions/1", 404)["code"] == "not-found"


def test_the_newest_version_is_readable_before_its_view_was_made(api: Api, db: Database[Any], seen: Any) -> None:
    seen(published(1))
    db["item_versions"].drop()
    assert api.get(RESIDENT, f"{ITEM}/versions/1")["version"] == 1


def test_upon_which_facts_an_item_depends_is_for_staff_alone(api: Api, seen: Any) -> None:
    seen(published(1, eligibility=ELDERS))
    for path in (ITEM, f"{ITEM}/versions/1"):
        for who in (RESIDENT, CREW):
            assert api.get(who, path)["eligibility"] is None
        assert api.get(OFFICER, path)["eligibility"]["facts"] == ["age_80"]
    (listed,) = api.get(CREW, "/catalogue-items")["items"]
    assert listed["eligibility"] is None


def test_answers_and_the_wanted_time_go_with_the_order(api: Api, rpc: FakeRpc) -> None:
    placed = an_envelope(TicketAccepted(terms=some_terms()), a_ticket_snapshot())
    rpc.will("tickets.place_ticket", {"ticket_id": TICKET_ID}, [placed])
    body = {
        "item_id": "water-electric",
        "area_id": "heping-1",
        "description": "龙头滴水",
        "answers": [{"question": "which", "text": "厨房"}, {"question": "how", "choices": ["here"]}],
        "wanted": {"start": "2026-11-22T15:00:00+08:00"},
    }
    shown = api.post(RESIDENT, "/tickets", body, 201)
    assert (shown["answers"], shown["wanted"], shown["item_version"]) == ([], None, 0)
    command = rpc.last.command
    assert isinstance(command, PlaceTicket)
    assert [(one.question, one.text, one.choices) for one in command.answers] == [
        ("which", "厨房", ()),
        ("how", None, ("here",)),
    ]
    assert command.wanted is not None
    assert command.wanted.start.isoformat() == "2026-11-22T07:00:00+00:00"


def test_the_field_that_is_wrong_is_named(api: Api, rpc: FakeRpc) -> None:
    sentence = Text("请回答:哪一样", "please answer: which one")
    rpc.on("tickets.place_ticket", Invalid("answer-needed", sentence, "answers.which"))
    body = {"item_id": "water-electric", "area_id": "heping-1", "description": "龙头滴水"}
    problem = api.post(RESIDENT, "/tickets", body, 422)
    assert problem["errors"] == [
        {"field": "answers.which", "in": "body", "detail": sentence.zh, "detail_en": sentence.en}
    ]


class Tickets:
    """Wants a picture before and one after."""

    def __init__(self) -> None:
        self.asked: list[set[PictureKind]] = []

    def complete(self, command: Any, meta: Any) -> Outcome:
        self.asked.append(set(command.pictures))
        if not set(command.pictures) >= {PictureKind.BEFORE, PictureKind.AFTER}:
            raise Invalid("evidence-needed", Text("还缺照片", "a picture is missing"), "pictures")
        snapshot = a_ticket_snapshot(status=TicketStatus.COMPLETED)
        done = TicketCompleted(result=ResultCode.SOLVED, by_member=None, headcount=None)
        return Outcome({"ticket_id": TICKET_ID}, (an_envelope(done, snapshot, 2),))


def test_pictures_that_are_there_count_and_are_looked_up_only_where_tickets_asks(
    api: Api, rpc: FakeRpc, seen: Any
) -> None:
    seen(an_envelope(TicketAccepted(terms=some_terms()), a_ticket_snapshot()))
    tickets = Tickets()
    rpc.on("tickets.complete_ticket", tickets.complete)
    assert api.post(CREW, COMPLETE, {"result": "solved"}, 422)["code"] == "evidence-needed"
    assert tickets.asked == [set()], "there are none: it is not asked again"
    send_picture(api, rpc, CREW, "before")
    assert api.post(CREW, COMPLETE, {"result": "solved"}, 422)["code"] == "evidence-needed"
    send_picture(api, rpc, CREW, "after")
    assert api.post(CREW, COMPLETE, {"result": "solved"})["status"] == "completed"
    assert tickets.asked[-1] == {PictureKind.BEFORE, PictureKind.AFTER}


def test_an_excuse_is_none_where_the_pictures_are_there(api: Api, rpc: FakeRpc, seen: Any) -> None:
    seen(an_envelope(TicketAccepted(terms=some_terms()), a_ticket_snapshot()))
    tickets = Tickets()
    rpc.on("tickets.complete_ticket", tickets.complete)
    for kind in ("before", "after"):
        send_picture(api, rpc, CREW, kind)
    api.post(CREW, COMPLETE, {"result": "solved", "without_evidence": "declined"})
    assert tickets.asked == [{PictureKind.BEFORE, PictureKind.AFTER}]


def test_nobody_says_themselves_which_pictures_there_are(api: Api, seen: Any) -> None:
    seen(an_envelope(TicketAccepted(terms=some_terms()), a_ticket_snapshot()))
    problem = api.post(CREW, COMPLETE, {"result": "solved", "pictures": ["before", "after"]}, 422)
    assert [error["field"] for error in problem["errors"]] == ["pictures"]


def test_an_order_says_which_picture_it_still_wants_until_it_is_there(api: Api, rpc: FakeRpc, seen: Any) -> None:
    asked = PictureAsked(question="photo", label=Text("拍一张龙头", "a picture of the tap"))
    snapshot = a_ticket_snapshot(pictures_asked=(asked,))
    placed = an_envelope(TicketAccepted(terms=some_terms()), snapshot)
    rpc.will("tickets.place_ticket", {"ticket_id": TICKET_ID}, [placed])
    body = {"item_id": "water-electric", "area_id": "heping-1", "description": "龙头滴水", "origin": "phone"}
    shown = api.post(OFFICER, "/tickets", body, 201)
    missing = [{"question": "photo", "label": {"zh": "拍一张龙头", "en": "a picture of the tap"}}]
    assert shown["pictures_missing"] == missing
    assert "拍一张龙头" in shown["read_back"]["zh"]
    for who in (RESIDENT, OFFICER):
        assert api.get(who, ONE, schema=schemas.TICKET)["pictures_missing"] == missing
    send_picture(api, rpc, CREW, "thing")
    assert api.get(OFFICER, ONE)["pictures_missing"] == missing, "that one answers nothing"
    send_picture(api, rpc, CREW, "thing", "&question=photo")
    for who in (RESIDENT, OFFICER):
        assert api.get(who, ONE)["pictures_missing"] == []


def test_the_crew_sees_what_is_missing_while_it_is_at_work_and_nobody_asks_for_it_afterwards(
    api: Api, seen: Any
) -> None:
    asked = PictureAsked(question="photo", label=Text("拍一张龙头", "a picture of the tap"))
    accepted = a_ticket_snapshot(pictures_asked=(asked,))
    seen(an_envelope(TicketAccepted(terms=some_terms()), accepted))
    made = AssignmentMade(assignment_id=f"{TICKET_ID}.s1.1", member_id=MEMBER_ID, offer_id=None)
    seen(an_envelope(made, a_demand_snapshot(holders=(a_holder(),))))
    for version, status, missing in ((2, TicketStatus.ASSIGNED, 1), (3, TicketStatus.COMPLETED, 0)):
        snapshot = replace(accepted, status=status)
        seen(an_envelope(TicketAccepted(terms=some_terms()), snapshot, version))
        assert len(api.get(CREW, ONE)["pictures_missing"]) == missing


def test_a_picture_may_answer_a_question_of_the_item(api: Api, rpc: FakeRpc, seen: Any) -> None:
    seen(an_envelope(TicketAccepted(terms=some_terms()), a_ticket_snapshot()))
    send_picture(api, rpc, CREW, "thing", "&question=photo")
    assert rpc.last.command == AdmitPicture(ticket_id=TICKET_ID, kind=PictureKind.THING, question="photo")
    send_picture(api, rpc, CREW, "thing")
    listed = api.get(OFFICER, f"/tickets/{TICKET_ID}/pictures", schema=schemas.PICTURES)["items"]
    assert [one["question"] for one in listed] == ["photo", None]
