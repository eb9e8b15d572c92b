"""Messages in memory: the same promises as the stored ones."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from services.notify.application.ports import Delivery, Entry, Sent
from services.notify.domain.audience import Recipients
from services.notify.domain.message import IN_APP, DeliveryStatus, Message

WAITING = (DeliveryStatus.QUEUED, DeliveryStatus.SENDING, DeliveryStatus.FAILED_TEMPORARY)


@dataclass
class Row:
    message: Message
    reason: str | None = None
    tries: int = 0
    next_try_in: float | None = 0.0
    read: dict[str, datetime] = field(default_factory=dict)


class FakeMessages:
    """``elapse`` lets the leases and retries of the real one run out."""

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}

    def add(self, messages: Sequence[Message]) -> None:
        for message in messages:
            self.rows.setdefault(message.id, Row(message))

    def inbox(
        self, community_id: str, recipients: Recipients, account_id: str, cursor: str | None, limit: int
    ) -> tuple[list[Entry], str | None]:
        mine = sorted(
            self._inbox(community_id, recipients), key=lambda row: (row.message.at, row.message.id), reverse=True
        )
        start = 0
        if cursor is not None:
            start = 1 + next(index for index, row in enumerate(mine) if row.message.id == cursor)
        page = mine[start : start + limit]
        following = page[-1].message.id if len(mine) > start + limit else None
        return [Entry(message=row.message, read_at=row.read.get(account_id)) for row in page], following

    def unread(self, community_id: str, recipients: Recipients, account_id: str) -> int:
        return sum(account_id not in row.read for row in self._inbox(community_id, recipients))

    def mark_read(self, message_id: str, recipients: Recipients, account_id: str, now: datetime) -> datetime | None:
        row = self.rows.get(message_id)
        if row is None or not _told_to(recipients, row.message):
            return None
        return row.read.setdefault(account_id, now)

    def deliveries(self, community_id: str, thread: str) -> list[Delivery]:
        return [
            self._delivery(row)
            for row in self.rows.values()
            if (row.message.community_id, row.message.thread) == (community_id, thread)
        ]

    def lease(self, seconds: float) -> Delivery | None:
        for row in self.rows.values():
            if row.message.status in WAITING and row.next_try_in is not None and row.next_try_in <= 0:
                row.message = replace(row.message, status=DeliveryStatus.SENDING)
                row.next_try_in = seconds
                return self._delivery(row)
        return None

    def silence(self, community_id: str, threads: Sequence[str], rules: Sequence[str], reason: str) -> None:
        for row in self.rows.values():
            message = row.message
            here = (message.community_id, message.thread in threads, message.rule in rules) == (
                community_id,
                True,
                True,
            )
            if here and message.status in (DeliveryStatus.QUEUED, DeliveryStatus.FAILED_TEMPORARY):
                row.message, row.reason = replace(message, status=DeliveryStatus.SUPPRESSED), reason
                row.next_try_in = None

    def forget(self, community_id: str, threads: Sequence[str], rules: Sequence[str]) -> None:
        for row in list(self.rows.values()):
            message = row.message
            if message.community_id == community_id and message.thread in threads and message.rule in rules:
                del self.rows[message.id]

    def settle(self, message_id: str, sent: Sent, retry_in: float | None) -> None:
        row = self.rows[message_id]
        row.message = replace(row.message, status=sent.status)
        row.reason, row.tries, row.next_try_in = sent.reason, row.tries + 1, retry_in

    def elapse(self, seconds: float) -> None:
        for row in self.rows.values():
            if row.next_try_in is not None:
                row.next_try_in -= seconds

    def _inbox(self, community_id: str, recipients: Recipients) -> list[Row]:
        return [
            row
            for row in self.rows.values()
            if row.message.community_id == community_id
            and _told_to(recipients, row.message)
            and row.message.channel == IN_APP
        ]

    def _delivery(self, row: Row) -> Delivery:
        return Delivery(message=row.message, status=row.message.status, reason=row.reason, tries=row.tries)


def _told_to(recipients: Recipients, message: Message) -> bool:
    if message.recipient not in recipients:
        return False
    reach = recipients[message.recipient]
    return reach is None or reach.hears(message.area_path, message.recused)
