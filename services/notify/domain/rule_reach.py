"""What a community's own rule may tell to whom, and on what it may depend: none opens what the platform keeps closed.

A condition tells, too: whoever hears only of orders that somebody was not satisfied with, or only of one neighbour's,
knows it by hearing at all.
"""

from collections.abc import Iterator, Mapping

from contracts.events.public_answers import TicketAnswerPublished
from contracts.events.volunteers import ClaimOpened
from contracts.hearing import NOT_FOR_REQUESTERS, SAID_OF_IT
from contracts.words import Text
from services.notify.domain.audience import OF_THE_SERVED, Audience
from services.notify.domain.category import NEVER_MUTED
from services.notify.domain.rule import Rule
from services.notify.domain.rule_checks import is_free_text
from services.notify.domain.template import Problem

AT_WORK = frozenset(
    {
        *(Audience.HOLDERS, Audience.RELEASED, Audience.MEMBER, Audience.CREW, Audience.CREW_LEAD, Audience.CALLED),
        *(Audience.OFFERED, Audience.ORDERED, Audience.OFFERED_TEAMS, Audience.ORDERED_TEAMS, Audience.WITHDRAWN),
        *(Audience.NAMED, Audience.NAMER, Audience.FOLLOWERS),
    }
)
"""Who did it or was asked to, and who follows, which the crew may, too: how somebody said it went is not for them."""
ONLY: Mapping[Audience, frozenset[str]] = {
    Audience.PUBLIC_SUBSCRIBERS: frozenset({TicketAnswerPublished.TYPE}),
    Audience.MEMBER_SUBSCRIBERS: frozenset({ClaimOpened.TYPE}),
}
"""What is public, and what any member may see: who subscribed hears of nothing else."""
SAID = frozenset({"answer", "resolved", "review", "callback"})
"""Fields that say how it went."""
NAMEABLE = frozenset({"category", "item_id", "by_role", "reason_code", "go_to", "team"})
"""Fields of plain text that name nobody and no order."""


def reach_problems(packaged: Mapping[str, Rule], rule: Rule, where: str) -> Iterator[Problem]:
    """Everything that one rule of a community's own would open."""
    if not _is_theirs(rule):
        yield _problem(f"{where}.audience", "not-for-them", "这种事件不能告诉这些人", "this event is not for them")
    for field in sorted(rule.when):
        values = [value for value in rule.when[field] if value is not None]
        if rule.audience in AT_WORK and field in SAID:
            said = ("居民的评价不能这样告诉他们", "what somebody said of the work is not told to them in this way")
            yield _problem(f"{where}.when.{field}", "not-for-them", *said)
        elif values and field not in NAMEABLE and is_free_text(rule.event, field):
            said = ("规则不能针对某个人或某一单", "no rule is about one person, or one order")
            yield _problem(f"{where}.when.{field}", "about-somebody", *said)
    if any(one in packaged and packaged[one].category in NEVER_MUTED for one in rule.cancels):
        said = ("告警和账号类的通知不能取消", "alarms and news of access cannot be cancelled")
        yield _problem(f"{where}.cancels", "never-muted", *said)


def _is_theirs(rule: Rule) -> bool:
    if rule.audience in ONLY:
        return rule.event in ONLY[rule.audience]
    if rule.audience in AT_WORK and rule.event in SAID_OF_IT:
        return False
    return not (rule.audience in OF_THE_SERVED | {Audience.FOLLOWERS} and rule.event in NOT_FOR_REQUESTERS)


def _problem(field: str, code: str, zh: str, en: str) -> Problem:
    return Problem(field, code, Text(zh, en))
