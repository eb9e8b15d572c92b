"""Duty staff who cannot come name somebody else of them; staff confirm, and the seat changes hands once."""

import json
from typing import Any

import pytest

from contracts.actor import Actor, Grant, Role
from contracts.commands import Call, Outcome
from contracts.commands.hands_on import ConfirmSubstitute, ReadSubstitutes
from contracts.commands.visits import AskForSubstitute, OnMyWay
from contracts.errors import NotFound
from contracts.events.hands_on import DemandSteered
from contracts.events.seat_visits import AssignmentSubstituteWanted
from contracts.hands_on import SteeringReason, SteeringStep
from contracts.words import DemandStatus, Employment, Mode, ReleaseReason
from gateway.views.steering import said
from services.volunteers.domain.standing_in import to_be_replaced
from services.volunteers.domain.watching import watched
from tests.builders import TICKET_ID, a_meta, an_actor
from tests.unit.volunteers.builders import a_member, accepted, cancelled, completed, redispatched
from tests.unit.volunteers.by_hand import DISPATCHER, assign, by_hand, refused, steps
from tests.unit.volunteers.world import World

SEAT = f"{TICKET_ID}.s1.1"
NEW = f"{TICKET_ID}.s1.2"
WHY = SteeringReason.NOT_REACHED


def an_ordered_seat(**terms: Any) -> World:
    """z1 of the duty staff has the seat; z2 and z3 are there too, and a volunteer of a team with z1."""
    officers = (a_member(f"z{n}", employment=Employment.DUTY, on_duty=False, team_ids=("t",)) for n in (1, 2, 3))
    world = World(*officers, a_member("m1", team_ids=("t",), on_duty=False))
    world.tell(accepted(mode=Mode.MANUAL, **terms))
    assign(world, "z1")
    return world


def name(world: World, whom: str | None, who: str = "z1", seat: str = SEAT) -> Outcome:
    return world.substituting.ask(Call(AskForSubstitute(assignment_id=seat, member_id=whom), world.meta(who)))


def confirm(world: World, whom: str = "z2", reason: SteeringReason = WHY, actor: Actor = DISPATCHER) -> Outcome:
    command = ConfirmSubstitute(assignment_id=SEAT, substitute_id=whom, reason=reason)
    return by_hand(world, lambda hands: hands.confirm_substitute, command, actor)


def waiting(world: World) -> list[tuple[str, str]]:
    read = world.hands.read_substitutes(Call(ReadSubstitutes(demand_id=TICKET_ID), a_meta(DISPATCHER, "read")))
    return [(row["assignment_id"], row["substitute_id"]) for row in read.result["substitutes"]]


def holders(world: World) -> list[str]:
    return [take.member_id for take in world.demand.holders]


def test_nobody_is_asked_staff_are_told_and_the_seat_stays_whose_it_is() -> None:
    world = an_ordered_seat()
    assert name(world, "z2").result["until"] is not None
    assert (holders(world), world.demand.open_offers, world.demand.status) == (["z1"], (), DemandStatus.FILLED)
    assert waiting(world) == [(SEAT, "z2")]
    [told] = [one for one in world.journal.envelopes if one.type == AssignmentSubstituteWanted.TYPE]
    assert (told.data["by_name"], told.data["confirm"]) == (True, True)
    assert "z2" not in json.dumps(told.data, default=str), "who does not come yet is nobody's business"
    assert list(to_be_replaced(world.demand, world.clock.now())) == [], "nor does the search look for others"


def test_staff_say_yes_and_the_seat_changes_hands_in_one_write() -> None:
    world = an_ordered_seat()
    name(world, "z2")
    before = len(world.journal.envelopes)

    assert confirm(world).result["assignment_id"] == NEW

    assert (holders(world), world.demand.status) == (["z2"], DemandStatus.FILLED)
    assert world.demand.take(SEAT).released is ReleaseReason.SUBSTITUTED
    assert (world.member("z1").holding, world.member("z2").holding) == ((), (NEW,))
    assert world.demand.unsettled == ()
    assert [one.type.split(".")[1:3] for one in world.journal.envelopes[before:]] == [
        ["assignment", "released"],
        ["assignment", "made"],
        ["demand", "steered"],
    ]
    assert steps(world)[-1] is SteeringStep.SUBSTITUTE
    told = [one.data for one in world.journal.envelopes if one.type == DemandSteered.TYPE][-1]
    assert (told["assignment_id"], told["member_id"]) == (NEW, "z2")
    assert said(told)["zh"] == "值守人员来不了,换了一位:联系不上或没有到"
    assert waiting(world) == []


