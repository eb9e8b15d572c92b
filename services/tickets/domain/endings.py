"""How an order may end: with which results, and what has to show that the work was done (the item's rule, frozen).

Only what is solved, wholly or in part, has to be shown. Nobody is made to be photographed or to sign: whoever says why
there is nothing to show may end it all the same, and the reason is kept with the order.
"""

from collections.abc import Set
from dataclasses import dataclass

from contracts.catalogue import EndRule, Evidence, NoEvidence
from contracts.errors import Invalid
from contracts.words import PictureKind, ResultCode, Text

_DONE = frozenset({ResultCode.SOLVED, ResultCode.PARTLY})


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What there is to show: kinds of pictures, the right door word, a signature, heads, cash that is accounted for."""

    pictures: Set[PictureKind] = frozenset()
    door_word: bool = False
    signed: bool = False
    headcount: int | None = None
    cash_settled: bool = False


def evidence_of(
    rule: EndRule, result: ResultCode, shown: Shown, without: NoEvidence | None
) -> tuple[tuple[Evidence, ...], NoEvidence | None]:
    """What shows the work, or why nothing does; raises Invalid where the item allows neither."""
    if rule.results and result not in rule.results:
        words = "、".join(code.value for code in rule.results)
        raise Invalid(
            "result-not-allowed",
            Text(zh=f"这一项的结果只能是:{words}", en=f"this ends only as one of: {words}"),
            field="result",
        )
    if result not in _DONE or rule.evidence in _NEEDS_NOTHING:
        return (), None
    if is_shown(rule.evidence, shown):
        return (rule.evidence,), None
    if not rule.must_show:
        return (), None
    if without is None:
        field, what = _MISSING[rule.evidence]
        raise Invalid(
            "evidence-needed",
            Text(
                zh=f"还缺:{what.zh};实在没有,请写明原因(without_evidence)",
                en=f"still missing: {what.en}; where there is none, say why (without_evidence)",
            ),
            field=field,
        )
    return (), without


def is_shown(evidence: Evidence, shown: Shown) -> bool:
    """Is this evidence there?"""
    return {
        Evidence.PHOTOS: shown.pictures >= {PictureKind.BEFORE, PictureKind.AFTER},
        Evidence.THING_PHOTO: bool(shown.pictures & {PictureKind.THING, PictureKind.AFTER}),
        Evidence.CASH_SLIP: shown.cash_settled,
        Evidence.DOOR_WORD: shown.door_word,
        Evidence.SIGNATURE: shown.signed,
        Evidence.COUNT: shown.headcount is not None,
    }[evidence]


PICTURES = "pictures"
"""The field that a refusal names where a picture is missing."""
_NEEDS_NOTHING = frozenset({Evidence.NONE, Evidence.LOG})
_MISSING = {
    Evidence.PHOTOS: (PICTURES, Text("处理前、处理后的照片", "a picture before and one after")),
    Evidence.THING_PHOTO: (PICTURES, Text("物品的照片", "a picture of the thing")),
    Evidence.CASH_SLIP: ("cash_slips", Text("双方确认过的现金小票", "the cash slip, confirmed by both")),
    Evidence.DOOR_WORD: ("door_word", Text("见面口令", "the door word")),
    Evidence.SIGNATURE: ("signed", Text("本人签字", "the person's signature")),
    Evidence.COUNT: ("headcount", Text("服务人次", "how many were served")),
}
