"""Races: several who do something at the same time."""

from collections.abc import Callable

from eventlet import GreenPool

from contracts.commands import Outcome
from contracts.errors import Conflict


def at_once(*acts: Callable[[], Outcome]) -> list[str]:
    """Do all of it at the same time; how each went, in order: ``yes``, or why not."""

    def outcome(act: Callable[[], Outcome]) -> str:
        try:
            act()
        except Conflict as refusal:
            return refusal.code
        return "yes"

    return list(GreenPool(len(acts)).imap(outcome, acts))
