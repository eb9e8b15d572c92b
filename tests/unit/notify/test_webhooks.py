"""What owners do with their endpoints: opened with a secret told once, theirs alone, refused by the field; replays."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from contracts.actor import Role
from contracts.commands.webhooks import (
    ChangeEndpoint,
    DeleteEndpoint,
    ListEndpoints,
    OpenEndpoint,
    ReadAttempts,
    ReadEndpoint,
    RotateSecret,
    SendTest,
    SetEndpoint,
)
from contracts.errors import Conflict, DomainError, Invalid, KeyReused, NotFound
from contracts.events.tickets import TicketAccepted, TicketSubmitted
from contracts.events.volunteers import OfferMade
from contracts.webhooks import TEST_TYPE, DeliveryState, GivenUp
from services.notify.domain.delivery import Told
from tests.builders import NOON, a_ticket_snapshot, an_actor, an_envelope, an_offer_change, received, some_terms
from tests.unit.notify.webhook_house import URL, WebhookHouse

STRANGER = an_actor(Role.DISPATCHER, account_id="a-stranger")


@pytest.fixture
def house() -> WebhookHouse:
    return WebhookHouse()


def test_a_secret_is_told_once(house: WebhookHouse) -> None:
    opened = house.opened()
    assert opened["secret"].startswith("whsec_")
    assert "secret" not in house.webhooks.read(house.call(ReadEndpoint(endpoint_id=opened["id"]))).result
    (row,) = house.webhooks.all(house.call(ListEndpoints())).result["endpoints"]
    assert (row["url"], row["state"], "secret" in row) == (URL, "active", False)


def test_the_same_command_again_opens_nothing_and_tells_no_secret(house: WebhookHouse) -> None:
    command = OpenEndpoint(url=URL, event_types=("*",))
    house.webhooks.open(house.call(command, command_id="one", created_id="same"))
    with pytest.raises(Conflict):
        house.webhooks.open(house.call(command, command_id="one", created_id="same"))
    with pytest.raises(KeyReused):
        house.webhooks.open(house.call(command, command_id="one", created_id="same", body_hash="other"))
    assert len(house.endpoints.rows) == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"event_types": ()}, "event_types"),
        ({"event_types": ("shiliu.ticket.accepted.v1", "shiliu.ticket.vanished.v1")}, "event_types.1"),
        ({"event_types": ("shiliu.tickets.*",)}, "event_types.0"),
        ({"event_types": ("shiliu.harm_report.*",)}, "event_types.0"),
        ({"event_types": ("shiliu.person.registered.v1",)}, "event_types.0"),
        ({"event_types": ("shiliu.*",) * 51}, "event_types"),
        ({"areas": ("x",) * 51}, "areas"),
        ({"description": "好" * 201}, "description"),
        ({"url": "https://example.org/" + "x" * 2_048}, "url"),
    ],
)
def test_what_is_wrong_is_refused_by_its_field(house: WebhookHouse, values: dict[str, Any], field: str) -> None:
    command = OpenEndpoint(**{"url": URL, "event_types": ("*",), **values})
    with pytest.raises(Invalid) as refused:
        house.webhooks.open(house.call(command))
    assert refused.value.field == field
    assert house.endpoints.rows == {}


def test_a_hostile_address_is_refused_where_it_is_entered(house: WebhookHouse) -> None:
    opened = house.opened()
    house.other_side.odd = "refused-address"
    for ask in (
        lambda: house.opened(),
        lambda: house.webhooks.change(
            house.call(ChangeEndpoint(endpoint_id=opened["id"], revision="1", url="https://10.0.0.1/"))
        ),
    ):
        with pytest.raises(Invalid) as refused:
            ask()
        assert refused.value.field == "url"


@pytest.mark.parametrize(
    "command",
    [
        ReadEndpoint(endpoint_id="created-0001"),
        ChangeEndpoint(endpoint_id="created-0001", revision="1"),
        DeleteEndpoint(endpoint_id="created-0001"),
        RotateSecret(endpoint_id="created-0001"),
        SetEndpoint(endpoint_id="created-0001", active=False),
        SendTest(endpoint_id="created-0001"),
        ReadAttempts(endpoint_id="created-0001"),
    ],
    ids=lambda command: type(command).__name__,
)
def test_what_is_somebody_else_s_is_not_there(house: WebhookHouse, command: Any) -> None:
    assert house.opened()["id"] == "created-0001"
    does = {
        ReadEndpoint: house.webhooks.read,
        ChangeEndpoint: house.webhooks.change,
        DeleteEndpoint: house.webhooks.delete,
        RotateSecret: house.webhooks.rotate,
        SetEndpoint: house.webhooks.set,
        SendTest: house.webhooks.test,
        ReadAttempts: house.webhooks.attempts,
    }[type(command)]
    with pytest.raises(NotFound):
        does(house.call(command, STRANGER))
    with pytest.raises(NotFound):
        does(house.call(command, an_actor(Role.DISPATCHER, account_id="a-desk", community_id="elsewhere")))
    does(house.call(command))


def test_a_change_is_guarded_by_what_its_owner_saw(house: WebhookHouse) -> None:
    opened = house.opened(description="板子")
    change = ChangeEndpoint(endpoint_id=opened["id"], revision="1", event_types=("shiliu.offer.*",))
    after = house.webhooks.change(house.call(change)).result
    assert (after["event_types"], after["description"], after["revision"]) == (["shiliu.offer.*"], "板子", "2")
    with pytest.raises(Conflict):
        house.webhooks.change(house.call(change))
    forget = ChangeEndpoint(endpoint_id=opened["id"], revision="2", forget_description=True)
    assert house.webhooks.change(house.call(forget)).result["description"] is None


def test_a_community_has_so_many_endpoints_and_no_more() -> None:
    house = WebhookHouse(most=2)
    house.opened()
    house.opened()
    with pytest.raises(Conflict):
        house.opened()


def test_a_rotation_is_done_once_and_within_bounds(house: WebhookHouse) -> None:
    id = house.opened()["id"]
    house.webhooks.rotate(house.call(RotateSecret(endpoint_id=id), command_id="rotate"))
    with pytest.raises(Conflict):
        house.webhooks.rotate(house.call(RotateSecret(endpoint_id=id), command_id="rotate"))
    assert len(house.endpoint().secrets) == 2
    with pytest.raises(Invalid):
        house.webhooks.rotate(house.call(RotateSecret(endpoint_id=id, overlap_hours=1_000)))
    for _ in range(3):
        house.webhooks.rotate(house.call(RotateSecret(endpoint_id=id)))
    with pytest.raises(Conflict):
        house.webhooks.rotate(house.call(RotateSecret(endpoint_id=id)))
    house.real.later(hours=25)
    after = house.webhooks.rotate(house.call(RotateSecret(endpoint_id=id, overlap_hours=0))).result
    assert len(after["secrets"]) == 1


def test_a_test_event_goes_out_like_any_other(house: WebhookHouse) -> None:
    id = house.opened()["id"]
    event = house.webhooks.test(house.call(SendTest(endpoint_id=id))).result["event_id"]
    house.send()
    ((_, headers, body),) = house.other_side.heard
    assert (json.loads(body)["type"], headers["webhook-id"]) == (TEST_TYPE, event)
    house.webhooks.set(house.call(SetEndpoint(endpoint_id=id, active=False)))
    with pytest.raises(Conflict):
        house.webhooks.test(house.call(SendTest(endpoint_id=id)))


def test_attempts_say_how_it_went_and_nothing_of_what_was_said(house: WebhookHouse) -> None:
    id = house.opened()["id"]
    house.hearing.hear([received(TicketAccepted(terms=some_terms()))])
    house.other_side.answers = [Told(status=500)]
    house.send()
    (row,) = house.webhooks.attempts(house.call(ReadAttempts(endpoint_id=id))).result["deliveries"]
    assert (row["state"], row["tries"], row["type"]) == ("waiting", 1, "shiliu.ticket.accepted.v1")
    (attempt,) = row["attempts"]
    assert (attempt["status"], attempt["reason"]) == ("5xx", "http-500")
    delivered = ReadAttempts(endpoint_id=id, state=DeliveryState.DELIVERED)
    assert house.webhooks.attempts(house.call(delivered)).result["deliveries"] == []


def test_deliveries_are_read_by_pages(house: WebhookHouse) -> None:
    id = house.opened()["id"]
    house.hearing.hear([received(TicketSubmitted(), None, version) for version in range(1, 6)])
    seen, mark = [], None
    while True:
        page = house.webhooks.attempts(house.call(ReadAttempts(endpoint_id=id, limit=2, before=mark))).result
        seen += [row["event_id"] for row in page["deliveries"]]
        mark = page["next"]
        if mark is None:
            break
    assert len(seen) == len(set(seen)) == 5


def test_what_waits_for_a_deleted_endpoint_is_given_up(house: WebhookHouse) -> None:
    id = house.opened()["id"]
    house.hearing.hear([received(TicketSubmitted())])
    house.webhooks.delete(house.call(DeleteEndpoint(endpoint_id=id)))
    assert house.delivery().reason is GivenUp.DELETED


def test_one_event_is_sent_again_under_its_id_whatever_the_filters(house: WebhookHouse) -> None:
    id = house.opened("shiliu.offer.*")["id"]
    event = an_envelope(TicketSubmitted())
    house.stores.events["tickets"] = [event]
    assert house.replay(id, event_id=event.id)["found"] == 1
    house.send()
    house.replay(id, event_id=event.id)
    house.send()
    assert [headers["webhook-id"] for _, headers, _ in house.other_side.heard] == [event.id] * 2
    assert len(house.delivery().attempts) == 2


def test_what_its_owner_may_not_hear_is_not_there_to_be_replayed(house: WebhookHouse) -> None:
    id = house.opened(actor=an_actor(Role.CLIENT, account_id="a-desk"))["id"]
    house.stores.events["volunteers"] = [an_envelope(OfferMade(offers=(an_offer_change(),)))]
    for event_id in ("demand-01KAJ5ZX0000000000000TCKET-1", "nothing"):
        with pytest.raises(NotFound) as refused:
            house.replay(id, event_id=event_id)
        assert refused.value.field == "event_id"


def test_a_time_is_sent_again_as_the_filters_choose(house: WebhookHouse) -> None:
    id = house.opened("shiliu.ticket.*")["id"]
    inside = [an_envelope(TicketSubmitted(), a_ticket_snapshot(), version) for version in range(1, 6)]
    late = an_envelope(TicketSubmitted(), a_ticket_snapshot(), 9, time="2026-11-21T04:30:00.000Z")
    offer = an_envelope(OfferMade(offers=(an_offer_change(),)))
    house.stores.events = {"tickets": [*inside, late], "volunteers": [offer]}
    house.clock.advance(hours=1)
    asked = house.replay(id, since=NOON, until=NOON + timedelta(minutes=10))
    assert asked["state"] == "running"
    house.stores.away = True
    house.again.carry_on()
    house.stores.away = False
    house.again.carry_on()
    assert {one.event_id for one in house.deliveries.rows.values()} == {one.id for one in inside}
    told = house.webhooks.read(house.call(ReadEndpoint(endpoint_id=id))).result["replay"]
    assert (told["state"], told["found"]) == ("done", 5)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "since"),
        ({"since": NOON - timedelta(days=15)}, "since"),
        ({"since": NOON + timedelta(days=1)}, "since"),
        ({"since": NOON - timedelta(days=1), "until": NOON - timedelta(days=2)}, "since"),
        ({"since": NOON - timedelta(days=1), "event_id": "x"}, "event_id"),
    ],
)
def test_a_replay_that_cannot_be_is_refused_by_its_field(
    house: WebhookHouse, values: dict[str, Any], field: str
) -> None:
    id = house.opened()["id"]
    with pytest.raises(DomainError) as refused:
        house.replay(id, **values)
    assert refused.value.field == field


def test_one_replay_of_an_endpoint_is_under_way_at_a_time(house: WebhookHouse) -> None:
    id, other = house.opened()["id"], house.opened()["id"]
    house.replay(id, since=NOON - timedelta(hours=1))
    with pytest.raises(Conflict, match="replay-running"):
        house.replay(id, since=NOON - timedelta(hours=1))
    house.replay(other, since=NOON - timedelta(hours=1))
    house.again.carry_on()
    house.replay(id, since=NOON - timedelta(hours=1))


def test_a_replay_for_an_endpoint_that_is_gone_ends(house: WebhookHouse) -> None:
    id = house.opened()["id"]
    house.replay(id, since=NOON - timedelta(hours=1))
    house.endpoints.delete(id)
    house.again.carry_on()
    assert house.replays.running() == []


def test_an_enabled_endpoint_is_forgiven(house: WebhookHouse) -> None:
    id = house.opened()["id"]
    stopped = replace(house.endpoint(), failures=9, failing_since=NOON).disabled("failing", NOON)  # type: ignore[arg-type]
    house.endpoints.rows[id] = stopped
    after = house.webhooks.set(house.call(SetEndpoint(endpoint_id=id, active=True))).result
    assert (after["state"], after["failing_since"], after["stopped_for"]) == ("active", None, None)


def test_areas_of_events_that_lie_nowhere_match_nothing_and_are_refused() -> None:
    house = WebhookHouse()
    with pytest.raises(Invalid) as refused:
        house.opened("shiliu.team.*", areas=("sll",))
    assert (refused.value.code, refused.value.field) == ("nothing-matches", "areas")
    id = house.opened("shiliu.team.*", "shiliu.ticket.*", areas=("sll",))["id"]
    narrower = ChangeEndpoint(endpoint_id=id, revision="1", event_types=("shiliu.team.*",))
    with pytest.raises(Invalid):
        house.webhooks.change(house.call(narrower))
