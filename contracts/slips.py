"""Print slips 通知单: what somebody without a phone is told on paper, and that it reached them."""

from enum import StrEnum


class SlipState(StrEnum):
    """Where a slip is."""

    WAITING = "waiting"
    """Nobody has taken it yet."""
    TAKEN = "taken"
    """Somebody has it, and brings it."""
    ACKNOWLEDGED = "acknowledged"
    """It reached the person, one way or another."""


class HandedHow(StrEnum):
    """How a slip reached the person."""

    IN_PERSON = "in_person"
    DOOR = "door"
    """It was left at their door."""
    NEIGHBOUR = "neighbour"
