"""Settings of webhooks: how patiently endpoints are spoken to, how many there may be, what is kept of it."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class WebhookSettings:
    """docs/webhooks.md says what they mean to whoever receives them."""

    webhook_interval: float = 0.5
    """Between two looks for endpoints that something is due for."""
    webhook_timeout: float = 15.0
    """So long an endpoint may take to answer."""
    webhook_owners_interval: float = 60.0
    """Between two looks at who owns endpoints: whether they may still hear what they hear."""
    webhooks_per_community: int = 20
    retention_webhook_days: float = 30.0
    """What was sent to webhook endpoints, and what still waits for one that is disabled."""
