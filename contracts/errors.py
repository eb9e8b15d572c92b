"""The kinds of refusal a service can answer with; the gateway gives each its HTTP status."""

from typing import ClassVar

from contracts.words import Text


class DomainError(Exception):
    """A command or read that cannot be done, said so that a person can act on it.

    ``code`` is stable and machine-readable (``seat-taken``); ``field`` names the input that is wrong, if one is.
    """

    kind: ClassVar[str] = "error"

    def __init__(self, code: str, sentence: Text, field: str | None = None) -> None:
        super().__init__(f"{code}: {sentence.en}")
        self.code = code
        self.sentence = sentence
        self.field = field


class Invalid(DomainError):
    """The input breaks a rule; ``field`` says which part (422)."""

    kind = "invalid"


class NotFound(DomainError):
    """There is no such thing, or the actor may not know that there is (404)."""

    kind = "not_found"


class Refused(DomainError):
    """The actor may not do this (403)."""

    kind = "refused"


class Conflict(DomainError):
    """The thing is not in a state that allows this (409)."""

    kind = "conflict"


class KeyReused(DomainError):
    """The same command id came with another body (422)."""

    kind = "key_reused"


class Busy(DomainError):
    """Not now; the same command may be sent again in a moment (503 with Retry-After)."""

    kind = "busy"


class TooLate(DomainError):
    """The deadline passed before the answer came: the outcome is unknown (504)."""

    kind = "too_late"


KINDS: dict[str, type[DomainError]] = {
    error.kind: error for error in (Invalid, NotFound, Refused, Conflict, KeyReused, Busy, TooLate)
}
