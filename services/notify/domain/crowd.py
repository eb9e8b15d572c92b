"""Those whom no event can name: who follows an order, who subscribed to an area, whose shift it is.

They are looked up when an event is planned, in what notify itself keeps of them; everybody else is computed from the
event alone (``audience``). What they may still see is asked of the event: its order says who may, at that moment.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contracts.actor import MEMBER_ACCOUNT
from contracts.events import AnyReceived
from contracts.following import Sight, Subscription
from contracts.roster import ShiftRole, ShiftState, ShiftStatus
from contracts.words import Permit
from services.notify.domain.audience import RECIPIENTS, Audience
from services.notify.domain.recipients import account, member, overseer, watcher
from services.notify.domain.rule import Rule


@dataclass(frozen=True, kw_only=True)
class Follow:
    """Somebody follows an order, which they see ``by`` that sight."""

    ticket_id: str
    account_id: str
    member_id: str | None
    by: Sight


@dataclass(frozen=True, kw_only=True)
class Subscriber:
    """Somebody wants news of areas and categories. ``staff``, ``chief``: they were that when they said so."""

    account_id: str
    member_id: str | None
    staff: bool
    wanted: tuple[Subscription, ...]
    chief: bool = False

    def wants(self, area_path: Sequence[str], category: str | None) -> bool:
        """Is it one of their areas, and of a category they want there?"""
        return any(one.area_id in area_path and one.category in (None, category) for one in self.wanted)


@dataclass(frozen=True, kw_only=True)
class Roster:
    """The shifts that begin on one day in one area."""

    area: str
    shifts: tuple[ShiftState, ...]


@dataclass(frozen=True, kw_only=True)
class Crowd:
    """Everybody who may have to hear of one event for such a reason. ``category`` is of the event's item."""

    follows: Sequence[Follow] = ()
    subscribers: Sequence[Subscriber] = ()
    rosters: Sequence[Roster] = ()
    category: str | None = None
    outward: frozenset[str] = frozenset()
    """Of those who asked to hear, by their keys, who wishes to hear out of the platform, too."""


NOBODY = Crowd()


def heard(rules: Iterable[Rule], event: AnyReceived, crowd: Crowd) -> list[tuple[Rule, tuple[str, ...]]]:
    """Each rule that holds, with whom it tells, in the order of the rules.

    Whoever hears of the event anyway is not told once more because they asked to.
    """
    told = [(rule, _told(rule.audience, event, crowd)) for rule in rules if rule.holds_for(event)]
    anyway = {one for rule, recipients in told if rule.audience not in ASKED for one in recipients}
    return [
        (rule, tuple(one for one in recipients if one not in anyway) if rule.audience in ASKED else recipients)
        for rule, recipients in told
    ]


def _told(audience: Audience, event: AnyReceived, crowd: Crowd) -> tuple[str, ...]:
    looked_up = CROWDS.get(audience)
    found = RECIPIENTS[audience](event) if looked_up is None else looked_up(event, crowd)
    return tuple(dict.fromkeys(found))


def said(audience: Audience, event: AnyReceived, params: Mapping[str, Any]) -> dict[str, Any]:
    """What of *params* is for them: who follows hears how it stands, in public nobody hears which order it is."""
    if audience in IN_PUBLIC:
        return {"item": params["item"]}
    if audience is Audience.FOLLOWERS:
        return {"number": params["number"], "item": params["item"], "status": event.snapshot.status.value}
    return dict(params)


def _followers(event: AnyReceived, crowd: Crowd) -> tuple[str, ...]:
    found = (_follower(event.snapshot, one) for one in crowd.follows)
    return tuple(recipient for recipient in found if recipient is not None)


def _follower(order: Any, follow: Follow) -> str | None:
    """As whom they hear; None for who sees the order no more. Whether staff still are is asked when it is read."""
    if _recused(order, follow.account_id, follow.member_id) and order.requester_id != follow.account_id:
        return None
    if follow.by is Sight.STAFF:
        return watcher(follow.account_id)
    if follow.by is Sight.CHIEF:
        return overseer(follow.account_id)
    if follow.by is Sight.CREW:
        holds = any(one.member_id == follow.member_id for one in order.holders)
        return member(follow.member_id) if holds and follow.member_id is not None else None
    if order.quiet:
        return None
    if follow.by is Sight.DELEGATE:
        sees = any(one.account_id == follow.account_id and Permit.SEE in one.may for one in order.delegates)
    else:
        sees = order.requester_id == follow.account_id
    return account(follow.account_id) if sees else None


