"""One person's rights in notify: what they were told, in words; then nothing more, and nobody named who came."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from chassis.migrations import migrate
from chassis.person import NAMELESS, Whom
from chassis.settings import Settings
from chassis.vault import Vault
from contracts.commands.preferences import ChangePreferences
from contracts.events.tickets import TicketAssigned
from contracts.notices import Switch, Way
from contracts.schemas.fields import time_text
from contracts.words import NOBODY
from services.notify.adapters.indexes import INDEXES
from services.notify.adapters.messages import MongoMessages
from services.notify.adapters.outbox import MongoOutbox
from services.notify.adapters.person import NotifyRights
from services.notify.adapters.preferences import MongoPreferences
from services.notify.adapters.rules import read_rules
from services.notify.adapters.words import YamlTemplates
from services.notify.domain.message import IN_APP, OUTWARD
from services.notify.domain.planning import messages_for
from services.notify.domain.preferences import Change, Preferences
from tests.builders import COMMUNITY, MEMBER_ID, NOON, a_ticket_holder, a_ticket_snapshot, received

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
def rights(settings: Settings, db: Database[dict[str, Any]]) -> NotifyRights:
    return NotifyRights(db, YamlTemplates(), Vault(db.client, db, settings.master_key))


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
    waiting = {"status": "queued", "try_at": db.client.admin.command("hello")["localTime"]}
    db["messages"].update_many({"recipient": "account:a-resident"}, {"$set": waiting})
    count = db["messages"].count_documents({"recipient": "account:a-resident"})
    assert rights.erase(HERS)["suppressed"] == count > 0
    assert MongoOutbox(db).due(datetime.max.replace(tzinfo=UTC), 10, (IN_APP, OUTWARD)) == []


def test_what_they_want_to_hear_is_given_to_them_and_goes_with_them(db: Database[Any], rights: NotifyRights) -> None:
    kept, by = MongoPreferences(db), Change(at=NOON, by="a-officer", staff=True)
    for key in ("member:m-7", "person:p-7", "account:else"):
        said = ChangePreferences(revision="0", language="ug", switches=(Switch("community", Way.SMS, False),))
        assert kept.put(kept.of(COMMUNITY, key).changed(said, by))
    whom = Whom(accounts=("m-m-7",), members=("m-7",), persons=("p-7",))
    told = rights.export(whom, "keeper")["preferences"]
    assert [(one["language"], one["off"]) for one in told] == [("ug", [["community", "sms"]])] * 2
    assert "a-officer" not in str(told)
    assert rights.erase(whom)["preferences"] == 2
    assert [row["_id"] for row in db["preferences"].find()] == ["account:else"]
    assert kept.of(COMMUNITY, "member:m-7") == Preferences(recipient="member:m-7", community_id=COMMUNITY)


def test_of_two_who_write_the_same_revision_one_does(db: Database[Any]) -> None:
    kept, by = MongoPreferences(db), Change(at=NOON, by="a", staff=False)
    for _ in range(2):
        seen = kept.of(COMMUNITY, "account:a")
        after = seen.changed(ChangePreferences(revision="", digest_at=f"0{len(seen.changes)}:30"), by)
        assert kept.put(after)
        assert not kept.put(after)
        assert kept.of(COMMUNITY, "account:a").changes == after.changes


def test_what_somebody_did_for_others_is_theirs_to_read_and_nobodys_once_they_are_erased(
    db: Database[Any], rights: NotifyRights
) -> None:
    words = {"template": "closed", "version": 2, "saved_by": "a-secretary", "saved_at": NOON}
    db["template_versions"].insert_many([{"_id": "w2", **words}, {"_id": "w3", **words, "saved_by": "a-another"}])
    db["rule_versions"].insert_one({"_id": "r2", "version": 2, "saved_by": "m-m1", "saved_at": NOON})
    slip = {"id": "s1", "taken_by": "a-secretary", "taken_at": NOON, "acknowledged_by": "a-another", "how": "door"}
    db["messages"].insert_one({"_id": "slip", "recipient": "person:p1", "number": "NC-1", "slip": slip})
    changes = [{"at": NOON, "by": "a-secretary"}, {"at": NOON, "by": "a-another"}]
    db["preferences"].insert_one({"_id": "somebody", "changes": changes})
    theirs = Whom(accounts=("a-secretary",), members=("m1",))

    read = rights.export(theirs, "keeper")
    assert read["words_saved"] == [{"template": "closed", "version": 2, "saved_at": time_text(NOON)}]
    assert read["rules_saved"] == [{"version": 2, "saved_at": time_text(NOON)}]
    assert read["slips_handled"] == [{"order": "NC-1", "taken_at": time_text(NOON)}]

    done = rights.erase(theirs)
    assert (done["saved"], done["slips_handled"], done["wishes_noted"]) == (2, 1, 1)
    assert {row["_id"]: row["saved_by"] for row in db["template_versions"].find()} == {"w2": NOBODY, "w3": "a-another"}
    assert db["rule_versions"].find_one({"_id": "r2"})["saved_by"] == NOBODY  # type: ignore[index]
    slip = db["messages"].find_one({"_id": "slip"})["slip"]  # type: ignore[index]
    assert (slip["taken_by"], slip["acknowledged_by"]) == (NOBODY, "a-another")
    wishes = db["preferences"].find_one({"_id": "somebody"})
    assert wishes is not None
    assert [one["by"] for one in wishes["changes"]] == [NOBODY, "a-another"]
    assert rights.export(theirs, "keeper")["words_saved"] == []
