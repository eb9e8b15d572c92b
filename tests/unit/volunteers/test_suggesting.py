"""Who sends the offers: suggestions that wait for one touch or send themselves, and orders that wait for staff."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from contracts.actor import Grant, Role
from contracts.commands import Call, Outcome
from contracts.commands.hands_on import ReadSuggestion, SendSuggestion
from contracts.errors import Conflict, Invalid, NotFound
from contracts.events.hands_on import DemandWaiting, SuggestionSettled
from contracts.hands_on import SuggestionOutcome
from contracts.words import DemandStatus, Mode, Policy, Urgency
from services.volunteers.application.ports import CommunityRow
from tests.builders import TICKET_ID, a_meta, an_actor
from tests.builders_of_masters import a_community_snapshot
from tests.unit.volunteers.builders import accepted, cancelled, completed, redispatched
from tests.unit.volunteers.by_hand import invite
from tests.unit.volunteers.world import World, a_world

DISPATCHER = an_actor(Role.DISPATCHER)


def _told(world: World, kind: type) -> list:
    return [one for one in world.journal.envelopes if one.type == kind.TYPE]


def _suggested(world: World, **terms) -> World:
    world.tell(accepted(mode=Mode.SUGGEST, **terms))
    return world


def _send(world: World, *ranks: int, number: int | None = None, actor=DISPATCHER) -> Outcome:
    command = SendSuggestion(demand_id=TICKET_ID, number=number, ranks=ranks)
    world.sent = getattr(world, "sent", 0) + 1
    return world.suggestions.send(Call(command, a_meta(actor, f"send-{world.sent}")))


def _asked(world: World) -> list[str]:
    return [offer.member_id for offer in world.demand.offers]


def test_the_best_three_are_put_before_staff_and_nobody_is_asked() -> None:
    world = _suggested(a_world(4))

    assert world.happened == ["demand.suggested"]
    assert (_asked(world), len(world.demand.steering.suggestion.choices)) == ([], 3)
    assert world.demand.status is DemandStatus.OPEN


def test_nothing_that_is_told_of_a_suggestion_names_anybody() -> None:
    world = _suggested(a_world(3))

    (told,) = world.journal.envelopes
    assert "m1" not in str(told.data)
    assert told.data["snapshot"]["steering"]["suggestion"]["count"] == 3


def test_staff_see_each_of_them_with_why() -> None:
    world = _suggested(a_world(2))

    read = world.suggestions.read(Call(ReadSuggestion(demand_id=TICKET_ID), a_meta(DISPATCHER))).result["suggestion"]

    assert [(one["rank"], one["display_name"]) for one in read["choices"]] == [
        (1, _name(world, 0)),
        (2, _name(world, 1)),
    ]
    assert read["wanted"] == 1
    assert all(one["why"] for one in read["choices"])


def _name(world: World, place: int) -> str:
    return world.member(world.demand.steering.suggestion.choices[place].member_id).display_name


def test_who_is_not_staff_there_sees_no_suggestion_and_sends_none() -> None:
    world = _suggested(a_world(2))

    for actor in (an_actor(Role.RESIDENT), an_actor(Role.DISPATCHER, grants=(Grant(Role.DISPATCHER, "elsewhere"),))):
        with pytest.raises(NotFound):
            world.suggestions.read(Call(ReadSuggestion(demand_id=TICKET_ID), a_meta(actor)))
        with pytest.raises(NotFound):
            _send(world, actor=actor)


def test_one_touch_asks_the_best() -> None:
    world = _suggested(a_world(3))
    best = world.demand.steering.suggestion.choices[0].member_id

    _send(world)

    assert _asked(world) == [best]
    assert world.happened == ["demand.suggested", "demand.suggestion_settled", "offer.made"]
    (settled,) = world.demand.steering.settled
    assert (settled.outcome, settled.taken_ranks) == (SuggestionOutcome.SENT, (1,))


def test_as_many_as_there_are_seats_are_asked() -> None:
    world = _suggested(a_world(4), seats=2)

    _send(world)

    assert len(_asked(world)) == 2
    assert world.demand.steering.settled[0].taken_ranks == (1, 2)


def test_staff_may_take_another_of_the_three_and_it_is_remembered_which() -> None:
    world = _suggested(a_world(3))
    third = world.demand.steering.suggestion.choices[2].member_id

    _send(world, 3)

    assert _asked(world) == [third]
    assert world.demand.steering.settled[0].taken_ranks == (3,)


@pytest.mark.parametrize("ranks", [(4,), (0,), (1, 1), (1, 2)], ids=str)
def test_ranks_that_make_no_sense_are_refused(ranks) -> None:
    world = _suggested(a_world(3))

    with pytest.raises(Invalid):
        _send(world, *ranks)

    assert _asked(world) == []


def test_a_suggestion_is_sent_once() -> None:
    world = _suggested(a_world(3))
    _send(world, number=1)

    for number in (1, None):
        with pytest.raises(Conflict) as refusal:
            _send(world, number=number)
        assert refusal.value.code == "no-suggestion"
    assert len(_asked(world)) == 1


def test_untouched_it_sends_itself_once() -> None:
    world = _suggested(a_world(3))
    best = world.demand.steering.suggestion.choices[0].member_id

    world.pass_time(minutes=9.9)
    assert _asked(world) == []
    world.pass_time(minutes=0.1)
    world.pass_time(minutes=1)

    assert _asked(world) == [best]
    assert [one.outcome for one in world.demand.steering.settled] == [SuggestionOutcome.BY_ITSELF]


def test_it_waits_in_working_time() -> None:
    world = a_world(2)
    world.communities.keep([CommunityRow(a_community_snapshot(), 1)])
    world.clock.advance(days=1)  # a Sunday at noon

    _suggested(world)

    assert world.demand.steering.suggestion.send_at > world.clock.now() + timedelta(hours=12)


@pytest.mark.parametrize("by_hand", [True, False], ids=["sent", "by itself"])
def test_who_no_longer_fits_is_replaced_by_the_next(by_hand: bool) -> None:
    world = _suggested(a_world(4))
    best, second = (choice.member_id for choice in world.demand.steering.suggestion.choices[:2])
    world.set_duty(best, on_duty=False)

    if by_hand:
        _send(world)
    else:
        world.pass_time(minutes=10)

    assert _asked(world) == [second]


def test_of_whom_staff_named_and_who_no_longer_fits_they_hear_in_words() -> None:
    world = _suggested(a_world(3))
    world.set_duty(world.demand.steering.suggestion.choices[1].member_id, on_duty=False)

    with pytest.raises(Conflict) as refusal:
        _send(world, 2)

    assert refusal.value.code == "no-longer-fits"
    assert world.demand.steering.suggestion is not None


def test_once_sent_the_next_is_asked_without_another_touch() -> None:
    world = _suggested(a_world(3))
    _send(world)

    world.decline(1, _asked(world)[0])

    assert len(_asked(world)) == 2
    assert world.demand.steering.suggestion is None


def test_a_redispatch_is_suggested_anew() -> None:
    world = _suggested(a_world(3))
    _send(world)

    world.tell(redispatched(2))

    assert world.demand.steering.suggestion.number == 2
    assert world.demand.open_offers == ()


def test_where_nobody_passes_the_search_goes_on_as_ever() -> None:
    world = _suggested(a_world(2, on_duty=False))

    assert world.happened == ["claim.opened"]


@pytest.mark.parametrize("mode", list(Mode))
def test_an_emergency_waits_for_nobodys_touch(mode: Mode) -> None:
    world = a_world(2)
    world.tell(accepted(mode=mode, urgency=Urgency.EMERGENCY))

    assert world.happened == ["offer.made"]


@pytest.mark.parametrize("end", [cancelled, completed])
def test_a_suggestion_for_an_order_that_ended_is_dropped(end: Callable) -> None:
    world = _suggested(a_world(2))

    world.tell(end(2))

    assert world.demand.steering.suggestion is None
    assert world.demand.deadlines() == ()
    assert world.demand.steering.settled[0].outcome is SuggestionOutcome.DROPPED
    assert [one.data["outcome"] for one in _told(world, SuggestionSettled)] == ["dropped"]


def test_by_hand_nobody_is_asked_until_staff_act_and_they_hear_of_it_again_and_again() -> None:
    world = a_world(2)
    world.tell(accepted(mode=Mode.MANUAL))
    assert world.happened == ["demand.waiting"]
    assert world.demand.steering.waits is not None

    for minutes in (30, 60, 120, 240):
        world.pass_time(minutes=minutes)

    again = [one.data["again"] for one in _told(world, DemandWaiting)]
    assert again == [False, True, True, True, True]
    assert _asked(world) == []
    assert world.demand.status is DemandStatus.OPEN


def test_where_staff_do_nothing_after_the_last_reminder_nobody_took_it_and_they_may_still_act() -> None:
    world = a_world(2)
    world.tell(accepted(mode=Mode.MANUAL))
    for _ in range(4):
        _left_alone(world)
    assert "demand.unserved" not in world.happened

    _left_alone(world)

    assert world.happened[-1] == "demand.unserved"
    assert world.demand.status is DemandStatus.UNSERVED
    assert (world.demand.steering.waits, world.demand.deadlines()) == (None, ())
    invite(world, "m1")
    world.decline(1, "m1")
    assert world.demand.status is DemandStatus.OPEN
    assert world.demand.steering.waits is not None
    for _ in range(5):
        _left_alone(world)
    assert world.happened.count("demand.unserved") == 2


def _left_alone(world: World) -> None:
    """Until staff would hear of it again."""
    waits = world.demand.steering.waits
    assert waits is not None
    world.pass_time(seconds=(waits.remind_at - world.clock.now()).total_seconds())


def test_what_is_claimed_waits_for_whoever_comes_in_any_mode() -> None:
    for mode in Mode:
        world = a_world(2)
        world.tell(accepted(mode=mode, policy=Policy.CLAIM))

        assert world.happened == ["claim.opened"], mode


def test_staff_hear_no_more_of_an_order_that_ended() -> None:
    world = a_world(1)
    world.tell(accepted(mode=Mode.MANUAL), cancelled(2))

    world.pass_time(hours=8)

    assert len(_told(world, DemandWaiting)) == 1
