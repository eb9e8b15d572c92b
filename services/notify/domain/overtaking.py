"""What is overtaken is not told: a claim, a refusal, an end overtakes what still waits about the same thing.

Events arrive in any order. So what overtakes is stored, and each message is held against it when it is about to be
sent: whichever came first, the end is the same. Of two events of one aggregate the version says which is the newer.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from contracts.events import AnyReceived
from contracts.events.people import DelegationEnded, DelegationGranted
from contracts.recusal import Recusal
from services.notify.domain.appointments import threads
from services.notify.domain.audience import EVERYBODY, OF_THE_SERVED, RECIPIENTS, Audience
from services.notify.domain.family_week import FAMILY_WEEK, may_read_it
from services.notify.domain.message import QUIET, Message, silenced
from services.notify.domain.recipients import account, group, member
from services.notify.domain.rule import Rule

OVERTAKEN = "overtaken"
"""Why a message was kept back that an event overtook."""
RECUSED = "recused"
NOT_TOLD = "no-longer-told"
"""Why one was kept back whose reader may no longer be told in somebody's name."""


@dataclass(frozen=True, kw_only=True)
class Overtaking:
    """From ``version`` of ``aggregate`` on nothing older is told under ``rules`` about ``thread`` to ``recipient``.

    Where that is everybody, it is everybody but those in ``still``.
    """

    id: str
    community_id: str
    thread: str
    recipient: str
    aggregate: str
    version: int
    rules: tuple[str, ...]
    reason: str = OVERTAKEN
    still: tuple[str, ...] = ()

    def stops(self, message: Message) -> bool:
        """Is this message overtaken?"""
        about = (message.thread, message.aggregate) == (self.thread, self.aggregate)
        theirs = self.recipient in (EVERYBODY, message.recipient) and message.recipient not in self.still
        return about and theirs and message.event_version < self.version and message.rule in self.rules


def overtakings_of(rules: Sequence[Rule], event: AnyReceived) -> list[Overtaking]:
    """What *event* overtakes under *rules*; a message that is told itself overtakes what it has in ``overtakes``."""
    found = [
        _overtaking(event, rule.id, recipient, rule.overtakes)
        for rule in rules
        if rule.overtakes and rule.template is None and rule.holds_for(event)
        for recipient in dict.fromkeys(RECIPIENTS[rule.audience](event))
    ]
    found += [
        _about(thread, _overtaking(event, rule.id, EVERYBODY, rule.overtakes))
        for rule in rules
        if rule.before and rule.holds_for(event)
        for thread in threads(event)
    ]
    found += [_overtaking(event, FAMILY_WEEK, one, (FAMILY_WEEK,), NOT_TOLD) for one in _reads_no_more(event)]
    if silenced(event):
        found.append(_overtaking(event, QUIET, EVERYBODY, of_the_served(rules), QUIET))
    return found


def circle_overtaking(rules: Sequence[Rule], event: AnyReceived) -> Overtaking:
    """Who may no longer be told in the name of the person served is told nothing more of what waits: the event says who
    still may. A delegation that ended and an order that was hidden would else be heard of by tomorrow's reminder.
    """
    theirs = tuple(rule.id for rule in rules if rule.audience is Audience.DELEGATES)
    still = tuple(RECIPIENTS[Audience.DELEGATES](event))
    return replace(_overtaking(event, NOT_TOLD, EVERYBODY, theirs, NOT_TOLD), still=still)


def recused_overtakings(rules: Sequence[Rule], event: AnyReceived) -> list[Overtaking]:
    """Whom a complaint is about by now hears nothing more of what waits; nor do groups, in which they may be.

    Whoever made it goes on hearing of it, whatever else they are.
    """
    theirs = tuple(rule.id for rule in rules if rule.audience is not Audience.REQUESTER)
    return [_overtaking(event, RECUSED, one, theirs, NOT_TOLD) for one in _recused(event)]


def _recused(event: AnyReceived) -> Iterator[str]:
    recused = event.snapshot.recused or Recusal()
    yield from map(member, recused.members)
    yield from map(account, sorted(recused.accounts - {event.snapshot.requester_id}))
    yield group(event.envelope.communityid)


def of_the_served(rules: Sequence[Rule]) -> tuple[str, ...]:
    """By which somebody on the side of the person served is told, of an event or of none."""
    return (*(rule.id for rule in rules if rule.audience in OF_THE_SERVED), FAMILY_WEEK)


def _reads_no_more(event: AnyReceived) -> Sequence[str]:
    """Who reads the card of the week of this person no longer."""
    body = event.body
    ended = isinstance(body, DelegationEnded) or (isinstance(body, DelegationGranted) and not may_read_it(body.may))
    return (account(body.account_id),) if ended else ()


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


def reason_to_stop(message: Message, overtakings: Iterable[Overtaking]) -> str | None:
    """Why a message is not told any more; None where nothing overtook it."""
    return next((one.reason for one in overtakings if one.stops(message)), None)


def _about(thread: str, one: Overtaking) -> Overtaking:
    """A reminder is replaced for everybody by the next one's: who is no longer expected is reminded of nothing."""
    return one if thread == one.thread else replace(one, id=f"{one.id}:{thread}", thread=thread)


def _overtaking(
    event: AnyReceived, rule_id: str, recipient: str, rules: Sequence[str], reason: str = OVERTAKEN
) -> Overtaking:
    return Overtaking(
        id=f"{event.envelope.id}:{rule_id}:{recipient}",
        community_id=event.envelope.communityid,
        thread=event.envelope.subject,
        recipient=recipient,
        aggregate=event.envelope.aggregatetype,
        version=event.version,
        rules=tuple(rules),
        reason=reason,
    )
