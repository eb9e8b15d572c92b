"""A lifecycle is one visible table; this walks it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from contracts.errors import Conflict
from contracts.words import Text

S = TypeVar("S", bound=StrEnum)
A = TypeVar("A", bound=StrEnum)


class IllegalTransition(Conflict):
    """The table has no such cell."""

    def __init__(self, status: StrEnum, action: StrEnum) -> None:
        super().__init__(
            "illegal-transition",
            Text(
                zh=f"现在的状态是「{status.value}」,不能做「{action.value}」",
                en=f"the status is {status.value}: {action.value} is not possible now",
            ),
        )
        self.status = status
        self.action = action


def advance(table: Mapping[tuple[S, A], S], status: S, action: A) -> S:
    """The status after *action*; raises IllegalTransition where the table has no cell."""
    try:
        return table[status, action]
    except KeyError:
        raise IllegalTransition(status, action) from None
