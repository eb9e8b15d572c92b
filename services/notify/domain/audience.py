"""Who hears of an event, computed from the event alone: no look-up, so nobody is forgotten by a stale replica.

Whom no event can name (who follows, who subscribed, whose shift it is) is in ``crowd``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from contracts.actor import Actor
from contracts.dispatch import FREE_TO_REFUSE
from contracts.events import AnyReceived
from contracts.events.volunteers import OfferChange
from contracts.ladder import Rung
from contracts.recusal import Recusal
from contracts.words import OfferStatus, Permit
from services.notify.domain import crew_audience, ladder_audience, shifts
from services.notify.domain.recipients import account as account
from services.notify.domain.recipients import dispatchers as dispatchers
from services.notify.domain.recipients import district as district
from services.notify.domain.recipients import member as member
from services.notify.domain.recipients import protectors as protectors
from services.notify.domain.recipients import staff as staff


@dataclass(frozen=True)
class Reach:
    """What one reader may hear of what is told to many: orders in ``areas`` (None: all) that are not their own case."""

    areas: tuple[str, ...] | None
    reader: Actor

    def hears(self, area_path: Sequence[str], recused: Recusal | None) -> bool:
        """Is this one for the reader?"""
        near = self.areas is None or any(area in area_path for area in self.areas)
        return near and (recused is None or not recused.concerns(self.reader))


EVERYBODY = "*"
"""In place of a recipient: whoever it was to be told to."""
Recipients = Mapping[str, Reach | None]
"""For whom somebody reads; of a recipient that is many people's, how far (None: it is theirs alone)."""


class Audience(StrEnum):
    """The kinds of people a rule can name."""

    REQUESTER = "requester"
    DELEGATES = "delegates"
    PERSON = "person"
    DELEGATE = "delegate"
    HOLDERS = "holders"
    RELEASED = "released"
    MEMBER = "member"
    OFFERED = "offered"
    """Whoever is invited."""
    ORDERED = "ordered"
    """Whoever is asked and not free to refuse."""
    OFFERED_TEAMS = "offered_teams"
    """The lead and the deputy of an invited team."""
    ORDERED_TEAMS = "ordered_teams"
    NAMED = "named"
    """Whoever was given a seat by the lead of their team."""
    NAMER = "namer"
    """The lead who named whoever had the seat."""
    WITHDRAWN = "withdrawn"
    DISPATCHERS = "dispatchers"
    APPROVERS = "approvers"
    ASKER = "asker"
    DUTY = "duty"
    CHIEFS = "chiefs"
    CALLED = "called"
    WHISTLERS = "whistlers"
    ON_ROSTER = "on_roster"
    """Whoever has the shift that is told of, or is asked to take it."""
    ORDERER = "orderer"
    """Whoever ordered, where volunteers tells it: its body says who that is."""
    PROTECTORS = "protectors"
    """The small circle that hears of suspected harm."""
    DISTRICT = "district"
    """The district's contact for it."""
    STAFF = "staff"
    """Everyone who works for the community, wherever in it."""
    ON_SHIFT = "on_shift"
    """Whoever is expected to come to the shifts that are told of."""
    OWNER = "owner"
    """Whoever took the order in at the counter and answers for it to the end."""
    BENEFICIARY = "beneficiary"
    """The person served, also without an account, where nobody else hears in their name."""
    CREW = "crew"
    """Those who hold seats, but for who leads them."""
    CREW_LEAD = "crew_lead"
    """Who leads them, of an order for several: the first of them, or of a team its lead's choice."""
    FOLLOWERS = "followers"
    """Whoever follows the order, while they may see it (``crowd``)."""
    STAFF_SUBSCRIBERS = "staff_subscribers"
    """Staff who want news of the area and the category (``crowd``)."""
    MEMBER_SUBSCRIBERS = "member_subscribers"
    """Members who do (``crowd``)."""
    PUBLIC_SUBSCRIBERS = "public_subscribers"
    """Everybody who does, of what is public (``crowd``)."""
    DUTY_OFFICER = "duty_officer"
    """Whoever has the shift there and then by the roster (``crowd``)."""
    ANSWERED = "answered"
    """Whose offer is over: answered, run out or withdrawn. Nobody is told by it."""
    ANSWERED_TEAMS = "answered_teams"
    """The lead and the deputy of a team whose offer is over. Nobody is told by it."""
    EVERYONE = "everyone"
    """Whoever was to hear of the thing at all. Nobody is told by it."""


