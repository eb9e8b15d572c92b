"""What of the views is forgotten: whom was asked for what, as volunteers forgets it."""

from datetime import datetime

from pymongo.database import Database

from chassis.mongo import Document
from chassis.retention import Fields, Rule
from chassis.settings import Settings
from contracts.schemas.fields import time_text
from contracts.words import Text

OFFERS = "offers"


def offers(db: Database[Document], settings: Settings) -> Rule:
    """Rows of invitations that ran out long ago; a seat that became of one is with its order.

    A rebuild brings them back until the next run: of nobody, where volunteers has forgotten who it was.
    """

    def past(before: datetime) -> Document:
        return {"offer.expires_at": {"$lt": time_text(before)}}

    return Rule(
        name=OFFERS,
        what=Text(zh="成员的旧邀约", en="old offers in members' lists"),
        days=settings.retention_words_days,
        setting="retention_words_days",
        how=Fields(db[OFFERS], past),
    )
