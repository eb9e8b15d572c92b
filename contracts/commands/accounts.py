"""What the gateway answers to other services about accounts: as whom one stands now."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, kw_only=True)
class ReadStanding:
    """For the platform alone. ``permission``: what the account wants to do.

    Result: ``{"permitted": bool, "community_id", "member_id", "grants": [{"role", "area_id"}]}``; not permitted where
    there is no such account, it is closed or rests, no role of it carries the permission or a client's scopes lack it.
    """

    SERVICE: ClassVar[str] = "gateway"
    METHOD: ClassVar[str] = "read_standing"
    account_id: str
    permission: str