def test_it_happens_once_whoever_else_touches_it() -> None:
    world = an_ordered_seat()
    name(world, "z2")
    call = Call(ConfirmSubstitute(assignment_id=SEAT, substitute_id="z2", reason=WHY), a_meta(DISPATCHER, "same"))
    first = world.hands.confirm_substitute(call)
    events = len(world.journal.envelopes)
    assert world.hands.confirm_substitute(call).result == first.result
    assert len(world.journal.envelopes) == events, "the same request again"
    assert refused(lambda: confirm(world)) == "nobody-named", "somebody else's, on an old page"
    assert holders(world) == ["z2"]


def test_named_anew_the_page_with_the_old_name_is_refused() -> None:
    world = an_ordered_seat()
    name(world, "z2")
    name(world, "z3")
    assert refused(lambda: confirm(world, "z2")) == "nobody-named"
    confirm(world, "z3")
    assert holders(world) == ["z3"]


def test_in_time_nobody_confirms_and_the_seat_is_free() -> None:
    world = an_ordered_seat(expiry_minutes=60)
    name(world, "z2")
    now = world.clock.advance(minutes=61)
    for due in watched(world.demand):
        if due.at <= now:
            world.deadlines.fire(TICKET_ID, due)
    assert (holders(world), world.demand.take(SEAT).released) == ([], ReleaseReason.GAVE_BACK)
    assert (waiting(world), refused(lambda: confirm(world))) == ([], "nobody-named")
    assert world.member("z1").holding == ()


@pytest.mark.parametrize("how", ["arrives", "on the way", "gives back", "leaves", "done", "cancelled", "redispatched"])
def test_what_happens_meanwhile_ends_it(how: str) -> None:
    world = an_ordered_seat()
    name(world, "z2")
    if how == "arrives":
        world.arrive(SEAT, "z1")
    elif how == "on the way":
        world.visits.on_my_way(Call(OnMyWay(assignment_id=SEAT), world.meta("z1")))
    elif how == "gives back":
        world.release(SEAT, "z1")
    elif how == "leaves":
        world.leave(SEAT, "z1")
    else:
        world.tell({"done": completed, "cancelled": cancelled, "redispatched": redispatched}[how](2))
    assert refused(lambda: confirm(world)) == "nobody-named"
    assert world.demand.take(SEAT).substitute_named is None
    assert world.member("z2").holding == ()


def test_the_gates_hold_for_whom_they_named_and_full_hands_need_their_reason() -> None:
    world = an_ordered_seat()
    world.add(a_member("z4", employment=Employment.DUTY, skills=()))
    name(world, "z4")
    assert refused(lambda: confirm(world, "z4")) == "does-not-fit"
    assert holders(world) == ["z1"], "nothing is half done"
    world.add(a_member("z5", employment=Employment.DUTY, holding=("elsewhere",)))
    name(world, "z5")
    assert refused(lambda: confirm(world, "z5")) == "hands-full"
    confirm(world, "z5", SteeringReason.BEYOND_CAPACITY)
    assert [take.beyond for take in world.demand.holders] == [True]


def test_volunteers_are_never_sent_by_it_and_do_not_send_duty_staff() -> None:
    world = an_ordered_seat()
    assert refused(lambda: name(world, "m1")) == "does-not-suit", "a volunteer is asked as ever: not off duty"
    other = World(a_member("m1", team_ids=("t",)), a_member("z1", employment=Employment.DUTY, team_ids=("t",)))
    other.set_duty("z1", False)
    other.tell(accepted())
    other.accept(1, "m1")
    assert refused(lambda: name(other, "z1", "m1")) == "staff-assign"


def test_nobody_is_named_who_comes_already_or_is_not_there() -> None:
    world = an_ordered_seat()
    assert refused(lambda: name(world, "z1")) == "comes-already"
    for stranger in ("nobody", "x1"):
        with pytest.raises(NotFound):
            name(world, stranger)


@pytest.mark.parametrize(
    "actor",
    [an_actor(Role.MEMBER), an_actor(Role.DISPATCHER, grants=(Grant(Role.DISPATCHER, "elsewhere"),))],
    ids=["member", "afar"],
)
def test_only_staff_there_confirm_or_learn_of_it(actor: Actor) -> None:
    world = an_ordered_seat()
    name(world, "z2")
    with pytest.raises(NotFound):
        confirm(world, actor=actor)
    with pytest.raises(NotFound):
        world.hands.read_substitutes(Call(ReadSubstitutes(demand_id=TICKET_ID), a_meta(actor, "read")))
