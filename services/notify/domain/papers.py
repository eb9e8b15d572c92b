"""What somebody has to bring to the counter, in words: names of the catalogue, nothing that a person typed."""

from collections.abc import Iterable
from typing import Any

from contracts.counter import CounterVisit, Paper
from contracts.events.counter import TicketAppointed, TicketPapersSeen, TicketTakenIn

Both = dict[str, str]
_WHERE = {
    "counter": {"zh": "社区窗口", "en": "the community's counter"},
    "home": {"zh": "家里", "en": "home"},
}


def of_the_counter(body: Any, visit: CounterVisit | None) -> dict[str, Any]:
    """``papers`` (to bring, or missing), and of an appointment ``at`` and ``where``; nothing for other events."""
    if not isinstance(body, TicketTakenIn | TicketAppointed | TicketPapersSeen):
        return {}
    visit = visit or CounterVisit()
    said: dict[str, Any] = {}
    if isinstance(body, TicketAppointed):
        said |= {"at": body.local, "where": _WHERE[body.where.value]}
    if isinstance(body, TicketPapersSeen):
        papers: Iterable[Paper] = (paper for paper in visit.papers if paper.code in body.missing)
    else:
        papers = visit.to_bring
    named = [_named(paper) for paper in papers]
    return {**said, "papers": named} if named else said


def _named(paper: Paper) -> Both:
    zh = [*(["原件"] if paper.original else []), *([f"复印件{paper.copies}份"] if paper.copies else [])]
    en = [*(["original"] if paper.original else []), *([f"{paper.copies} copies"] if paper.copies else [])]
    return {
        "zh": f"{paper.name.zh}({'、'.join(zh)})" if zh else paper.name.zh,
        "en": f"{paper.name.en} ({', '.join(en)})" if en else paper.name.en,
    }
