"""One person's rights in notify: what they were told, in words; then nothing more, and nobody named who came."""

from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from chassis.migrations import migrate
from chassis.person import NAMELESS, Whom
from chassis.settings import Settings
from contracts.events.tickets import TicketAssigned
from services.notify.adapters.indexes import INDEXES
from services.notify.adapters.messages import MongoMessages
from services.notify.adapters.person import NotifyRights
from services.notify.adapters.rules import YamlTemplates, read_rules
from services.notify.domain.message import messages_for
from tests.builders import MEMBER_ID, a_ticket_holder, a_ticket_snapshot, received

HERS = Whom(accounts=("a-resident",))
CREW = (a_ticket_holder(display_name="马师傅"), a_ticket_holder(member_id="m-2", display_name="何姐"))


@pytest.fixture
def db(settings: Settings, mongo: MongoClient[dict[str, Any]]) -> Database[dict[str, Any]]:
    database = mongo[settings.db_prefix + "notify"]
    migrate(database, INDEXES)
    event = received(
        TicketAssigned(assignment_ids=("x",), lead=MEMBER_ID),
        a_ticket_snapshot(holders=CREW, requester_id="a-resident"),
        2,
    )
    MongoMessages(database).add(messages_for(read_rules(), event))
    return database


@pytest.fixture
def rights(db: Database[dict[str, Any]]) -> NotifyRights:
    return NotifyRights(db, YamlTemplates())


def test_a_person_gets_every_message_to_them_in_both_languages(rights: NotifyRights) -> None:
    told = rights.export(HERS, "keeper")["messages"]
    assert told
    assert all(one["title"]["zh"] and one["title"]["en"] for one in told)
    assert rights.export(Whom(accounts=("a-stranger",)), "keeper")["messages"] == []


def test_who_came_is_named_no_more_and_the_others_still(db: Database[Any], rights: NotifyRights) -> None:
    assert rights.erase(Whom(members=(MEMBER_ID,)))["names"] > 0
    named = [row["params"]["names"] for row in db["messages"].find()]
    assert named
    assert all(names == [NAMELESS, "何姐"] for names in named)
    assert rights.erase(Whom(members=(MEMBER_ID,)))["names"] == 0


def test_what_waits_to_be_sent_is_not_sent(db: Database[Any], rights: NotifyRights) -> None:
    waiting = {"status": "queued", "next_try_at": db.client.admin.command("hello")["localTime"]}
    db["messages"].update_many({"recipient": "account:a-resident"}, {"$set": waiting})
    count = db["messages"].count_documents({"recipient": "account:a-resident"})
    assert rights.erase(HERS)["suppressed"] == count > 0
    assert MongoMessages(db).lease(1.0) is None
