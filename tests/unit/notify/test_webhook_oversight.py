"""Whoever administers a community sees all its endpoints, stops one with a reason, and alone starts it again."""

import json
from typing import Any

import pytest
from standardwebhooks import Webhook

from contracts.actor import Actor, Grant, Role
from contracts.commands.webhook_oversight import HaltEndpoint, ListAllEndpoints, ReadAnyAttempts, ReleaseEndpoint
from contracts.commands.webhooks import (
    ChangeEndpoint,
    DeleteEndpoint,
    OpenEndpoint,
    ReadEndpoint,
    RotateSecret,
    SetEndpoint,
)
from contracts.errors import Conflict, Invalid, KeyReused, NotFound, Refused
from contracts.events.tickets import TicketAccepted, TicketSubmitted
from contracts.webhooks import DeliveryState, Stop
from services.notify.domain.delivery import Told
from tests.builders import a_ticket_snapshot, an_actor, received, some_terms
from tests.unit.notify.webhook_house import OWNER, URL, WebhookHouse

SECRETARY = an_actor(Role.SECRETARY, account_id="a-secretary")
ADMIN = an_actor(Role.ADMIN, account_id="a-admin")
ABROAD = Actor(account_id="a-abroad", community_id="elsewhere", grants=(Grant(Role.ADMIN),))
REASON = "密钥发到了群里"


def halted(house: WebhookHouse, id: str, by: Actor = SECRETARY, **meta: Any) -> dict[str, Any]:
    command = HaltEndpoint(endpoint_id=id, reason=REASON)
    return dict(house.oversight.halt(house.call(command, by, **meta)).result)


def released(house: WebhookHouse, id: str, by: Actor = SECRETARY) -> dict[str, Any]:
    return dict(house.oversight.release(house.call(ReleaseEndpoint(endpoint_id=id), by)).result)


def enable(house: WebhookHouse, id: str) -> None:
    house.webhooks.set(house.call(SetEndpoint(endpoint_id=id, active=True)))


def test_all_are_seen_with_how_they_fare_and_no_secret_nor_more_than_the_host() -> None:
    house = WebhookHouse()
    opened = house.opened("shiliu.ticket.*")
    other = house.opened(actor=an_actor(Role.DUTY, account_id="a-duty"), description="门口的屏")
    house.hearing.hear([received(TicketAccepted(terms=some_terms()))])
    house.other_side.answers = [Told(status=200), Told(status=503)]
    house.send()
    rows = house.oversight.all(house.call(ListAllEndpoints(), SECRETARY)).result["endpoints"]
    first, second = rows
    assert (first["account_id"], first["host"], first["event_types"]) == (
        "a-desk",
        "hooks.example.org",
        ["shiliu.ticket.*"],
    )
    assert (first["last_success_at"], first["failures"]) == ("2026-11-21T04:00:00.000Z", 0)
    assert (second["account_id"], second["last_success_at"], second["failures"]) == ("a-duty", None, 1)
    told = json.dumps(rows, ensure_ascii=False)
    for hidden in (opened["secret"], other["secret"], "secret", URL, "/shiliu", "门口的屏"):
        assert hidden not in told


def test_attempts_are_seen() -> None:
    house = WebhookHouse()
    id = house.opened()["id"]
    house.hearing.hear([received(TicketAccepted(terms=some_terms()))])
    house.send()
    found = house.oversight.attempts(house.call(ReadAnyAttempts(endpoint_id=id), ADMIN)).result
    assert [(row["state"], row["attempts"][0]["status"]) for row in found["deliveries"]] == [("delivered", "2xx")]


@pytest.mark.parametrize(
    "who",
    [
        an_actor(Role.DISPATCHER, account_id="a-desk"),
        Actor(account_id="a-near", community_id="shiliuli", grants=(Grant(Role.SECRETARY, "sll-g1"),)),
    ],
)
def test_nobody_but_who_administers_the_whole_community(who: Actor) -> None:
    house = WebhookHouse()
    id = house.opened()["id"]
    for ask in (
        lambda: house.oversight.all(house.call(ListAllEndpoints(), who)),
        lambda: house.oversight.attempts(house.call(ReadAnyAttempts(endpoint_id=id), who)),
        lambda: halted(house, id, who),
        lambda: released(house, id, who),
    ):
        with pytest.raises(Refused):
            ask()


def test_another_community_finds_nothing() -> None:
    house = WebhookHouse()
    id = house.opened()["id"]
    assert house.oversight.all(house.call(ListAllEndpoints(), ABROAD)).result["endpoints"] == []
    for ask in (
        lambda: house.oversight.attempts(house.call(ReadAnyAttempts(endpoint_id=id), ABROAD)),
        lambda: halted(house, id, ABROAD),
        lambda: released(house, id, ABROAD),
    ):
        with pytest.raises(NotFound):
            ask()


