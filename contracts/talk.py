"""Talk about an order: who says something to whom."""

from enum import StrEnum


class Side(StrEnum):
    """On whose side of an order somebody speaks."""

    REQUESTER = "requester"
    CREW = "crew"
    STAFF = "staff"
