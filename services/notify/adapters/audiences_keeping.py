"""What is held of those who want to hear: for how long, and one person's rights to it."""

from collections.abc import Mapping, Sequence
from typing import Any

from pymongo.database import Database

from chassis.inventory import NOT_SEEN, THEMSELVES, Basis, Entry, Held, Nobodys
from chassis.mongo import Document
from chassis.person import Whom
from chassis.retention import Fields, Rule
from chassis.settings import Settings
from contracts.schemas.fields import time_text
from contracts.words import Text
from services.notify.adapters.replicas import last_day

AUDIENCES: tuple[Entry, ...] = (
    Held(
        collection="follows",
        field="account_id, member_id, ticket_id",
        what=Text(zh="哪个账号关注哪件工单", en="which account follows which order"),
        whose=Text(zh="关注的人", en="who follows"),
        why=Text(zh="有变化时告诉关注的人", en="they hear of its changes"),
        basis=Basis.SERVICE,
        period="retention_messages_days",
        seen_by=THEMSELVES,
    ),
    Held(
        collection="subscriptions",
        field="_id, member_id, wanted",
        what=Text(zh="哪个账号订阅了哪些区域和类别", en="of which areas and categories an account wants news"),
        whose=Text(zh="订阅的人", en="who subscribed"),
        why=Text(zh="有新消息时告诉订阅的人", en="they hear of news there"),
        basis=Basis.SERVICE,
        period=Text(zh="直到本人改掉或账号注销", en="until they change it, or the account is erased"),
        seen_by=THEMSELVES,
    ),
    Held(
        collection="rosters",
        field="roster.shifts.member_id, substitute_id",
        what=Text(zh="哪个成员(编号)值哪一班", en="which member (an id) has which shift"),
        whose=Text(zh="值班的人", en="who is on the roster"),
        why=Text(zh="紧急时直接告诉当班的人", en="whoever is on duty hears of danger in person"),
        basis=Basis.SERVICE,
        period="retention_messages_days",
        seen_by=NOT_SEEN,
    ),
    Nobodys(collection="items", what=Text(zh="服务项目属于哪一类", en="of which category an item is")),
)


def audience_rules(db: Database[Document], settings: Settings) -> Sequence[Rule]:
    """Follows of long ago, and rosters that are over."""
    days = settings.retention_messages_days
    return (
        Rule(
            name="follows",
            what=Text(zh="谁关注了哪件工单", en="who follows which order"),
            days=days,
            setting="retention_messages_days",
            how=Fields(db["follows"], lambda before: {"at": {"$lt": before}}),
        ),
        Rule(
            name="rosters",
            what=Text(zh="值班表的副本", en="the replica of the roster"),
            days=days,
            setting="retention_messages_days",
            how=Fields(db["rosters"], lambda before: {"roster.day": {"$lt": last_day(before)}}),
        ),
    )


class AudienceRights:
    """One person's: what they follow and want news of, handed over or gone."""

    def __init__(self, db: Database[Document]) -> None:
        self._follows = db["follows"]
        self._subscriptions = db["subscriptions"]

    def export(self, whom: Whom) -> Mapping[str, Any]:
        """Orders by id, areas and categories."""
        accounts = list(whom.accounts)
        follows = self._follows.find({"account_id": {"$in": accounts}}).sort("_id", 1)
        wanted = self._subscriptions.find({"_id": {"$in": accounts}}).sort("_id", 1)
        return {
            "follows": [{"ticket_id": one["ticket_id"], "at": time_text(one["at"])} for one in follows],
            "subscriptions": [row for one in wanted for row in one["wanted"]],
        }

    def erase(self, whom: Whom) -> Mapping[str, int]:
        """Nothing is followed any more."""
        accounts = list(whom.accounts)
        return {
            "follows": self._follows.delete_many({"account_id": {"$in": accounts}}).deleted_count,
            "subscriptions": self._subscriptions.delete_many({"_id": {"$in": accounts}}).deleted_count,
        }
