"""Which endpoint hears of which event: as much as its owner by the stream, what its filters choose, nothing else."""

import json
from dataclasses import replace
from typing import Any

import pytest

from contracts.actor import Grant, Role
from contracts.events.tickets import TicketAccepted, TicketSubmitted
from contracts.events.volunteers import OfferDeclined, OfferMade
from contracts.hearing import audience, hears
from contracts.recusal import Recusal
from contracts.webhooks import payload, selects, subscribable, wants
from contracts.words import OfferStatus
from gateway.stream.fanout import Fanout
from gateway.stream.frames import frame
from tests.builders import (
    AREA_PATH,
    COMMUNITY,
    MEMBER_ID,
    a_member_actor,
    a_ticket_snapshot,
    an_actor,
    an_offer_change,
    every_sample,
    received,
    some_terms,
)
from tests.builders_of_harm import HARM_BODIES
from tests.unit.notify.webhook_house import OWNER, WebhookHouse

GRID, BESIDE = AREA_PATH[-1], "sll-g9"
ACTORS = [
    OWNER,
    an_actor(Role.DUTY, account_id="a-duty", grants=(Grant(Role.DUTY, GRID),)),
    an_actor(Role.DUTY, account_id="a-beside", grants=(Grant(Role.DUTY, BESIDE),)),
    an_actor(Role.RESIDENT, account_id="a-resident"),
    an_actor(Role.CLIENT, account_id="c-machine"),
    an_actor(Role.SECRETARY, account_id="a-abroad", community_id="elsewhere"),
    an_actor(Role.BLOCK_CHIEF, account_id="a-chief", grants=(Grant(Role.BLOCK_CHIEF, "centre"),)),
    an_actor(
        Role.BLOCK_CHIEF, account_id="a-far", community_id="elsewhere", grants=(Grant(Role.BLOCK_CHIEF, "centre"),)
    ),
    an_actor(Role.CHIEF_OF_BLOCKS, account_id="a-top"),
    a_member_actor(),
    a_member_actor("somebody-else"),
]
RECUSED = Recusal(members=(MEMBER_ID,), areas=(GRID,), staff=("a-desk",))


def accepted(**changes: Any) -> Any:
    return received(TicketAccepted(terms=some_terms()), a_ticket_snapshot(**changes))


@pytest.mark.parametrize("recused", [None, {"members": [MEMBER_ID], "areas": [GRID], "staff": ["a-desk"]}])
@pytest.mark.parametrize("type_", sorted(every_sample()))
def test_whoever_hears_by_the_stream_hears_by_a_webhook_and_nobody_else(type_: str, recused: Any) -> None:
    envelope = every_sample()[type_]
    whom = {**audience(envelope, {}), "recused": recused, "blocks": ["centre"]}
    fanout = Fanout()
    listening = [(actor, fanout.subscribe(actor)) for actor in ACTORS]
    fanout.deliver({"community_id": COMMUNITY, "audience": whom, "frame": frame(envelope)})
    for actor, subscriber in listening:
        assert hears(actor, COMMUNITY, whom) is bool(subscriber.take(0)[1]), actor.account_id


def test_an_event_is_stored_once_for_whoever_wants_it_in_one_bulk_for_a_batch() -> None:
    house = WebhookHouse()
    house.opened()
    house.opened("shiliu.ticket.accepted.v1")
    house.opened("shiliu.demand.*")
    batch = [accepted(), received(TicketSubmitted(), a_ticket_snapshot(), 2)]
    house.hearing.hear(batch)
    assert len(house.deliveries.rows) == 3
    assert (house.deliveries.bulks, house.endpoints.asked) == (1, 1)
    house.hearing.hear(batch)
    assert len(house.deliveries.rows) == 3


def test_where_nobody_wants_an_event_nothing_is_written() -> None:
    house = WebhookHouse()
    house.hearing.hear([accepted()])
    house.opened("shiliu.offer.*")
    house.opened(areas=(BESIDE,))
    house.hearing.hear([accepted()])
    assert house.deliveries.bulks == 0


