"""Which messages an event causes: planned from the event alone, sent later."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple

from contracts.events import AnyReceived
from contracts.words import OfferStatus, Text, Urgency
from services.notify.domain.appointments import reminders
from services.notify.domain.audience import ABROAD, OF_THE_SERVED, WITHOUT_INBOX, answerers
from services.notify.domain.category import Category
from services.notify.domain.crowd import ASKED, IN_PUBLIC, NOBODY, Crowd, heard, said, tells
from services.notify.domain.grade import Grade, masked
from services.notify.domain.groups import group_place
from services.notify.domain.message import GROUP, IN_APP, OUTWARD, QUIET, DeliveryStatus, Message, silenced
from services.notify.domain.params import params_of
from services.notify.domain.preferences import one_key
from services.notify.domain.recipients import OVERSEER, group, member
from services.notify.domain.rule import Rule
from services.notify.domain.template import PACKAGED_VERSION
from services.notify.domain.variables import allowed_in

GRID = "grid"
_WHERE = frozenset({GRID})


class Words(NamedTuple):
    """What a rule says, in the version of now, and what it is about."""

    template: str
    version: int
    category: Category


def messages_for(
    rules: Iterable[Rule],
    event: AnyReceived,
    newest: Callable[[str, str], int] = lambda community_id, template: PACKAGED_VERSION,
    crowd: Crowd = NOBODY,
    grid: Text | None = None,
) -> list[Message]:
    """All messages that *event* causes under *rules*; *newest* tells the version of a template that holds.

    *crowd* are those whom no event names: who follows, who subscribed, whose shift it is; *grid* is what the event's
    grid is called, for everybody who may know where it is.
    """
    telling = [rule for rule in rules if rule.template is not None]
    where = {} if grid is None else {GRID: {"zh": grid.zh, "en": grid.en}}
    return [
        message
        for rule, recipients in heard(telling, event, crowd)
        if rule.template is not None and rule.category is not None
        for message in _messages(
            rule,
            Words(rule.template, newest(event.envelope.communityid, rule.template), rule.category),
            event,
            recipients,
            where,
        )
        if _wanted(message, crowd)
    ]


def _wanted(message: Message, crowd: Crowd) -> bool:
    """Out of the platform whoever only asked to hear is told where they wish that."""
    return message.channel != OUTWARD or not message.asked or one_key(message.recipient) in crowd.outward


def _messages(
    rule: Rule, words: Words, event: AnyReceived, recipients: Sequence[str], where: Mapping[str, Any]
) -> Iterator[Message]:
    for recipient in dict.fromkeys(recipients):
        told = _message(rule, words, event, recipient)
        told = replace(told, params={**where, **told.params}) if GRID in tells(rule.audience, _WHERE) else told
        if rule.before:
            yield from _reminders(rule, event, told)
            continue
        if rule.audience in WITHOUT_INBOX:
            # What their message in the inbox would overtake, the one that goes out does.
            yield replace(_outward(told, rule.reach or 0), overtakes=told.overtakes)
            continue
        yield told
        if rule.reach is not None:
            yield _outward(told, rule.reach)
    if rule.group and recipients and getattr(event.snapshot, "recused", None) is None:
        told = _message(rule, words, event, group(event.envelope.communityid))
        yield _to_the_group(told, group_place(event))


def _message(rule: Rule, words: Words, event: AnyReceived, recipient: str) -> Message:
    """As it lies in the inbox."""
    silent = silenced(event) and rule.audience in OF_THE_SERVED
    offer = _offer_to(event, recipient)
    # A chief reads what lies in their blocks: a block is a place of the order as its grid is.
    chief = recipient.startswith(OVERSEER)
    return Message(
        id=f"{event.envelope.id}:{rule.id}:{recipient}:{IN_APP}",
        community_id=event.envelope.communityid,
        area_path=(*event.snapshot.area_path, *event.snapshot.blocks) if chief else event.snapshot.area_path,
        recipient=recipient,
        channel=IN_APP,
        rule=rule.id,
        template=words.template,
        event_id=event.envelope.id,
        event_type=event.envelope.type,
        correlation_id=event.envelope.correlationid,
        thread=event.envelope.subject,
        number="" if rule.audience in IN_PUBLIC else getattr(event.snapshot, "number", ""),
        params=said(rule.audience, event, params_of(event, recipient)),
        urgent=rule.urgent or _asked_in_an_emergency(words, event),
        at=event.time,
        status=DeliveryStatus.SUPPRESSED if silent else DeliveryStatus.DELIVERED,
        category=words.category,
        version=words.version,
        aggregate=event.envelope.aggregatetype,
        event_version=event.version,
        not_before=event.time,
        until=None if offer is None else offer.expires_at,
        offer_id=None if offer is None else offer.id,
        overtakes=() if rule.before else rule.cancels,
        reason=QUIET if silent else None,
        recused=getattr(event.snapshot, "recused", None),
        asked=rule.audience in ASKED,
        abroad=chief or rule.audience in ABROAD,
    )


def _asked_in_an_emergency(words: Words, event: AnyReceived) -> bool:
    """Minutes count: who is asked now is asked whatever the hour, as dispatch saw to that they may be."""
    return words.category is Category.OFFER and getattr(event.snapshot, "urgency", None) is Urgency.EMERGENCY


def _outward(told: Message, minutes: int) -> Message:
    """The same, to be sent out so many business minutes later."""
    return replace(
        told,
        id=told.id.replace(f":{IN_APP}", f":{OUTWARD}"),
        channel=OUTWARD,
        status=_waiting(told),
        overtakes=(),
        not_before=told.not_before + timedelta(minutes=minutes),
    )


def _reminders(rule: Rule, event: AnyReceived, told: Message) -> Iterator[Message]:
    """In the inbox, and out of the platform where the rule reaches there, each at its time."""
    for minutes, when, expected in reminders(event, rule.before, told.recipient):
        own = "" if expected.thread == told.thread else f":{expected.thread}"
        reminder = replace(
            told,
            id=f"{told.id}:{minutes}{own}",
            thread=expected.thread,
            params={**told.params, **expected.params, "minutes": minutes},
            status=_waiting(told),
            at=when,
            not_before=when,
            until=expected.moment,
            before=minutes,
        )
        yield reminder
        if rule.reach is not None:
            yield _outward(reminder, rule.reach)


def _to_the_group(told: Message, place: Mapping[str, Any]) -> Message:
    """Everybody in it reads it: what it is about, where by the grid, and nothing of anybody."""
    params = masked(told.params, allowed_in(Grade.GROUP)) | dict(place)
    id = told.id.replace(f":{IN_APP}", f":{GROUP}")
    return replace(told, id=id, channel=GROUP, status=_waiting(told), params=params, overtakes=())


def _waiting(told: Message) -> DeliveryStatus:
    return told.status if told.status is DeliveryStatus.SUPPRESSED else DeliveryStatus.QUEUED


def _offer_to(event: AnyReceived, recipient: str) -> Any:
    """The open offer by which they are asked."""
    asked = (one for one in getattr(event.body, "offers", ()) if one.status is OfferStatus.OPEN)
    return next((one for one in asked if recipient in map(member, answerers(one))), None)
