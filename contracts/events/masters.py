"""Master data as its owner publishes it; the others keep replicas, newest version wins."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from contracts.catalogue import Business, Eligibility, Evidence, Hours, Question
from contracts.words import Employment, Mode, Nature, Policy, ResultCode, Text, Urgency, WhoMay


@dataclass(frozen=True)
class Point:
    """A place in WGS-84 degrees."""

    lon: float
    lat: float


@dataclass(frozen=True, kw_only=True)
class AreaSnapshot:
    """One node of the tree of areas (root to itself in ``path``), or a block, which ``covers`` others."""

    id: str
    community_id: str
    kind: str
    name: Text
    parent: str | None
    path: tuple[str, ...]
    covers: tuple[str, ...]
    centroid: Point | None


@dataclass(frozen=True, kw_only=True)
class AreaPublished:
    """An area is new or changed."""

    AGGREGATE: ClassVar[str] = "area"
    SOURCE: ClassVar[str] = "/shiliu/tickets"
    SNAPSHOT: ClassVar[type] = AreaSnapshot
    TYPE: ClassVar[str] = "shiliu.area.published.v1"


@dataclass(frozen=True, kw_only=True)
class CommunitySnapshot:
    """A community's own time: its zone, and when it works; at ``roster_check`` the shifts to come are looked at.

    ``shifts`` are like "09:00-12:30", in order; ``days_off`` and ``days_on`` are the local dates (ISO) on which it
    differs from plain weeks, holidays and make-up days of the state among them, as far as they are known. From
    ``quiet_from`` until ``quiet_to`` (``quiet_to_days_off`` in the morning of a day off) nobody is disturbed there who
    wishes nothing else.
    """

    id: str
    community_id: str
    name: Text
    prefix: str
    time_zone: str
    area: str
    shifts: tuple[str, ...]
    days_off: tuple[str, ...] = ()
    days_on: tuple[str, ...] = ()
    roster_check: str = "17:00"
    quiet_from: str = "21:00"
    quiet_to: str = "08:00"
    quiet_to_days_off: str = "09:00"


@dataclass(frozen=True, kw_only=True)
class CommunityPublished:
    """A community is new or changed."""

    AGGREGATE: ClassVar[str] = "community"
    SOURCE: ClassVar[str] = "/shiliu/tickets"
    SNAPSHOT: ClassVar[type] = CommunitySnapshot
    TYPE: ClassVar[str] = "shiliu.community.published.v1"


@dataclass(frozen=True, kw_only=True)
class CatalogueItemSnapshot:
    """One version of what can be ordered.

    ``orderable``: it can be ordered at all (an item that goes by session cannot yet, a retired one no more: ``instead``
    names another). ``order_hours`` say when it may be ordered, ``serve_hours`` when it is done; both empty: any time.
    ``areas``: only there (empty: everywhere). ``cash_limit`` is in yuan, of one errand. ``must_show``: no such order is
    solved without its ``evidence``. ``eligibility`` is for staff alone.
    """

    id: str
    community_id: str
    version: int
    code: str
    name: Text
    category: str
    nature: Nature
    policy: Policy
    mode: Mode
    who_may: WhoMay
    urgency: Urgency
    seats_min: int
    seats_max: int
    review: bool
    fee: str
    delivery: tuple[str, ...]
    limits: Text | None
    orderable: bool
    questions: tuple[Question, ...] = ()
    businesses: tuple[Business, ...] = ()
    danger_words: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    results: tuple[ResultCode, ...] = ()
    evidence: Evidence = Evidence.NONE
    must_show: bool = False
    cash_limit: int | None = None
    eligibility: Eligibility | None = None
    order_hours: tuple[Hours, ...] = ()
    serve_hours: tuple[Hours, ...] = ()
    areas: tuple[str, ...] = ()
    retired: bool = False
    instead: str | None = None
    respond_minutes: int | None = None
    respond_working_days: int | None = None
    resolve_minutes: int | None = None
    resolve_working_days: int | None = None


@dataclass(frozen=True, kw_only=True)
class CatalogueItemPublished:
    """An item is new or has a new version."""

    AGGREGATE: ClassVar[str] = "catalogue_item"
    SOURCE: ClassVar[str] = "/shiliu/tickets"
    SNAPSHOT: ClassVar[type] = CatalogueItemSnapshot
    TYPE: ClassVar[str] = "shiliu.catalogue_item.published.v1"


@dataclass(frozen=True, kw_only=True)
class MemberSnapshot:
    """What others may know of a member: the name they chose to show, what they do, where they start from (grid).

    ``charge_area`` is where their roles as staff hold; None: in the whole community. ``not_before``: on duty again from
    then on, by themselves.
    """

    id: str
    community_id: str
    external_no: str
    display_name: str
    employment: Employment
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    roles: tuple[str, ...]
    team_ids: tuple[str, ...]
    home_area: str
    capacity: int
    on_duty: bool
    charge_area: str | None = None
    not_before: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class MemberPublished:
    """A member is new or changed."""

    AGGREGATE: ClassVar[str] = "member"
    SOURCE: ClassVar[str] = "/shiliu/volunteers"
    SNAPSHOT: ClassVar[type] = MemberSnapshot
    TYPE: ClassVar[str] = "shiliu.member.published.v1"


@dataclass(frozen=True, kw_only=True)
class TeamSnapshot:
    """A team, its lead and its roster."""

    id: str
    community_id: str
    name: Text
    kind: str
    lead: str | None
    deputy: str | None
    area: str
    member_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TeamPublished:
    """A team is new or changed."""

    AGGREGATE: ClassVar[str] = "team"
    SOURCE: ClassVar[str] = "/shiliu/volunteers"
    SNAPSHOT: ClassVar[type] = TeamSnapshot
    TYPE: ClassVar[str] = "shiliu.team.published.v1"


MASTER_EVENTS: tuple[type, ...] = (
    AreaPublished,
    CommunityPublished,
    CatalogueItemPublished,
    MemberPublished,
    TeamPublished,
)
