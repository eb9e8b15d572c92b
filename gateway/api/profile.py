"""A member's own affairs: what is held of them, a guardian's consent, stopping; a badge that they wish seen."""

from typing import Any

from marshmallow import fields, validate

from contracts.availability import DaysOff, ExtraTime, WeekTime
from contracts.commands.members import (
    ChangeProfile,
    ReadBadge,
    ReadProfile,
    RecordGuardian,
    SetServing,
    WithdrawGuardian,
)
from contracts.events.masters import Point
from contracts.schemas.derive import schema_of
from contracts.schemas.fields import SafeInteger, SafeText, StrictBoolean
from contracts.words import Ability
from gateway.api import profile_schemas as schemas
from gateway.api.answers import NO_STORE, answer
from gateway.api.bodies import Body, body_of, resource
from gateway.api.commanding import ask, patch, perform
from gateway.api.gate import requires
from gateway.api.revisions import IF_MATCH, etag, guarded, if_match
from gateway.identity.permissions import Permission

blueprint = resource("profile", "我的资料 / a member's own record")


class StartBody(Body):
    """Where you set out from: a corner nearby will do. It is kept to about 100 m and shown to nobody."""

    lon = fields.Float(required=True, allow_nan=False, validate=validate.Range(-180, 180))
    lat = fields.Float(required=True, allow_nan=False, validate=validate.Range(-90, 90))
    crs = SafeText(required=True, validate=validate.OneOf(("wgs84",)))


class ProfileBody(Body):
    """What is the member's own to say; what is left out stays, null is no longer held."""

    display_name = SafeText(validate=validate.Length(1, 80))
    phone = SafeText(allow_none=True, validate=validate.Length(3, 32))
    languages = fields.List(SafeText(validate=validate.Length(1, 64)), validate=validate.Length(max=20))
    abilities = fields.List(fields.Enum(Ability, by_value=True), validate=validate.Length(max=len(Ability)))
    capacity = SafeInteger(validate=validate.Range(0, 9))
    party = StrictBoolean(allow_none=True)
    show_party = StrictBoolean()
    show_stars = StrictBoolean()
    share_hours = StrictBoolean()
    start = fields.Nested(StartBody, allow_none=True)
    weekly = fields.List(fields.Nested(schema_of(WeekTime, strict=True)), validate=validate.Length(max=60))
    days_off = fields.List(fields.Nested(schema_of(DaysOff, strict=True)), validate=validate.Length(max=60))
    extra_times = fields.List(fields.Nested(schema_of(ExtraTime, strict=True)), validate=validate.Length(max=60))
    week_capacity = SafeInteger(allow_none=True, validate=validate.Range(0, 50))
    coverage = fields.List(SafeText(validate=validate.Length(1, 64)), validate=validate.Length(max=30))
    radius = SafeInteger(allow_none=True, validate=validate.Range(100, 50_000))


@blueprint.route("/me/profile", methods=["GET"])
@requires(Permission.OWN_PROFILE)
@blueprint.response(200, schemas.PROFILE)
def read_profile() -> Any:
    """All that is held of you as a member; the ETag is wanted when you change it."""
    return _profile()


@blueprint.route("/me/profile", methods=["PATCH"])
@requires(Permission.OWN_PROFILE)
@blueprint.doc(parameters=[IF_MATCH])
@blueprint.arguments(ProfileBody)
@blueprint.response(200, schemas.PROFILE)
def change_profile(body: dict[str, Any]) -> Any:
    """Change what is yours to say; phone, party, start, radius and week_capacity can be null: no longer held.

    ``weekly``, ``days_off``, ``extra_times`` by the clock of your community; ``radius`` in metres from your start.
    """
    forget = tuple(sorted(name for name, value in body.items() if value is None))
    said: dict[str, Any] = {name: value for name, value in body.items() if value is not None}
    said |= {name: tuple(value) for name, value in said.items() if isinstance(value, list)}
    if "start" in said:
        said["start"] = Point(said["start"]["lon"], said["start"]["lat"])
    command = ChangeProfile(revision=if_match(), forget=forget, **said)
    guarded(lambda: patch(command))
    return _profile()


@blueprint.route("/me/service", methods=["POST"])
@requires(Permission.OWN_PROFILE)
@blueprint.arguments(body_of(SetServing))
@blueprint.response(200, schemas.SERVICE)
def set_serving(body: dict[str, Any]) -> Any:
    """Stop serving: offers are answered with not this time, seats given back. Or come back."""
    return answer(perform(SetServing(**body)).result)


@blueprint.route("/members/<member_id>/badge", methods=["GET"])
@requires(Permission.READ_MEMBERS)
@blueprint.response(200, schemas.BADGE)
def read_badge(member_id: str) -> Any:
    """Whether a badge or stars are to be seen: only where the member says so."""
    return answer(ask(ReadBadge(member_id=member_id)).result, headers=NO_STORE)


@blueprint.route("/members/<member_id>/guardian-consents", methods=["POST"])
@requires(Permission.KEEP_GUARDIANS)
@blueprint.arguments(body_of(RecordGuardian, "member_id"))
@blueprint.response(201, schemas.AGREED)
def record_guardian(body: dict[str, Any], member_id: str) -> Any:
    """A minor's guardian agreed, and who goes along: without it nobody under 18 is asked."""
    return answer(perform(RecordGuardian(member_id=member_id, **body)).result, 201, headers=NO_STORE)


@blueprint.route("/members/<member_id>/guardian-consents/withdraw", methods=["POST"])
@requires(Permission.KEEP_GUARDIANS)
@blueprint.arguments(body_of(WithdrawGuardian, "member_id"))
@blueprint.response(200, schemas.AGREED)
def withdraw_guardian(body: dict[str, Any], member_id: str) -> Any:
    """A guardian takes it back: at once the minor's offers end and their seats are free."""
    return answer(perform(WithdrawGuardian(member_id=member_id, **body)).result)


def _profile() -> Any:
    result = ask(ReadProfile()).result
    return answer(result, headers={**etag(result["revision"]), **NO_STORE})
