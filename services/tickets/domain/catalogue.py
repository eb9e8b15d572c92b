"""What can be ordered, and the terms that an order freezes of it."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from contracts.catalogue import Business, Eligibility, EndRule, Evidence, Hours, Question
from contracts.dispatch import Continuity
from contracts.errors import Invalid, Refused
from contracts.events.masters import CatalogueItemSnapshot
from contracts.results import Closing
from contracts.terms import SeatNeed, SkillNeed, Terms
from contracts.words import Ability, Mode, Nature, Policy, ResultCode, Risk, Text, Urgency, WhoMay
from services.tickets.domain.community import Community
from services.tickets.domain.rungs import NO_LADDER, ItemLadder
from services.tickets.domain.time_limits import Limit, Limits

NOT_ORDERABLE_YET = frozenset({Policy.SESSION, Policy.SERIES, Policy.BOOKING})
_TRAINED_FOR_DANGER = frozenset({WhoMay.DUTY, WhoMay.PROFESSIONAL})


class Category(StrEnum):
    """The six shelves of the catalogue."""

    MAINTENANCE = "maintenance"
    CARE = "care"
    INFORMATION = "information"
    CULTURE = "culture"
    EMERGENCY = "emergency"
    MEDIATION = "mediation"


class Fee(StrEnum):
    """What the person served pays."""

    FREE = "free"
    COST_OF_GOODS = "cost_of_goods"
    LOW_FEE = "low_fee"
    UNKNOWN = "unknown"


_NO_PAY = frozenset({Fee.FREE, Fee.COST_OF_GOODS})
"""Nobody is paid for the work; what is unknown until it is visited may be."""


@dataclass(frozen=True, kw_only=True)
class Seats:
    """Seats that an order needs before it goes ahead, and that it can use at most."""

    min: int
    max: int


@dataclass(frozen=True, kw_only=True)
class CatalogueItem:
    """One version of one item. To respond and to resolve it has minutes or working days each, from ordering.

    What the fields below ``seed`` mean is said at ``CatalogueItemSnapshot``, which publishes them.
    """

    id: str
    community_id: str
    version: int
    code: str
    name: Text
    category: Category
    nature: Nature
    policy: Policy
    mode: Mode
    seats: Seats
    who_may: WhoMay
    urgency: Urgency
    review: bool
    fee: Fee
    evidence: Evidence
    origin: str
    skills: tuple[SkillNeed, ...] = ()
    delivery: tuple[str, ...] = ()
    closing: tuple[Closing, ...] = ()
    limits: Text | None = None
    danger_words: tuple[str, ...] = ()
    adult_only: bool = False
    businesses: tuple[Business, ...] = ()
    asks: tuple[Ability, ...] = ()
    credentials: tuple[str, ...] = ()
    risks: tuple[Risk, ...] = ()
    for_child: bool = False
    continuity: Continuity | None = None
    """Whether the same people should come again, or others in turn; None: it does not matter."""
    company_first: bool = False
    """Of a contracted item: the companies are asked as teams before their people are; who leads one signs in for it."""
    crew: tuple[SeatNeed, ...] = ()
    """What each seat is for, in the order of the seats; those beyond it are alike."""
    seed: str | None = None
    respond_minutes: int | None = None
    respond_working_days: int | None = None
    resolve_minutes: int | None = None
    resolve_working_days: int | None = None
    questions: tuple[Question, ...] = ()
    results: tuple[ResultCode, ...] = ()
    must_show: bool = False
    cash_limit: int | None = None
    eligibility: Eligibility | None = None
    order_hours: tuple[Hours, ...] = ()
    serve_hours: tuple[Hours, ...] = ()
    areas: tuple[str, ...] = ()
    retired: bool = False
    instead: str | None = None
    ladder: ItemLadder = NO_LADDER
    visit_minutes: float = 60
    """How long a visit is planned to take; half an hour later whoever is there is asked whether all is well."""
    keywords: tuple[str, ...] = ()
    """What people call it, beside its name: a text from a chat is compared with these."""

    @property
    def end_rule(self) -> EndRule:
        """How its orders may end."""
        return EndRule(results=self.results, evidence=self.evidence, must_show=self.must_show)

    @property
    def time_limits(self) -> Limits:
        """How long it may take until somebody has such an order, and until it is solved."""
        return Limits(
            respond=Limit(minutes=self.respond_minutes, working_days=self.respond_working_days),
            resolve=Limit(minutes=self.resolve_minutes, working_days=self.resolve_working_days),
        )

    @property
    def orderable(self) -> bool:
        """Can it be ordered? Items by slot or booking cannot yet, retired ones no more."""
        return not self.retired and self.policy not in NOT_ORDERABLE_YET

    def must_be_orderable(self) -> None:
        """Raises Invalid ``item-retired`` or Refused ``not-orderable-yet`` with a sentence a person can act on."""
        if self.retired:
            raise Invalid(
                "item-retired",
                Text(
                    zh=f"「{self.name.zh}」已经停办" + (f",请改点 {self.instead}" if self.instead else ",请打社区电话"),
                    en=f"{self.name.en} is no longer offered; "
                    + (f"order {self.instead} instead" if self.instead else "please call us"),
                ),
                field="item_id",
            )
        if not self.orderable:
            raise Refused(
                "not-orderable-yet",
                Text(
                    zh=f"「{self.name.zh}」按场次或预约安排,现在还不能在这里点单,请打社区电话",
                    en=f"{self.name.en} goes by session or booking and cannot be ordered here yet; please call us",
                ),
                field="item_id",
            )

    def must_serve_at(self, path: tuple[str, ...]) -> None:
        """Raises Invalid ``not-here`` where the item is for some areas and *path* leads through none of them."""
        if self.areas and not frozenset(self.areas) & frozenset(path):
            sentence = Text(zh=f"「{self.name.zh}」不到这个地方", en=f"{self.name.en} is not offered at this place")
            raise Invalid("not-here", sentence, field="area_id")

    def seats_for(self, asked: int | None) -> int:
        """The seats of an order; raises Invalid outside the item's bounds."""
        if asked is None:
            return self.seats.min
        if not self.seats.min <= asked <= self.seats.max:
            span = f"{self.seats.min}-{self.seats.max}"
            raise Invalid(
                "seats-out-of-bounds",
                Text(zh=f"这个项目需要 {span} 人", en=f"this item takes {span} people"),
                field="seats",
            )
        return asked

    def terms(self, community: Community, *, urgency: Urgency, seats: int, danger: bool) -> Terms:
        """What dispatch needs to know, frozen. Danger is for duty staff: no volunteer is sent into it."""
        sent_to_duty = danger and self.who_may not in _TRAINED_FOR_DANGER
        return Terms(
            item_id=self.id,
            item_version=self.version,
            item_name=self.name,
            policy=Policy.DUTY if sent_to_duty else self.policy,
            mode=self.mode,
            who_may=WhoMay.DUTY if sent_to_duty else self.who_may,
            urgency=urgency,
            skills=() if sent_to_duty else self.skills,
            adult_only=self.adult_only or sent_to_duty,
            seats=seats,
            waves=community.waves,
            offers_per_day=community.offers_per_day,
            suggest_minutes=community.suggest_minutes,
            expiry_minutes=community.expiry_minutes.of(urgency),
            claim_minutes=community.claim_minutes.of(urgency),
            night_from=community.night_from,
            night_to=community.night_to,
            time_zone=community.time_zone,
            delivery=self.delivery,
            asks=() if sent_to_duty else self.asks,
            credentials=() if sent_to_duty else self.credentials,
            risks=self.all_risks,
            for_child=self.for_child and not sent_to_duty,
            crew=() if sent_to_duty else self.crew,
            continuity=None if sent_to_duty else self.continuity,
            company_first=self.company_first and not sent_to_duty,
            visit_minutes=self.visit_minutes,
            late_minutes=community.late_minutes,
            cancel_minutes=community.cancel_minutes,
            free=self.fee in _NO_PAY,
        )

    @property
    def all_risks(self) -> tuple[Risk, ...]:
        """What keeps minors away, also where the file leaves it to be understood."""
        understood = (Risk.MEDIATION,) if self.category is Category.MEDIATION else ()
        return tuple(dict.fromkeys((*self.risks, *understood)))

    def follows(self, before: "CatalogueItem | None") -> "CatalogueItem":
        """This content as the next version after *before*, or *before* itself where nothing changed."""
        if before is None:
            return replace(self, version=1)
        same = replace(self, version=before.version)
        return before if same == before else replace(self, version=before.version + 1)

    def snapshot(self) -> CatalogueItemSnapshot:
        """The public view."""
        derived: dict[str, Any] = {"seats_min": self.seats.min, "seats_max": self.seats.max}
        names = CatalogueItemSnapshot.__dataclass_fields__.keys() - derived.keys()
        return CatalogueItemSnapshot(**derived, **{name: getattr(self, name) for name in names})


def unknown_item() -> Invalid:
    """An item that is not there, or is another community's."""
    return Invalid("unknown-item", Text(zh="没有这个服务项目", en="there is no such item here"), field="item_id")
