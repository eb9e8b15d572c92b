"""What became of messages: for whom they are, in words; for staff, without anybody; and how punctual they were."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from contracts.actor import STAFF, Actor
from contracts.asked import FEWEST_ASKED
from contracts.commands import Call, Outcome
from contracts.commands.notify import ReadDeliveries, ReadMyNotices, ReadPunctuality
from contracts.errors import Invalid
from contracts.events.volunteers import OfferMade
from contracts.moments import time_text
from contracts.words import Text
from services.notify.application.ports import Delivery, Messages, Templates, Told
from services.notify.application.readers import in_their_language, recipients_of
from services.notify.application.sending_ports import Calendars, Wishes
from services.notify.domain import reasons
from services.notify.domain.attempts import Attempt
from services.notify.domain.message import IN_APP, OUTWARD, DeliveryStatus, Message

MOST_DAYS = 92
PROMISED_SECONDS = 10.0
_FAILED = (DeliveryStatus.FAILED_TEMPORARY, DeliveryStatus.FAILED_PERMANENT)
WAITS_STILL = (DeliveryStatus.QUEUED, DeliveryStatus.FAILED_TEMPORARY)


@dataclass(frozen=True, kw_only=True)
class Share:
    """How many went out by one way on one day there, and how many of them within the promised seconds of being due."""

    way: str
    day: date
    sent: int
    in_time: int


class Punctuality(Protocol):
    """What the books say of when messages were due and when they went out."""

    def shares(self, community_id: str, days: int, zone: ZoneInfo, seconds: float) -> Sequence[Share]:
        """By way and day, of the last days, newest day first."""


class Reasons:
    """The three reads."""

    def __init__(
        self,
        messages: Messages,
        templates: Templates,
        calendars: Calendars,
        punctuality: Punctuality,
        stopped: Callable[[Sequence[Delivery]], Mapping[str, str]],
        wishes: Wishes | None = None,
    ) -> None:
        """*stopped* says of those that wait, by their ids, why they will not be told: see ``Outbox.stopped``."""
        self._messages = messages
        self._templates = templates
        self._calendars = calendars
        self._punctuality = punctuality
        self._stopped = stopped
        self._wishes = wishes

    def read_my_notices(self, call: Call[ReadMyNotices]) -> Outcome:
        """Why the actor did, or did not, get each message about an order; of those that are theirs alone."""
        actor, command = call.meta.actor, call.command
        own = {name: reach for name, reach in recipients_of(actor).items() if reach is None}
        told = self._messages.told(actor.community_id, own, command.ticket_id, actor.account_id)
        stand = self._as_they_stand([one.delivery for one in told])
        zone = self._calendars.zone(actor.community_id)
        locale = in_their_language(self._wishes, actor, command.locale)
        shown = (replace(one, delivery=now) for one, now in zip(told, stand, strict=True))
        return Outcome({"notices": [self._notice(one, locale, zone) for one in shown]})

    def read_deliveries(self, call: Call[ReadDeliveries]) -> Outcome:
        """What was told about an order, for staff whose area it is in; recipients by kind, never by name.

        Whether an invitation still had to go out says whether somebody had answered it by then: of those to fewer
        than three people only failures are told (``contracts.asked``).
        """
        actor = call.meta.actor
        found = self._as_they_stand(self._messages.deliveries(actor.community_id, call.command.ticket_id))
        theirs = [one for one in found if one.status not in _FAILED and _asks_somebody(one.message)]
        untold = theirs if len({one.message.recipient for one in theirs}) < FEWEST_ASKED else []
        shown = (one for one in found if one not in untold and _may_account_for(actor, one.message))
        return Outcome({"deliveries": [_line(delivery) for delivery in shown]})

    def read_punctuality(self, call: Call[ReadPunctuality]) -> Outcome:
        """The share of messages that went out in time, by way and day; nothing of anybody."""
        days = call.command.days
        if not 1 <= days <= MOST_DAYS:
            sentence = Text(f"days 要在 1 到 {MOST_DAYS} 之间", f"days has to be between 1 and {MOST_DAYS}")
            raise Invalid("invalid-days", sentence, "days")
        community = call.meta.actor.community_id
        zone = self._calendars.zone(community)
        found = self._punctuality.shares(community, days, zone, PROMISED_SECONDS)
        return Outcome({"within_seconds": PROMISED_SECONDS, "days": [_share(one) for one in found]})

    def _as_they_stand(self, deliveries: Sequence[Delivery]) -> Sequence[Delivery]:
        """What waits and is overtaken already will not be told, though nobody has come to look at it yet."""
        waiting = [one for one in deliveries if one.status in WAITS_STILL]
        stopped = self._stopped(waiting) if waiting else {}
        return [
            replace(one, status=DeliveryStatus.SUPPRESSED, reason=stopped[one.message.id])
            if one.message.id in stopped
            else one
            for one in deliveries
        ]

    def _notice(self, told: Told, locale: str, zone: ZoneInfo) -> dict[str, object]:
        delivery, message = told.delivery, told.delivery.message
        rendered = self._templates.render(
            message.template, locale, message.params, community_id=message.community_id, version=message.version
        )
        in_app = message.channel == IN_APP
        said = reasons.why(
            in_app=in_app,
            status=delivery.status,
            reason=delivery.reason,
            put_off=delivery.put_off,
            attempts=delivery.attempts,
            at=_local(delivery.told_at or message.at, zone),
            until=_local(delivery.wait_until, zone),
        )
        return {
            "id": message.id,
            "at": time_text(message.at),
            "title": rendered.title,
            "category": message.category.value,
            "channel": message.channel,
            "status": delivery.status.value,
            "reason": delivery.reason,
            "read_at": time_text(told.read_at) if told.read_at else None,
            "why": {"zh": said.zh, "en": said.en},
        }


def _local(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


def _may_account_for(actor: Actor, message: Message) -> bool:
    own_case = message.recused is not None and message.recused.concerns(actor)
    return actor.has(STAFF, message.area_path) and not own_case


def _asks_somebody(message: Message) -> bool:
    return message.event_type == OfferMade.TYPE and message.channel == OUTWARD


def _line(delivery: Delivery) -> dict[str, object]:
    message = delivery.message
    return {
        "id": message.id.partition(":")[0] + ":" + message.rule,
        "at": time_text(message.at),
        "event_type": message.event_type,
        "rule": message.rule,
        "audience": message.recipient.partition(":")[0],
        "channel": message.channel,
        "category": message.category.value,
        "status": delivery.status.value,
        "reason": delivery.reason,
        "tries": delivery.tries,
        "not_before": time_text(delivery.wait_until),
        "put_off": delivery.put_off,
        "acknowledged_at": _known(delivery),
        "attempts": [_attempt(one) for one in delivery.attempts],
    }


def _known(delivery: Delivery) -> str | None:
    """Of an invitation it would say who heard of it: whoever is asked answers it, or does not."""
    asks = delivery.message.event_type == OfferMade.TYPE
    return None if asks or delivery.acknowledged_at is None else time_text(delivery.acknowledged_at)


def _attempt(attempt: Attempt) -> dict[str, object]:
    return {
        "way": attempt.way,
        "began": time_text(attempt.began) if attempt.began else None,
        "settled": time_text(attempt.settled) if attempt.settled else None,
        "status": attempt.status.value,
        "reason": attempt.reason,
        "override": attempt.override,
        "again": attempt.again,
    }


def _share(one: Share) -> dict[str, object]:
    share = round(one.in_time / one.sent, 4)
    return {"way": one.way, "day": one.day.isoformat(), "sent": one.sent, "in_time": one.in_time, "share": share}
