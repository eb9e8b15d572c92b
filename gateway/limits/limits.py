"""The limiter and the quotas of the settings, as the routes use them."""

from dataclasses import dataclass

from chassis.settings import Settings
from gateway.limits.limiter import Limiter
from gateway.limits.policy import Quotas, parse


@dataclass(frozen=True)
class Limits:
    """How often one account, and one address, may ask."""

    limiter: Limiter
    account: Quotas
    address: Quotas

    @classmethod
    def from_settings(cls, settings: Settings, limiter: Limiter) -> "Limits":
        """Raises SettingsError naming the setting that cannot be read."""
        return cls(
            limiter,
            account=parse("SHILIU_RATE_ACCOUNT", settings.rate_account),
            address=parse("SHILIU_RATE_ADDRESS", settings.rate_address),
        )
