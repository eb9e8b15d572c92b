"""Endpoints as their owners keep them: opened, changed, rotated, tried, switched, looked at, deleted."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from contracts.actor import Actor
from contracts.commands import Call, Outcome
from contracts.commands.webhooks import (
    ChangeEndpoint,
    DeleteEndpoint,
    ListEndpoints,
    OpenEndpoint,
    ReadAttempts,
    ReadEndpoint,
    RotateSecret,
    SendTest,
    SetEndpoint,
)
from contracts.errors import Conflict, Invalid
from contracts.moments import time_text
from contracts.webhooks import TEST_TYPE, GivenUp, Stop
from contracts.words import Text
from services.notify.application.ports import Clock
from services.notify.application.webhook_attempts import attempts_of
from services.notify.application.webhook_memory import done_before, memory, not_found, remembering
from services.notify.application.webhook_ports import (
    Deliveries,
    Endpoints,
    Poster,
    RealTime,
    Replays,
    Seals,
    Signer,
)
from services.notify.application.webhook_rows import endpoint_row, host_of
from services.notify.application.webhook_seals import (
    description_context,
    sealed,
    secret_context,
    url_context,
    words_of,
)
from services.notify.domain.delivery import Delivery, delivery_id
from services.notify.domain.endpoint import (
    LONGEST_OVERLAP,
    MOST_URL,
    Endpoint,
    Secret,
    check_areas,
    check_description,
    check_event_types,
    check_together,
)
from services.notify.domain.webhook_replay import EndpointReplay

_HALTED_HOST = Text(
    "社区停用了您推送到这台主机的地址,恢复之前不能再登记",
    "the community stopped an endpoint of yours at this host: none may be opened there before that ends",
)
_BAD_URL = Text("这个地址不能用:要用 https 的公网地址", "this address cannot be used: it has to be public, by https")


class Webhooks:
    """What owners do with their endpoints. ``most``: endpoints of one community."""

    def __init__(
        self,
        endpoints: Endpoints,
        deliveries: Deliveries,
        replays: Replays,
        poster: Poster,
        signer: Signer,
        seals: Seals,
        clock: Clock,
        real: RealTime,
        most: int,
    ) -> None:
        self._endpoints = endpoints
        self._deliveries = deliveries
        self._replays = replays
        self._poster = poster
        self._signer = signer
        self._seals = seals
        self._clock = clock
        self._real = real
        self._most = most

    def open(self, call: Call[OpenEndpoint]) -> Outcome:
        """A new endpoint, and its secret. Raises Invalid naming the field; Conflict where it was opened before."""
        command, actor, now = call.command, call.meta.actor, self._real()
        self._check_url(actor, command.url)
        description = check_description(command.description)
        event_types, areas = check_event_types(command.event_types), check_areas(command.areas)
        check_together(event_types, areas)
        id, secret = call.meta.created_id, self._signer.new_secret()
        endpoint = Endpoint(
            id=id,
            community_id=actor.community_id,
            owner=actor,
            url=self._seal(actor, command.url, url_context(id)),
            description=None if not description else self._seal(actor, description, description_context(id)),
            event_types=event_types,
            areas=areas,
            secrets=(Secret(sealed=self._seal(actor, secret, secret_context(id)), made_at=now),),
            created_at=now,
            hears_from=now,
            done=(memory(call.meta),),
        )
        if not self._endpoints.add(endpoint, self._most):
            done_before(self.owned(actor, id), call.meta)
            raise _shown_once("webhook-exists")
        return Outcome({**self._row(endpoint, None), "secret": secret})

    def all(self, call: Call[ListEndpoints]) -> Outcome:
        """All of the actor's."""
        actor = call.meta.actor
        found = self._endpoints.owned(actor.community_id, actor.account_id)
        latest = self._replays.latest([one.id for one in found])
        return Outcome({"endpoints": [self._row(one, latest.get(one.id)) for one in found]})

    def read(self, call: Call[ReadEndpoint]) -> Outcome:
        """One."""
        return Outcome(self._shown(self.owned(call.meta.actor, call.command.endpoint_id)))

    def change(self, call: Call[ChangeEndpoint]) -> Outcome:
        """Another address, filter or description. Raises Invalid naming the field, Conflict."""
        command, now, actor = call.command, self._real(), call.meta.actor
        self.owned(actor, command.endpoint_id)
        values: dict[str, Any] = {}
        if command.url is not None:
            self._check_url(actor, command.url)
            values["url"] = self._seal(actor, command.url, url_context(command.endpoint_id))
        if command.description or command.forget_description:
            said = check_description(None if command.forget_description else command.description)
            values["description"] = said and self._seal(actor, said, description_context(command.endpoint_id))
        if command.event_types is not None:
            values |= {"event_types": check_event_types(command.event_types), "hears_from": now}
        if command.areas is not None:
            values |= {"areas": check_areas(command.areas), "hears_from": now}

        def decide(found: Endpoint) -> Endpoint:
            if command.url is not None:
                found.check_not_halted()
            if str(found.revision) != command.revision:
                sentence = Text("已经被改过,请先看现在的样子", "it was changed meanwhile: look at it again first")
                raise Conflict("changed-meanwhile", sentence)
            after = replace(found, **values, owner=actor, revision=found.revision + 1)
            check_together(after.event_types, after.areas)
            return after

        return Outcome(self._shown(self._changed(actor, command.endpoint_id, decide)))

    def delete(self, call: Call[DeleteEndpoint]) -> Outcome:
        """It is gone, and what waited is given up. Raises Conflict while it is halted: that stays on record."""
        endpoint = self.owned(call.meta.actor, call.command.endpoint_id)
        if not self._endpoints.delete(endpoint.id):
            self.owned(call.meta.actor, endpoint.id).check_not_halted()
        self._deliveries.give_up(endpoint.id, GivenUp.DELETED)
        return Outcome({"done": True})

    def rotate(self, call: Call[RotateSecret]) -> Outcome:
        """A further secret. Raises Conflict where this was done before: a secret is told once."""
        command, actor, now = call.command, call.meta.actor, self._real()
        self.owned(actor, command.endpoint_id)
        overlap = timedelta(hours=command.overlap_hours)
        if not timedelta() <= overlap <= LONGEST_OVERLAP:
            hours = LONGEST_OVERLAP // timedelta(hours=1)
            sentence = Text(f"0 到 {hours} 小时", f"from 0 to {hours} hours")
            raise Invalid("invalid-overlap", sentence, "overlap_hours")
        secret = self._signer.new_secret()
        sealed = self._seal(actor, secret, secret_context(command.endpoint_id))

        def decide(found: Endpoint) -> Endpoint:
            if done_before(found, call.meta):
                raise _shown_once("rotated-before")
            rotated = found.rotated(sealed, overlap, now)
            return remembering(replace(rotated, revision=found.revision + 1), call.meta)

        after = self._changed(actor, command.endpoint_id, decide)
        return Outcome({**self._shown(after), "secret": secret})

    def set(self, call: Call[SetEndpoint]) -> Outcome:
        """Enable or disable it; where it is so already nothing changes."""
        command, actor, now = call.command, call.meta.actor, self._real()

        def decide(found: Endpoint) -> Endpoint:
            after = found.enabled(now) if command.active else found.disabled(Stop.OWNER, now)
            return found if after == found else replace(after, owner=actor, revision=found.revision + 1)

        return Outcome(self._shown(self._changed(actor, command.endpoint_id, decide)))

    def test(self, call: Call[SendTest]) -> Outcome:
        """Send a test event. Raises Conflict where the endpoint is disabled."""
        endpoint = self.owned(call.meta.actor, call.command.endpoint_id)
        if not endpoint.active:
            raise Conflict("webhook-disabled", Text("已停用,请先启用", "it is disabled: enable it first"))
        id, at, now = call.meta.created_id, time_text(self._clock.now()), self._real()
        said = {"id": id, "type": TEST_TYPE, "subject": endpoint.id, "time": at, "version": 1, "number": None}
        message = {"type": TEST_TYPE, "timestamp": at, "data": {**said, "area_path": [], "link": None}}
        delivery = Delivery(
            id=delivery_id(id, endpoint.id),
            community_id=endpoint.community_id,
            endpoint_id=endpoint.id,
            event_id=id,
            message=message,
            audience=None,
            stored_at=now,
            next_at=now,
        )
        self._deliveries.put([delivery])
        return Outcome({"event_id": id})

    def attempts(self, call: Call[ReadAttempts]) -> Outcome:
        """What was sent to it."""
        endpoint = self.owned(call.meta.actor, call.command.endpoint_id)
        return Outcome(attempts_of(self._deliveries, endpoint.id, call.command))

    def owned(self, actor: Actor, endpoint_id: str) -> Endpoint:
        """The actor's own; raises NotFound, whoever else's it is."""
        found = self._endpoints.get(endpoint_id)
        if found is None or (found.community_id, found.owner.account_id) != (actor.community_id, actor.account_id):
            raise not_found()
        return found

    def _changed(self, actor: Actor, endpoint_id: str, decide: Callable[[Endpoint], Endpoint]) -> Endpoint:
        self.owned(actor, endpoint_id)
        after = self._endpoints.change(endpoint_id, decide)
        if after is None:
            raise not_found()
        return after

    def _check_url(self, actor: Actor, url: str) -> None:
        if len(url) > MOST_URL or self._poster.refused(url) is not None:
            raise Invalid("url-refused", _BAD_URL, "url")
        theirs = self._endpoints.owned(actor.community_id, actor.account_id)
        halted = {host_of(words_of(self._seals, one).url) for one in theirs if one.halt is not None}
        if host_of(url) in halted:
            raise Conflict("halted", _HALTED_HOST, "url")

    def _seal(self, actor: Actor, text: str, context: str) -> bytes:
        return sealed(self._seals, actor.account_id, text, context)

    def _shown(self, endpoint: Endpoint) -> dict[str, Any]:
        return self._row(endpoint, self._replays.latest([endpoint.id]).get(endpoint.id))

    def _row(self, endpoint: Endpoint, replay: EndpointReplay | None) -> dict[str, Any]:
        return endpoint_row(endpoint, words_of(self._seals, endpoint), replay, self._real())


def _shown_once(code: str) -> Conflict:
    sentence = Text(
        "这个请求已经做过,密钥只显示一次;没有收到请换一个新的",
        "this was done before, and a secret is shown once: rotate it where it did not arrive",
    )
    return Conflict(code, sentence)
