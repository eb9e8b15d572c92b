"""Deliveries are sent: an endpoint is one worker's at a time, so that a slow one holds up nobody but itself."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from contracts.actor import Actor
from contracts.hearing import hears
from contracts.webhooks import GivenUp, Stop
from services.notify.application.webhook_ports import (
    Deliveries,
    Endpoints,
    Poster,
    RealTime,
    Seals,
    SideBySide,
    Signer,
    StandingAway,
    Standings,
    Tell,
)
from services.notify.application.webhook_seals import secret_context, url_context
from services.notify.domain.delivery import Delivery, Told, given_up, tried
from services.notify.domain.endpoint import Endpoint, fared

TURN = timedelta(seconds=10)
"""After so long others are looked at first."""
BATCH = 24
"""Deliveries taken together while all is well; of an endpoint that fails one at a time is tried."""
AT_ONCE = 8
"""Of these, under way at once."""
MARGIN = timedelta(seconds=5)
MOST_READY = 200
AWAY = timedelta(seconds=10)
"""So long an endpoint rests whose owner's standing nobody could say."""


@dataclass(frozen=True)
class _Address:
    """Where to, and what signs."""

    url: str
    secrets: Sequence[str]


class WebhookSending:
    """``ready`` says who is to be served, ``serve`` does it; any number of processes may do the same beside it."""

    def __init__(
        self,
        endpoints: Endpoints,
        deliveries: Deliveries,
        standings: Standings,
        poster: Poster,
        signer: Signer,
        seals: Seals,
        tell: Tell,
        real: RealTime,
        patience: float,
        delays: Sequence[float],
        chance: Callable[[], float],
        side_by_side: SideBySide,
        count: Callable[[str], object],
    ) -> None:
        """*patience*: seconds that one try may take; *delays* are those before each further one.

        *chance* gives 0 to 1; *count* is told what became of each try.
        """
        self._endpoints = endpoints
        self._deliveries = deliveries
        self._standings = standings
        self._poster = poster
        self._signer = signer
        self._seals = seals
        self._tell = tell
        self._real = real
        # A turn, and what was taken in it, is one worker's for longer than any turn with its last batch may take.
        self._lease = TURN + timedelta(seconds=patience) * (BATCH // AT_ONCE) + MARGIN
        self._delays = delays
        self._chance = chance
        self._side_by_side = side_by_side
        self._count = count

    def ready(self) -> Sequence[str]:
        """Endpoints for whom something is due, who waited longest first."""
        return self._endpoints.ready(self._real(), MOST_READY)

    def serve(self, endpoint_id: str) -> None:
        """Send what is due for one endpoint, as much as fits into a turn."""
        now = self._real()
        turn = self._endpoints.take_turn(endpoint_id, now, now + self._lease)
        if turn is None:
            return
        taken_at: list[datetime] = []
        try:
            self._serve(turn.endpoint, now + TURN, taken_at.append)
        finally:
            self._endpoints.end_turn(turn, max(taken_at, default=None))

    def look_after(self) -> None:
        """Endpoints follow their owners' roles; what waits for one that is gone ends; whoever has to know is told."""
        for endpoint in self._endpoints.active():
            try:
                self._standing(endpoint)
            except StandingAway:
                break
        for endpoint_id in self._deliveries.waited_for():
            # Stored for an endpoint in the moment in which it was deleted.
            if self._endpoints.get(endpoint_id) is None:
                self._deliveries.give_up(endpoint_id, GivenUp.DELETED)
        for endpoint in self._endpoints.untold():
            self._tell.stopped(endpoint)
            self._endpoints.change(endpoint.id, _told(endpoint))

    def _serve(self, endpoint: Endpoint, end: datetime, succeeded: Callable[[datetime], object]) -> None:
        known: Endpoint | None = endpoint
        while known is not None and self._goes_on(known, end):
            try:
                known = self._standing(known)
            except StandingAway:
                self._endpoints.change(endpoint.id, _resting(self._real() + AWAY))
                return
            if known is None or not known.active:
                return
            now = self._real()
            taken = self._deliveries.take(known.id, now, now + self._lease, 1 if known.failures else BATCH)
            if not taken:
                return
            tolds = self._send(known, taken)
            if any(told.taken for told in tolds):
                succeeded(self._real())
            # Read anew: secrets, address and whether it hears at all may be others than before these tries.
            known = self._fared(known, tolds) and self._endpoints.get(known.id)

    def _goes_on(self, endpoint: Endpoint, end: datetime) -> bool:
        now = self._real()
        rests = endpoint.resting_until is not None and endpoint.resting_until > now
        return endpoint.active and not rests and now < end

    def _standing(self, endpoint: Endpoint) -> Endpoint | None:
        """The endpoint with its owner as they stand now; disabled where they may keep none any more."""
        now, owner = self._real(), self._standings.of(endpoint.owner.account_id)
        if owner is not None and owner == endpoint.owner:
            return endpoint
        if owner is None:
            return self._endpoints.change(endpoint.id, lambda found: found.disabled(Stop.STANDING, now))
        return self._endpoints.change(endpoint.id, _owned_by(owner))

    def _send(self, endpoint: Endpoint, taken: Sequence[Delivery]) -> Sequence[Told]:
        address = self._address(endpoint)
        if address is None:  # its owner was erased in this moment: there is nothing left to send with
            self._deliveries.finish([(one, given_up(one, GivenUp.DELETED)) for one in taken])
            return ()
        heard: list[Delivery] = []
        unheard: list[tuple[Delivery, Delivery]] = []
        for one in taken:
            if _may_hear(endpoint.owner, one):
                heard.append(one)
            else:
                unheard.append((one, given_up(one, GivenUp.NOT_HEARD)))
        outcomes: Sequence[tuple[Told, Delivery]] = self._side_by_side(lambda one: self._try(address, one), heard)
        self._deliveries.finish([*unheard, *((one, after) for one, (_, after) in zip(heard, outcomes, strict=True))])
        return [told for told, _ in outcomes]

    def _try(self, address: _Address, delivery: Delivery) -> tuple[Told, Delivery]:
        began = self._real()
        body = json.dumps(delivery.message, ensure_ascii=False, separators=(",", ":"))
        headers = self._signer.headers(address.secrets, delivery.event_id, began, body)
        told = self._poster.post(address.url, headers, body.encode())
        self._count("taken" if told.taken else told.reason or "failed")
        return told, tried(delivery, told, began, self._real(), self._delays, self._chance())

    def _fared(self, endpoint: Endpoint, tolds: Sequence[Told]) -> Endpoint | None:
        """How the endpoint does after these tries; nothing is written while all is well."""
        now, rest = self._real(), self._delays[0]
        if fared(endpoint, tolds, now, rest) == endpoint:
            return endpoint
        after = self._endpoints.change(endpoint.id, lambda found: fared(found, tolds, now, rest))
        if after is not None and not after.stop_told:
            self._tell.stopped(after)
            self._endpoints.change(after.id, _told(after))
        return after

    def _address(self, endpoint: Endpoint) -> _Address | None:
        url = self._seals.try_open(endpoint.url, url_context(endpoint.id))
        opened = [
            self._seals.try_open(one.sealed, secret_context(endpoint.id)) for one in endpoint.signing(self._real())
        ]
        secrets = [secret for secret in opened if secret is not None]
        return None if url is None or not secrets else _Address(url, secrets)


def _may_hear(owner: Actor, delivery: Delivery) -> bool:
    whom: Mapping[str, Any] | None = delivery.audience
    return whom is None or hears(owner, delivery.community_id, whom)


def _owned_by(owner: Actor) -> Callable[[Endpoint], Endpoint]:
    return lambda found: replace(found, owner=owner)


def _resting(until: datetime) -> Callable[[Endpoint], Endpoint]:
    return lambda found: replace(found, resting_until=until)


def _told(endpoint: Endpoint) -> Callable[[Endpoint], Endpoint]:
    return lambda found: found.told_of(endpoint)
