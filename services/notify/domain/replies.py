"""What somebody wrote back to an offer by SMS, as far as a machine understands it; and what it answers."""

import unicodedata
from enum import StrEnum

from contracts.words import Text


class Reply(StrEnum):
    """The two words that an offer teaches."""

    YES = "yes"
    NOT_THIS_TIME = "not_this_time"


_WORDS = {"1": Reply.YES, "2": Reply.NOT_THIS_TIME}
_AROUND = " \t\r\n.,;:!?。,、;:!?~\"'“”‘’()()【】[]"


def read_reply(text: str) -> Reply | None:
    """``1`` or ``2``, however a phone writes it (1, ①, " 1。"); None for everything else, whose words nobody keeps."""
    return _WORDS.get(unicodedata.normalize("NFKC", text).strip(_AROUND))


class Answering(StrEnum):
    """What came of a reply."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    OVER = "over"
    """There is nothing (any more) that waits for this answer."""
    CANNOT = "cannot"
    """The offer stands, but cannot be answered so: it wants a reason, or names."""
    NOT_UNDERSTOOD = "not_understood"
    STRANGER = "stranger"
    """Nobody that we know has this phone: nothing is answered."""


OVER = Text(
    "没有等您答复的邀约了:已经答复过、已有人去、或过了时间。不用再回,谢谢您!",
    "Nothing waits for your answer any more: it was answered, somebody goes, or its time is over. Thank you!",
)
CANNOT = Text(
    "这件事要写明原因或点名,短信办不了。请在手机上打开工单,或打电话给社区。",
    "This one wants a reason or names, which a text message cannot say. Please open the order, or call the community.",
)
TITLE = Text("邀约", "Offer")
TEMPLATES = {Answering.OVER: "reply-over", Answering.CANNOT: "reply-cannot"}
"""The names under which the provider's approved templates for these answers stand in the settings."""
