"""How an order may end: allowed results, and what has to show the work where the item asks for it."""

import pytest

from contracts.catalogue import ANY_END, EndRule, Evidence, NoEvidence
from contracts.errors import Invalid
from contracts.words import PictureKind as P
from contracts.words import ResultCode
from services.tickets.domain.endings import Shown, evidence_of

S = ResultCode.SOLVED
RIGHT = {
    Evidence.PHOTOS: Shown(pictures={P.BEFORE, P.AFTER}),
    Evidence.THING_PHOTO: Shown(pictures={P.THING}),
    Evidence.CASH_SLIP: Shown(cash_settled=True),
    Evidence.DOOR_WORD: Shown(door_word=True),
    Evidence.SIGNATURE: Shown(signed=True),
    Evidence.COUNT: Shown(headcount=0),
}
EVERYTHING = Shown(pictures=frozenset(P), door_word=True, signed=True, headcount=3, cash_settled=True)


@pytest.mark.parametrize(("evidence", "shown"), RIGHT.items())
def test_each_kind_of_evidence_is_enough_and_no_other_is(evidence: Evidence, shown: Shown) -> None:
    rule = EndRule(evidence=evidence, must_show=True)
    assert evidence_of(rule, S, shown, None) == ((evidence,), None)
    assert evidence_of(rule, S, EVERYTHING, NoEvidence.DECLINED) == ((evidence,), None), "what is there counts"
    others = [other for kind, other in RIGHT.items() if kind is not evidence]
    for other in others:
        if evidence is Evidence.THING_PHOTO and P.AFTER in other.pictures:
            continue
        with pytest.raises(Invalid, match="evidence-needed"):
            evidence_of(rule, S, other, None)


@pytest.mark.parametrize("pictures", [{P.BEFORE}, {P.AFTER}, {P.THING, P.RECEIPT}, set()])
def test_before_and_after_are_both_needed(pictures: set[P]) -> None:
    with pytest.raises(Invalid) as refused:
        evidence_of(EndRule(evidence=Evidence.PHOTOS, must_show=True), S, Shown(pictures=pictures), None)
    assert refused.value.field == "pictures"
    assert "without_evidence" in refused.value.sentence.zh


@pytest.mark.parametrize("evidence", RIGHT)
def test_nobody_is_made_to_show_but_the_reason_is_kept(evidence: Evidence) -> None:
    rule = EndRule(evidence=evidence, must_show=True)
    assert evidence_of(rule, S, Shown(), NoEvidence.DECLINED) == ((), NoEvidence.DECLINED)


@pytest.mark.parametrize("result", sorted(set(ResultCode) - {ResultCode.SOLVED, ResultCode.PARTLY}))
def test_what_was_not_done_needs_nothing_to_show(result: ResultCode) -> None:
    assert evidence_of(EndRule(evidence=Evidence.PHOTOS, must_show=True), result, Shown(), None) == ((), None)


@pytest.mark.parametrize("rule", [ANY_END, EndRule(evidence=Evidence.LOG), EndRule(evidence=Evidence.PHOTOS)])
def test_without_a_rule_everything_ends(rule: EndRule) -> None:
    assert evidence_of(rule, S, Shown(), None) == ((), None)


def test_only_the_item_s_results_are_taken() -> None:
    rule = EndRule(results=(ResultCode.SOLVED, ResultCode.UNREACHABLE))
    assert evidence_of(rule, ResultCode.UNREACHABLE, Shown(), None) == ((), None)
    with pytest.raises(Invalid) as refused:
        evidence_of(rule, ResultCode.PLANNED, Shown(), None)
    assert (refused.value.code, refused.value.field) == ("result-not-allowed", "result")
