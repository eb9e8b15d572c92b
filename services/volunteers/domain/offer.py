"""An offer: one invitation in the search for people for an order."""

from dataclasses import dataclass
from datetime import datetime

from contracts.events.volunteers import OfferChange
from contracts.words import OfferStatus, Text


@dataclass(frozen=True, kw_only=True)
class Offer:
    """An invitation to one member in one round."""

    id: str
    member_id: str
    round: int
    wave: int
    status: OfferStatus
    expires_at: datetime
    why: tuple[Text, ...]
    made_at: datetime | None = None
    """None of an offer that was made before this was kept."""

    def change(self) -> OfferChange:
        """As an event tells it."""
        return OfferChange(
            id=self.id,
            member_id=self.member_id,
            wave=self.wave,
            status=self.status,
            expires_at=self.expires_at,
            why=self.why,
        )
