"""Print slips on the real database: put on the pile, taken, handed over; late ones are told of once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pymongo import MongoClient

from chassis.migrations import migrate
from chassis.settings import Settings
from contracts.actor import Actor, Grant, Role
from contracts.commands import Call
from contracts.commands.slips import AcknowledgeSlip, ReadSlips, TakeSlip
from contracts.errors import Conflict, Invalid, NotFound
from contracts.slips import HandedHow, SlipState
from services.notify.adapters.message_docs import to_doc
from services.notify.adapters.messages import MongoMessages
from services.notify.adapters.slips import SLIP_INDEXES, MongoSlips, SlipPost
from services.notify.application.ports import Rendered
from services.notify.application.sending_ports import Address, Letter
from services.notify.application.slips import SlipCases
from services.notify.domain.audience import EVERYBODY
from services.notify.domain.category import Category
from services.notify.domain.message import DeliveryStatus
from services.notify.domain.overtaking import Overtaking
from services.notify.domain.slip import Slip, SlipTimes
from tests.builders import AREA_PATH, COMMUNITY, NOON, TICKET_ID, a_meta, an_actor
from tests.fakes.clock import FixedClock
from tests.ports.test_messages import queued

OFFICER = an_actor(Role.DUTY, account_id="a-duty", grants=(Grant(Role.DUTY, AREA_PATH[-1]),))
MATE = replace(OFFICER, account_id="a-mate")
FAR = an_actor(Role.DUTY, account_id="a-far", grants=(Grant(Role.DUTY, "elsewhere"),))
TIMES = SlipTimes(urgent=timedelta(hours=2), ordinary=timedelta(hours=24))


class Words:
    """The template's name and the language."""

    def on_paper(self, slip: Slip, locale: str) -> Rendered:
        return Rendered(title=f"{slip.template} {locale}", body=str(slip.params["item"]))


class Pile:
    """The slips of one test."""

    def __init__(self, db: Any) -> None:
        self.db = db
        self.clock = FixedClock(NOON)
        self.told: list[str] = []
        self.post = SlipPost(db, TIMES, self.clock)
        slips = MongoSlips(db, lambda slip, _: self.told.append(slip.id))
        self.cases = SlipCases(slips, Words(), self.clock)

    def put(self, number: int = 1, *, urgent: bool = False, locale: str = "zh-CN", **changes: Any) -> str:
        """Sent as the pipeline does; its id."""
        message_id = f"e{number}:served-somebody-comes:person:p{number}:outward"
        message = queued(
            number,
            id=message_id,
            area_path=AREA_PATH,
            recipient=f"person:p{number}",
            event_id=f"e{number}",
            event_type="shiliu.ticket.assigned.v1",
            correlation_id="c",
            rule="served-somebody-comes",
            template="served-somebody-comes",
            version=3,
            params={"item": "灯"},
        )
        doc = {**to_doc(replace(message, number=f"NC-{number}")), "status": "sending", **changes}
        del doc["try_at"]
        self.db["messages"].insert_one(doc)
        letter = Letter(
            message_id=message_id,
            community_id=COMMUNITY,
            template="served-somebody-comes",
            version=3,
            locale=locale,
            title="有人来",
            body="王师傅会来。",
            params={},
            thread=TICKET_ID,
            number=f"NC-{number}",
            urgent=urgent,
            category=Category.VISIT,
            offer_id=None,
        )
        address = Address(way="slip", value=f"p{number}")
        sent = self.post.send(letter, address)
        assert sent == self.post.send(letter, address)
        assert sent.status is DeliveryStatus.QUEUED
        self.db["messages"].update_one({"_id": message_id}, {"$set": {"status": sent.status.value}})
        assert sent.reference is not None
        return sent.reference

    def read(self, who: Actor = OFFICER, **asked: Any) -> dict[str, Any]:
        return dict(self.cases.read(Call(ReadSlips(**asked), a_meta(who))).result)

    def take(self, slip_id: str, who: Actor = OFFICER) -> dict[str, Any]:
        return dict(self.cases.take(Call(TakeSlip(slip_id=slip_id), a_meta(who))).result)

    def acknowledge(self, slip_id: str, who: Actor = OFFICER, how: HandedHow = HandedHow.IN_PERSON) -> dict[str, Any]:
        call = Call(AcknowledgeSlip(slip_id=slip_id, how=how), a_meta(who))
        return dict(self.cases.acknowledge(call).result)

    def status(self, slip_id: str) -> str:
        return str(self.db["messages"].find_one({"slip.id": slip_id})["status"])


@pytest.fixture
def pile(mongo: MongoClient[Any], settings: Settings) -> Iterator[Pile]:
    db = mongo[settings.db_prefix + "notify"]
    migrate(db, SLIP_INDEXES)
    db["messages"].delete_many({})
    yield Pile(db)
    db["messages"].delete_many({})


def test_its_message_goes_with_it_until_it_is_there(pile: Pile) -> None:
    slip = pile.put()
    assert (pile.read()["items"][0]["state"], pile.status(slip)) == ("waiting", "queued")
    taken = pile.take(slip)
    assert (taken["person_id"], taken["taken_by"], pile.status(slip)) == ("p1", "a-duty", "sent")
    assert taken["pages"] == [{"locale": "zh-CN", "title": "served-somebody-comes zh-CN", "body": "灯"}]
    pile.clock.advance(hours=1)
    assert pile.take(slip)["taken_at"] == taken["taken_at"], "taken twice by one is taken once"
    done = pile.acknowledge(slip, how=HandedHow.NEIGHBOUR)
    assert (done["state"], done["how"], done["acknowledged_by"]) == ("acknowledged", "neighbour", "a-duty")
    assert pile.status(slip) == "delivered"
    assert pile.acknowledge(slip, how=HandedHow.NEIGHBOUR) == done
    assert pile.read()["items"] == []
    assert [one["slip_id"] for one in pile.read(states=(SlipState.ACKNOWLEDGED,))["items"]] == [slip]


