"""A rule says who hears of which event, by which template, how urgently, and what goes out of the platform."""

from collections.abc import Mapping
from dataclasses import dataclass, is_dataclass
from typing import Any

from contracts.events import AnyReceived
from services.notify.domain.audience import Audience
from services.notify.domain.category import Category

GIVEN = "given"
"""In ``when``: the field holds a structure, whatever is in it."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """``when`` names fields of the event's body or snapshot and the coded values for which the rule holds.

    ``reach``: so many business minutes after it lies in the inbox unread it is also sent outside the platform (0: at
    once; None: never); an audience that asked to hear is sent it only where somebody wishes that. ``group``: the robots
    of the order's area tell it, too. ``before``: it is a reminder, told so many minutes before the appointment that the
    event carries, and not before. ``cancels``: whatever still waits under these rules for the same people about the
    same thing is not told any more; a rule without ``template`` and ``category`` tells nobody and does that alone.
    """

    id: str
    event: str
    audience: Audience
    template: str | None
    category: Category | None
    when: Mapping[str, tuple[Any, ...]]
    urgent: bool = False
    reach: int | None = None
    group: bool = False
    before: tuple[int, ...] = ()
    cancels: tuple[str, ...] = ()

    def holds_for(self, event: AnyReceived) -> bool:
        """Is this the event, and are its fields as the rule wants them?"""
        return event.envelope.type == self.event and all(
            _coded(event, field) in allowed for field, allowed in self.when.items()
        )

    @property
    def overtakes(self) -> tuple[str, ...]:
        """The rules whose waiting messages are over with this one: newer reminders replace the older ones."""
        return (*self.cancels, self.id) if self.before else self.cancels


def _coded(event: AnyReceived, field: str) -> Any:
    holder = event.body if hasattr(event.body, field) else event.snapshot
    value = getattr(holder, field)
    if is_dataclass(value):
        return GIVEN
    return getattr(value, "value", value)
