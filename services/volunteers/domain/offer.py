"""An offer: one invitation in the search for people for an order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from contracts.dispatch import FREE_TO_REFUSE, Asking, ReturnReason
from contracts.events.volunteers import InvitedCounts, OfferChange, OfferCounts
from contracts.words import OfferStatus, Text

REFUSED = frozenset({OfferStatus.DECLINED, OfferStatus.RETURNED})
"""An offer in one of these was answered with no."""


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One member or team asked in one round, for a seat of one ``role`` where it is a crew.

    An offer to a team is answered by its lead, ``member_id``, or its deputy. ``returned`` and the sealed ``note`` say
    why whoever was not free to refuse gave it back. ``stands_in``: for whoever has that seat and cannot come.
    ``walk_within`` is the end of the band of minutes on foot in which they start. ``by_name``: see ``Choice``.
    """

    id: str
    member_id: str
    round: int
    wave: int
    status: OfferStatus
    expires_at: datetime
    why: tuple[Text, ...]
    made_at: datetime | None = None
    """None of an offer that was made before this was kept."""
    asking: Asking = Asking.INVITED
    role: str | None = None
    team_id: str | None = None
    deputy_id: str | None = None
    returned: ReturnReason | None = None
    note: bytes | None = None
    stands_in: str | None = None
    walk_within: int | None = None
    by_name: bool = False

    @property
    def named(self) -> bool:
        """Did somebody name whom they wanted? Outside the waves nobody else is asked."""
        return self.by_name or self.wave == 0

    @property
    def owed(self) -> bool:
        """Is whoever was asked not free to refuse?"""
        return self.asking not in FREE_TO_REFUSE

    def change(self) -> OfferChange:
        """As an event tells it."""
        return OfferChange(
            id=self.id,
            member_id=self.member_id,
            wave=self.wave,
            status=self.status,
            expires_at=self.expires_at,
            why=self.why,
            asking=self.asking,
            role=self.role,
            team_id=self.team_id,
            deputy_id=self.deputy_id,
            walk_within=self.walk_within,
        )


def counted(offers: Iterable[Offer]) -> OfferCounts:
    """How many were asked, and what came of it."""
    tally = [offer.status for offer in offers]
    return OfferCounts(
        asked=len(tally),
        accepted=tally.count(OfferStatus.ACCEPTED),
        declined=tally.count(OfferStatus.DECLINED),
        expired=tally.count(OfferStatus.EXPIRED),
        open=tally.count(OfferStatus.OPEN),
        returned=tally.count(OfferStatus.RETURNED),
    )


def invited(offers: Iterable[Offer]) -> InvitedCounts:
    """How many were free to refuse, and how many of these were named."""
    free = [offer for offer in offers if not offer.owed]
    return InvitedCounts(asked=len(free), by_name=sum(offer.named for offer in free))


def note_field(offer_id: str) -> str:
    """To what the note of a return is bound, in the vault of whoever wrote it."""
    return f"returned/{offer_id}"
