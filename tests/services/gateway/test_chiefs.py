"""What a chief of a block sees of two communities, what a called department sees, and how much of it."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from contracts.actor import Actor, Grant, Role
from contracts.events.ladder import TicketEscalated, TicketWhistled
from contracts.events.tickets import TicketAccepted
from contracts.hearing import audience
from contracts.ladder import EscalationReason, Rung, WhistleStatus
from contracts.recusal import Recusal
from contracts.words import Nature
from gateway.api import schemas
from gateway.api.desk import Desk
from gateway.stream.store import mark
from tests.builders import TICKET_ID, a_member_actor, a_ticket_snapshot, an_actor, an_envelope, some_terms
from tests.builders_of_ladder import BLOCK, GAS, a_whistle, an_escalation
from tests.services.gateway.api import Api

ABROAD = "zaoyuanli"
ONE = f"/tickets/{TICKET_ID}"
CHIEF = an_actor(Role.BLOCK_CHIEF, account_id="a-chief", community_id=ABROAD, grants=(Grant(Role.BLOCK_CHIEF, BLOCK),))
OTHER = replace(CHIEF, account_id="a-other", grants=(Grant(Role.BLOCK_CHIEF, "harbour"),))
STAFF_ABROAD = an_actor(Role.SECRETARY, account_id="a-abroad", community_id=ABROAD)
LEAD = a_member_actor("m-q01")
REQUESTER = an_actor(account_id="a-daughter")
ORDER = a_ticket_snapshot(requester_id="a-daughter", beneficiary_id="p-mother", blocks=(BLOCK,))
UP = replace(ORDER, rung=Rung.BLOCK_CHIEF, escalations=(an_escalation(rung=Rung.BLOCK_CHIEF),))
CALLED = replace(ORDER, whistles=(a_whistle(),))

Seen = Callable[..., None]


def accepted(snapshot: Any) -> Any:
    return an_envelope(TicketAccepted(terms=some_terms()), snapshot)


def escalated(snapshot: Any, version: int = 2) -> Any:
    body = TicketEscalated(before=Rung.DESK, rung=Rung.BLOCK_CHIEF, reason=EscalationReason.JOINT)
    return an_envelope(body, snapshot, version)


@pytest.mark.parametrize(("who", "sees"), [(CHIEF, True), (OTHER, False), (STAFF_ABROAD, False)])
def test_a_block_is_seen_across_communities_and_nothing_else_is(api: Api, seen: Seen, who: Actor, sees: bool) -> None:
    seen(accepted(ORDER))
    api.get(who, ONE, 200 if sees else 404)
    listed = api.get(who, "/tickets", schema=schemas.page_of("P", schemas.TICKET))["items"]
    assert [ticket["id"] for ticket in listed] == ([TICKET_ID] if sees else [])


def test_who_ordered_is_for_the_chief_only_when_it_came_up(api: Api, seen: Seen) -> None:
    seen(accepted(ORDER))
    assert api.get(CHIEF, ONE)["requester_id"] is None
    seen(escalated(UP))
    assert api.get(CHIEF, ONE)["requester_id"] == "a-daughter"
    assert [one["id"] for one in api.get(CHIEF, "/tickets?rung=block_chief")["items"]] == [TICKET_ID]
    assert api.get(CHIEF, "/tickets?rung=desk")["items"] == []


def test_a_complaint_about_the_block_is_not_its_chief_s(api: Api, seen: Seen) -> None:
    seen(escalated(replace(UP, nature=Nature.COMPLAINT, recused=Recusal(areas=(BLOCK,)))))
    api.get(CHIEF, ONE, 404)
    assert api.get(CHIEF, "/tickets")["items"] == []


def test_a_department_sees_what_it_was_called_to_and_of_the_others_people_nobody(api: Api, seen: Seen) -> None:
    fire = a_whistle(team="fire", leads=("m-d04",))
    seen(an_envelope(TicketWhistled(teams=(GAS,)), replace(CALLED, whistles=(a_whistle(), fire))))
    order = api.get(LEAD, ONE, schema=schemas.TICKET)
    assert [(one["team"], one["leads"], one["by"]) for one in order["whistles"]] == [
        (GAS, ["m-q01"], None),
        ("fire", [], None),
    ]
    assert order["requester_id"] is None
    assert [one["id"] for one in api.get(LEAD, "/tickets?whistled=true")["items"]] == [TICKET_ID]
    assert [one["leads"] for one in api.get(REQUESTER, ONE)["whistles"]] == [[], []]
    api.get(a_member_actor("m-other"), ONE, 404)


def test_what_was_given_back_is_gone(api: Api, seen: Seen) -> None:
    returned = replace(CALLED, whistles=(a_whistle(status=WhistleStatus.RETURNED),))
    seen(an_envelope(TicketWhistled(teams=(GAS,)), returned))
    api.get(LEAD, ONE, 404)
    assert api.get(LEAD, "/tickets")["items"] == []


def test_the_stream_tells_chiefs_of_what_came_up_and_departments_of_what_calls_them() -> None:
    assert "blocks" not in audience(accepted(ORDER), {})
    assert audience(escalated(UP), {})["blocks"] == [BLOCK]
    assert audience(accepted(CALLED), {})["member_ids"] == ["m-q01", "m-q02"]


def test_a_chief_resumes_the_stream_of_another_community(api: Api, desk: Desk) -> None:
    since = mark(time.time() - 60)
    desk.stream.add([accepted(ORDER), escalated(UP)])
    frames = api.get(CHIEF, f"/events?wait=0&after={since}")["frames"]
    assert [frame["version"] for frame in frames] == [2]
    assert api.get(OTHER, f"/events?wait=0&after={since}")["frames"] == []
