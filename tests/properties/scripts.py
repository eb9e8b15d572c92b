"""A script is a list of steps (move, number, number); hypothesis writes them, a test may write one by hand."""

from collections.abc import Callable, Iterable
from typing import Any

from hypothesis import strategies as st

from tests.properties import (
    moves,
    moves_of_absences,
    moves_of_cash,
    moves_of_counter,
    moves_of_crews,
    moves_of_dispatch,
    moves_of_harm,
    moves_of_hours,
    moves_of_intake,
    moves_of_ladder,
    moves_of_ledger,
    moves_of_merging,
    moves_of_results,
    moves_of_rosters,
    moves_of_talk,
    moves_of_upstream,
    moves_of_visits,
)
from tests.properties.house import House

Step = tuple[str, int, int]
Script = list[Step]
Check = Callable[[House], object]

_ORDERS = ("place", "handle", "complete", "complete", "confirm", "rework", "redispatch", "cancel", "accept", "reject")
_SEATS = (
    "accept_offer",
    "accept_offer",
    "accept_offer",
    "decline_offer",
    "claim",
    "claim",
    "arrive",
    "leave",
    "release",
)
_BY_STAFF = ("place_for_staff", "send_suggestion", "send_suggestion", "assign", "invite", "take_back", "freeze")
_VISITS = (
    "place_for_later",
    "ask_for_substitute",
    "set_out",
    "stay",
    "end_visit",
    "end_visit",
    "follow_up",
    "return_offer",
)
_LADDER = ("escalate", "whistle", "answer_whistle", "answer_whistle")
_LEDGER = ("ask_for", "ask_for", "decide_request", "decide_request", "resume")
_TOGETHER = ("merge", "merge", "split")
_AFTERWARDS = ("call_back", "not_content", "explain", "open_again", "plan", "answer_again")
_CASH = ("hand_cash", "hand_cash", "return_cash", "confirm_cash", "confirm_cash")
_COUNTER = ("take_in", "take_in_new", "hand_over", "close_at_counter")
_CREWS = ("place_for_a_crew", "lead_steps_back", "claim_part", "name_colleague", "confirm_colleague", "hurry_back")
_ABSENCES = ("let_them_wait", "answer_absence", "decide_absence", "go_away", "rest_until", "stop_serving")
_HARM = ("report_harm", "report_harm", "acknowledge_harm", "tell_of_harm", "explain_harm", "close_harm")
_HOURS = ("ask_for_correction", "decide_correction", "enter_times")
_ROSTER = (
    "plan_shift",
    "plan_shift",
    "name_substitute",
    "cannot_serve",
    "take_over",
    "hand_over_shift",
    "remove_shift",
)
_TALK = ("comment", "write_answer", "agree_to_answer", "approve_answer", "withdraw_answer")
_UPSTREAM = ("push", "push", "hear_upstream", "report", "report")
_POST = ("deliver", "deliver", "deliver", "deliver_oldest", "deliver_newest", "deliver_again", "settle")
_TIME = ("wait", "fire", "fire", "fire_again")
_MASTERS = ("switch_duty", "change_member", "change_item", "change_area", "change_team")
ALL = (
    "rest",
    *_POST,
    *_POST,
    *_ORDERS,
    *_TOGETHER,
    *_SEATS,
    *_SEATS,
    *_TIME,
    *_BY_STAFF,
    *_VISITS,
    *_LADDER,
    *_LEDGER,
    *_AFTERWARDS,
    *_UPSTREAM,
    *_CASH,
    *_COUNTER,
    *_CREWS,
    *_ABSENCES,
    *_HARM,
    *_HOURS,
    *_ROSTER,
    *_TALK,
    *_MASTERS,
    "repeat",
)
CALM = ("rest", *_POST, *_POST, *_ORDERS, *_SEATS, *_SEATS, *_TIME, *_LADDER, *_LEDGER, *_AFTERWARDS)
"""Without what changes members: then the end of one order depends on nothing but its own history."""

MODULES = (
    moves,
    moves_of_absences,
    moves_of_cash,
    moves_of_counter,
    moves_of_crews,
    moves_of_dispatch,
    moves_of_harm,
    moves_of_hours,
    moves_of_intake,
    moves_of_ladder,
    moves_of_ledger,
    moves_of_merging,
    moves_of_results,
    moves_of_rosters,
    moves_of_talk,
    moves_of_upstream,
    moves_of_visits,
)
MOVES: dict[str, Any] = {name: move for module in MODULES for name, move in vars(module).items()}


def steps(names: Iterable[str] = ALL) -> st.SearchStrategy[Step]:
    """One step."""
    return st.tuples(st.sampled_from(tuple(names)), st.integers(0, 255), st.integers(0, 255))


def scripts(most: int, names: Iterable[str] = ALL) -> st.SearchStrategy[Script]:
    """A play that begins with an order; half of the plays are longer than half of *most*."""
    step = steps(names)
    return st.integers(most // 4, most).flatmap(lambda length: st.lists(step, min_size=length, max_size=length))


def play(house: House, script: Script, *checks: Check) -> House:
    """Act the script, with *checks* after each step."""
    for name, a, b in script:
        MOVES[name](house, a, b)
        house.collect()
        for check in checks:
            check(house)
    return house


def told(script: Script) -> str:
    """The script as a test can hold it."""
    steps: list[Any] = [step for step in script if step[0] != "rest"]
    return "\n".join(f"    {step!r}," for step in steps)