def _requester(event: AnyReceived) -> tuple[str, ...]:
    requester = event.snapshot.requester_id
    return (account(requester),) if requester else ()


def _orderer(event: AnyReceived) -> tuple[str, ...]:
    requester = event.body.requester_id
    return (account(requester),) if requester else ()


def _delegates(event: AnyReceived) -> tuple[str, ...]:
    """Those of the person served who asked to be told; whoever ordered is told as that already.

    Of a complaint about themselves or their team nobody is told, though they may act for whoever made it.
    """
    snapshot = event.snapshot
    recused = snapshot.recused.accounts if snapshot.recused else frozenset()
    told = (one.account_id for one in snapshot.delegates if Permit.BE_TOLD in one.may)
    return tuple(account(one) for one in told if one != snapshot.requester_id and one not in recused)


def _person(event: AnyReceived) -> tuple[str, ...]:
    own = event.snapshot.account_id
    return (account(own),) if own else ()


def _delegate(event: AnyReceived) -> tuple[str, ...]:
    return (account(event.body.account_id),)


def _holders(event: AnyReceived) -> tuple[str, ...]:
    return tuple(member(holder.member_id) for holder in event.snapshot.holders)


def _released(event: AnyReceived) -> tuple[str, ...]:
    return tuple(member(holder.member_id) for holder in event.body.released)


def _member(event: AnyReceived) -> tuple[str, ...]:
    return (member(event.body.member_id),)


def _asked(*, free: bool, teams: bool) -> Callable[[AnyReceived], tuple[str, ...]]:
    def audience(event: AnyReceived) -> tuple[str, ...]:
        asked = (offer for offer in event.body.offers if offer.status is OfferStatus.OPEN)
        kind = (one for one in asked if (one.asking in FREE_TO_REFUSE, one.team_id is not None) == (free, teams))
        return tuple(member(id) for offer in kind for id in answerers(offer))

    return audience


def answerers(offer: OfferChange) -> tuple[str, ...]:
    """Who may answer it: of a team its lead and its deputy."""
    return (offer.member_id,) if offer.deputy_id is None else (offer.member_id, offer.deputy_id)


def _withdrawn(event: AnyReceived) -> tuple[str, ...]:
    withdrawn = (offer for offer in event.body.offers if offer.status is OfferStatus.WITHDRAWN)
    return tuple(member(id) for offer in withdrawn for id in answerers(offer))


def _answered(event: AnyReceived) -> tuple[str, ...]:
    over = (offer for offer in event.body.offers if offer.status is not OfferStatus.OPEN)
    return tuple(member(id) for offer in over for id in answerers(offer))


def _answered_teams(event: AnyReceived) -> tuple[str, ...]:
    over = (offer for offer in event.body.offers if offer.status is not OfferStatus.OPEN and offer.team_id is not None)
    return tuple(member(id) for offer in over for id in answerers(offer))


def _named(event: AnyReceived) -> tuple[str, ...]:
    return _member(event) if event.body.named_by else ()


def _namer(event: AnyReceived) -> tuple[str, ...]:
    return (member(event.body.named_by),) if event.body.named_by else ()


def _dispatchers(event: AnyReceived) -> tuple[str, ...]:
    return (dispatchers(event.envelope.communityid),)


def _approvers(event: AnyReceived) -> tuple[str, ...]:
    """Whoever is asked to decide now."""
    if event.body.approver is Rung.DESK:
        return (dispatchers(event.envelope.communityid),)
    return ladder_audience.of_blocks(event, event.body.approver)


