"""What somebody wrote by SMS, as far as a machine understands it; and what it answers."""

import unicodedata
from enum import StrEnum


class Reply(StrEnum):
    """The two words that an offer teaches."""

    YES = "yes"
    NOT_THIS_TIME = "not_this_time"


_WORDS = {"1": Reply.YES, "2": Reply.NOT_THIS_TIME}
_AROUND = " \t\r\n.,;:!?。,、;:!?~\"'“”‘’()()【】[]"


def read_reply(text: str) -> Reply | None:
    """``1`` or ``2``, however a phone writes it (1, ①, " 1。"); None for everything else, which people read."""
    return _WORDS.get(unicodedata.normalize("NFKC", text).strip(_AROUND))


class Answering(StrEnum):
    """What came of a reply."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    OVER = "over"
    """There is nothing (any more) that waits for this answer."""
    CANNOT = "cannot"
    """The offer stands, but cannot be answered so: it wants a reason, or names."""
    KEPT = "kept"
    """Other words: staff read and answer them."""
    IN_DANGER = "in_danger"
    """The same, and they may mean danger to life."""
    TOO_MANY = "too_many"
    """The same phone wrote so much that only the count grows."""
    STRANGER = "stranger"
    """Nobody that we know has this phone: nothing is answered."""


TEMPLATES = {
    Answering.OVER: "reply-over",
    Answering.CANNOT: "reply-cannot",
    Answering.KEPT: "reply-received",
    Answering.IN_DANGER: "reply-danger",
}
"""The templates of these answers; by the same names the provider's approved ones stand in the settings."""
