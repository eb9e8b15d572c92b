"""Webhooks' world in memory: stores, who stands how, the other side, a vault that seals nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from contracts.actor import Actor, Role
from contracts.envelope import Envelope
from contracts.errors import Busy, Conflict
from contracts.webhooks import DeliveryState, GivenUp
from contracts.words import Text
from services.notify.application.webhook_ports import StandingAway, Turn
from services.notify.domain.delivery import Delivery, Told
from services.notify.domain.endpoint import Endpoint
from services.notify.domain.webhook_replay import EndpointReplay, ReplayState, Store

START = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


@dataclass
class Moment:
    """Real time that stands still until it is moved."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def later(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now


@dataclass
class FakeEndpoints:
    """Rows by id; turns by id."""

    deliveries: "FakeDeliveries"
    rows: dict[str, Endpoint] = field(default_factory=dict)
    turns: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    asked: int = 0
    written: int = 0

    def add(self, endpoint: Endpoint, most: int) -> bool:
        if endpoint.id in self.rows:
            return False
        if len(self.rows) >= most:
            raise Conflict("too-many-webhooks", Text("满了", "full"))
        self.rows[endpoint.id] = endpoint
        return True

    def get(self, endpoint_id: str) -> Endpoint | None:
        return self.rows.get(endpoint_id)

    def owned(self, community_id: str, account_id: str) -> list[Endpoint]:
        return [one for one in self.rows.values() if one.owner.account_id == account_id]

    def of_community(self, community_id: str) -> list[Endpoint]:
        return [one for one in self.rows.values() if one.community_id == community_id]

    def active(self) -> list[Endpoint]:
        return [one for one in self.rows.values() if one.active]

    def hearing(self, communities: object) -> list[Endpoint]:
        self.asked += 1
        return self.active()

    def untold(self) -> list[Endpoint]:
        return [one for one in self.rows.values() if not one.stop_told]

    def change(self, endpoint_id: str, decide: Callable[[Endpoint], Endpoint]) -> Endpoint | None:
        if endpoint_id not in self.rows:
            return None
        self.written += 1
        self.rows[endpoint_id] = decide(self.rows[endpoint_id])
        return self.rows[endpoint_id]

    def delete(self, endpoint_id: str) -> bool:
        found = self.rows.get(endpoint_id)
        return found is not None and found.halt is None and self.rows.pop(endpoint_id) is found

    def ready(self, now: datetime, most: int) -> list[str]:
        due = {one.endpoint_id for one in self.deliveries.rows.values() if one.next_at and one.next_at <= now}
        return [one.id for one in self.active() if one.id in due and not _rests(one, now)][:most]

    def take_turn(self, endpoint_id: str, now: datetime, until: datetime) -> Turn | None:
        found = self.rows.get(endpoint_id)
        held = self.turns.get(endpoint_id)
        if found is None or not found.active or _rests(found, now) or (held is not None and held[1] > now):
            return None
        self.turns[endpoint_id] = (f"turn-{len(self.turns)}", until)
        return Turn(found, self.turns[endpoint_id][0])

    def end_turn(self, turn: Turn, succeeded_at: datetime | None) -> None:
        self.turns.pop(turn.endpoint.id, None)
        if succeeded_at is not None and turn.endpoint.id in self.rows:
            self.rows[turn.endpoint.id] = replace(self.rows[turn.endpoint.id], succeeded_at=succeeded_at)


def _rests(endpoint: Endpoint, now: datetime) -> bool:
    return endpoint.resting_until is not None and endpoint.resting_until > now


@dataclass
class FakeDeliveries:
    """Rows by id; ``bulks`` counts how often anything was stored."""

    rows: dict[str, Delivery] = field(default_factory=dict)
    bulks: int = 0

    def put(self, deliveries: Sequence[Delivery]) -> None:
        self.bulks += 1
        for one in deliveries:
            self.rows.setdefault(one.id, one)

    def again(self, deliveries: Sequence[Delivery]) -> None:
        for one in deliveries:
            known = self.rows.get(one.id)
            self.rows[one.id] = one if known is None else replace(one, attempts=known.attempts)

    def take(self, endpoint_id: str, now: datetime, until: datetime, most: int) -> list[Delivery]:
        due = [
            one
            for one in self.rows.values()
            if one.endpoint_id == endpoint_id and one.next_at is not None and one.next_at <= now
        ]
        taken = [replace(one, next_at=until) for one in due[:most]]
        self.rows |= {one.id: one for one in taken}
        return taken

    def finish(self, tried: Sequence[tuple[Delivery, Delivery]]) -> None:
        for before, after in tried:
            if self.rows[before.id].next_at == before.next_at:
                self.rows[before.id] = after

    def waited_for(self) -> list[str]:
        return [one.endpoint_id for one in self.rows.values() if one.state is DeliveryState.WAITING]

    def give_up(self, endpoint_id: str, reason: GivenUp) -> None:
        for one in list(self.rows.values()):
            if one.endpoint_id == endpoint_id and one.state is DeliveryState.WAITING:
                self.rows[one.id] = replace(one, state=DeliveryState.GIVEN_UP, reason=reason, next_at=None)

    def page(
        self, endpoint_id: str, state: DeliveryState | None, before: str | None, limit: int
    ) -> list[tuple[str, Delivery]]:
        found = [one for one in self.rows.values() if one.endpoint_id == endpoint_id and state in (None, one.state)]
        newest = sorted(found, key=lambda one: one.id, reverse=True)
        return [(one.id, one) for one in newest if before is None or one.id < before][:limit]


