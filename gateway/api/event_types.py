"""Which types of events there are to be heard of, by stream, long poll or webhook; the same for everybody."""

from typing import Any

from marshmallow import fields

from contracts.event_types import EventType, event_types
from contracts.schemas.fields import SafeText
from gateway.api.answers import answer
from gateway.api.bodies import resource
from gateway.api.gate import requires
from gateway.api.schemas import shape
from gateway.identity.permissions import Permission

blueprint = resource("event_types", "事件类型 / types of events")

_SENTENCE = shape("EventSentence", zh=SafeText(required=True), en=SafeText(required=True))
_FILTERS = shape(
    "EventFilters",
    webhook=fields.List(SafeText(), required=True),
    stream=fields.List(SafeText(), required=True),
)
_KIND = shape(
    "EventType",
    type=SafeText(required=True),
    sentence=fields.Nested(_SENTENCE, required=True),
    filters=fields.Nested(_FILTERS, required=True),
    sample=fields.Dict(keys=fields.String(), required=True),
)
EVENT_TYPES = shape("EventTypes", items=fields.List(fields.Nested(_KIND), required=True))


@blueprint.route("/event-types", methods=["GET"])
@requires(Permission.OPEN)
@blueprint.response(200, EVENT_TYPES)
def all_types() -> Any:
    """Every type that somebody can hear of: what it says, which filters choose among its events, and what a webhook
    is told of one (``sample``). Whether you hear of a certain event depends on what you may see.
    """
    return answer({"items": [_row(one) for one in event_types()]})


def _row(one: EventType) -> dict[str, Any]:
    return {
        "type": one.type,
        "sentence": {"zh": one.words.zh, "en": one.words.en},
        "filters": {"webhook": list(one.webhook), "stream": list(one.stream)},
        "sample": one.sample,
    }
