"""One delegation: which account may do what for a person, how that was given, and until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from contracts.decisions import Due
from contracts.errors import NotFound
from contracts.moments import time_text
from contracts.words import DelegationEnd, Given, Permit, Text

RENEWAL = timedelta(days=365)
WARNING = timedelta(days=30)
"""So long before the end both are told that it has to be renewed."""


@dataclass(frozen=True, kw_only=True)
class Delegation:
    """``witnessed_by`` is the staff account before which it was given, None for the person's own tap.

    ``asked``: staff have spoken with the person about this delegate; until then the first proxy order waits for a
    call. ``warned``: the year's warning was told.
    """

    id: str
    account_id: str
    may: tuple[Permit, ...]
    how: Given
    witnessed_by: str | None
    given_at: datetime
    renew_by: datetime
    asked: bool = False
    warned: bool = False
    end: DelegationEnd | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None

    @property
    def stands(self) -> bool:
        """Has nothing ended it?"""
        return self.end is None

    @property
    def warn_key(self) -> str:
        """The deadline that warns."""
        return f"warn:{self.id}:{self.renew_by:%Y%m%d}"

    @property
    def lapse_key(self) -> str:
        """The deadline that ends it."""
        return f"lapse:{self.id}:{self.renew_by:%Y%m%d}"

    def due(self) -> tuple[Due, ...]:
        """Both deadlines, the warning until it was told."""
        lapse = Due(self.lapse_key, self.renew_by)
        return (lapse,) if self.warned else (Due(self.warn_key, self.renew_by - WARNING), lapse)

    def shown(self, person_id: str) -> Mapping[str, Any]:
        """As commands and reads answer it."""
        return {
            "delegation_id": self.id,
            "person_id": person_id,
            "account_id": self.account_id,
            "may": [permit.value for permit in self.may],
            "how": self.how.value,
            "witnessed_by": self.witnessed_by,
            "given_at": time_text(self.given_at),
            "renew_by": time_text(self.renew_by),
            "stands": self.stands,
            "ended_at": None if self.ended_at is None else time_text(self.ended_at),
            "end": None if self.end is None else self.end.value,
        }


def person_of(delegation_id: str) -> str:
    """Whose delegation it is: the part before the last ``.d``."""
    return delegation_id.rpartition(".d")[0]


def no_such_delegation() -> NotFound:
    """The one answer for what is not there and what is none of the actor's business."""
    return NotFound("no-such-delegation", Text(zh="没有找到这份委托", en="there is no such delegation"))
