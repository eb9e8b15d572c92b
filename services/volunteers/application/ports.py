"""What the use cases need from the outside."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from contracts.commands import Meta, Outcome
from contracts.decisions import Decided
from contracts.events.masters import AreaSnapshot, CommunitySnapshot, Point
from services.volunteers.domain.choice import Choice
from services.volunteers.domain.community import CommunityTime
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.looking import Found, Look
from services.volunteers.domain.member import Member
from services.volunteers.domain.need import Candidate, Need
from services.volunteers.domain.team import Team

A = TypeVar("A")


class Clock(Protocol):
    """Business time."""

    def now(self) -> datetime:
        """The moment now, UTC."""


class Store(Protocol[A]):
    """The aggregates of one kind."""

    def get(self, id: str) -> A | None:
        """The aggregate as it is now."""

    def apply(self, id: str, meta: Meta, decide: Callable[[A | None], Decided[A] | None]) -> Outcome:
        """Do one command once: *decide* may be asked several times, each time with the newest state."""


SeatDecision = tuple[Decided[Demand] | None, Decided[Member] | None]


class Seats(Protocol):
    """The one transaction over two documents: a demand and the member whose seat it is."""

    def apply(
        self,
        demand_id: str,
        member_id: str,
        meta: Meta,
        decide: Callable[[Demand | None, Member | None], SeatDecision],
    ) -> Outcome:
        """Both or neither; remembered with the demand."""


class Privacy(Protocol):
    """The vault of the members: each has their own key, each field its own context (``name``, ``phone``)."""

    def seal(self, member_id: str, field: str, text: str) -> bytes:
        """Encrypt what is private of a member."""

    def open(self, member_id: str, field: str, blob: bytes | None) -> str | None:
        """Read it again; None where nothing is held, or nothing is left to read it with."""

    def phone_index(self, phone: str) -> str:
        """What a phone is found by without being shown."""

    def mark(self, text: str) -> str:
        """What stands for *text*, telling nothing of it: equal for equal texts."""

    def destroy(self, member_id: str) -> bool:
        """Make everything sealed for the member mute for ever; says whether there was anything. Safe to repeat."""


class Matcher(Protocol):
    """Finds whom to ask for an order."""

    def choose(self, demand: Demand, count: int, now: datetime) -> Found:
        """At most *count* members who pass every gate, best first; fewer means that there are no more."""

    def everybody(self, demand: Demand, now: datetime) -> Look:
        """How many members of the community each gate stops now, by its name; gates that stop nobody are left out."""

    def on_duty(self, demand: Demand, now: datetime) -> Sequence[Choice] | None:
        """Who is on duty there now by the roster and passes every gate, nearest first; None: none is kept there."""


class Batch(Protocol):
    """Finds whom to ask for many orders at once."""

    def match(self, demands: Sequence[Demand], now: datetime) -> Mapping[str, Found]:
        """For the id of each demand those to ask now, best first, at most ``missing_offers``; empty where nobody is.

        Nobody is given more than they have room for in the whole match. What is already asked stays as it is.
        """


class Candidates(Protocol):
    """The members as the matcher looks at them: in batches, nearest first, never all at once."""

    def near(self, need: Need, place: Point | None, pivot: str) -> Iterator[Sequence[Candidate]]:
        """Members who pass most gates (the matcher checks all again), until nobody is left.

        Those whose start is not known come last. Where *place* is None nobody is near: the order then starts
        at *pivot*, so that not the same members are asked first each time.
        """

    def everybody(self, need: Need) -> Sequence[Candidate]:
        """All members of the community who could pass the gates of some order now; others may be among them.

        *need* is that of any order there: what a candidate had today and this week is counted from when it says.
        """

    def as_now(self, member: Member, need: Need) -> Candidate:
        """The member as the gates of *need* look at them."""

    def look_at_all(self, need: Need) -> Look:
        """How many members of the community each gate stops."""


class Teams(Protocol):
    """The teams, as the matcher looks at them."""

    def get(self, id: str) -> Team | None:
        """One of them, as it is now."""

    def of_community(self, community_id: str) -> Sequence[Team]:
        """All of a community, by id."""

    def open_offers(self, team_ids: Sequence[str]) -> Mapping[str, int]:
        """How many offers wait for the answer of each; those of whom nothing waits are left out."""


class NamedTeams(Protocol):
    """Teams that staff name for an order."""

    def by_name(self, demand: Demand, team_id: str, now: datetime) -> Choice | None:
        """The team to be asked, wherever it serves and whether it was asked before or not.

        None where nobody could answer for it, or none of its people passes the gates now. Raises NotFound where there
        is no such team in the order's community.
        """


@dataclass(frozen=True)
class AreaRow:
    """An area as tickets published it, with the version it is."""

    snapshot: AreaSnapshot
    version: int


class Areas(Protocol):
    """The replica of the areas."""

    def keep(self, rows: Sequence[AreaRow]) -> None:
        """Store what is newer than what is there."""

    def centroid(self, area_id: str) -> Point | None:
        """The middle of an area; None where it is not known (yet)."""

    def path(self, area_id: str) -> tuple[str, ...]:
        """From the root to the area; only itself where nothing is known (yet)."""

    def grid(self, area_id: str) -> str | None:
        """The area as others may know it (``domain.places``); None where it or its path is not known (yet)."""


@dataclass(frozen=True)
class CommunityRow:
    """A community as tickets published it, with the version it is."""

    snapshot: CommunitySnapshot
    version: int


class Communities(Protocol):
    """The replica of the communities."""

    def keep(self, rows: Sequence[CommunityRow]) -> None:
        """Store what is newer than what is there."""

    def get(self, community_id: str) -> CommunityTime | None:
        """Its own time; None where it is not known (yet)."""
