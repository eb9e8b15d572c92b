"""Somebody joins the subject of a complaint while it is open: what was told of it before is not theirs to read."""

from datetime import timedelta
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from chassis.migrations import base_indexes, migrate
from chassis.settings import Settings
from contracts.actor import Actor, Role
from contracts.catalogue import Wanted
from contracts.commands import Call
from contracts.commands.notify import MarkRead, ReadInbox
from contracts.errors import NotFound
from contracts.events.tickets import TicketAssigned, TicketRecused, TicketSubmitted
from contracts.recusal import Recusal
from contracts.words import Nature
from services.notify.adapters.indexes import INDEXES
from services.notify.adapters.messages import MongoMessages
from services.notify.adapters.rules import read_rules
from services.notify.adapters.words import YamlTemplates
from services.notify.application.notify import NotifyApplication
from tests.builders import ASSIGNMENT_ID, NOON, a_meta, a_ticket_holder, a_ticket_snapshot, an_actor, received
from tests.fakes.clock import FixedClock
from tests.fakes.resting import FakeResting
from tests.fakes.rules import TheseRules

ACCUSED, JOINED = "m-accused", "m-joined"
BEFORE, AFTER = Recusal(members=(ACCUSED,)), Recusal(members=(ACCUSED, JOINED), areas=("sll-g9",))


def a_dispatcher(member_id: str, **more: Any) -> Actor:
    return an_actor(Role.DISPATCHER, account_id=f"m-{member_id}", member_id=member_id, **more)


@pytest.fixture
def db(mongo: MongoClient[dict[str, Any]], settings: Settings) -> Database[dict[str, Any]]:
    database = mongo[f"{settings.db_prefix}notify"]
    migrate(database, (*base_indexes(()), *INDEXES))
    return database


@pytest.fixture
def app(db: Database[dict[str, Any]]) -> NotifyApplication:
    return NotifyApplication(
        rules=TheseRules(read_rules()),
        messages=MongoMessages(db),
        templates=YamlTemplates(),
        resting=FakeResting(),
        clock=FixedClock(),
    )


def complaint(recused: Recusal, **more: Any) -> Any:
    return a_ticket_snapshot(nature=Nature.COMPLAINT, recused=recused, **more)


def reads(app: NotifyApplication, who: Actor) -> list[str]:
    found = app.read_inbox(Call(ReadInbox(cursor=None, limit=50, locale="zh-CN"), a_meta(who))).result
    assert found["unread"] == len(found["items"])
    return [item["id"] for item in found["items"]]


def test_whoever_joins_the_subject_reads_nothing_more_of_it(app: NotifyApplication) -> None:
    joining, other = a_dispatcher(JOINED), a_dispatcher("m-other")
    app.notify([received(TicketSubmitted(), complaint(BEFORE))])
    [message] = reads(app, joining)
    assert reads(app, other) == [message]
    for event in (received(TicketRecused(), complaint(AFTER), 3), received(TicketRecused(), complaint(BEFORE), 2)):
        app.recuse([event, event])
    assert reads(app, joining) == []
    with pytest.raises(NotFound):
        app.mark_read(Call(MarkRead(message_id=message), a_meta(joining)))
    assert reads(app, other) == [message]


def test_what_waits_for_whoever_joins_is_kept_back(app: NotifyApplication, db: Database[dict[str, Any]]) -> None:
    crew = (a_ticket_holder(member_id=JOINED), a_ticket_holder(member_id="m-other"))
    order = complaint(BEFORE, holders=crew, wanted=Wanted(start=NOON + timedelta(days=3)))
    app.notify([received(TicketAssigned(assignment_ids=(ASSIGNMENT_ID,), lead="m-other"), order)])

    def waiting(member_id: str) -> int:
        return db["messages"].count_documents({"status": "queued", "recipient": f"member:{member_id}"})

    before = waiting("m-other")
    assert waiting(JOINED) > 0 < before
    app.recuse([received(TicketRecused(), complaint(AFTER), 2)])
    assert (waiting(JOINED), waiting("m-other")) == (0, before)
    kept_back = db["messages"].distinct("reason", {"status": "suppressed", "recipient": f"member:{JOINED}"})
    assert kept_back == ["no-longer-told"]
