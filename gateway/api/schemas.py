"""What answers hold, for the API's description; tests hold the answers against them."""

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, fields

from contracts.events.masters import AreaSnapshot, CatalogueItemSnapshot, MemberSnapshot, TeamSnapshot
from contracts.events.ticket_snapshot import TicketSnapshot
from contracts.events.volunteers import DemandSnapshot, OfferChange, OfferCounts
from contracts.hands_on import Intervention, SteeringSnapshot
from contracts.places import GivenPoint
from contracts.schemas.derive import schema_of
from contracts.schemas.fields import SafeText, UtcTime
from gateway.api.cash_sums import CASH_SUMS


def shape(name: str, base: type | None = None, without: tuple[str, ...] = (), /, **more: Any) -> Schema:
    """A schema called *name*: the fields of a contract's dataclass, but those *without*, and *more*."""
    declared: Mapping[str, Any] = {} if base is None else schema_of(base, strict=False).declared_fields
    members: dict[str, Any] = {field: kind for field, kind in declared.items() if field not in without}
    meta = type("Meta", (), {"unknown": EXCLUDE})
    made: Schema = type(name, (Schema,), {**members, **more, "Meta": meta})()
    return made


def page_of(name: str, item: Schema) -> Schema:
    """A page: the things, and the cursor of the next page or null."""
    return shape(name, items=fields.List(fields.Nested(item), required=True), next=_text_or_null())


def _text_or_null() -> Any:
    return SafeText(required=True, allow_none=True)


def _text() -> Any:
    return SafeText(required=True)


def _texts() -> Any:
    return fields.List(SafeText(), required=True)


def _number() -> Any:
    return fields.Integer(required=True, strict=True)


def _both() -> Any:
    return fields.Nested(BOTH, required=True)


def _objects(name: str, /, **members: Any) -> Any:
    return fields.List(fields.Nested(shape(name, **members)), required=True)


