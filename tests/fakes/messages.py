"""Messages in memory: the same promises as the stored ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from contracts.recusal import Recusal
from services.notify.application.outbox_ports import Outcome
from services.notify.application.ports import Delivery, Entry, Known, Told
from services.notify.application.sending_ports import Sent
from services.notify.domain.attempts import LOST, Attempt
from services.notify.domain.audience import Recipients
from services.notify.domain.message import IN_APP, OUTWARD, DeliveryStatus, Message
from services.notify.domain.overtaking import Overtaking, reason_to_stop
from tests.builders import NOON

WAITING = (DeliveryStatus.QUEUED, DeliveryStatus.SENDING, DeliveryStatus.FAILED_TEMPORARY)


@dataclass
class Row:
    message: Message
    wait_until: datetime
    reason: str | None = None
    tries: int = 0
    next_try_in: float | None = 0.0
    read: dict[str, datetime] = field(default_factory=dict)
    known: dict[str, datetime] = field(default_factory=dict)
    attempts: tuple[Attempt, ...] = ()
    put_off: str | None = None
    lease: str | None = None
    told_at: datetime | None = None
    late: float | None = None

    @property
    def free(self) -> bool:
        return self.message.status in WAITING and self.next_try_in is not None and self.next_try_in <= 0

    @property
    def delivery(self) -> Delivery:
        return Delivery(
            message=self.message,
            status=self.message.status,
            reason=self.reason,
            tries=self.tries,
            wait_until=self.wait_until,
            attempts=self.attempts,
            put_off=self.put_off,
            lease=self.lease,
            told_at=self.told_at,
            acknowledged_at=min(self.known.values(), default=None),
        )

    def entry(self, account_id: str) -> Entry:
        read_at, known = self.read.get(account_id), self.known.get(account_id)
        return Entry(message=self.message, read_at=read_at, acknowledged_at=known)

    def becomes(self, status: DeliveryStatus, reason: str | None, next_try_in: float | None) -> None:
        self.message, self.reason, self.next_try_in = replace(self.message, status=status), reason, next_try_in


class FakeMessages:
    """``elapse`` lets the leases and retries of the real one run out."""

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}
        self.overtakings: dict[str, Overtaking] = {}
        self.leases = 0

    def add(self, messages: Sequence[Message], overtakings: Sequence[Overtaking] = ()) -> None:
        for message in messages:
            self.rows.setdefault(message.id, Row(message, message.not_before, message.reason))
        for one in overtakings:
            self.overtakings.setdefault(one.id, one)

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
        return [row.entry(account_id) for row in page], following

    def unread(self, community_id: str, recipients: Recipients, account_id: str) -> int:
        return sum(account_id not in row.read for row in self._inbox(community_id, recipients))

    def mark_read(self, message_id: str, recipients: Recipients, account_id: str, now: datetime) -> datetime | None:
        row = self.rows.get(message_id)
        if row is None or row not in self._inbox(row.message.community_id, recipients):
            return None
        return row.read.setdefault(account_id, now)

    def acknowledge(self, message_id: str, recipients: Recipients, account_id: str, now: datetime) -> Known | None:
        read_at = self.mark_read(message_id, recipients, account_id, now)
        if read_at is None:
            return None
        known = self.rows[message_id].known.setdefault(account_id, now)
        return Known(read_at=read_at, acknowledged_at=known)

    def deliveries(self, community_id: str, thread: str) -> list[Delivery]:
        return [
            row.delivery
            for row in self.rows.values()
            if (row.message.community_id, row.message.thread) == (community_id, thread)
        ]

    def told(self, community_id: str, recipients: Recipients, thread: str, account_id: str) -> list[Told]:
        rows = sorted(self.rows.values(), key=lambda row: (row.message.at, row.message.id))
        return [
            Told(delivery=row.delivery, read_at=row.read.get(account_id))
            for row in rows
            if (row.message.community_id, row.message.thread) == (community_id, thread)
            and _told_to(recipients, row.message)
        ]

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

    def recuse(self, community_id: str, thread: str, recused: Recusal, theirs: Sequence[str], reason: str) -> None:
        for row in self.rows.values():
            message = row.message
            if (message.community_id, message.thread) != (community_id, thread):
                continue
            if message.recused is not None:
                row.message = replace(message, recused=recused)
            if message.recipient in theirs and row.free:
                row.message, row.reason = replace(row.message, status=DeliveryStatus.SUPPRESSED), reason
                row.next_try_in = None

    def due(self, now: datetime, most: int, channels: Sequence[str]) -> Sequence[Delivery]:
        ours = [row for row in self.rows.values() if row.message.channel in channels]
        free = [row for row in ours if row.free and row.wait_until <= now]
        in_order = sorted(free, key=lambda row: (not row.message.urgent, row.wait_until))
        return [row.delivery for row in in_order][:most]

    def put_together(self, recipients: Sequence[tuple[str, str]], now: datetime) -> Sequence[Delivery]:
        return [
            one
            for one in self.due(now, len(self.rows), (OUTWARD,))
            if one.put_off == "digest" and (one.message.community_id, one.message.recipient) in recipients
        ]

    def stopped(self, deliveries: Sequence[Delivery]) -> Mapping[str, str]:
        told = [overtaking_by(row.message) for row in self.rows.values() if row.message.overtakes]
        overtakings = [*told, *self.overtakings.values()]
        reasons = {one.message.id: reason_to_stop(one.message, overtakings) for one in deliveries}
        return {id: reason for id, reason in reasons.items() if reason is not None}

    def read(self, message_ids: Sequence[str]) -> frozenset[str]:
        return frozenset(id for id in message_ids if id in self.rows and self.rows[id].read)

    def keep_back(self, reasons: Mapping[str, str]) -> None:
        for id, reason in reasons.items():
            if self.rows[id].free:
                self.rows[id].becomes(DeliveryStatus.SUPPRESSED, reason, None)

    def take(self, message_ids: Sequence[str], seconds: float) -> Sequence[Delivery]:
        taken = [self.rows[id] for id in message_ids if self.rows[id].free]
        for row in taken:
            self.leases += 1
            row.lease = str(self.leases)
            row.becomes(DeliveryStatus.SENDING, row.reason, seconds)
        return [row.delivery for row in taken]

    def begin(self, attempts: Sequence[tuple[Delivery, Attempt]], seconds: float) -> frozenset[str]:
        ours = set()
        for delivery, attempt in attempts:
            row = self.rows[delivery.message.id]
            if row.lease == delivery.lease:
                lost = Sent(status=DeliveryStatus.FAILED_TEMPORARY, reason=LOST)
                row.attempts = (*_settled(row.attempts, lost), replace(attempt, began=NOON))
                row.next_try_in = seconds
                ours.add(delivery.message.id)
        return frozenset(ours)

    def settle(self, outcomes: Sequence[Outcome]) -> None:
        for outcome in outcomes:
            row = self.rows[outcome.delivery.message.id]
            if row.lease != outcome.delivery.lease:
                continue
            failed = (DeliveryStatus.FAILED_TEMPORARY, DeliveryStatus.FAILED_PERMANENT)
            row.tries += outcome.sent is not None or outcome.status in failed
            if outcome.sent is not None:
                row.attempts = _settled(row.attempts, outcome.sent)
            row.wait_until = outcome.wait_until or row.wait_until
            row.put_off = outcome.put_off or row.put_off
            row.told_at = outcome.told_at or row.told_at
            row.late = outcome.late if outcome.told_at else row.late
            row.lease = row.lease if outcome.status is DeliveryStatus.SENDING else None
            row.becomes(outcome.status, outcome.reason, outcome.retry_in)

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
            and row.message.status not in (*WAITING, DeliveryStatus.SUPPRESSED)
        ]


def overtaking_by(message: Message) -> Overtaking:
    """What a told message overtakes."""
    return Overtaking(
        id=message.id,
        community_id=message.community_id,
        thread=message.thread,
        recipient=message.recipient,
        aggregate=message.aggregate,
        version=message.event_version,
        rules=message.overtakes,
    )


def _settled(attempts: tuple[Attempt, ...], sent: Sent) -> tuple[Attempt, ...]:
    return tuple(
        one
        if one.settled
        else replace(one, status=sent.status, reason=sent.reason, reference=sent.reference, settled=NOON)
        for one in attempts
    )


def _told_to(recipients: Recipients, message: Message) -> bool:
    if message.recipient not in recipients:
        return False
    reach = recipients[message.recipient]
    return reach is None or reach.hears(message.area_path, message.recused)
