"""What of pictures is forgotten, and when: a time after their order's end, and at once what an upload left behind."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chassis.retention import By, Rule
from chassis.settings import Settings
from contracts.words import Text
from gateway.pictures.store import Pictures


def rules(pictures: Pictures, settings: Settings) -> Sequence[Rule]:
    """Every period of pictures."""
    return (
        Rule(
            name="pictures",
            what=Text(zh="工单的照片", en="pictures with orders"),
            days=settings.retention_pictures_days,
            setting="retention_pictures_days",
            how=_OfEnded(pictures),
        ),
        Rule(
            name="picture_files",
            what=Text(zh="没有传完的照片", en="what an upload left that broke off"),
            days=settings.retention_uploads_days,
            setting="retention_uploads_days",
            how=_Orphans(pictures),
            by=By.REAL,
        ),
    )


@dataclass(frozen=True)
class _OfEnded:
    pictures: Pictures

    def overdue(self, before: datetime) -> int:
        return sum(1 for _ in self.pictures.over(before))

    def forget(self, before: datetime, most: int) -> int:
        return self.pictures.delete_before(before, most)


@dataclass(frozen=True)
class _Orphans:
    pictures: Pictures

    def overdue(self, before: datetime) -> int:
        return sum(1 for _ in self.pictures.orphans(before))

    def forget(self, before: datetime, most: int) -> int:
        return self.pictures.drop_orphans(before, most)
