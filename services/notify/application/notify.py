"""The use cases of notify: tell, read, mark, account for, deliver."""

from collections.abc import Mapping, Sequence

from contracts.actor import DISPATCHERS, STAFF, Actor, Role
from contracts.commands import Call, Outcome
from contracts.commands.notify import MarkRead, ReadDeliveries, ReadInbox
from contracts.errors import Invalid, NotFound
from contracts.events import AnyReceived
from contracts.moments import time_text
from contracts.words import Text
from services.notify.application.ports import Channel, Clock, Delivery, Entry, Messages, Resting, Sent, Templates
from services.notify.domain.audience import (
    OF_THE_SERVED,
    Reach,
    Recipients,
    account,
    dispatchers,
    district,
    member,
    protectors,
)
from services.notify.domain.ladder_audience import duty, read_by_chief
from services.notify.domain.message import QUIET, DeliveryStatus, Message, messages_for, silenced
from services.notify.domain.rule import Rule

DEFAULT_LOCALE = "zh-CN"
RETRY_SECONDS = (5.0, 60.0, 600.0)
"""Waits before the second, third and fourth try of a message that failed for now; then it failed for good."""
LEASE_SECONDS = 30.0
PAGE_LIMIT = 100
_CIRCLE, _DISTRICT = frozenset({Role.SECRETARY, Role.PROTECTOR}), frozenset({Role.DISTRICT_CONTACT})
"""Who hears of suspected harm; no administrator, no dispatcher."""


class NotifyApplication:
    """What notify does, on its ports."""

    def __init__(
        self,
        *,
        rules: Sequence[Rule],
        messages: Messages,
        templates: Templates,
        resting: Resting,
        channels: Mapping[str, Channel],
        clock: Clock,
    ) -> None:
        self._rules = rules
        self._messages = messages
        self._templates = templates
        self._resting = resting
        self._channels = channels
        self._clock = clock

    def notify(self, events: Sequence[AnyReceived]) -> None:
        """Store every message that the events cause; a repeated event adds nothing."""
        messages = [message for event in events for message in messages_for(self._rules, event)]
        if messages:
            self._messages.add(messages)
        theirs = self._theirs()
        for event in events:
            if silenced(event):
                self._messages.silence(event.envelope.communityid, [event.envelope.subject], theirs, QUIET)

    def forget_reporter(self, events: Sequence[AnyReceived]) -> None:
        """Of whoever made a complaint it is forgotten, too, that they were told of it."""
        for event in events:
            self._messages.forget(event.envelope.communityid, [event.envelope.subject], self._theirs())

    def _theirs(self) -> list[str]:
        """The rules by which somebody on the side of the person served is told."""
        return [rule.id for rule in self._rules if rule.audience in OF_THE_SERVED]

    def follow_person(self, events: Sequence[AnyReceived]) -> None:
        """Nothing goes out to somebody who died, whatever it is about. Their inbox waits: nobody can open it."""
        self._resting.keep(events)

    def read_inbox(self, call: Call[ReadInbox]) -> Outcome:
        """The actor's messages in words of their language."""
        command, actor = call.command, call.meta.actor
        if not 1 <= command.limit <= PAGE_LIMIT:
            sentence = Text(f"limit 要在 1 到 {PAGE_LIMIT} 之间", f"limit has to be between 1 and {PAGE_LIMIT}")
            raise Invalid("invalid-limit", sentence, "limit")
        recipients = recipients_of(actor)
        entries, following = self._messages.inbox(
            actor.community_id, recipients, actor.account_id, command.cursor, command.limit
        )
        items = [self._inbox_item(entry, command.locale) for entry in entries]
        unread = self._messages.unread(actor.community_id, recipients, actor.account_id)
        return Outcome({"items": items, "next": following, "unread": unread})

    def mark_read(self, call: Call[MarkRead]) -> Outcome:
        """Note that the actor read a message of theirs."""
        actor = call.meta.actor
        read_at = self._messages.mark_read(
            call.command.message_id, recipients_of(actor), actor.account_id, self._clock.now()
        )
        if read_at is None:
            raise NotFound("no-such-message", Text("没有这条消息", "there is no such message"), "message_id")
        return Outcome({"read_at": time_text(read_at)})

    def read_deliveries(self, call: Call[ReadDeliveries]) -> Outcome:
        """What was told about an order, for staff whose area it is in; recipients by kind, never by name."""
        actor = call.meta.actor
        found = self._messages.deliveries(actor.community_id, call.command.ticket_id)
        lines = [_line(delivery) for delivery in found if _may_account_for(actor, delivery.message)]
        return Outcome({"deliveries": lines})

    def deliver_due(self) -> None:
        """Send every message whose time has come; each try is stored before the next is begun."""
        while (delivery := self._messages.lease(LEASE_SECONDS)) is not None:
            sent = self._try(delivery)
            retry_in = None
            if sent.status is DeliveryStatus.FAILED_TEMPORARY:
                if delivery.tries < len(RETRY_SECONDS):
                    retry_in = RETRY_SECONDS[delivery.tries]
                else:
                    sent = Sent(status=DeliveryStatus.FAILED_PERMANENT, reason=sent.reason)
            self._messages.settle(delivery.message.id, sent, retry_in)

    def _try(self, delivery: Delivery) -> Sent:
        message = delivery.message
        channel = self._channels.get(message.channel)
        if channel is None:
            return Sent(status=DeliveryStatus.SUPPRESSED, reason="no-such-channel")
        if self._resting.holds(message.recipient):
            return Sent(status=DeliveryStatus.SUPPRESSED, reason=QUIET)
        try:
            return channel.send(message, self._templates.render(message.template, DEFAULT_LOCALE, message.params))
        except Exception as error:  # noqa: BLE001  whatever a driver raises is a try that failed, and is counted
            return Sent(status=DeliveryStatus.FAILED_TEMPORARY, reason=type(error).__name__)

    def _inbox_item(self, entry: Entry, locale: str) -> dict[str, object]:
        message = entry.message
        rendered = self._templates.render(message.template, locale, message.params)
        return {
            "id": message.id,
            "at": time_text(message.at),
            "ticket_id": message.thread if message.number else None,
            "number": message.number or None,
            "title": rendered.title,
            "body": rendered.body,
            "urgent": message.urgent,
            "read_at": time_text(entry.read_at) if entry.read_at else None,
        }


