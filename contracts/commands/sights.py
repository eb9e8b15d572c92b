"""Whether an account sees an order now: asked of the gateway, which shows it, by notify."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, kw_only=True)
class ReadSight:
    """For the platform alone. Result: ``{"sees": bool}``; an account that is closed or rests sees nothing."""

    SERVICE: ClassVar[str] = "gateway"
    METHOD: ClassVar[str] = "read_sight"
    ticket_id: str
    account_id: str
