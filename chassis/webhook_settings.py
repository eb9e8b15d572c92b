"""Settings of webhooks: how patiently endpoints are spoken to, how many there may be, what is kept of it."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class WebhookSettings:
    """docs/webhooks.md says what they mean to whoever receives them."""

    webhook_interval: float = 0.5
    """Between two looks for endpoints that something is due for."""
    webhook_timeout: float = 15.0
    """So long an endpoint may take to answer."""
    webhook_retry_delays: tuple[float, ...] = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
    """Before each further try of a delivery, with a fifth more or less; the first is how long an endpoint that fails
    rests, and twice as long each further time. Source: Standard Webhooks 1.0.0."""
    webhook_owners_interval: float = 60.0
    """Between two looks at who owns endpoints: whether they may still hear what they hear."""
    webhooks_per_community: int = 20
    retention_webhook_days: float = 30.0
    """What was sent to webhook endpoints, and what still waits for one that is disabled."""