def recipients_of(actor: Actor) -> Recipients:
    """Every recipient that an actor may read for; who dispatches in some areas hears of the orders there."""
    recipients: dict[str, Reach | None] = {account(actor.account_id): None}
    if actor.member_id is not None:
        recipients[member(actor.member_id)] = None
    areas = [grant.area_id for grant in actor.grants if grant.role in DISPATCHERS]
    recipients |= {name: Reach(None, actor) for name in read_by_chief(actor)}
    if actor.has(_CIRCLE):
        recipients[protectors(actor.community_id)] = Reach(None, actor)
    if actor.has(_DISTRICT):
        recipients[district(actor.community_id)] = Reach(None, actor)
    on_duty = [grant.area_id for grant in actor.grants if grant.role is Role.DUTY]
    if on_duty:
        recipients[duty(actor.community_id)] = Reach(_near(on_duty), actor)
    if areas:
        recipients[dispatchers(actor.community_id)] = Reach(_near(areas), actor)
    return recipients


def _near(areas: Sequence[str | None]) -> tuple[str, ...] | None:
    return None if None in areas else tuple(area for area in areas if area is not None)


def _may_account_for(actor: Actor, message: Message) -> bool:
    own_case = message.recused is not None and message.recused.concerns(actor)
    return actor.has(STAFF, message.area_path) and not own_case


def _line(delivery: Delivery) -> dict[str, object]:
    message = delivery.message
    return {
        "id": message.id.partition(":")[0] + ":" + message.rule,
        "at": time_text(message.at),
        "event_type": message.event_type,
        "rule": message.rule,
        "audience": message.recipient.partition(":")[0],
        "channel": message.channel,
        "status": delivery.status.value,
        "reason": delivery.reason,
        "tries": delivery.tries,
    }
