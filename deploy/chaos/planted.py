"""The book of planted dead letters: the audit takes every other one for a finding, and these, if they are missing."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field


@dataclass
class Planted:
    """By service and message id, the reason with which it has to lie in the service's dead queue."""

    reasons: dict[str, dict[str, str]] = field(default_factory=dict)

    def note(self, service: str, id: str, reason: str) -> None:
        """Written down before it is published: a letter that nobody expected is a finding."""
        self.reasons.setdefault(service, {})[id] = reason

    @property
    def letters(self) -> Mapping[str, Set[str]]:
        """The ids by service."""
        return {service: set(planted) for service, planted in self.reasons.items()}

    def __contains__(self, id: object) -> bool:
        return any(id in planted for planted in self.reasons.values())
