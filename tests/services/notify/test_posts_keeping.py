"""What the ways out keep in the database: which offer was told to which phone, and the links that stop mail."""

from dataclasses import replace
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from chassis.migrations import migrate
from chassis.settings import Settings
from chassis.vault import Vault
from contracts.actor import Role, system_actor
from contracts.commands import Call
from contracts.commands.posts import StopMail
from contracts.errors import NotFound
from contracts.events.volunteers import AssignmentMade, OfferDeclined, OfferMade
from contracts.words import OfferStatus
from services.notify.adapters.calendars import MongoCalendars
from services.notify.adapters.indexes import INDEXES
from services.notify.adapters.keyed import blind, keyed_by
from services.notify.adapters.preferences import MongoPreferences
from services.notify.adapters.stop_mail import MailLinks, StopTokens
from services.notify.adapters.told_offers import MongoToldOffers, RemembersOffers
from services.notify.adapters.wishes import MongoWishes
from services.notify.application.preferences import PreferenceCases
from services.notify.application.sending_ports import Address, Letter, Sent
from services.notify.application.stopping import Addressed, Stopping
from services.notify.domain.category import Category
from services.notify.domain.message import DeliveryStatus
from tests.builders import COMMUNITY, MEMBER_ID, NOON, a_meta, an_actor, an_offer_change, received
from tests.builders_of_letters import a_letter
from tests.fakes.clock import FixedClock

PHONE = "13800138000"


@pytest.fixture
def db(settings: Settings, mongo: MongoClient[dict[str, Any]]) -> Database[dict[str, Any]]:
    database = mongo[settings.db_prefix + "notify"]
    migrate(database, INDEXES)
    return database


@pytest.fixture
def told(db: Database[dict[str, Any]]) -> MongoToldOffers:
    return MongoToldOffers(db, keyed_by("a key of the house"))


def test_a_new_token_key_forgets_nothing_and_the_hash_tells_nothing(
    db: Database[dict[str, Any]], settings: Settings
) -> None:
    first, second = (blind(Vault(db.client, db, settings.master_key)) for _ in range(2))
    assert first("sms/phone", PHONE) == second("sms/phone", PHONE) != first("another", PHONE)
    assert PHONE not in first("sms/phone", PHONE)


def test_the_offer_that_was_last_told_to_a_phone_is_found_however_it_is_written(told: MongoToldOffers) -> None:
    told.note(a_letter(), "t-1.o1", "+86 138-0013-8000")
    told.note(a_letter(thread="t-2"), "t-2.o1", PHONE)
    told.note(a_letter(thread="t-3"), "t-3.o1", "13900139000")
    found = told.last("0086 13800138000")
    assert found is not None
    assert (found.offer_id, found.thread, found.community_id) == ("t-2.o1", "t-2", COMMUNITY)
    assert told.last("13700137000") is None


def test_no_phone_lies_in_the_database(told: MongoToldOffers, db: Database[dict[str, Any]]) -> None:
    told.note(a_letter(), "t-1.o1", PHONE)
    (row,) = db["told_offers"].find()
    assert PHONE not in repr(row)
    assert MongoToldOffers(db, keyed_by("another key")).last(PHONE) is None


def test_an_offer_that_is_over_is_forgotten_whoever_was_told_of_it(told: MongoToldOffers) -> None:
    ended = an_offer_change(id="t-1.o1", status=OfferStatus.WITHDRAWN)
    for body in (
        OfferDeclined(offers=(replace(ended, status=OfferStatus.DECLINED),)),
        AssignmentMade(assignment_id="a", member_id=MEMBER_ID, offer_id=None, offers=(ended,)),
        OfferMade(offers=(ended, an_offer_change(id="t-1.o2"))),
    ):
        told.note(a_letter(), "t-1.o1", PHONE)
        told.note(a_letter(), "t-1.o2", "13900139000")
        told.follow([received(body)])
        assert told.last(PHONE) is None
        assert told.last("13900139000") is not None


def test_a_reply_is_dealt_with_once(told: MongoToldOffers) -> None:
    assert not told.seen("7")
    told.note_seen("7")
    told.note_seen("7")
    assert told.seen("7")


def test_it_is_noted_before_it_is_sent_and_only_of_offers(told: MongoToldOffers) -> None:
    seen: list[bool] = []

    class Provider:
        way = "sms"

        def send(self, letter: Letter, address: Address) -> Sent:
            seen.append(told.last(address.value) is not None)
            return Sent(status=DeliveryStatus.SENT)

    post = RemembersOffers(Provider(), told.note)
    post.send(a_letter(offer_id=None), Address(way="sms", value=PHONE))
    post.send(a_letter(), Address(way="sms", value=PHONE))
    assert seen == [False, True]


def test_a_link_in_a_mail_finds_its_message_and_no_other(db: Database[dict[str, Any]]) -> None:
    tokens = StopTokens(keyed_by("a key of the house"))
    row = {"community_id": COMMUNITY, "recipient": "account:a-anna", "category": "visit"}
    db["messages"].insert_one({"_id": "e:r:account:a-anna:outward", "thread": "t", "at": 1, **row})
    links = MailLinks(db, tokens)
    found = links.addressed(tokens.of("e:r:account:a-anna:outward"))
    assert found == Addressed(community_id=COMMUNITY, recipient="account:a-anna", category=Category.VISIT)
    assert links.addressed(tokens.of("of a message that is forgotten")) is None
    assert links.addressed("nothing") is None


@pytest.mark.parametrize("recipient", ["account:a-anna", "member:m-7"])
def test_one_click_switches_mail_of_this_kind_off_and_again_is_no_harm(
    db: Database[dict[str, Any]], recipient: str
) -> None:
    tokens, kept = StopTokens(keyed_by("a key of the house")), MongoPreferences(db)
    row = {"community_id": COMMUNITY, "recipient": recipient, "category": "visit", "thread": "t", "at": 1}
    db["messages"].insert_one({"_id": f"e:r:{recipient}:outward", **row})
    cases = PreferenceCases(kept, MongoCalendars(db, lambda: 0.0), FixedClock(NOON))
    stopping, token = Stopping(MailLinks(db, tokens), cases), tokens.of(f"e:r:{recipient}:outward")
    for _ in range(2):
        told = stopping.stop(Call(StopMail(token=token), a_meta(system_actor(""))))
        assert told.result == {"category": "visit"}
    wish = MongoWishes(kept, MongoCalendars(db, lambda: 0.0)).of(COMMUNITY, recipient)
    assert wish.muted == {("visit", "email")}
    with pytest.raises(NotFound):
        stopping.stop(Call(StopMail(token=tokens.of("another")), a_meta(system_actor(""))))
    with pytest.raises(NotFound):
        stopping.stop(Call(StopMail(token=token), a_meta(an_actor(Role.ADMIN))))