def _staff_there(event: AnyReceived, crowd: Crowd) -> tuple[str, ...]:
    found = (_watching(event, one, crowd.category) for one in crowd.subscribers)
    return tuple(recipient for recipient in found if recipient is not None)


def _watching(event: AnyReceived, one: Subscriber, category: str | None) -> str | None:
    """As whom they hear of an order there: staff of the area as that, chiefs of what lies in a block."""
    near = one.wants(event.snapshot.area_path, category)
    if near and one.staff:
        return watcher(one.account_id)
    blocks: tuple[str, ...] = event.snapshot.blocks
    return overseer(one.account_id) if one.chief and blocks and (near or one.wants(blocks, category)) else None


def _members_there(event: AnyReceived, crowd: Crowd) -> tuple[str, ...]:
    there = ((one.account_id, one.member_id) for one in _wanting(event, crowd))
    return tuple(member(id) for own, id in there if id is not None and not _recused(event.snapshot, own, id))


def _public(event: AnyReceived, crowd: Crowd) -> tuple[str, ...]:
    return tuple(account(one.account_id) for one in _wanting(event, crowd))


def _wanting(event: AnyReceived, crowd: Crowd) -> list[Subscriber]:
    return [one for one in crowd.subscribers if one.wants(event.snapshot.area_path, crowd.category)]


def _officers(event: AnyReceived, crowd: Crowd) -> tuple[str, ...]:
    found = officers(crowd.rosters, event.snapshot.area_path, event.time)
    return tuple(member(one) for one in found if not _recused(event.snapshot, MEMBER_ACCOUNT + one, one))


def officers(rosters: Sequence[Roster], area_path: Sequence[str], at: datetime) -> tuple[str, ...]:
    """The duty officers of the nearest area whose roster has any at that moment; of several there, all."""
    held: dict[str, list[ShiftState]] = {}
    for roster in rosters:
        if roster.area in area_path:  # with one row for each day: a night began the day before
            held.setdefault(roster.area, []).extend(one for one in roster.shifts if _is_on(one, at))
    nearest: Sequence[ShiftState] = next((held[area] for area in reversed(area_path) if held.get(area)), ())
    return tuple(dict.fromkeys(one.member_id for one in nearest if one.member_id is not None))


def _is_on(shift: ShiftState, at: datetime) -> bool:
    there = shift.status in (ShiftStatus.PLANNED, ShiftStatus.ON) and shift.member_id is not None
    return there and shift.role is ShiftRole.DUTY_OFFICER and shift.starts_at <= at < shift.ends_at


def _recused(order: Any, account_id: str, member_id: str | None) -> bool:
    """Of a complaint about them or theirs nobody hears, whatever they follow."""
    recused = getattr(order, "recused", None)
    return recused is not None and (account_id in recused.accounts or member_id in recused.members)


CROWDS: Mapping[Audience, Callable[[AnyReceived, Crowd], tuple[str, ...]]] = {
    Audience.FOLLOWERS: _followers,
    Audience.STAFF_SUBSCRIBERS: _staff_there,
    Audience.MEMBER_SUBSCRIBERS: _members_there,
    Audience.PUBLIC_SUBSCRIBERS: _public,
    Audience.DUTY_OFFICER: _officers,
}
"""The audiences that are looked up."""

ASKED = CROWDS.keys() - {Audience.DUTY_OFFICER}
"""Those who hear because they asked to."""

SUBSCRIBERS = ASKED - {Audience.FOLLOWERS}
"""Of these, those who want news of areas."""

IN_PUBLIC = frozenset({Audience.PUBLIC_SUBSCRIBERS})
"""Who may not know which order it is: their message names none."""

_STATUS = "status"
_TOLD_ALONE: Mapping[Audience, frozenset[str]] = {
    Audience.FOLLOWERS: frozenset({"number", "item", _STATUS}),
    **dict.fromkeys(IN_PUBLIC, frozenset({"item"})),
}


def tells(audience: Audience, variables: frozenset[str]) -> frozenset[str]:
    """Which of the variables of an event reach *audience*, as ``said`` leaves them."""
    alone = _TOLD_ALONE.get(audience)
    return variables - {_STATUS} if alone is None else variables & alone
