"""A rule says who hears of which event, by which template, how urgently, through which channels."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contracts.events import AnyReceived
from services.notify.domain.audience import Audience


@dataclass(frozen=True, kw_only=True)
class Rule:
    """``when`` names fields of the event's body or snapshot and the coded values for which the rule holds."""

    id: str
    event: str
    audience: Audience
    template: str
    channels: tuple[str, ...]
    urgent: bool = False
    when: Mapping[str, tuple[Any, ...]]

    def holds_for(self, event: AnyReceived) -> bool:
        """Is this the event, and are its fields as the rule wants them?"""
        return event.envelope.type == self.event and all(
            _coded(event, field) in allowed for field, allowed in self.when.items()
        )


def _coded(event: AnyReceived, field: str) -> Any:
    holder = event.body if hasattr(event.body, field) else event.snapshot
    value = getattr(holder, field)
    return getattr(value, "value", value)
