"""Puts the parts of webhooks together for the service."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime

from chassis.address_filter import Trust
from chassis.gear import Job, Loop, Resources
from chassis.metrics import WEBHOOK_TRIES, WEBHOOKS_WAITING
from chassis.outgoing import Outgoing
from chassis.reactions import Handler
from chassis.settings import PRODUCTION
from services.notify.adapters.area_names import MongoAreaNames
from services.notify.adapters.calendars import COMMUNITIES
from services.notify.adapters.serving_loop import ServingLoop, side_by_side
from services.notify.adapters.webhook_deliveries import MongoDeliveries
from services.notify.adapters.webhook_endpoints import MongoEndpoints
from services.notify.adapters.webhook_http import StandardSigner, WebhookPoster
from services.notify.adapters.webhook_replays import MongoReplays, RpcEventStores
from services.notify.adapters.webhook_standings import RpcStandings
from services.notify.adapters.webhook_telling import InboxTell
from services.notify.application.ports import Messages, Templates
from services.notify.application.webhook_hearing import WebhookHearing
from services.notify.application.webhook_oversight import WebhookOversight
from services.notify.application.webhook_replays import WebhookReplays
from services.notify.application.webhook_sending import WebhookSending
from services.notify.application.webhooks import Webhooks


@dataclass(frozen=True)
class WebhookParts:
    """What one process needs."""

    webhooks: Webhooks
    oversight: WebhookOversight
    replays: WebhookReplays
    sending: WebhookSending
    hear: Handler
    jobs: tuple[Job, ...]
    loop: Loop


def webhook_parts(resources: Resources, messages: Messages, templates: Templates) -> WebhookParts:
    """For the service; opens the vault, since addresses and secrets are sealed."""
    settings, db, clock = resources.settings, resources.db, resources.clock

    def real() -> datetime:
        """In milliseconds, as the database keeps moments: what is read again is what was written."""
        return datetime.fromtimestamp(round(resources.real.now() * 1000) / 1000, UTC)

    in_production = settings.environment == PRODUCTION
    outgoing = Outgoing(
        Trust.DEVELOPER if settings.outgoing_loopback else Trust.ANYBODY,
        read=settings.webhook_timeout,
        whole=settings.webhook_timeout,
    )
    poster = WebhookPoster(outgoing, https_only=in_production)
    endpoints, deliveries, replays = MongoEndpoints(db), MongoDeliveries(db), MongoReplays(db)
    signer, hearing, tell = (
        StandardSigner(),
        WebhookHearing(endpoints, deliveries, real),
        InboxTell(messages, templates, MongoAreaNames(db), clock),
    )
    webhooks = Webhooks(
        endpoints,
        deliveries,
        replays,
        poster,
        signer,
        resources.vault,
        clock,
        real,
        settings.webhooks_per_community,
    )
    stores = RpcEventStores(resources.rpc, lambda: [str(one) for one in db[COMMUNITIES].distinct("_id")])
    again = WebhookReplays(webhooks, hearing, endpoints, deliveries, replays, stores, clock, real)
    sending = WebhookSending(
        endpoints,
        deliveries,
        RpcStandings(resources.rpc, real),
        poster,
        signer,
        resources.vault,
        tell,
        real,
        settings.webhook_timeout,
        settings.webhook_retry_delays,
        random.random,
        side_by_side,
        lambda outcome: WEBHOOK_TRIES.labels(outcome).inc(),
    )

    def look_after() -> None:
        sending.look_after()
        WEBHOOKS_WAITING.set(deliveries.waiting())

    jobs = (
        Job("webhook_owners", settings.webhook_owners_interval, look_after, leased=True),
        Job("webhook_replays", settings.webhook_interval, again.carry_on, leased=True),
    )
    loop = ServingLoop("webhooks", sending.ready, sending.serve, settings.webhook_interval)
    oversight = WebhookOversight(endpoints, deliveries, resources.vault, tell, real)
    return WebhookParts(webhooks, oversight, again, sending, hearing.hear, jobs, loop)
