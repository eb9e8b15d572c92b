"""Replays: one event, or all of a time, read from the event stores of the services that told them."""

from collections.abc import Sequence
from dataclasses import replace

from contracts.commands import Call, Outcome
from contracts.commands.webhooks import Replay
from contracts.errors import Busy, Conflict, Invalid, NotFound, TooLate
from contracts.words import Text
from services.notify.application.ports import Clock
from services.notify.application.webhook_hearing import WebhookHearing
from services.notify.application.webhook_ports import Deliveries, Endpoints, EventStores, RealTime, Replays
from services.notify.application.webhook_rows import replay_row
from services.notify.application.webhooks import Webhooks
from services.notify.domain.delivery import Delivery
from services.notify.domain.endpoint import Endpoint
from services.notify.domain.webhook_replay import EndpointReplay, ReplayState, check_range

MOST_RUNNING = 3
"""Of one endpoint: each reads the events of two weeks, of everybody."""
PAGES_AT_ONCE = 20
"""Of one replay in one look, so that others get on, too."""


class WebhookReplays:
    """Asks for replays and carries them on. What is sent again keeps its id, which is the event's."""

    def __init__(
        self,
        webhooks: Webhooks,
        hearing: WebhookHearing,
        endpoints: Endpoints,
        deliveries: Deliveries,
        replays: Replays,
        stores: EventStores,
        clock: Clock,
        real: RealTime,
    ) -> None:
        self._webhooks = webhooks
        self._hearing = hearing
        self._endpoints = endpoints
        self._deliveries = deliveries
        self._replays = replays
        self._stores = stores
        self._clock = clock
        self._real = real

    def ask(self, call: Call[Replay]) -> Outcome:
        """One event at once, whatever the filters; of a time the work begins. Raises Invalid, NotFound."""
        command, meta = call.command, call.meta
        endpoint = self._webhooks.owned(meta.actor, command.endpoint_id)
        if command.event_id is not None:
            return Outcome({"replay": self._one(endpoint, command, meta.created_id)})
        since, until = check_range(command.since, command.until, self._clock.now())
        self._check_room(endpoint, meta.created_id)
        begin = self._stores.start(since)
        replay = EndpointReplay(
            id=meta.created_id,
            endpoint_id=endpoint.id,
            community_id=endpoint.community_id,
            since=since,
            until=until,
            made_at=self._real(),
            places=dict.fromkeys(self._stores.owners, begin),
        )
        self._replays.add(replay)
        return Outcome({"replay": replay_row(replay)})

    def _check_room(self, endpoint: Endpoint, replay_id: str) -> None:
        """Raises Conflict where so many are under way; the same request again is none more."""
        running = {one.id for one in self._replays.running() if one.endpoint_id == endpoint.id}
        if len(running - {replay_id}) >= MOST_RUNNING:
            sentence = Text(
                f"还有 {MOST_RUNNING} 次重发没有做完,请稍后再来",
                f"{MOST_RUNNING} replays are under way: wait for one to end",
            )
            raise Conflict("replays-under-way", sentence)

    def carry_on(self) -> None:
        """Some pages of every replay that is not done; an owner who is away is asked again at the next look."""
        for replay in self._replays.running():
            try:
                self._carry_on(replay)
            except (Busy, TooLate):
                continue

    def _one(self, endpoint: Endpoint, command: Replay, replay_id: str) -> dict[str, object]:
        if command.since is not None or command.until is not None:
            sentence = Text("event_id 与 since、until 只写一种", "either event_id, or since and until")
            raise Invalid("one-or-a-time", sentence, "event_id")
        envelope = self._stores.one(str(command.event_id))
        found = [] if envelope is None else list(self._hearing.deliveries(envelope, [endpoint], filtered=False))
        if not found or envelope is None:
            raise NotFound("no-such-event", Text("没有这个事件", "there is no such event"), "event_id")
        self._deliveries.again(found)
        at = found[0].message["timestamp"]
        return {"id": replay_id, "since": at, "until": at, "state": ReplayState.DONE.value, "found": 1}

    def _carry_on(self, replay: EndpointReplay) -> None:
        endpoint = self._endpoints.get(replay.endpoint_id)
        if endpoint is None:
            self._replays.keep(replace(replay, state=ReplayState.DONE))
            return
        now_at = replay
        for _ in range(PAGES_AT_ONCE):
            owner = next((name for name, place in now_at.places.items() if place is not None), None)
            if owner is None:
                self._replays.keep(replace(now_at, state=ReplayState.DONE))
                return
            now_at = self._page(now_at, endpoint, owner)
            # After each page: a crash repeats one page, which sends some of it twice, under the same ids.
            self._replays.keep(now_at)

    def _page(self, replay: EndpointReplay, endpoint: Endpoint, owner: str) -> EndpointReplay:
        envelopes, following = self._stores.page(owner, str(replay.places[owner]))
        since, until = replay.since, replay.until
        found: Sequence[Delivery] = [
            delivery
            for envelope, at in envelopes
            if since <= at < until
            for delivery in self._hearing.deliveries(envelope, [endpoint])
        ]
        if found:
            self._deliveries.again(found)
        return replace(replay, places={**replay.places, owner: following}, found=replay.found + len(found))
