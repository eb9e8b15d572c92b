"""What a message is about, as people choose what they want to hear: a closed list."""

from enum import StrEnum


class Category(StrEnum):
    """One of the kinds of news that somebody can mute, collect in a digest, or send along another way."""

    ORDER = "order"
    """An order of theirs, or one they act for: received, taken, late, done."""
    OFFER = "offer"
    """Somebody is asked, or is no longer asked."""
    VISIT = "visit"
    """Who comes, when, and what to bring."""
    FAMILY = "family"
    """An order of somebody they act for."""
    DUTY = "duty"
    """What staff and departments have to do."""
    ALARM = "alarm"
    """Danger, nobody answered, overdue."""
    ACCOUNT = "account"
    """Access, consent, data about themselves."""
    COMMUNITY = "community"
    """News of the community."""


NEVER_MUTED = frozenset({Category.ALARM, Category.ACCOUNT})
"""What a wish cannot keep back: danger, and what is done with somebody's own access and data."""