def test_what_is_stopped_hears_nothing_and_its_owner_sees_who_and_why() -> None:
    house = WebhookHouse()
    id = house.opened()["id"]
    house.hearing.hear([received(TicketAccepted(terms=some_terms()))])
    row = halted(house, id)
    assert (row["state"], row["stopped_for"], row["halt"]["by"]) == ("disabled", "admin", "a-secretary")
    assert [endpoint.id for endpoint in house.tell.told] == [id]
    house.send()
    house.hearing.hear([received(TicketSubmitted(), a_ticket_snapshot(), 2)])
    assert house.other_side.heard == []
    assert len(house.deliveries.rows) == 1
    seen = house.webhooks.read(house.call(ReadEndpoint(endpoint_id=id))).result["halt"]
    assert seen == {"by": "a-secretary", "role": "secretary", "at": "2026-11-21T04:00:00.000Z", "reason": REASON}


def test_its_owner_cannot_start_it_send_elsewhere_delete_it_or_open_another_at_that_host() -> None:
    house = WebhookHouse()
    id = house.opened()["id"]
    halted(house, id)
    elsewhere = ChangeEndpoint(endpoint_id=id, revision="1", url="https://other.example.org/hook")
    for ask in (
        lambda: enable(house, id),
        lambda: house.webhooks.change(house.call(elsewhere)),
        lambda: house.webhooks.delete(house.call(DeleteEndpoint(endpoint_id=id))),
        lambda: house.opened(),
        lambda: house.webhooks.open(house.call(OpenEndpoint(url=URL.upper() + "?again", event_types=("*",)))),
    ):
        with pytest.raises(Conflict) as refused:
            ask()
        assert refused.value.code == "halted"
    # What it hears may be made narrower, so that it can be started again.
    fewer = ChangeEndpoint(endpoint_id=id, revision="1", event_types=("shiliu.ticket.accepted.v1",))
    assert house.webhooks.change(house.call(fewer)).result["state"] == "disabled"


def test_started_again_it_sends_what_waited_and_its_owner_is_told() -> None:
    house = WebhookHouse()
    id = house.opened()["id"]
    house.hearing.hear([received(TicketAccepted(terms=some_terms()))])
    halted(house, id)
    row = released(house, id, ADMIN)
    assert (row["state"], row["stopped_for"], row["halt"]) == ("active", None, None)
    assert house.endpoint().owner == OWNER
    assert [(endpoint.id, by) for endpoint, by in house.tell.freed] == [(id, Role.ADMIN)]
    house.send()
    assert house.delivery().state is DeliveryState.DELIVERED
    with pytest.raises(Conflict):
        released(house, id)


def test_what_its_owner_had_disabled_before_stays_so_when_the_stop_ends() -> None:
    house = WebhookHouse()
    id = house.opened()["id"]
    house.webhooks.set(house.call(SetEndpoint(endpoint_id=id, active=False)))
    halted(house, id)
    row = released(house, id)
    assert (row["state"], row["stopped_for"]) == ("disabled", Stop.OWNER.value)
    enable(house, id)
    assert house.endpoint().active


def test_the_same_command_again_changes_nothing_and_another_stop_is_refused() -> None:
    house = WebhookHouse()
    id = house.opened()["id"]
    first = halted(house, id, command_id="stop-1")
    assert halted(house, id, command_id="stop-1") == first
    with pytest.raises(KeyReused):
        halted(house, id, command_id="stop-1", body_hash="another")
    with pytest.raises(Conflict):
        halted(house, id, ADMIN)


@pytest.mark.parametrize("reason", ["", "  ", "长" * 201])
def test_a_stop_says_why(reason: str) -> None:
    house = WebhookHouse()
    id = house.opened()["id"]
    with pytest.raises(Invalid) as refused:
        house.oversight.halt(house.call(HaltEndpoint(endpoint_id=id, reason=reason), SECRETARY))
    assert refused.value.field == "reason"


def test_a_stop_in_the_middle_of_a_turn_ends_it_after_what_is_under_way() -> None:
    house = WebhookHouse()
    id = house.opened()["id"]
    house.hearing.hear([received(TicketSubmitted(), a_ticket_snapshot(), version) for version in range(1, 50)])
    post = house.other_side.post

    def stopped_meanwhile(*asked: Any) -> Told:
        if not house.other_side.heard:
            halted(house, id)
        return post(*asked)

    house.other_side.post = stopped_meanwhile  # type: ignore[method-assign]
    house.send()
    assert len(house.other_side.heard) == 24


def test_a_secret_that_leaked_signs_nothing_from_the_next_batch_on() -> None:
    house = WebhookHouse()
    id = house.opened()["id"]
    house.hearing.hear([received(TicketSubmitted(), a_ticket_snapshot(), version) for version in range(1, 50)])
    post = house.other_side.post

    def rotated_meanwhile(*asked: Any) -> Told:
        if not house.other_side.heard:
            house.webhooks.rotate(house.call(RotateSecret(endpoint_id=id, overlap_hours=0)))
        return post(*asked)

    house.other_side.post = rotated_meanwhile  # type: ignore[method-assign]
    house.send()
    secret = house.seals.try_open(house.endpoint().secrets[0].sealed, f"webhook_endpoints/{id}/secret")
    _, headers, body = house.other_side.heard[-1]
    assert len(house.endpoint().secrets) == 1
    assert headers["webhook-signature"] == Webhook(str(secret)).sign(
        headers["webhook-id"], house.real.now, body.decode()
    )
