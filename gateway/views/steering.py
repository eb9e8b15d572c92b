"""What staff did to a search with their own hands, in words."""

from collections.abc import Mapping
from typing import Any

from contracts.hands_on import SteeringReason, SteeringStep

Document = dict[str, Any]

_STEPS = {
    SteeringStep.ASSIGN: ("派给值守人员", "duty staff were assigned"),
    SteeringStep.INVITE: ("点名请人", "somebody was asked by name"),
    SteeringStep.INVITE_TEAM: ("点名请队伍", "a team was asked by name"),
    SteeringStep.PIN: ("先只请一位", "one member is asked first, and alone"),
    SteeringStep.SUBSTITUTE: ("值守人员来不了,换了一位", "duty staff could not come, and somebody else of them goes"),
    SteeringStep.TAKE_BACK: ("收回名额", "a seat was taken back"),
    SteeringStep.FREEZE: ("暂停找人", "the search was frozen"),
    SteeringStep.UNFREEZE: ("继续找人", "the search goes on"),
}
_REASONS = {
    SteeringReason.NOBODY_CAME: ("没有人接或没有回音", "nobody took it, or nobody answers"),
    SteeringReason.ASKED_FOR: ("居民点名要这位", "the person served asked for them"),
    SteeringReason.KNOWS_THEM: ("熟悉这位居民或这件事", "they know the person or the matter"),
    SteeringReason.BETTER_SUITED: ("更合适", "better suited"),
    SteeringReason.NEARBY: ("正好在附近", "they are nearby"),
    SteeringReason.URGENT: ("事情急", "it is urgent"),
    SteeringReason.BEYOND_CAPACITY: ("手上已满,但少不了这位", "their hands are full, and they are needed all the same"),
    SteeringReason.NOT_REACHED: ("联系不上或没有到", "they could not be reached, or did not come"),
    SteeringReason.NOT_SUITABLE: ("不适合办这一单", "not the right one for it after all"),
    SteeringReason.WAITS: ("要先等别的事", "something has to come first"),
    SteeringReason.UNCLEAR: ("先问清楚要什么", "what is wanted has to be found out first"),
    SteeringReason.READY: ("要等的已经好了", "what it waited for is there"),
}


def said(step: Mapping[str, Any]) -> Document:
    """One step, with its reason, in both languages. A word of a newer version is shown as its code."""
    code, reason = step["step"], step["reason"]
    what, why = _STEPS.get(code, (code, code)), _REASONS.get(reason, (reason, reason))
    return {"zh": f"{what[0]}:{why[0]}", "en": f"{what[1]}: {why[1]}"}


def shown(part: Mapping[str, Any] | None) -> Document | None:
    """What staff see of who sends the offers; None where nothing waits for them and they never stepped in."""
    if part is None:
        return None
    return {**part, "interventions": [{"noted": False, **one, "said": said(one)} for one in part["interventions"]]}
