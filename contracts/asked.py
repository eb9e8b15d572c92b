"""When staff are told how many of those who were asked said no or nothing: not while a number says who it was.

Who asks one person by name, and then reads that one declined, has read who. So of fewer than ``FEWEST_ASKED`` who
were free to refuse it is told that nobody has taken it yet, or somebody has, and no more; who said no is told by a
logged reveal alone.

What no count can hide is the moment: who is told that somebody else is asked, before the time to answer is over, may
think that whoever was asked before said no. Nor that an order which is dispatched anew never asks whoever said no to it
once more, but asks the silent again.
"""

from collections.abc import Mapping
from typing import Any

FEWEST_ASKED = 3
"""The answers of fewer people are theirs: of two, whoever knows one answer knows the other."""
_ANSWERS = ("declined", "expired")


def may_be_told(invited: int, by_name: int = 0) -> bool:
    """May the answers of *invited* people be told in one count, of whom somebody named *by_name*?

    Those who were named count apart: of one who is asked after three others, the sum before and after says the same.
    Who was not free to refuse is not among them: they owe an answer, and staff hear when there is none.
    """
    return all(people == 0 or people >= FEWEST_ASKED for people in (by_name, invited - by_name))


def told(counts: Mapping[str, Any], invited: Mapping[str, int] | None) -> dict[str, Any]:
    """The counts of a demand for staff: None where how many declined, or did not answer, is not told.

    *invited* as in a demand's snapshot; where an older version does not say it, everybody was.
    """
    whom = invited or {"asked": counts["asked"], "by_name": 0}
    return dict(counts) if may_be_told(whom["asked"], whom["by_name"]) else withheld(counts)


def withheld(counts: Mapping[str, Any]) -> dict[str, Any]:
    """The counts without how many declined or did not answer: of two moments the difference would say it."""
    return {**counts, **dict.fromkeys(_ANSWERS)}
