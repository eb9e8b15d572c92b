"""What simulated people decide: shares, bounds, and that everything comes to an end."""

from collections import Counter
from random import Random

import pytest

from contracts.words import Answer, ResultCode
from deploy.simulate import temper
from deploy.simulate.temper import Reply, Rescue, Step, Temper, Verdict

MANY = 4000


def test_offers_are_answered_in_the_shares_of_the_temper() -> None:
    rng, mood = Random(1), Temper(accept=0.5, decline=0.3)
    seen = Counter(temper.reply_to_offer(rng, mood) for _ in range(MANY))
    assert seen[Reply.ACCEPT] / MANY == pytest.approx(0.5, abs=0.03)
    assert seen[Reply.DECLINE] / MANY == pytest.approx(0.3, abs=0.03)
    assert seen[Reply.SILENCE] / MANY == pytest.approx(0.2, abs=0.03)


def test_the_same_seed_decides_the_same() -> None:
    def story(seed: int) -> list[Reply]:
        rng = Random(seed)
        return [temper.reply_to_offer(rng, Temper()) for _ in range(100)]

    assert story(3) == story(3)
    assert story(3) != story(4)


def test_durations_stay_within_their_span() -> None:
    rng = Random(1)
    assert all(5 <= temper.minutes(rng, (5, 9)) <= 9 for _ in range(100))


@pytest.mark.parametrize(
    ("status", "lead", "step"),
    [
        ("assigned", "me", Step.COMPLETE),
        ("in_progress", "me", Step.COMPLETE),
        ("in_progress", "other", Step.WAIT),
        ("accepted", None, Step.WAIT),
        ("accepted", "me", Step.WAIT),
        ("completed", "me", Step.DONE),
        ("closed", "me", Step.DONE),
        ("cancelled", None, Step.DONE),
    ],
)
def test_the_lead_completes_an_order_at_work_and_others_wait(status: str, lead: str | None, step: Step) -> None:
    assert temper.next_step({"status": status, "lead": lead}, "me") is step


def test_work_is_done_again_at_most_once() -> None:
    rng, mood = Random(1), Temper(rework=1.0)
    assert temper.verdict(rng, mood, reworks=0) is Verdict.REWORK
    assert {temper.verdict(rng, mood, reworks=1) for _ in range(50)} == {Verdict.CONFIRM}
    assert temper.verdict(rng, Temper(silent=1.0), reworks=0) is Verdict.SILENCE


def test_what_was_not_done_satisfies_nobody() -> None:
    assert temper.answer_of(Random(1), ResultCode.UNREACHABLE) == (Answer.UNSATISFIED, False)
    answers = {temper.answer_of(Random(seed), ResultCode.SOLVED) for seed in range(200)}
    assert (Answer.SATISFIED, True) in answers


@pytest.mark.parametrize(
    ("status", "round_", "share", "what"),
    [
        ("accepted", 1, 1.0, Rescue.REDISPATCH),
        ("accepted", 1, 0.0, Rescue.CANCEL),
        ("accepted", 2, 1.0, Rescue.CANCEL),
        ("assigned", 1, 1.0, Rescue.NOTHING),
        ("closed", 2, 1.0, Rescue.NOTHING),
    ],
)
def test_an_order_nobody_took_gets_one_more_round_then_an_honest_no(
    status: str, round_: int, share: float, what: Rescue
) -> None:
    assert temper.rescue(Random(1), Temper(redispatch=share), {"status": status, "round": round_}) is what
