"""What somebody wants to be told, how and when: their own, or said to staff who enter it."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from contracts.actor import STAFF
from contracts.commands.people import ReadPerson
from contracts.commands.preferences import ChangePreferences, ReadPreferences
from contracts.notices import Every, Gathered, Quiet, QuietMode, Switch, Way
from contracts.schemas.derive import schema_of
from contracts.schemas.fields import SafeText, UtcTime
from gateway.api import schemas
from gateway.api.answers import NO_STORE, answer
from gateway.api.bodies import Body, resource
from gateway.api.commanding import ask, not_found, patch
from gateway.api.desk import actor, desk
from gateway.api.gate import requires
from gateway.api.revisions import IF_MATCH, etag, guarded, if_match
from gateway.identity.permissions import Permission

blueprint = resource("preferences", "通知设置 / what you want to be told")

MOST = 64
"""Switches in one request: every category by every way, twice."""


class PreferencesBody(Body):
    """What is left out stays; ``language`` null: whatever the community speaks."""

    language = SafeText(allow_none=True, validate=validate.Length(2, 35))
    ways = fields.List(fields.Enum(Way, by_value=True), validate=validate.Length(1, len(Way)))
    switches = fields.List(fields.Nested(schema_of(Switch, strict=True)), validate=validate.Length(max=MOST))
    digests = fields.List(fields.Nested(schema_of(Gathered, strict=True)), validate=validate.Length(max=MOST))
    followed = fields.List(fields.Enum(Way, by_value=True), validate=validate.Length(max=len(Way)))
    digest_at = SafeText(validate=validate.Length(5, 5, error="需要像 18:00 的时间 / a time like 18:00 is needed"))
    quiet = fields.Nested(schema_of(Quiet, strict=True))


def _text_or_null() -> Any:
    return SafeText(required=True, allow_none=True)


def _ways() -> Any:
    return fields.List(fields.Enum(Way, by_value=True), required=True)


PREFERENCES = schemas.shape(
    "Preferences",
    language=_text_or_null(),
    ways=_ways(),
    categories=fields.List(
        fields.Nested(
            schemas.shape(
                "CategoryWish",
                category=SafeText(required=True),
                mutable=fields.Boolean(required=True),
                off=_ways(),
                every=fields.Enum(Every, by_value=True, required=True),
            )
        ),
        required=True,
    ),
    quiet=fields.Nested(
        schemas.shape(
            "QuietHours",
            mode=fields.Enum(QuietMode, by_value=True, required=True),
            start=_text_or_null(),
            end=_text_or_null(),
            end_days_off=_text_or_null(),
            time_zone=SafeText(required=True),
        ),
        required=True,
    ),
    followed=_ways(),
    digest_at=SafeText(required=True),
    changes=fields.List(
        fields.Nested(
            schemas.shape(
                "PreferencesChange",
                at=UtcTime(required=True),
                by=SafeText(required=True),
                staff=fields.Boolean(required=True),
            )
        ),
        required=True,
    ),
    revision=SafeText(required=True),
)


@blueprint.route("/me/preferences", methods=["GET"])
@requires(Permission.OWN_WISHES)
@blueprint.response(200, PREFERENCES)
def read_own() -> Any:
    """What you want to be told; the ETag is wanted when you change it."""
    return _read(None)


@blueprint.route("/me/preferences", methods=["PATCH"])
@requires(Permission.OWN_WISHES)
@blueprint.doc(parameters=[IF_MATCH])
@blueprint.arguments(PreferencesBody)
@blueprint.response(200, PREFERENCES)
def change_own(body: dict[str, Any]) -> Any:
    """Language, order of ways, what comes which way, digests, quiet hours. alarm and account always come.

    ``followed``: by these ways what you follow or subscribed to comes out of the platform, too; none: your inbox alone.

    Times are by your community's clocks. Danger comes through quiet hours; what is not urgent waits for their end.
    """
    return _change(None, body)


@blueprint.route("/people/<person_id>/preferences", methods=["GET"])
@requires(Permission.KEEP_WISHES)
@blueprint.response(200, PREFERENCES)
def read_persons(person_id: str) -> Any:
    """What somebody wants who is served, as they said."""
    return _read(_person(person_id))


@blueprint.route("/people/<person_id>/preferences", methods=["PATCH"])
@requires(Permission.KEEP_WISHES)
@blueprint.doc(parameters=[IF_MATCH])
@blueprint.arguments(PreferencesBody)
@blueprint.response(200, PREFERENCES)
def change_persons(body: dict[str, Any], person_id: str) -> Any:
    """Staff enter what somebody said who uses no app; who entered it, and when, stands with it."""
    return _change(_person(person_id), body)


@blueprint.route("/members/<member_id>/preferences", methods=["GET"])
@requires(Permission.KEEP_WISHES)
@blueprint.response(200, PREFERENCES)
def read_members(member_id: str) -> Any:
    """What a member wants to be told."""
    return _read(_member(member_id))


@blueprint.route("/members/<member_id>/preferences", methods=["PATCH"])
@requires(Permission.KEEP_WISHES)
@blueprint.doc(parameters=[IF_MATCH])
@blueprint.arguments(PreferencesBody)
@blueprint.response(200, PREFERENCES)
def change_members(body: dict[str, Any], member_id: str) -> Any:
    """Staff enter what a member said who uses no app; who entered it, and when, stands with it."""
    return _change(_member(member_id), body)


def _person(person_id: str) -> str:
    """Whose preferences a person's are: their account's, where they have one. Raises NotFound outside one's areas."""
    person = ask(ReadPerson(person_id=person_id)).result
    if not actor().has(STAFF, person["area_path"]):
        raise not_found()
    return f"person:{person['person_id']}" if person["account_id"] is None else f"account:{person['account_id']}"


def _member(member_id: str) -> str:
    if desk().masters.member(actor(), member_id) is None:
        raise not_found()
    return f"member:{member_id}"


def _read(whose: str | None) -> Any:
    return _shown(ask(ReadPreferences(whose=whose)).result)


def _change(whose: str | None, body: dict[str, Any]) -> Any:
    forget = ("language",) if "language" in body and body["language"] is None else ()
    said: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in body.items()}
    command = ChangePreferences(revision=if_match(), whose=whose, forget=forget, **said)
    return _shown(guarded(lambda: patch(command)).result)


def _shown(result: Mapping[str, Any]) -> Any:
    return answer(result, headers={**etag(result["revision"]), **NO_STORE})
