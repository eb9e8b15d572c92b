"""What the words of a message may say: coded values of the event, and names that the catalogue or the members chose."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from contracts.events import AnyReceived
from contracts.events.absences import AbsenceEvent
from contracts.events.harm import HarmEvent
from contracts.events.hours import HoursCorrected, HoursEvent
from contracts.events.people import PersonEvent
from contracts.events.pleas import PleaEvent
from contracts.events.rosters import RosterEvent
from contracts.events.volunteers import OfferMade
from contracts.words import OfferStatus
from services.notify.domain.audience import answerers, member
from services.notify.domain.ladder_audience import about
from services.notify.domain.papers import of_the_counter
from services.notify.domain.shifts import of_shift

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
FIRST = 1
"""The version of an order's first news."""


def params_of(event: AnyReceived, recipient: str) -> dict[str, Any]:
    """What the templates may say: the order's number and item, who comes by their chosen name, coded reasons."""
    snapshot, body = event.snapshot, event.body
    other = _OF_OTHERS.get(event.envelope.aggregatetype)
    if other is not None:
        return dict(other(event))
    params: dict[str, Any] = {
        "number": snapshot.number,
        "item": {"zh": snapshot.item_name.zh, "en": snapshot.item_name.en},
        "urgency": snapshot.urgency.value,
        "names": [holder.display_name for holder in snapshot.holders],
        "member_ids": [holder.member_id for holder in snapshot.holders],
    }
    for field in ("reason_code", "go_to", "result", "reason", "kind", "asked_as", "decided_as", "local", "step"):
        value = getattr(body, field, None)
        if value is not None:
            params[field] = getattr(value, "value", value)
    params |= _to_come(event)
    primary = getattr(body, "primary", None)
    if primary is not None:
        params["together_with"] = primary.number
    particulars = getattr(snapshot, "particulars", None)
    for field in ("next_answer_by", "referred_to", "explanation_code"):
        value = getattr(particulars, field, None)
        if value is not None:
            params[field] = value
    if hasattr(body, "team") or hasattr(body, "teams"):
        params["teams"] = [{"zh": one.name.zh, "en": one.name.en} for one in about(event)]
    params |= _invited(body, recipient)
    params |= of_the_counter(body, getattr(snapshot, "counter", None))
    return params


def _invited(body: Any, recipient: str) -> dict[str, Any]:
    """What an invitation of one line says beside its item: when, how long, how far; why they are asked."""
    params: dict[str, Any] = {}
    minutes, wanted = getattr(body, "visit_minutes", None), getattr(body, "local", None)
    if minutes is not None:
        params["minutes"] = round(minutes)
    if isinstance(body, OfferMade) and wanted is not None:
        params["local"] = _clock(wanted)
    asked = [
        offer
        for offer in getattr(body, "offers", ())
        if offer.status is OfferStatus.OPEN and recipient in map(member, answerers(offer))
    ]
    why = [{"zh": reason.zh, "en": reason.en} for offer in asked for reason in offer.why]
    walk = next((offer.walk_within for offer in asked if offer.walk_within is not None), None)
    return params | ({"why": why} if why else {}) | ({} if walk is None else {"walk": walk})


def _clock(local: str) -> dict[str, str]:
    """``2026-11-22 19:00`` in few letters: an SMS of one part has 70."""
    at = datetime.strptime(local, "%Y-%m-%d %H:%M")  # noqa: DTZ007  it is what the clocks there show
    return {"zh": f"{at.month}月{at.day}日{at:%H:%M}", "en": f"{at.day} {_MONTHS[at.month - 1]} {at:%H:%M}"}


def _to_come(event: AnyReceived) -> dict[str, Any]:
    """What somebody still has to bring or send, as the catalogue calls it."""
    papers = [_name_of(paper) for paper in getattr(event.body, "papers", ())]
    # After the first news pictures may be there already, and only the gateway knows.
    asked = getattr(event.snapshot, "pictures_asked", ()) if event.version == FIRST else ()
    pictures = [{"zh": one.label.zh, "en": one.label.en} for one in asked]
    return {name: values for name, values in (("papers", papers), ("pictures", pictures)) if values}


def _name_of(paper: Any) -> dict[str, str]:
    """A missing paper as the catalogue calls it; by its code where nobody named it."""
    return {"zh": paper.code, "en": paper.code} if paper.name is None else {"zh": paper.name.zh, "en": paper.name.en}


def _of_hours(event: AnyReceived) -> dict[str, Any]:
    """What an entry of the ledgers is about, and how long it is now."""
    item = event.snapshot.item_name
    params: dict[str, Any] = {"item": {"zh": item.zh, "en": item.en} if item else None}
    params["minutes"] = event.snapshot.minutes
    if isinstance(event.body, HoursCorrected):
        params |= {"before": event.body.minutes_before, "granted": event.body.granted}
    return params


def _of_absence(event: AnyReceived) -> dict[str, Any]:
    """Of which order, what it is, where it stands."""
    snapshot = event.snapshot
    item = {"zh": snapshot.item_name.zh, "en": snapshot.item_name.en}
    return {"number": snapshot.number, "item": item, "kind": snapshot.kind.value, "state": snapshot.state.value}


def _of_delegation(event: AnyReceived) -> dict[str, Any]:
    """Until when, as the day is written."""
    body = event.body
    until = getattr(body, "renew_by", None)
    reason = getattr(body, "reason", None)
    values = {
        "until": None if until is None else f"{until:%Y-%m-%d}",
        "reason": None if reason is None else reason.value,
    }
    return {name: value for name, value in values.items() if value is not None}


_OF_OTHERS: Mapping[str, Callable[[AnyReceived], Mapping[str, Any]]] = {
    PersonEvent.AGGREGATE: _of_delegation,
    HoursEvent.AGGREGATE: _of_hours,
    AbsenceEvent.AGGREGATE: _of_absence,
    RosterEvent.AGGREGATE: of_shift,
    HarmEvent.AGGREGATE: lambda _: {},
    PleaEvent.AGGREGATE: lambda _: {},
}
"""What is about no order says something else."""