def test_somebody_else_may_take_it_over_and_nobody_takes_what_is_there(pile: Pile) -> None:
    slip = pile.put()
    pile.take(slip)
    assert pile.take(slip, MATE)["taken_by"] == "a-mate"
    pile.acknowledge(slip, MATE)
    for again in (
        lambda: pile.take(slip),
        lambda: pile.acknowledge(slip),
        lambda: pile.acknowledge(slip, MATE, HandedHow.DOOR),
    ):
        with pytest.raises(Conflict):
            again()


def test_what_was_never_taken_may_be_handed_over_at_the_counter(pile: Pile) -> None:
    slip = pile.put()
    assert pile.acknowledge(slip)["taken_by"] is None
    assert pile.status(slip) == "delivered"


def test_it_is_printed_in_chinese_and_in_what_the_person_reads(pile: Pile) -> None:
    pile.put(locale="ug")
    assert [page["locale"] for page in pile.read()["items"][0]["pages"]] == ["zh-CN", "ug"]


def test_outside_their_area_nobody_finds_it(pile: Pile) -> None:
    slip = pile.put()
    assert pile.read(FAR)["items"] == pile.read(an_actor(Role.RESIDENT))["items"] == []
    abroad = an_actor(Role.DUTY, account_id="a-b", community_id="beside")
    for stranger in (FAR, an_actor(Role.RESIDENT), abroad):
        with pytest.raises(NotFound):
            pile.take(slip, stranger)
        with pytest.raises(NotFound):
            pile.acknowledge(slip, stranger)
    assert pile.read(an_actor(Role.SECRETARY))["items"] != []
    assert pile.read(area="elsewhere")["items"] == []
    assert pile.read(area=AREA_PATH[-1])["items"] != []


def test_pages_neither_skip_nor_repeat_and_the_soonest_comes_first(pile: Pile) -> None:
    slips = [pile.put(number, urgent=number == 5) for number in range(1, 6)]
    found, cursor = [], None
    while True:
        page = pile.read(limit=2, cursor=cursor)
        found += [one["slip_id"] for one in page["items"]]
        if (cursor := page["next"]) is None:
            break
    assert found[0] == slips[4]
    assert sorted(found) == sorted(slips)
    theirs = pile.put(9, community_id="next-door")
    for wrong in ({"cursor": "none-of-ours"}, {"cursor": theirs}, {"limit": 0}, {"limit": 101}):
        with pytest.raises(Invalid):
            pile.read(**wrong)


def test_what_is_kept_back_is_no_slip_any_more(pile: Pile) -> None:
    slip = pile.put()
    pile.db["messages"].update_one({"slip.id": slip}, {"$set": {"status": "suppressed", "reason": "overtaken"}})
    assert pile.read()["items"] == []
    with pytest.raises(NotFound):
        pile.take(slip)
    pile.clock.advance(days=2)
    pile.cases.tell_late()
    assert pile.told == []


@pytest.mark.parametrize("newer", [True, False])
def test_what_is_overtaken_while_it_lies_there_is_brought_to_nobody(pile: Pile, newer: bool) -> None:
    slip, under_way = pile.put(1), pile.put(2)
    pile.take(under_way)
    over = {"community_id": COMMUNITY, "thread": TICKET_ID, "recipient": EVERYBODY, "aggregate": "ticket"}
    off = Overtaking(
        id="e9:served-over-cancelled:*", version=2 if newer else 1, rules=("served-somebody-comes",), **over
    )
    MongoMessages(pile.db).add([], [off])
    if not newer:
        assert pile.take(slip)["state"] == SlipState.TAKEN
        return
    with pytest.raises(NotFound):
        pile.take(slip)
    pile.clock.advance(days=2)
    pile.cases.tell_late()
    assert pile.told == [under_way], "who is on the way says themselves how it ended"
    assert [one["slip_id"] for one in pile.read()["items"]] == [under_way]
    kept_back = pile.db["messages"].find_one({"slip.id": slip})
    assert (kept_back["status"], kept_back["reason"]) == ("suppressed", "overtaken")


def test_of_a_late_one_staff_hear_once(pile: Pile) -> None:
    urgent, ordinary, there = pile.put(1, urgent=True), pile.put(2), pile.put(3)
    pile.acknowledge(there)
    pile.clock.advance(hours=2)
    for _ in range(2):
        pile.cases.tell_late()
    assert pile.told == [urgent]
    pile.take(ordinary)
    pile.clock.advance(days=2)
    for _ in range(2):
        pile.cases.tell_late()
    assert pile.told == [urgent, ordinary], "taken is not yet there"
    assert [one["late"] for one in pile.read()["items"]] == [True, True]
    pile.acknowledge(urgent)


def test_whoever_dies_between_telling_and_noting_tells_again(pile: Pile) -> None:
    slip = pile.put(urgent=True)
    pile.clock.advance(days=1)
    told: list[str] = []

    def tell(one: Slip, _: Any) -> None:
        told.append(one.id)
        if len(told) == 1:
            raise ConnectionError

    cases = SlipCases(MongoSlips(pile.db, tell), Words(), pile.clock)
    with pytest.raises(ConnectionError):
        cases.tell_late()
    cases.tell_late()
    cases.tell_late()
    assert told == [slip, slip]
