"""Templates of a community's own: words that its own rules need, for one event and whoever is told of it."""

from collections.abc import Iterator
from dataclasses import replace

from contracts.events import EVENTS
from contracts.events.harm import HarmEvent
from contracts.topology import handlers_of
from contracts.words import Text
from services.notify.domain.audience import TELL_NOBODY, Audience
from services.notify.domain.crowd import tells
from services.notify.domain.grade import grade_of
from services.notify.domain.rule_changes import OWN_ID
from services.notify.domain.rule_checks import APPOINTMENTS, HANDLER, REMINDED, SERVICE, fields_of
from services.notify.domain.template import Problem, TemplateVersion
from services.notify.domain.variables import VARIABLES, allowed_in, given_by

MOST_OWN_TEMPLATES = 50
NUMBER = "number"
"""Words that may name the order have to."""


def use_problems(template: str, event: str, audience: str) -> Iterator[Problem]:
    """What is wrong with a new template beside its words."""
    if OWN_ID.fullmatch(template) is None:
        said = Text("要写成 own- 加小写字母、数字和短横", "own- and small letters, digits, dashes")
        yield Problem("id", "unusable-id", said)
    if event not in EVENTS or HANDLER not in handlers_of(SERVICE, event):
        yield Problem("event", "unknown-event", Text("没有这种事件", "nobody is told of events of this type"))
    elif EVENTS[event].AGGREGATE == HarmEvent.AGGREGATE:
        said = Text("疑似侵害的通知不能另写", "there are no other words for suspected harm")
        yield Problem("event", "not-changeable", said)
    if audience not in [one.value for one in Audience if one not in TELL_NOBODY]:
        yield Problem("audience", "unknown-audience", Text("没有这种人", "there is no such audience"))


def may_say(version: TemplateVersion) -> tuple[str, ...]:
    """The variables that its words may use: of an own template all that its event gives its audience."""
    if version.event is None or version.audience is None:
        return version.variables
    audience = Audience(version.audience)
    reminded = {REMINDED} if APPOINTMENTS.intersection(fields_of(version.event)) else set()
    given = tells(audience, given_by(version.event) | reminded) & allowed_in(grade_of(audience))
    return tuple(name for name in VARIABLES if name in given)


def to_check(version: TemplateVersion) -> TemplateVersion:
    """As its words are held against what they may say, and shown to whoever writes them."""
    variables = may_say(version)
    required = version.required if version.event is None else tuple({NUMBER}.intersection(variables))
    return replace(version, variables=variables, required=required)