def test_a_disabled_endpoint_hears_nothing() -> None:
    house = WebhookHouse()
    house.opened()
    house.endpoints.rows = {key: replace(one, state="disabled") for key, one in house.endpoints.rows.items()}
    house.hearing.hear([accepted()])
    assert house.deliveries.rows == {}


def test_an_area_filter_takes_in_the_whole_subtree() -> None:
    house = WebhookHouse()
    house.opened(areas=(AREA_PATH[1],))
    house.hearing.hear([accepted()])
    assert len(house.deliveries.rows) == 1


@pytest.mark.parametrize("actor", [OWNER, an_actor(Role.DUTY), an_actor(Role.RESIDENT, account_id="a-resident")])
def test_that_somebody_declined_reaches_no_webhook_but_their_own(actor: Any) -> None:
    house = WebhookHouse()
    house.opened("*", actor=actor)
    house.opened("*", actor=a_member_actor())
    declined = received(OfferDeclined(offers=(an_offer_change(status=OfferStatus.DECLINED),)))
    house.hearing.hear([declined])
    (row,) = house.deliveries.rows.values()
    assert house.endpoints.rows[row.endpoint_id].owner.member_id == MEMBER_ID


def test_of_a_complaint_whoever_is_recused_hears_nothing() -> None:
    house = WebhookHouse()
    house.opened()
    house.hearing.hear([accepted(recused=RECUSED)])
    assert house.deliveries.rows == {}
    house.hearing.hear([accepted(recused=replace(RECUSED, staff=(), areas=()))])
    assert len(house.deliveries.rows) == 1


@pytest.mark.parametrize("body", HARM_BODIES, ids=lambda body: type(body).__name__)
def test_of_suspected_harm_no_webhook_hears(body: Any) -> None:
    house = WebhookHouse()
    house.opened("*")
    house.hearing.hear([received(body)])
    assert house.deliveries.rows == {}


@pytest.mark.parametrize("type_", sorted(every_sample()))
def test_what_is_told_is_thin_and_names_nobody(type_: str) -> None:
    envelope = every_sample()[type_]
    told = payload(envelope)
    assert set(told) == {"type", "timestamp", "data"}
    assert set(told["data"]) == {"id", "type", "subject", "time", "version", "number", "area_path", "link"}
    assert told["data"]["id"] == envelope.id
    assert told["timestamp"] == envelope.time
    assert "王师傅" not in json.dumps(told, ensure_ascii=False)


@pytest.mark.parametrize(
    ("pattern", "type_", "selected"),
    [
        ("*", "shiliu.ticket.accepted.v1", True),
        ("shiliu.ticket.*", "shiliu.ticket.accepted.v1", True),
        ("shiliu.tick.*", "shiliu.ticket.accepted.v1", False),
        ("shiliu.ticket", "shiliu.ticket.accepted.v1", False),
        ("shiliu.ticket.accepted.v1", "shiliu.ticket.accepted.v1", True),
        ("shiliu.ticket.acc*", "shiliu.ticket.accepted.v1", False),
    ],
)
def test_a_pattern_is_a_type_or_its_beginning_up_to_a_dot(pattern: str, type_: str, selected: bool) -> None:
    assert selects(pattern, type_) is selected


def test_nobody_hears_of_what_no_filter_may_name() -> None:
    for type_, envelope in every_sample().items():
        whom = audience(envelope, {})
        anybody = whom["staff"] or whom["members"] or whom["member_ids"] or whom["requester_ids"]
        assert not (anybody and type_ not in subscribable()), type_
        assert wants(("*",), (), type_, ()) is (type_ in subscribable())


def test_an_offer_is_heard_by_who_is_asked_and_by_staff() -> None:
    house = WebhookHouse()
    house.opened()
    house.opened(actor=a_member_actor("somebody-else"))
    house.hearing.hear([received(OfferMade(offers=(an_offer_change(),)))])
    assert [house.endpoints.rows[one.endpoint_id].owner for one in house.deliveries.rows.values()] == [OWNER]
