"""What volunteers forgets, and when: the log of who has read what is private of members."""

from collections.abc import Sequence

from pymongo.database import Database

from chassis.ids import floor_id
from chassis.mongo import Document
from chassis.retention import By, Fields, Rule, operators
from chassis.settings import Settings
from contracts.words import Text
from services.volunteers.adapters.reveals import REVEALS


def rules(db: Database[Document], settings: Settings) -> Sequence[Rule]:
    """Every period of this service."""
    return (
        Rule(
            name="reveals",
            what=Text(zh="谁看过成员的私密内容", en="who has seen what is private of members"),
            days=settings.retention_reveals_days,
            setting="retention_reveals_days",
            how=Fields(db[REVEALS], lambda before: {"_id": {"$lt": floor_id(before)}}),
            by=By.REAL,
        ),
        operators(db, settings),
    )
