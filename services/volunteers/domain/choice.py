"""Whom the matcher found for an order."""

from dataclasses import dataclass

from contracts.dispatch import Asking
from contracts.words import Text


@dataclass(frozen=True)
class Choice:
    """A member to be asked, in what way and for which role of a crew, and why, in words.

    A team is asked through its lead, ``member_id``, or its deputy. ``by_name``: staff named them, or their team, for
    this order. ``walk_within``: so many minutes on foot at most, by bands; None: farther, or nobody knows.
    """

    member_id: str
    why: tuple[Text, ...]
    asking: Asking = Asking.INVITED
    role: str | None = None
    team_id: str | None = None
    deputy_id: str | None = None
    by_name: bool = False
    walk_within: int | None = None
