"""What staff type beside the reason when they step in: sealed, in no event, read for a reason that is logged."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from contracts.actor import Grant, Role
from contracts.commands import Call
from contracts.commands.hands_on import (
    AssignMember,
    FreezeSearch,
    InviteMember,
    InviteTeam,
    PinMember,
    ReadHands,
    RevealHands,
    TakeSeatBack,
    UnfreezeSearch,
)
from contracts.errors import Invalid, NotFound, Refused
from contracts.events.hands_on import DemandSteered
from contracts.hands_on import SteeringReason
from contracts.recusal import Recusal
from contracts.words import Employment, Mode
from services.volunteers.application.hand_notes import HandNotes
from tests.builders import TICKET_ID, a_member_actor, a_meta, an_actor
from tests.unit.volunteers.builders import a_member, accepted
from tests.unit.volunteers.by_hand import DISPATCHER, a_searched_world, assign, by_hand
from tests.unit.volunteers.rostering import Log
from tests.unit.volunteers.test_teams import A, B, a_world_of
from tests.unit.volunteers.world import World

WORDS = "老李刚出院,先别找他"
WHY = SteeringReason.KNOWS_THEM
OFFICER = replace(DISPATCHER, account_id="m-z1", member_id="z1")
SECRETARY = an_actor(Role.SECRETARY, account_id="a-secretary")


def noted(world: World, step: Callable[[Any], Any], command: Any, actor: Any = DISPATCHER) -> None:
    by_hand(world, step, command, actor)


def reveal(world: World, log: Log, actor: Any = SECRETARY, reason: str = "交接要看") -> list[dict[str, Any]]:
    notes = HandNotes(world.demands, world.vault, log, world.clock)
    found = notes.reveal(Call(RevealHands(demand_id=TICKET_ID, reason=reason), a_meta(actor, "reveal")))
    return [dict(one) for one in found.result["notes"]]


def a_noted_world() -> World:
    """Somebody was asked by name, with words beside the reason; then the search was frozen without any."""
    world = a_searched_world()
    invite = InviteMember(demand_id=TICKET_ID, member_id="m3", reason=WHY, note=f"  {WORDS}\n")
    noted(world, lambda hands: hands.invite, invite, OFFICER)
    freeze = FreezeSearch(demand_id=TICKET_ID, reason=SteeringReason.WAITS, note="  ")
    noted(world, lambda hands: hands.freeze, freeze)
    return world


def test_the_words_are_in_the_vault_alone_that_there_are_any_is_in_the_timeline() -> None:
    world = a_noted_world()
    told = [one for one in world.journal.envelopes if one.type == DemandSteered.TYPE]
    assert [one.data["noted"] for one in told] == [True, False]
    assert [one["noted"] for one in told[-1].data["snapshot"]["steering"]["interventions"]] == [True, False]
    said = json.dumps([one.to_wire() for one in world.journal.envelopes], ensure_ascii=False, default=str)
    assert WORDS not in said
    assert "m3" not in json.dumps(told[0].data, default=str)
    [hand, bare] = world.demand.steering.hands
    assert hand.note is not None
    assert WORDS.encode() not in hand.note
    assert (bare.note, bare.about) == (None, None)


def test_each_step_takes_words() -> None:
    ask = {"demand_id": TICKET_ID, "reason": WHY}
    steps: list[tuple[str, Any]] = [
        ("freeze", FreezeSearch(**ask, note="1")),
        ("pin", PinMember(**ask, member_id="m3", note="2")),
        ("unfreeze", UnfreezeSearch(**ask, note="3")),
        ("invite_team", InviteTeam(**ask, team_id="b", note="4")),
        ("assign", AssignMember(**ask, member_id="z1", note="5")),
    ]
    world = a_world_of(A, B)
    for one in (a_member("m3"), a_member("z1", employment=Employment.DUTY, on_duty=False)):
        world.add(one)
    world.tell(accepted(mode=Mode.MANUAL, seats=3))
    for name, command in steps:
        noted(world, lambda hands, name=name: getattr(hands, name), command)
    assert [one["note"] for one in reveal(world, Log())] == ["1", "2", "3", "4", "5"]


def test_a_seat_taken_back_is_about_whoever_had_it_and_they_read_who_looked() -> None:
    world, log = a_searched_world(), Log()
    seat = assign(world, "z1").result["assignment_id"]
    back = TakeSeatBack(assignment_id=seat, reason=SteeringReason.NOT_SUITABLE, note=WORDS)
    noted(world, lambda hands: hands.take_seat_back, back)
    assert reveal(world, log) == [{"number": 2, "note": WORDS}]
    assert [(one.member_id, one.part, one.reason, one.ticket_id) for one in log.rows] == [
        (DISPATCHER.account_id, "hands", "交接要看", TICKET_ID),
        ("z1", "hands", "交接要看", TICKET_ID),
    ]


def test_reading_is_logged_for_who_wrote_it_and_who_was_asked() -> None:
    world, log = a_noted_world(), Log()
    assert reveal(world, log) == [{"number": 1, "note": WORDS}]
    assert [one.member_id for one in log.rows] == ["z1", "m3"], "the member behind the account that wrote it"


def test_no_reason_no_words_and_nothing_is_logged_then() -> None:
    world, log = a_noted_world(), Log()
    with pytest.raises(Refused, match="reason-needed"):
        reveal(world, log, reason=" ")
    assert log.rows == []


@pytest.mark.parametrize(
    "actor",
    [
        a_member_actor("m3"),
        an_actor(Role.DISPATCHER, grants=(Grant(Role.DISPATCHER, "elsewhere"),)),
    ],
    ids=["who-was-asked", "afar"],
)
def test_nobody_else_finds_it(actor: Any) -> None:
    world, log = a_noted_world(), Log()
    with pytest.raises(NotFound):
        reveal(world, log, actor)
    assert log.rows == []


def test_whose_own_case_it_is_learns_nothing() -> None:
    world, log = World(a_member("m1")), Log()
    world.tell(accepted(ticket={"recused": Recusal(staff=("a-secretary",))}))
    noted(world, lambda hands: hands.freeze, FreezeSearch(demand_id=TICKET_ID, reason=WHY, note=WORDS))
    with pytest.raises(NotFound):
        reveal(world, log)


def test_too_long_is_refused_by_name_and_nothing_happens() -> None:
    world = a_searched_world()
    with pytest.raises(Invalid) as refusal:
        noted(world, lambda hands: hands.freeze, FreezeSearch(demand_id=TICKET_ID, reason=WHY, note="长" * 501))
    assert (refusal.value.code, refusal.value.field) == ("too-long", "note")
    assert not world.demand.steering.frozen


def test_who_may_see_accounts_sees_that_there_are_words_and_not_which() -> None:
    world = a_noted_world()
    found = world.hands.read_hands(Call(ReadHands(demand_id=TICKET_ID), a_meta(SECRETARY, "read"))).result["hands"]
    assert [one["noted"] for one in found] == [True, False]
    assert WORDS not in str(found)
