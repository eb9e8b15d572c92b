"""Deliveries are tried by the schedule, signed so that the standard's own library verifies them, and never lost."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from contracts.actor import Grant, Role
from contracts.commands.webhooks import RotateSecret, SetEndpoint
from contracts.events.tickets import TicketAccepted, TicketSubmitted
from contracts.webhooks import DeliveryState, EndpointState, GivenUp, Stop
from services.notify.domain.delivery import Told
from services.notify.domain.endpoint import FAILING
from tests.builders import AREA_PATH, a_ticket_snapshot, an_actor, received, some_terms
from tests.unit.notify.webhook_house import OWNER, RETRY_SECONDS, URL, WebhookHouse

WELL, AWAY, BUSY, GONE = Told(status=200), Told(failure="timeout"), Told(status=503), Told(status=410)


def a_house(*answers: Told) -> WebhookHouse:
    """One endpoint, one delivery that is due."""
    house = WebhookHouse()
    house.opened()
    house.hearing.hear([received(TicketAccepted(terms=some_terms()))])
    house.other_side.answers = list(answers)
    return house


def test_a_delivery_is_verified_by_the_public_library_and_carries_the_id_of_the_event() -> None:
    house = WebhookHouse()
    house.real.now = datetime.now(UTC)
    secret = house.opened()["secret"]
    house.hearing.hear([received(TicketAccepted(terms=some_terms()))])
    house.send()
    ((url, headers, body),) = house.other_side.heard
    told = Webhook(secret).verify(body, dict(headers))
    assert url == URL
    assert told["data"]["id"] == headers["webhook-id"] == house.delivery().event_id
    assert told["data"]["number"] == "NC-261121-0042"
    assert told["type"] == "shiliu.ticket.accepted.v1"
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body.replace(b"0042", b"0043"), dict(headers))
    assert house.delivery().state is DeliveryState.DELIVERED
    assert house.endpoints.written == 0


def test_while_secrets_overlap_both_verify_and_then_the_new_one_alone() -> None:
    house = WebhookHouse()
    house.real.now = datetime.now(UTC) - timedelta(hours=24, minutes=1)
    opened = house.opened()
    rotated = house.webhooks.rotate(house.call(RotateSecret(endpoint_id=opened["id"]))).result
    house.hearing.hear([received(TicketAccepted(terms=some_terms()))])
    house.send()
    headers = house.other_side.heard[0][1]
    assert len(headers["webhook-signature"].split(" ")) == 2
    house.real.now = datetime.now(UTC)
    house.hearing.hear([received(TicketSubmitted(), a_ticket_snapshot(), 2)])
    house.send()
    _, headers, body = house.other_side.heard[1]
    assert Webhook(str(rotated["secret"])).verify(body, dict(headers))
    with pytest.raises(WebhookVerificationError):
        Webhook(opened["secret"]).verify(body, dict(headers))


def test_both_secrets_verify_while_they_overlap() -> None:
    house = WebhookHouse()
    house.real.now = datetime.now(UTC)
    opened = house.opened()
    rotated = house.webhooks.rotate(house.call(RotateSecret(endpoint_id=opened["id"]))).result
    house.hearing.hear([received(TicketAccepted(terms=some_terms()))])
    house.send()
    _, headers, body = house.other_side.heard[0]
    for secret in (opened["secret"], rotated["secret"]):
        assert Webhook(str(secret)).verify(body, dict(headers))


@pytest.mark.parametrize("answer", [AWAY, BUSY, Told(status=302), Told(status=404), Told(status=429), Told(status=100)])
def test_nothing_but_2xx_is_success(answer: Told) -> None:
    house = a_house(answer)
    house.send()
    row = house.delivery()
    assert (row.state, row.tries) == (DeliveryState.WAITING, 1)
    assert row.next_at == house.real.now + timedelta(seconds=RETRY_SECONDS[0])
    assert row.attempts[0].reason == answer.reason


def test_tries_follow_the_schedule_with_the_same_id_and_body_and_then_it_is_given_up() -> None:
    house = a_house(*[Told(status=404)] * 20)
    for wait in RETRY_SECONDS:
        house.send()
        assert house.delivery().next_at == house.real.now + timedelta(seconds=wait)
        house.real.now = house.delivery().next_at or house.real.now
        # Five days are not yet over, since the whole schedule is some three.
        assert house.endpoint().state is EndpointState.ACTIVE
    house.send()
    assert (house.delivery().state, house.delivery().reason) == (DeliveryState.GIVEN_UP, GivenUp.TRIES)
    assert len({(headers["webhook-id"], body) for _, headers, body in house.other_side.heard}) == 1
    assert len({headers["webhook-timestamp"] for _, headers, _ in house.other_side.heard}) == 10
    house.real.later(days=30)
    house.send()
    assert len(house.other_side.heard) == 10


def test_jitter_spreads_by_a_fifth() -> None:
    waits = []
    for chance in (0.0, 1.0):
        house = a_house(AWAY)
        house.sending._chance = lambda chance=chance: chance
        house.send()
        waits.append((house.delivery().next_at or house.real.now) - house.real.now)
    assert waits == [timedelta(seconds=4), timedelta(seconds=6)]


def test_retry_after_is_honoured_within_bounds_and_rests_the_endpoint() -> None:
    house = a_house(Told(status=429, asked=100.0))
    house.send()
    hundred = house.real.now + timedelta(seconds=100)
    assert (house.delivery().next_at, house.endpoint().resting_until) == (hundred, hundred)
    house = a_house(Told(status=429, asked=10.0**7))
    house.send()
    assert house.delivery().next_at == house.real.now + timedelta(days=1)
    assert house.endpoint().resting_until == house.real.now + timedelta(hours=1)


def test_an_endpoint_that_is_away_is_tried_by_one_delivery_at_a_time() -> None:
    house = WebhookHouse()
    house.opened()
    house.hearing.hear([received(TicketAccepted(terms=some_terms()), None, version) for version in range(1, 6)])
    house.other_side.answers = [AWAY] * 5 + [AWAY]
    house.send()
    assert len(house.other_side.heard) == 5
    assert house.sending.ready() == []
    house.real.later(minutes=2)
    house.send()
    assert len(house.other_side.heard) == 6
    house.real.later(minutes=6)
    house.send()
    assert all(row.state is DeliveryState.DELIVERED for row in house.deliveries.rows.values())
    assert house.endpoint().failures == 0


def test_410_disables_at_once_and_whoever_has_to_know_is_told() -> None:
    house = a_house(GONE)
    house.send()
    endpoint = house.endpoint()
    assert (endpoint.state, endpoint.stopped_for) == (EndpointState.DISABLED, Stop.GONE)
    assert (house.delivery().state, house.delivery().reason) == (DeliveryState.GIVEN_UP, GivenUp.GONE)
    assert [one.id for one in house.tell.told] == [endpoint.id]
    assert endpoint.stop_told
    house.sending.look_after()
    assert len(house.tell.told) == 1


def test_five_days_of_failure_disable_and_a_success_forgives() -> None:
    house = a_house(AWAY)
    house.send()
    house.endpoints.change(house.endpoint().id, lambda one: replace(one, failing_since=house.real.now - FAILING))
    house.real.later(minutes=10)
    house.other_side.answers = [WELL]
    house.send()
    assert house.endpoint().failing_since is None
    house = a_house(AWAY)
    house.endpoints.change(house.endpoint().id, lambda one: replace(one, failing_since=house.real.now - FAILING))
    house.send()
    assert (house.endpoint().state, house.endpoint().stopped_for) == (EndpointState.DISABLED, Stop.FAILING)
    assert house.tell.told
    assert house.delivery().state is DeliveryState.WAITING


def test_what_waits_for_a_disabled_endpoint_goes_out_once_it_is_enabled() -> None:
    house = a_house()
    set_it = SetEndpoint(endpoint_id=house.endpoint().id, active=False)
    house.webhooks.set(house.call(set_it))
    house.send()
    assert house.other_side.heard == []
    assert house.tell.told == []
    house.webhooks.set(house.call(replace(set_it, active=True)))
    house.send()
    assert house.delivery().state is DeliveryState.DELIVERED


def test_whoever_lost_the_role_hears_nothing_of_what_waits_and_is_told_so() -> None:
    house = a_house()
    house.standings.actors.clear()
    house.send()
    assert house.other_side.heard == []
    assert house.endpoint().stopped_for is Stop.STANDING
    house.sending.look_after()
    assert [one.stopped_for for one in house.tell.told] == [Stop.STANDING]


def test_whose_areas_shrank_hears_no_more_of_what_lies_outside() -> None:
    house = a_house()
    house.standings.actors[OWNER.account_id] = replace(OWNER, grants=(Grant(Role.DISPATCHER, "sll-g9"),))
    house.send()
    assert house.other_side.heard == []
    assert (house.delivery().state, house.delivery().reason) == (DeliveryState.GIVEN_UP, GivenUp.NOT_HEARD)
    house.standings.actors[OWNER.account_id] = replace(OWNER, grants=(Grant(Role.DISPATCHER, AREA_PATH[-1]),))
    house.sending.look_after()
    house.hearing.hear([received(TicketSubmitted(), a_ticket_snapshot(), 2)])
    house.send()
    assert len(house.other_side.heard) == 1


def test_while_nobody_can_say_how_an_owner_stands_everything_waits() -> None:
    house = a_house()
    house.standings.away = True
    house.send()
    assert house.other_side.heard == []
    assert (house.delivery().tries, house.endpoint().failures) == (0, 0)
    house.standings.away = False
    house.real.later(seconds=11)
    house.send()
    assert house.delivery().state is DeliveryState.DELIVERED


def test_an_endpoint_is_one_worker_s_and_whoever_dies_with_it_leaves_it_to_the_next() -> None:
    house = a_house()
    id, now = house.endpoint().id, house.real.now
    turn = house.endpoints.take_turn(id, now, now + timedelta(minutes=3))
    assert turn is not None
    house.deliveries.take(id, now, now + timedelta(minutes=3), 10)
    house.send()
    assert house.other_side.heard == []
    house.real.later(minutes=4)
    house.send()
    assert house.delivery().state is DeliveryState.DELIVERED


def test_of_an_owner_who_was_erased_nothing_is_left_to_send_with() -> None:
    house = a_house()
    house.seals.erased.add(OWNER.account_id)
    house.send()
    assert house.other_side.heard == []
    assert house.delivery().reason is GivenUp.DELETED


def test_what_was_stored_for_an_endpoint_while_it_was_deleted_does_not_wait_for_ever() -> None:
    house = a_house()
    house.endpoints.delete(house.endpoint().id)
    house.sending.look_after()
    assert house.delivery().reason is GivenUp.DELETED


@pytest.mark.parametrize("actor", [OWNER, an_actor(Role.CLIENT, account_id="c-1")])
def test_tries_are_counted_by_what_came_of_them(actor: Any) -> None:
    house = a_house(WELL)
    house.send()
    assert house.counted == ["taken"]