@dataclass
class FakeReplays:
    """Rows by id."""

    rows: dict[str, EndpointReplay] = field(default_factory=dict)

    def add(self, replay: EndpointReplay) -> None:
        if replay.id not in self.rows and any(one.endpoint_id == replay.endpoint_id for one in self.running()):
            raise Conflict("replay-running", Text("在重发", "one runs"))
        self.rows.setdefault(replay.id, replay)

    def latest(self, endpoint_ids: Sequence[str]) -> Mapping[str, EndpointReplay]:
        return {one.endpoint_id: one for one in self.rows.values() if one.endpoint_id in endpoint_ids}

    def running(self) -> list[EndpointReplay]:
        return [one for one in self.rows.values() if one.state is ReplayState.RUNNING]

    def keep(self, replay: EndpointReplay) -> bool:
        if self.rows[replay.id].state is not ReplayState.RUNNING:
            return False
        self.rows[replay.id] = replay
        return True

    def switch(self, replay: EndpointReplay, after: ReplayState) -> bool:
        self.rows[replay.id] = replace(self.rows[replay.id], state=after)
        return True


@dataclass
class FakeStores:
    """The events of two owners, in pages of two."""

    events: dict[str, list[Envelope]] = field(default_factory=dict)
    known: list[str] = field(default_factory=list)
    away: bool = False
    owners: tuple[str, ...] = ("tickets", "volunteers")

    def one(self, event_id: str) -> Envelope | None:
        return next((one for some in self.events.values() for one in some if one.id == event_id), None)

    def communities(self) -> list[str]:
        return self.known

    def page(self, store: Store, since: datetime, until: datetime) -> tuple[list[Envelope], Store]:
        if self.away:
            raise Busy("away", Text("不在", "away"))
        told = [one for one in self.events.get(store.owner, []) if one.communityid == store.community_id]
        within = [one for one in told if since <= datetime.fromisoformat(one.time) < until]
        place = int(store.place or 0)
        some = within[place : place + 2]
        if len(some) < 2:
            return some, replace(store, place=None, reached=until, done=True)
        return some, replace(store, place=str(place + 2), reached=datetime.fromisoformat(some[-1].time))


@dataclass
class FakeStandings:
    """Everybody stands as they are said to; whom nobody spoke of may keep none."""

    actors: dict[str, Actor] = field(default_factory=dict)
    away: bool = False

    def of(self, account_id: str) -> Actor | None:
        if self.away:
            raise StandingAway
        return self.actors.get(account_id)


@dataclass
class OtherSide:
    """Answers as it is told to, one answer after the other, then 204."""

    answers: list[Told] = field(default_factory=list)
    heard: list[tuple[str, Mapping[str, str], bytes]] = field(default_factory=list)
    odd: str | None = None

    def refused(self, url: str) -> str | None:
        return self.odd

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Told:
        self.heard.append((url, headers, body))
        return self.answers.pop(0) if self.answers else Told(status=204)


@dataclass
class PlainSeals:
    """Seals nothing; whoever was erased has nothing to open."""

    erased: set[str] = field(default_factory=set)

    def try_seal(self, person: str, text: str, context: str) -> bytes | None:
        return None if person in self.erased else f"{person}|{context}|{text}".encode()

    def try_open(self, blob: bytes | None, context: str) -> str | None:
        if blob is None:
            return None
        person, bound, text = blob.decode().split("|", 2)
        assert bound == context
        return None if person in self.erased else text


@dataclass
class FakeTell:
    """Who was told of which stop."""

    told: list[Endpoint] = field(default_factory=list)
    freed: list[tuple[Endpoint, Role]] = field(default_factory=list)

    def stopped(self, endpoint: Endpoint) -> None:
        self.told.append(endpoint)

    def released(self, endpoint: Endpoint, by: Role) -> None:
        self.freed.append((endpoint, by))
