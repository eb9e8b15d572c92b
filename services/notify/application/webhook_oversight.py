"""All endpoints of a community, for whoever administers it: seen, stopped for the community, started again."""

from collections.abc import Callable

from contracts.actor import AUDITORS, Actor, Role
from contracts.commands import Call, Outcome
from contracts.commands.webhook_oversight import HaltEndpoint, ListAllEndpoints, ReadAnyAttempts, ReleaseEndpoint
from contracts.errors import Refused
from contracts.words import Text
from services.notify.application.webhook_attempts import attempts_of
from services.notify.application.webhook_memory import done_before, not_found, remembering
from services.notify.application.webhook_ports import Deliveries, Endpoints, RealTime, Seals, Tell
from services.notify.application.webhook_rows import overseen_row
from services.notify.application.webhook_seals import reason_context, sealed, words_of
from services.notify.domain.endpoint import Endpoint, Halt, check_reason


class WebhookOversight:
    """What secretaries and administrators of a whole community do; of an address they see the host alone."""

    def __init__(self, endpoints: Endpoints, deliveries: Deliveries, seals: Seals, tell: Tell, real: RealTime) -> None:
        self._endpoints = endpoints
        self._deliveries = deliveries
        self._seals = seals
        self._tell = tell
        self._real = real

    def all(self, call: Call[ListAllEndpoints]) -> Outcome:
        """Every endpoint of the community."""
        _role(call.meta.actor)
        found = self._endpoints.of_community(call.meta.actor.community_id)
        return Outcome({"endpoints": [self._row(one) for one in found]})

    def attempts(self, call: Call[ReadAnyAttempts]) -> Outcome:
        """What was sent to one."""
        command = call.command
        endpoint = self._overseen(call.meta.actor, command.endpoint_id)
        return Outcome(attempts_of(self._deliveries, endpoint.id, command))

    def halt(self, call: Call[HaltEndpoint]) -> Outcome:
        """Stop it. Raises Invalid without a reason, Conflict where it was stopped before."""
        command, meta, now = call.command, call.meta, self._real()
        found = self._overseen(meta.actor, command.endpoint_id)
        reason = check_reason(command.reason)
        halt = Halt(
            by=meta.actor.account_id,
            role=_role(meta.actor),
            at=now,
            reason=sealed(self._seals, found.owner.account_id, reason, reason_context(found.id)),
        )

        def decide(endpoint: Endpoint) -> Endpoint:
            if done_before(endpoint, meta):
                return endpoint
            return remembering(endpoint.halted(halt), meta)

        after = self._changed(found.id, decide)
        if not after.stop_told:
            self._tell.stopped(after)
            after = self._changed(found.id, lambda one: one.told_of(after))
        return Outcome(self._row(after))

    def release(self, call: Call[ReleaseEndpoint]) -> Outcome:
        """Start it again. Raises Conflict where it was not stopped for the community."""
        meta, now = call.meta, self._real()
        found = self._overseen(meta.actor, call.command.endpoint_id)

        def decide(endpoint: Endpoint) -> Endpoint:
            if done_before(endpoint, meta):
                return endpoint
            return remembering(endpoint.released(now), meta)

        after = self._changed(found.id, decide)
        self._tell.released(after, _role(meta.actor))
        return Outcome(self._row(after))

    def _overseen(self, actor: Actor, endpoint_id: str) -> Endpoint:
        _role(actor)
        found = self._endpoints.get(endpoint_id)
        if found is None or found.community_id != actor.community_id:
            raise not_found()
        return found

    def _changed(self, endpoint_id: str, decide: Callable[[Endpoint], Endpoint]) -> Endpoint:
        after = self._endpoints.change(endpoint_id, decide)
        if after is None:
            raise not_found()
        return after

    def _row(self, endpoint: Endpoint) -> dict[str, object]:
        return overseen_row(endpoint, words_of(self._seals, endpoint))


def _role(actor: Actor) -> Role:
    """As what the actor administers the whole community. Raises Refused where they do not."""
    for grant in actor.grants:
        if grant.role in AUDITORS and grant.area_id is None:
            return grant.role
    sentence = Text(
        "全社区的推送地址由全社区的书记或管理员管理",
        "all endpoints of a community are looked after by its secretary or administrator",
    )
    raise Refused("not-permitted", sentence)
