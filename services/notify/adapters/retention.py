"""What notify forgets, and when: messages with their tries, and what overtook some.

Their ids begin with the id of the event that caused them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pymongo.database import Database

from chassis.ids import floor_id
from chassis.mongo import Document
from chassis.retention import By, Fields, Rule, operators
from chassis.settings import Settings
from contracts.words import Text
from services.notify.adapters.audiences_keeping import audience_rules
from services.notify.adapters.message_docs import MESSAGES, OVERTAKINGS
from services.notify.adapters.old_versions import OldVersions
from services.notify.adapters.outbox import MongoOutbox

SURELY_OLDER = timedelta(days=1)
"""What is overtaken is older than what overtakes it, by clocks that may differ."""


@dataclass(frozen=True)
class KeptBackFirst:
    """A ``Forgetting`` of what overtakes: first all is kept back that it stops.

    A reminder waits for up to a year, longer than what cancelled its appointment is kept.
    """

    outbox: MongoOutbox
    how: Fields

    def overdue(self, before: datetime) -> int:
        """See ``Forgetting``."""
        return self.how.overdue(before)

    def forget(self, before: datetime, most: int) -> int:
        """See ``Forgetting``."""
        self.outbox.keep_back_stopped(floor_id(before + SURELY_OLDER))
        return self.how.forget(before, most)


def rules(db: Database[Document], settings: Settings) -> Sequence[Rule]:
    """Every period of this service."""
    return (
        Rule(
            name="messages",
            what=Text(zh="通知:给谁的、关于哪件工单", en="messages: to whom, about which order"),
            days=settings.retention_messages_days,
            setting="retention_messages_days",
            how=KeptBackFirst(MongoOutbox(db), Fields(db[MESSAGES], _settled_before)),
            by=By.REAL,
        ),
        Rule(
            name="overtakings",
            what=Text(zh="哪些等待发送的通知已经不用再发", en="which waiting messages are not needed any more"),
            days=settings.retention_messages_days,
            setting="retention_messages_days",
            how=KeptBackFirst(MongoOutbox(db), Fields(db[OVERTAKINGS], _before)),
            by=By.REAL,
        ),
        *audience_rules(db, settings),
        Rule(
            name="webhook_deliveries",
            what=Text(zh="推送记录,包括等着已停用地址的", en="what was sent to webhooks, or waits for a disabled one"),
            days=settings.retention_webhook_days,
            setting="retention_webhook_days",
            how=Fields(db["webhook_deliveries"], lambda before: {"stored_at": {"$lt": before}}),
            by=By.REAL,
        ),
        Rule(
            name="webhook_replays",
            what=Text(zh="重发的进度", en="how far replays of webhooks came"),
            days=settings.retention_webhook_days,
            setting="retention_webhook_days",
            how=Fields(db["webhook_replays"], lambda before: {"made_at": {"$lt": before}}),
            by=By.REAL,
        ),
        Rule(
            name="group_letters",
            what=Text(zh="群机器人发过什么:事项、网格、编号", en="what robots told groups: item, grid, number"),
            days=settings.retention_messages_days,
            setting="retention_messages_days",
            how=Fields(db["group_letters"], lambda before: {"at": {"$lt": before}, "next_at": {"$exists": False}}),
            by=By.REAL,
        ),
        Rule(
            name="template_versions",
            what=Text(zh="通知文字的旧版:没有通知再用的", en="old versions of words by which nothing is read any more"),
            days=settings.retention_messages_days,
            setting="retention_messages_days",
            how=OldVersions(db),
        ),
        operators(db, settings),
    )


def _settled_before(before: datetime) -> Mapping[str, Any]:
    return {**_before(before), "try_at": {"$exists": False}}


def _before(before: datetime) -> Mapping[str, Any]:
    return {"_id": {"$lt": floor_id(before)}}
