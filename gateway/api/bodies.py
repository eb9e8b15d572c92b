"""What requests may hold: bodies derived from the commands they become, and the questions of lists."""

from json import JSONDecodeError
from typing import Any

from flask import request
from flask_smorest import Blueprint
from marshmallow import RAISE, Schema, fields, validate
from webargs.core import missing
from webargs.fields import DelimitedList
from webargs.flaskparser import FlaskParser, abort

from contracts.actor import Role
from contracts.event_types import LISTED_AT, beginnings
from contracts.ladder import Rung
from contracts.schemas.derive import schema_of
from contracts.schemas.fields import SafeText
from contracts.webhooks import EVERYTHING
from contracts.words import DeadlineKind, DemandStatus, OfferStatus, PictureKind, PictureUse, SeatStatus, TicketStatus
from gateway.api import json_bodies
from gateway.pictures.files import Size
from gateway.views.pages import DEFAULT_LIMIT, MAX_LIMIT, Ask

MAX_LOGIN = 64
MAX_WORD = 200
MAX_TYPES = 50
MAX_PLACE = 100
"""An event's id, or a mark."""
MAX_MESSAGES = 100
"""Messages that notify gives in one page."""
MIN_PASSWORD = 8
MAX_PASSWORD = 200
PHONE_NUMBER = validate.Regexp(r"^\+?[0-9][0-9 \-]{4,28}$")
"""A phone number as people write it."""


class Parser(FlaskParser):
    """Unknown query parameters are refused, and so is JSON that other readers would understand otherwise."""

    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": RAISE}  # noqa: RUF012  webargs' own form

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._defaults: dict[Any, dict[str, Any]] = {}

    def _raw_load_json(self, req: Any) -> Any:
        if req.mimetype != "application/json":
            return missing
        try:
            return json_bodies.read(req.get_data(cache=True))
        except (JSONDecodeError, UnicodeDecodeError):
            raise
        except (RecursionError, ValueError) as error:
            # Python refuses to read a number of thousands of digits with a plain ValueError.
            abort(400, exc=error, messages={"json": ["Invalid JSON body."]})

    def parse(self, argmap: Any, req: Any = None, *, location: str | None = None, **options: Any) -> Any:
        """As usual; a list asked for without parameters is the common case and always the same question."""
        if location != "query" or request.query_string:
            return super().parse(argmap, req, location=location, **options)
        default = self._defaults.get(argmap)
        if default is None:
            default = self._defaults[argmap] = super().parse(argmap, req, location=location, **options)
        return dict(default)


class Resource(Blueprint):
    """A part of the API. Schemas are made once: given as classes they would be made anew for every request."""

    ARGUMENTS_PARSER = Parser()

    def arguments(self, schema: Any, **options: Any) -> Any:
        """What a route takes."""
        return super().arguments(schema() if isinstance(schema, type) else schema, **options)


def resource(name: str, description: str) -> Any:
    """One part of the API, as flask-smorest registers it."""
    return Resource(name, __name__, url_prefix="/api/v1", description=description)


def body_of(command: type, *in_path: str) -> Schema:
    """The body of a command: its fields but those that the path tells; unknown ones are refused."""
    declared = schema_of(command, strict=True).declared_fields
    members: dict[str, Any] = {name: field for name, field in declared.items() if name not in in_path}
    made: Schema = type(f"{command.__name__}Body", (Body,), members)()
    return made


class Body(Schema):
    """A JSON object without surprises."""

    class Meta:
        unknown = RAISE


class GrantBody(Body):
    """A role, in one area's subtree or (null) the whole community."""

    role = fields.Enum(Role, by_value=True, required=True)
    area_id = SafeText(allow_none=True, load_default=None)


class AccountBody(Body):
    """A new account. With ``member_id`` it is the member's own account that gets the login."""

    login = SafeText(required=True, validate=validate.Length(2, MAX_LOGIN))
    password = SafeText(load_default=None, allow_none=True, validate=validate.Length(MIN_PASSWORD, MAX_PASSWORD))
    roles = fields.List(fields.Nested(GrantBody), required=True, validate=validate.Length(max=20))
    member_id = SafeText(load_default=None, allow_none=True)
    phone = SafeText(load_default=None, allow_none=True, validate=PHONE_NUMBER)