BOTH = shape("BothLanguages", zh=_text(), en=_text())
ACCOUNT = shape(
    "Account",
    id=_text(),
    community_id=_text(),
    login=_text_or_null(),
    member_id=_text_or_null(),
    display_name=_text_or_null(),
    pending=fields.Boolean(required=True),
    roles=fields.List(
        fields.Nested(shape("Grant", role=_text(), area_id=_text_or_null())),
        required=True,
    ),
)
SESSION = shape(
    "Session",
    access_token=_text(),
    token_type=_text(),
    expires_in=_number(),
    session_id=_text(),
    refresh_token=_text_or_null(),
    csrf_token=_text_or_null(),
    account=fields.Nested(ACCOUNT, required=True),
)
CLIENT_SESSION = shape("ClientSession", access_token=_text(), token_type=_text(), expires_in=_number(), scope=_text())
SESSIONS = shape(
    "Sessions",
    items=_objects(
        "OpenSession",
        id=_text(),
        how=_text(),
        opened_at=_text(),
        used_at=_text(),
        ends_at=_text(),
        current=fields.Boolean(required=True),
        ended=_text_or_null(),
    ),
)
DONE = shape("Done", done=fields.Boolean(required=True))
ASKED = shape("CodeAsked", code_id=_text(), expires_in=_number())
ITEM = shape("CatalogueItem", CatalogueItemSnapshot)
AREA = shape("Area", AreaSnapshot)
MEMBER = shape("Member", MemberSnapshot)
TEAM = shape("Team", TeamSnapshot)
DUTY = shape("Duty", member_id=_text(), on_duty=fields.Boolean(required=True))
ON_DUTY = shape(
    "OnDuty",
    area_id=_text(),
    at=UtcTime(required=True),
    grids=_objects("GridOnDuty", area_id=_text(), on_duty=fields.Integer(required=True, strict=True, allow_none=True)),
)
ENDING = shape("Ending", reason_code=_text(), go_to=_text_or_null(), by_role=SafeText(required=True, allow_none=True))
_STEPS_IN = fields.List(fields.Nested(shape("Intervention", Intervention, said=_both())), required=True)
OFFER_COUNTS = shape(
    "OfferCounts",
    OfferCounts,
    declined=fields.Integer(required=True, strict=True, allow_none=True),
    expired=fields.Integer(required=True, strict=True, allow_none=True),
)
STEERING = shape("Steering", SteeringSnapshot, ("interventions",), interventions=_STEPS_IN)
_DEMAND: Mapping[str, Any] = {
    "steering": fields.Nested(STEERING, required=True, allow_none=True),
    "version": _number(),
    "counts": fields.Nested(OFFER_COUNTS, required=True, allow_none=True),
    "gates": fields.Dict(keys=SafeText(), values=fields.Integer(), required=True, allow_none=True),
}
_HIDDEN = ("community_id", "area_path", "counts", "invited", "rework_count", "recused", "steering")
DEMAND = shape("Demand", DemandSnapshot, _HIDDEN, **_DEMAND)
OPEN_DEMAND = shape("OpenDemand", DemandSnapshot, _HIDDEN, ticket_id=_text(), area_path=_texts(), **_DEMAND)
_LISTED: Mapping[str, Any] = {
    "id": _text(),
    "kind": _text(),
    "at": UtcTime(required=True),
    "by": _text(),
    "shows_person": fields.Boolean(required=True),
    "consent": _text_or_null(),
    "question": SafeText(allow_none=True),
}
LISTED_PICTURE = shape("ListedPicture", **_LISTED)
PICTURE = shape(
    "Picture",
    **_LISTED,
    ticket_id=_text(),
    width=_number(),
    height=_number(),
    links=fields.Dict(keys=SafeText(), values=SafeText(), required=True),
)
PICTURES = shape("Pictures", items=fields.List(fields.Nested(PICTURE), required=True))
REMOVED = shape("RemovedPicture", id=_text(), removed=fields.Boolean(required=True))
TICKET = shape(
    "Ticket",
    TicketSnapshot,
    ("recused", "quiet", "pictures_asked", "handlers", "handled_in"),
    owner_office=fields.Nested(BOTH, required=True, allow_none=True),
    pictures=fields.List(fields.Nested(LISTED_PICTURE), required=True),
    pictures_missing=_objects("MissingPicture", question=_text(), label=_both()),
    version=_number(),
    ending=fields.Nested(ENDING, required=True, allow_none=True),
    demand=fields.Nested(DEMAND, required=True, allow_none=True),
    links=fields.Dict(keys=SafeText(), values=SafeText(), required=True),
)
OFFER = shape(
    "Offer",
    OfferChange,
    demand_id=_text(),
    ticket_id=_text(),
    number=_text(),
    item_id=_text(),
    item_name=_both(),
    urgency=_text(),
    area_path=_texts(),
    at=UtcTime(required=True),
    assignment_id=SafeText(required=True, allow_none=True),
)
ASSIGNMENT = shape(
    "Assignment",
    id=_text(),
    assignment_id=_text(),
    demand_id=_text(),
    ticket_id=_text(),
    number=_text(),
    item_id=_text(),
    item_name=_both(),
    urgency=_text(),
    area_path=_texts(),
    seat=_number(),
    status=_text(),
    member_id=_text(),
    display_name=_text(),
    taken_at=UtcTime(required=True, allow_none=True),
    arrived_at=UtcTime(required=True, allow_none=True),
    evidence=fields.Integer(allow_none=True),
    ticket_status=_text_or_null(),
    lead=fields.Boolean(required=True),
)
ENTRY = shape(
    "TimelineEntry",
    id=_text(),
    type=_text(),
    subject=_text(),
    aggregate=_text(),
    version=_number(),
    time=UtcTime(required=True),
    status=_text_or_null(),
    by=fields.Nested(shape("ActedAs", role=_text(), office=_both()), required=True, allow_none=True),
    data=fields.Dict(keys=SafeText(), required=True),
)
TIMELINE = shape("Timeline", items=fields.List(fields.Nested(ENTRY), required=True))
BENEFICIARY = shape(
    "Beneficiary", name=_text(), phone=_text_or_null(), address=_text_or_null(), form_of_address=_text_or_null()
)
PRIVATE = shape(
    "PrivatePart",
    description=_text_or_null(),
    area_id=SafeText(allow_none=True),
    notes=_objects(
        "Note",
        action=_text(),
        text=_text(),
        at=_text(),
        side=SafeText(allow_none=True),
        internal=fields.Boolean(),
    ),
    beneficiary=fields.Nested(BENEFICIARY, required=True, allow_none=True),
    door_word=_text_or_null(),
    point=fields.Nested(
        shape(
            "PointRevealed",
            longitude=fields.Float(required=True),
            latitude=fields.Float(required=True),
            given=fields.Nested(shape("PointAsGiven", GivenPoint), required=True),
        ),
        allow_none=True,
    ),
    answers=_objects("PrivateAnswer", question=_text(), kind=_text(), value=_text()),
    cash=_objects("CashSums", **CASH_SUMS),
)
REPORTER = shape(
    "Reporter",
    requester_id=_text_or_null(),
    name=_text_or_null(),
    area_id=SafeText(allow_none=True),
    beneficiary=fields.Nested(BENEFICIARY, required=True, allow_none=True),
)
REVEALS = shape(
    "Reveals",
    reveals=_objects("Reveal", at=_text(), account_id=_text(), role=_text(), reason=_text_or_null(), part=SafeText()),
)
CONTACT = shape("MemberContact", name=_text_or_null(), phone=_text_or_null())
MESSAGE = shape(
    "Message",
    id=_text(),
    at=_text(),
    ticket_id=_text_or_null(),
    number=_text_or_null(),
    title=_text(),
    body=_text(),
    locale=_text(),
    dir=_text(),
    urgent=fields.Boolean(required=True),
    link=_text_or_null(),
    read_at=_text_or_null(),
    acknowledged_at=_text_or_null(),
)
INBOX = shape("Inbox", items=fields.List(fields.Nested(MESSAGE), required=True), next=_text_or_null(), unread=_number())
READ = shape("Read", read_at=_text())
ACKNOWLEDGED = shape("Acknowledged", read_at=_text(), acknowledged_at=_text())
FRAME = shape(
    "Frame",
    id=_text(),
    type=_text(),
    subject=_text(),
    time=UtcTime(required=True),
    version=_number(),
    number=_text_or_null(),
)
FRAMES = shape(
    "Frames",
    frames=fields.List(fields.Nested(FRAME), required=True),
    next=_text(),
    gap=fields.Boolean(required=True),
)
PROBLEM = shape(
    "Problem",
    type=_text(),
    title=_text(),
    title_en=_text(),
    status=_number(),
    detail=_text(),
    detail_en=_text(),
    code=_text(),
    instance=SafeText(),
    errors=fields.List(
        fields.Nested(shape("FieldError", **{"field": _text(), "in": _text(), "detail": _text(), "detail_en": _text()}))
    ),
)