def _asker(event: AnyReceived) -> tuple[str, ...]:
    """The account that asked for it."""
    rows = (row for row in event.snapshot.ledger if row.id == event.body.request_id)
    return tuple(account(row.asked_by) for row in rows if row.asked_by is not None)


def _duty(event: AnyReceived) -> tuple[str, ...]:
    return (ladder_audience.duty(event.envelope.communityid),)


def _called(event: AnyReceived) -> tuple[str, ...]:
    return tuple(member(lead) for lead in ladder_audience.leads(event))


def _whistlers(event: AnyReceived) -> tuple[str, ...]:
    return tuple(account(one) for one in ladder_audience.whistlers(event))


def _on_roster(event: AnyReceived) -> tuple[str, ...]:
    return tuple(member(one) for one in shifts.concerned(event))


def _owner(event: AnyReceived) -> tuple[str, ...]:
    owner = event.snapshot.owner
    return (account(owner),) if owner else ()


RECIPIENTS: Mapping[Audience, Callable[[AnyReceived], tuple[str, ...]]] = {
    Audience.REQUESTER: _requester,
    Audience.DELEGATES: _delegates,
    Audience.ORDERER: _orderer,
    Audience.PERSON: _person,
    Audience.DELEGATE: _delegate,
    Audience.HOLDERS: _holders,
    Audience.RELEASED: _released,
    Audience.MEMBER: _member,
    Audience.OFFERED: _asked(free=True, teams=False),
    Audience.ORDERED: _asked(free=False, teams=False),
    Audience.OFFERED_TEAMS: _asked(free=True, teams=True),
    Audience.ORDERED_TEAMS: _asked(free=False, teams=True),
    Audience.NAMED: _named,
    Audience.NAMER: _namer,
    Audience.WITHDRAWN: _withdrawn,
    Audience.DISPATCHERS: _dispatchers,
    Audience.APPROVERS: _approvers,
    Audience.ASKER: _asker,
    Audience.DUTY: _duty,
    Audience.CHIEFS: ladder_audience.chiefs,
    Audience.CALLED: _called,
    Audience.WHISTLERS: _whistlers,
    Audience.ON_ROSTER: _on_roster,
    Audience.ON_SHIFT: shifts.holders,
    Audience.OWNER: _owner,
    Audience.BENEFICIARY: crew_audience.beneficiary,
    Audience.CREW: crew_audience.crew,
    Audience.CREW_LEAD: crew_audience.crew_lead,
    Audience.STAFF: lambda event: (staff(event.envelope.communityid),),
    Audience.PROTECTORS: lambda event: (protectors(event.envelope.communityid),),
    Audience.DISTRICT: lambda event: (district(event.envelope.communityid),),
    Audience.ANSWERED: _answered,
    Audience.ANSWERED_TEAMS: _answered_teams,
    Audience.EVERYONE: lambda _: (EVERYBODY,),
}

TELL_NOBODY = frozenset({Audience.ANSWERED, Audience.ANSWERED_TEAMS, Audience.EVERYONE})
"""Only for rules that cancel."""

OF_MANY = frozenset(
    {
        Audience.DISPATCHERS,
        Audience.APPROVERS,
        Audience.DUTY,
        Audience.CHIEFS,
        Audience.STAFF,
        Audience.PROTECTORS,
        Audience.DISTRICT,
    }
)
"""Whose recipient is many people's: it has no address of its own, their group has."""

WITHOUT_INBOX = frozenset({Audience.BENEFICIARY})
"""Who opens no inbox: they are told out of the platform, or not at all."""

ABROAD = frozenset({Audience.CHIEFS, Audience.WHISTLERS, Audience.APPROVERS, Audience.ASKER})
"""Whom another community may have sent: a block reaches into several."""

OF_THE_SERVED = frozenset(
    {
        Audience.REQUESTER,
        Audience.ORDERER,
        Audience.DELEGATES,
        Audience.PERSON,
        Audience.DELEGATE,
        Audience.BENEFICIARY,
    }
)
"""The side of the person served: of a death no machine tells them anything."""
