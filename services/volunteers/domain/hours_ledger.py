"""Which ledger a piece of work belongs to, and what of it counts: from check-in to check-out, travel excluded.

Sources: 志愿服务记录与证明出具办法(试行), 民政部令第67号 (art. 7 the time really spent, in hours; art. 11 within ten
working days after the end; art. 19 nothing but voluntary service), 志愿服务条例 (国务院令第685号, art. 25 nobody is
force-assigned), 志愿服务记录办法 (民函〔2012〕340号: travel does not count).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from contracts.hours import Cause, Ending, EntryState, Ledger, Span, Wanting
from contracts.terms import Terms
from contracts.visits import Evidence
from contracts.words import Employment, OfferStatus, Policy, WhoMay
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.hours_entry import Entry, Limits
from services.volunteers.domain.take import Take, Visit

SYSTEM = "system"
UNPAID = frozenset({Employment.VOLUNTEER, Employment.SHOP})
"""Whoever is not paid by the community for being there."""
_NOT_INVITED = frozenset({Policy.CONTRACTED, Policy.DUTY})


@dataclass(frozen=True, kw_only=True)
class Who:
    """Of the member what the entry needs: in what capacity they serve; erased: nobody any more."""

    id: str
    employment: Employment


def ledger_of(employment: Employment, terms: Terms | None) -> Ledger:
    """Hours: unpaid people who were free to say no, for nothing. Whatever is in doubt is workload.

    Paid staff, property and departments never earn hours; shops do where the item is free and they were invited. Goods
    at cost are no pay, a low fee is.
    """
    if employment not in UNPAID or terms is None:
        return Ledger.WORKLOAD
    invited = terms.policy not in _NOT_INVITED and terms.who_may not in (WhoMay.DUTY, WhoMay.PROFESSIONAL)
    return Ledger.HOURS if invited and terms.free else Ledger.WORKLOAD


def is_over(take: Take) -> bool:
    """Is the holder's part done, as far as is known now?"""
    return take.released is not None or not take.wanted


def spans_of(take: Take, at: datetime, longest: timedelta) -> Iterator[Span]:
    """What counts of a seat whose part is over. *at*: when it ended, where the seat does not say when it was freed.

    Whoever did not check out was there until the order was reported done, or their seat was freed, but for *longest* at
    most: longer is believed only with a check-out.
    """
    for visit in take.visits:
        ended, ending = _end(take, visit, at)
        if ended is None or ended < visit.arrived_at:
            continue
        if ending is not Ending.LEFT and ended - visit.arrived_at > longest:
            ended, ending = visit.arrived_at + longest, Ending.CAPPED
        yield Span(began=visit.arrived_at, ended=ended, ending=ending, grade=visit.evidence or int(Evidence.WORD))


def _end(take: Take, visit: Visit, at: datetime) -> tuple[datetime | None, Ending]:
    if visit.checked_out:
        return visit.left_at, Ending.LEFT
    if visit.left_at is not None:
        return visit.left_at, Ending.COMPLETED
    return (take.released_at or at, Ending.LET_GO) if take.released is not None else (None, Ending.COMPLETED)


def opened(demand: Demand, take: Take, member: Who, over_at: datetime, limits: Limits, time_zone: str) -> Entry:
    """An entry of which no time is known yet."""
    return Entry(
        id=take.id,
        community_id=demand.community_id,
        member_id=member.id,
        ledger=ledger_of(member.employment, demand.terms),
        state=EntryState.MISSING,
        over_at=over_at,
        limits=limits,
        time_zone=time_zone,
        demand_id=demand.id,
        number=demand.number,
        item_id=demand.item_id,
        item_name=demand.item_name,
        area_path=demand.area_path,
        team_id=team_of(demand, take),
        recused=demand.recused,
    )


def team_of(demand: Demand, take: Take) -> str | None:
    """With which team the holder went, whose lead or deputy said yes and named them; None: on their own."""
    if take.named_by is None:
        return None
    answers = [one for one in demand.offers if one.status is OfferStatus.ACCEPTED and one.round == take.round]
    return next((one.team_id for one in answers if one.team_id and one.member_id == take.named_by), None)


def recorded(entry: Entry, spans: Sequence[Span], now: datetime, confirm_at: datetime) -> Entry:
    """With the visits among *spans* that no line counts yet; those that one counts are never looked at again."""
    new = [span for span in spans if span.began not in entry.known]
    if not new:
        return entry
    cause = Cause.AGAIN if entry.lines else Cause.SERVICE
    known = tuple(sorted((*entry.known, *(span.began for span in new))))
    written = entry.written((*entry.spans, *new), now, SYSTEM, cause, confirm_at=confirm_at)
    return replace(written, known=known)


def passed(entry: Entry, what: str, now: datetime) -> tuple[Entry, Wanting | None]:
    """A deadline of the entry has come: what staff have to see to, if anything."""
    due = next((one for one in entry.deadlines() if one.key == what and one.at <= now), None)
    if due is None:
        return entry, None
    if due.key.startswith("confirm:"):
        return replace(entry, state=EntryState.CONFIRMED, confirm_at=None), None
    wanting = Wanting(due.key)
    return replace(entry, warned=(*entry.warned, wanting)), wanting
