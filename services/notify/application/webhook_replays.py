"""Replays: one event, or all of a time, read from the event stores of the services that told them."""

from collections.abc import Iterator
from dataclasses import replace

from contracts.actor import CHIEFS
from contracts.commands import Call, Outcome
from contracts.commands.webhooks import Replay, SwitchReplay
from contracts.errors import Busy, Conflict, Invalid, NotFound, TooLate
from contracts.hearing import areas_of
from contracts.words import Text
from services.notify.application.ports import Clock
from services.notify.application.webhook_hearing import WebhookHearing
from services.notify.application.webhook_ports import Deliveries, Endpoints, EventStores, RealTime, Replays
from services.notify.application.webhook_rows import replay_row
from services.notify.application.webhooks import Webhooks
from services.notify.domain.endpoint import Endpoint
from services.notify.domain.webhook_replay import EndpointReplay, ReplayState, Store, check_range

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
        endpoint.check_not_halted()
        since, until = check_range(command.since, command.until, self._clock.now())
        replay = EndpointReplay(
            id=meta.created_id,
            endpoint_id=endpoint.id,
            community_id=endpoint.community_id,
            since=since,
            until=until,
            made_at=self._real(),
            stores=tuple(self._stores_of(endpoint)),
        )
        self._replays.add(replay)
        return Outcome({"replay": replay_row(replay)})

    def switch(self, call: Call[SwitchReplay]) -> Outcome:
        """Stop the newest one, or let it go on. Raises Conflict where it is done, or there is none."""
        endpoint = self._webhooks.owned(call.meta.actor, call.command.endpoint_id)
        wanted = ReplayState.RUNNING if call.command.running else ReplayState.STOPPED
        if call.command.running:
            endpoint.check_not_halted()
        for _ in range(2):  # once more where it changed in that moment
            replay = self._replays.latest([endpoint.id]).get(endpoint.id)
            if replay is None or replay.state is ReplayState.DONE:
                break
            if replay.state is wanted or self._replays.switch(replay, wanted):
                return Outcome({"replay": replay_row(replace(replay, state=wanted))})
        raise Conflict("no-replay", Text("没有正在进行或停下的重发", "no replay runs, or was stopped"))

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
        return {"id": replay_id, "since": at, "until": at, "state": ReplayState.DONE.value, "progress": 100, "found": 1}

    def _stores_of(self, endpoint: Endpoint) -> Iterator[Store]:
        """Of its own community; of whoever's blocks reach into others, of all."""
        near = [endpoint.community_id]
        far = self._stores.communities() if areas_of(endpoint.owner, CHIEFS) != () else ()
        for community in dict.fromkeys((*near, *far)):
            for owner in self._stores.owners:
                yield Store(owner=owner, community_id=community)

    def _carry_on(self, replay: EndpointReplay) -> None:
        endpoint = self._endpoints.get(replay.endpoint_id)
        if endpoint is None:
            self._replays.keep(replace(replay, state=ReplayState.DONE))
            return
        now_at = replay
        for _ in range(PAGES_AT_ONCE if endpoint.halt is None else 0):
            store = next((one for one in now_at.stores if not one.done), None)
            if store is None:
                self._replays.keep(replace(now_at, state=ReplayState.DONE))
                return
            now_at = self._page(now_at, endpoint, store)
            # After each page: a crash repeats one page, which sends some of it twice, under the same ids.
            if not self._replays.keep(now_at):
                return

    def _page(self, replay: EndpointReplay, endpoint: Endpoint, store: Store) -> EndpointReplay:
        envelopes, after = self._stores.page(store, replay.since, replay.until)
        found = [one for envelope in envelopes for one in self._hearing.deliveries(envelope, [endpoint])]
        if found:
            self._deliveries.again(found)
        return replace(replay.read(after), found=replay.found + len(found))
