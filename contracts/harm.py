"""The words of a quiet report of suspected harm 疑似侵害/危险: what is suspected, who was told, what came of it.

Minor protection law (未成年人保护法) art. 11: whoever works for a residents' committee and finds that a child was
harmed, or suspects it, reports at once. The same report stands for elders and for whoever cannot speak.
"""

from collections.abc import Mapping
from enum import StrEnum

from contracts.words import Text


class HarmKind(StrEnum):
    """What somebody suspects; nobody has to be sure."""

    VIOLENCE = "violence"
    SEXUAL = "sexual"
    INJURY = "injury"
    """Marks that nobody explains."""
    NEGLECT = "neglect"
    """Food, warmth, medicine, care are missing."""
    ALONE = "alone"
    """Left alone who cannot be alone."""
    CONFINED = "confined"
    MONEY = "money"
    """Money, a card or a home is taken from them."""
    OTHER = "other"


KINDS: Mapping[HarmKind, Text] = {
    HarmKind.VIOLENCE: Text("殴打、威胁", "beaten or threatened"),
    HarmKind.SEXUAL: Text("疑似性侵害", "sexual harm"),
    HarmKind.INJURY: Text("说不清的伤", "marks that nobody explains"),
    HarmKind.NEGLECT: Text("没有人照料", "not cared for"),
    HarmKind.ALONE: Text("不能独处的人被单独留下", "left alone who cannot be"),
    HarmKind.CONFINED: Text("被关、被绑、不让出门", "locked in, tied, kept from going out"),
    HarmKind.MONEY: Text("钱、卡或房子被人拿走", "money, cards or a home taken from them"),
    HarmKind.OTHER: Text("说不清,但不放心", "hard to say, but it is not right"),
}
"""What the button asks, in both languages."""

CALL: tuple[str, ...] = ("110", "120")
CALL_FIRST = Text(
    "有人正在受伤害或有生命危险:请立即拨打 110 / 120。离开危险的地方,再回来按这里。",
    "Somebody is being hurt, or in danger of their life: call 110 / 120 now. Go where it is safe, then come back.",
)
"""The first thing whoever reports reads, before they choose anything."""


class HarmState(StrEnum):
    """Where a report stands."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    """Somebody of the circle has it."""
    TOLD = "told"
    """An authority was told."""
    EXPLAINED = "explained"
    """It was written down why no authority was told."""
    CLOSED = "closed"


class HarmAuthority(StrEnum):
    """Who has to be told of it."""

    POLICE = "police"
    CIVIL_AFFAIRS = "civil_affairs"
    WOMENS_FEDERATION = "womens_federation"
    CHILD_DIRECTOR = "child_director"
    """儿童主任, who goes on to tell the others."""


class HarmResult(StrEnum):
    """What came of it."""

    TAKEN_OVER = "taken_over"
    """An authority has it."""
    HELPED = "helped"
    """They are safe, with help that goes on."""
    UNFOUNDED = "unfounded"
    UNCLEAR = "unclear"
    """Nothing could be found out; whoever comes keeps their eyes open."""


class HarmSilence(StrEnum):
    """What nobody did in time."""

    UNACKNOWLEDGED = "unacknowledged"
    NOBODY_TOLD = "nobody_told"
    NOT_CLOSED = "not_closed"
    """An authority was told, or it was said why not; what came of it nobody has written down."""


class HarmPart(StrEnum):
    """What of a report is revealed, each with a reason of its own."""

    WORDS = "words"
    """What is suspected of whom, and what was done."""
    REPORTER = "reporter"