class PageQuery(Schema):
    """How much, and where to continue: ``cursor`` is the ``next`` of the page before."""

    class Meta:
        unknown = RAISE

    limit = fields.Integer(load_default=DEFAULT_LIMIT, validate=validate.Range(1, MAX_LIMIT))
    cursor = SafeText(load_default=None, validate=validate.Length(1, 500))


class InboxQuery(PageQuery):
    """As everywhere; a page of messages is smaller, since each of them is put into words when it is read."""

    limit = fields.Integer(load_default=DEFAULT_LIMIT, validate=validate.Range(1, MAX_MESSAGES))


def ask_of(query: dict[str, Any]) -> Ask:
    """The page that a query asks for."""
    return Ask(query["limit"], query["cursor"])


def _statuses(kind: Any) -> Any:
    return DelimitedList(fields.Enum(kind, by_value=True), load_default=tuple)


def word() -> SafeText:
    """An id or a coded word that a list is narrowed to."""
    return SafeText(load_default=None, validate=validate.Length(max=MAX_WORD))


class TicketQuery(PageQuery):
    """Which orders: ``status`` may name several, with commas; ``mine``: ordered by me or held by me.

    ``overdue``: those not answered (respond), or not solved (resolve), in their time. ``rung``: who answers for them
    now. ``whistled``: those to which a department was called that is not done.
    """

    status = _statuses(TicketStatus)
    area = word()
    item = word()
    number = word()
    mine = fields.Boolean(load_default=False)
    overdue = fields.Enum(DeadlineKind, by_value=True, load_default=None)
    rung = fields.Enum(Rung, by_value=True, load_default=None)
    whistled = fields.Boolean(load_default=False)


class OfferQuery(PageQuery):
    """Which of my offers."""

    status = _statuses(OfferStatus)


class DemandQuery(PageQuery):
    """Staff: which demands on the board; members: those open to claims, whatever is asked."""

    status = _statuses(DemandStatus)


class AssignmentQuery(PageQuery):
    """Which of my seats."""

    status = _statuses(SeatStatus)


class ItemQuery(PageQuery):
    """Which catalogue items."""

    category = word()


class AreaQuery(PageQuery):
    """Which areas: of a kind, directly below another."""

    kind = word()
    parent = word()


class MemberQuery(PageQuery):
    """Which members in one's care."""

    team = word()
    skill = word()
    external_no = word()
    on_duty = fields.Boolean(load_default=None)


class PictureQuery(Schema):
    """What a picture shows; ``consent`` of a person who is on it: for the record only, or public.

    ``question``: the item's, which it answers.
    """

    class Meta:
        unknown = RAISE

    kind = fields.Enum(PictureKind, by_value=True, required=True)
    shows_person = fields.Boolean(load_default=False)
    consent = fields.Enum(PictureUse, by_value=True, load_default=None)
    question = word()


class RevealPictureBody(Body):
    """Why staff look at a picture, and at which size of it."""

    reason = SafeText(load_default=None, allow_none=True)
    size = fields.Enum(Size, by_value=True, load_default=Size.FULL)


TYPES_SAID = (
    f"类型或开头 / types, or beginnings: {', '.join(beginnings())}, {EVERYTHING}; 全部类型见 / all types: {LISTED_AT}"
)


class ListeningQuery(Schema):
    """What to hear of: some ``types`` (with commas; whole, or ``shiliu.ticket.*``), an ``area``, one order."""

    class Meta:
        unknown = RAISE

    types = DelimitedList(
        SafeText(validate=validate.Length(max=MAX_WORD)),
        load_default=tuple,
        validate=validate.Length(1, MAX_TYPES),
        metadata={"description": f"用逗号隔开 / with commas between: {TYPES_SAID}"},
    )
    area = word()
    ticket = word()


class StreamQuery(ListeningQuery):
    """``last_event_id``: where to go on, for who cannot send the header; the header goes before it."""

    last_event_id = SafeText(load_default=None, validate=validate.Length(1, MAX_PLACE))


class EventsQuery(ListeningQuery):
    """``after`` is the ``next`` of the poll before; ``wait`` so many seconds for something to happen."""

    after = SafeText(load_default=None, validate=validate.Length(1, MAX_PLACE))
    wait = fields.Integer(load_default=25, validate=validate.Range(0, 60))


def values(words: Any) -> tuple[str, ...]:
    """Coded words as they stand in documents."""
    return tuple(word.value for word in words)
