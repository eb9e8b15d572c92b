"""What an item asks, shows and allows, held against itself before it is imported: each fault with its field."""

from collections.abc import Iterator, Mapping

from contracts.catalogue import Evidence
from contracts.words import ResultCode, Risk, Text
from services.tickets.domain import hours, questions
from services.tickets.domain.catalogue import CatalogueItem

Wrong = Iterator[tuple[str, Text]]

MOST_CASH = 200
"""Yuan of one errand at most; above it staff or the family pay directly (product, point 21)."""
_NOTHING_TO_SHOW = frozenset({Evidence.NONE, Evidence.LOG})


def wrong_rules(item: CatalogueItem, items: Mapping[str, CatalogueItem]) -> Wrong:
    """All that is wrong with one item beside *items* of the same file."""
    for place, field, sentence in questions.wrong_questions(item.questions):
        yield f"questions[{place}].{field}", sentence
    for name in ("order_hours", "serve_hours"):
        for place, field, sentence in hours.wrong_hours(getattr(item, name)):
            yield f"{name}[{place}].{field}", sentence
    yield from _wrong_businesses(item)
    yield from _wrong_money(item)
    yield from _wrong_ends(item)
    if item.eligibility is not None and not item.eligibility.facts:
        yield "eligibility.facts", Text("至少一项", "at least one")
    if item.instead is not None and not item.retired:
        yield "instead", Text("只用于停办的项目", "is for a retired item only")
    elif item.instead is not None and (item.instead not in items or items[item.instead].retired):
        yield "instead", Text("文件里没有这个在办的项目", "is no item of the file that is still offered")


def _wrong_businesses(item: CatalogueItem) -> Wrong:
    if len({business.code for business in item.businesses}) != len(item.businesses):
        yield "businesses", Text("编码重复了", "a code is used twice")
    for place, business in enumerate(item.businesses):
        codes = [material.code for material in business.materials]
        if len(set(codes)) != len(codes):
            yield f"businesses[{place}].materials", Text("编码重复了", "a code is used twice")
        for number, material in enumerate(business.materials):
            if material.copies < 0 or not (material.original or material.copies or material.form):
                field = f"businesses[{place}].materials[{number}].copies"
                yield field, Text("原件、复印件或表格,至少一样", "the original, a copy or a form: one at least")
        if business.working_days is not None and business.working_days < 1:
            yield f"businesses[{place}].working_days", Text("要大于 0", "has to be above 0")


def _wrong_money(item: CatalogueItem) -> Wrong:
    if item.cash_limit is not None and not 0 < item.cash_limit <= MOST_CASH:
        yield "cash_limit", Text(f"1 到 {MOST_CASH} 元", f"1 to {MOST_CASH} yuan")
    elif (item.evidence is Evidence.CASH_SLIP) != (item.cash_limit is not None):
        yield "cash_limit", Text("与 evidence: cash_slip 一起写", "goes with evidence: cash_slip, and only with it")
    elif item.cash_limit is not None and Risk.CASH not in item.risks:
        yield "risks", Text("经手现金的项目要写 cash", "an item with cash names the risk cash")


def _wrong_ends(item: CatalogueItem) -> Wrong:
    if item.must_show and item.evidence in _NOTHING_TO_SHOW:
        yield "must_show", Text("没有要看的凭据", "there is no evidence to be shown")
    if item.results and ResultCode.UNREACHABLE not in item.results:
        yield "results", Text("总要能写“无法联系”", "unreachable has to be possible")
