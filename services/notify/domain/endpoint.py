"""An endpoint: another system's address that hears what its owner may hear, and how it fares."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from contracts.actor import Actor, Role
from contracts.errors import Conflict, Invalid
from contracts.event_types import UnknownEventType, chosen_types, no_such_type, placed
from contracts.webhooks import EndpointState, Stop
from contracts.words import Text
from services.notify.domain.delivery import Told

SECRET_PREFIX = "whsec_"  # noqa: S105  what a secret begins with, by the standard
SECRET_BYTES = 32
MOST_SECRETS = 5
MOST_PATTERNS = 50
MOST_AREAS = 50
MOST_URL = 2_048
MOST_DESCRIPTION = 200
MOST_REASON = 200
LONGEST_OVERLAP = timedelta(days=7)
FAILING = timedelta(days=5)
"""After so long without one success an endpoint is disabled; source: Standard Webhooks, and as Svix has it."""
LONGEST_REST = 300.0
LONGEST_ASKED = 3_600.0
"""Seconds that an endpoint may ask for by Retry-After."""


@dataclass(frozen=True, kw_only=True)
class Secret:
    """One secret, sealed; it signs until ``ends_at`` (None: for good)."""

    sealed: bytes
    made_at: datetime
    ends_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Halt:
    """Somebody who administers the community stopped it.

    ``by`` is their account (None: it was erased), ``reason`` sealed as the owner's; ``before`` is what the endpoint was
    disabled for already.
    """

    by: str | None
    role: Role
    at: datetime
    reason: bytes
    before: Stop | None = None


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """``owner`` is the account that it hears for, as it was last seen to stand. Times are real time.

    ``hears_from``: events that were told after it are owed. ``failing_since``: the first failure after the last
    success; ``failures`` so many in a row; ``succeeded_at``: when anything was taken last. ``resting_until``: it gets
    nothing before. ``stop_told``: was whoever has to know told that it was disabled? ``done`` are the last commands.
    """

    id: str
    community_id: str
    owner: Actor
    url: bytes
    description: bytes | None
    event_types: tuple[str, ...]
    areas: tuple[str, ...]
    secrets: tuple[Secret, ...]
    created_at: datetime
    hears_from: datetime
    revision: int = 1
    state: EndpointState = EndpointState.ACTIVE
    stopped_for: Stop | None = None
    failing_since: datetime | None = None
    failures: int = 0
    resting_until: datetime | None = None
    stopped_at: datetime | None = None
    stop_told: bool = True
    halt: Halt | None = None
    succeeded_at: datetime | None = None
    done: tuple[str, ...] = ()

    @property
    def active(self) -> bool:
        """Does it hear anything?"""
        return self.state is EndpointState.ACTIVE

    def signing(self, now: datetime) -> Sequence[Secret]:
        """The secrets that sign now, the newest first."""
        return [one for one in reversed(self.secrets) if one.ends_at is None or one.ends_at > now]

    def rotated(self, sealed: bytes, overlap: timedelta, now: datetime) -> "Endpoint":
        """With a further secret; those before it end after *overlap* at the latest. Raises Conflict with too many."""
        ends = now + overlap
        alive = [one for one in self.secrets if one.ends_at is None or one.ends_at > now]
        if len(alive) >= MOST_SECRETS:
            raise Conflict(
                "too-many-secrets",
                Text("还在生效的密钥太多,请等旧的到期", "too many secrets still sign: wait until old ones end"),
            )
        ending = (replace(one, ends_at=min(one.ends_at or ends, ends)) for one in alive)
        left = tuple(one for one in ending if one.ends_at is None or one.ends_at > now)
        return replace(self, secrets=(*left, Secret(sealed=sealed, made_at=now)))

    def enabled(self, now: datetime) -> "Endpoint":
        """It hears again from now on, and is forgiven what failed. Raises Conflict while it is halted."""
        if self.active:
            return self
        self.check_not_halted()
        active = replace(self.forgiven(), state=EndpointState.ACTIVE, hears_from=now)
        return replace(active, stopped_for=None, stopped_at=None, stop_told=True)

    def disabled(self, stop: Stop, now: datetime) -> "Endpoint":
        """It hears nothing more; the first reason stays. Of what its owner did nobody has to be told."""
        if not self.active:
            return self
        stopped = replace(self, state=EndpointState.DISABLED, stopped_for=stop, stopped_at=now)
        return replace(stopped, stop_told=stop is Stop.OWNER)

    def halted(self, halt: Halt) -> "Endpoint":
        """Stopped for the community, whatever it was disabled for already. Raises Conflict where it is so."""
        self.check_not_halted()
        stopped = replace(self, state=EndpointState.DISABLED, stopped_for=Stop.ADMIN, stopped_at=halt.at)
        return replace(stopped, stop_told=False, halt=replace(halt, before=self.stopped_for))

    def released(self, now: datetime) -> "Endpoint":
        """What it was before it was halted. Raises Conflict where it is not."""
        if self.halt is None:
            raise Conflict("not-halted", Text("它不是由社区停用的", "it was not stopped for the community"))
        free = replace(self, halt=None)
        if self.halt.before is None:
            return free.enabled(now)
        return replace(free, stopped_for=self.halt.before, stopped_at=now, stop_told=True)

    def told_of(self, stop: "Endpoint") -> "Endpoint":
        """Whoever has to know was told of *stop*; nothing changes where it was disabled once more meanwhile."""
        return replace(self, stop_told=True) if self.stopped_at == stop.stopped_at else self

    def check_not_halted(self) -> None:
        """Raises Conflict where it is."""
        if self.halt is not None:
            sentence = Text(
                "社区停用了这个推送地址,只有社区的书记或管理员能重新启用",
                "this endpoint was stopped for the community: only its secretary or administrator starts it again",
            )
            raise Conflict("halted", sentence)

    def forgiven(self) -> "Endpoint":
        """After a success."""
        return replace(self, failing_since=None, failures=0, resting_until=None)

    def failed(self, now: datetime, *, throttled: bool, asked: float | None, first_rest: float) -> "Endpoint":
        """After a failure: it rests where it has too much to do, or asked to (*asked*: seconds)."""
        since, failures = self.failing_since or now, self.failures + 1
        after = replace(self, failing_since=since, failures=failures)
        if throttled:
            grown = min(first_rest * 2 ** min(failures - 1, 10), LONGEST_REST)
            rest = max(grown, min(asked or 0.0, LONGEST_ASKED))
            after = replace(after, resting_until=now + timedelta(seconds=rest))
        return after.disabled(Stop.FAILING, now) if now - since >= FAILING else after


def fared(endpoint: Endpoint, tolds: Sequence[Told], now: datetime, first_rest: float) -> Endpoint:
    """After some tries that were under way together: a success forgives what was before, not what failed beside it."""
    after = endpoint.forgiven() if any(told.taken for told in tolds) else endpoint
    for told in tolds:
        if told.gone:
            after = after.disabled(Stop.GONE, now)
        elif not told.taken:
            after = after.failed(now, throttled=told.throttles, asked=told.asked, first_rest=first_rest)
    return after


def check_event_types(event_types: Sequence[str]) -> tuple[str, ...]:
    """Each once; raises Invalid naming the one that no event answers to."""
    if not event_types:
        raise Invalid("no-event-types", Text("请选择要收的事件类型", "name the types of events"), "event_types")
    if len(event_types) > MOST_PATTERNS:
        raise Invalid("too-many-types", Text(f"至多 {MOST_PATTERNS} 种", f"{MOST_PATTERNS} at most"), "event_types")
    for place, pattern in enumerate(event_types):
        try:
            chosen_types([pattern])
        except UnknownEventType:
            raise Invalid("no-such-event-type", no_such_type(pattern), f"event_types.{place}") from None
    return tuple(dict.fromkeys(event_types))


def check_areas(areas: Sequence[str]) -> tuple[str, ...]:
    """Each once; raises Invalid."""
    if len(areas) > MOST_AREAS:
        raise Invalid("too-many-areas", Text(f"至多 {MOST_AREAS} 个", f"{MOST_AREAS} at most"), "areas")
    return tuple(dict.fromkeys(areas))


def check_reason(reason: str) -> str:
    """Raises Invalid where there is none, or too much of it."""
    if not reason.strip() or len(reason) > MOST_REASON:
        sentence = Text(f"请写明原因,至多 {MOST_REASON} 字", f"say why, in {MOST_REASON} characters at most")
        raise Invalid("reason-needed", sentence, "reason")
    return reason.strip()


def check_together(event_types: Sequence[str], areas: Sequence[str]) -> None:
    """Raises Invalid where nothing would ever come: areas, of events none of which says where it happened."""
    if areas and not placed(event_types):
        sentence = Text("这些事件不分区域,请不要选区域", "none of these events lies in an area: leave areas out")
        raise Invalid("nothing-matches", sentence, "areas")


def check_description(description: str | None) -> str | None:
    """Raises Invalid where it is too long."""
    if description is not None and len(description) > MOST_DESCRIPTION:
        sentence = Text(f"至多 {MOST_DESCRIPTION} 字", f"{MOST_DESCRIPTION} characters at most")
        raise Invalid("description-too-long", sentence, "description")
    return description
