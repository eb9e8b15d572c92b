"""What is held of those who want to hear and of print slips: for how long, and one person's rights to it."""

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
from services.notify.domain.message import DeliveryStatus
from services.notify.domain.recipients import person

_NOT_THERE_YET = [DeliveryStatus.QUEUED.value, DeliveryStatus.SENT.value]

AUDIENCES: tuple[Entry, ...] = (
    Held(
        collection="messages",
        field="slip",
        what=Text(
            zh="通知单:给谁(编号)、谁领的、谁送到的、怎么送到的",
            en="a print slip: for whom (an id), which account took it, which handed it over, and how",
        ),
        whose=Text(zh="服务对象、工作人员", en="who is served, staff"),
        why=Text(zh="没有手机的人也要收到通知,并且知道收到了", en="who has no phone hears too, and it is known"),
        basis=Basis.SERVICE,
        period="retention_messages_days",
        seen_by=Text(zh="当地工作人员", en="staff of the area"),
    ),
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
    """One person's: what they follow and want news of, handed over or gone; their slips are messages to them."""

    def __init__(self, db: Database[Document]) -> None:
        self._messages = db["messages"]
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
        """Nothing is followed any more; slips that are not there yet are not brought."""
        accounts = list(whom.accounts)
        theirs = {
            "recipient": {"$in": [person(one) for one in whom.persons]},
            "slip.id": {"$exists": True},
            "status": {"$in": _NOT_THERE_YET},
        }
        stopped = {"$set": {"status": DeliveryStatus.SUPPRESSED.value, "reason": "erased"}}
        return {
            "follows": self._follows.delete_many({"account_id": {"$in": accounts}}).deleted_count,
            "subscriptions": self._subscriptions.delete_many({"_id": {"$in": accounts}}).deleted_count,
            "slips": self._messages.update_many(theirs, stopped).modified_count,
        }
