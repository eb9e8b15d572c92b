"""What the routes of signing in take."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from contracts.schemas.fields import SafeText, StrictBoolean
from contracts.words import CodePurpose
from gateway.api.bodies import MAX_LOGIN, MAX_PASSWORD, MIN_PASSWORD, PHONE_NUMBER, Body
from gateway.identity.permissions import Permission

MAX_TOKEN = 2_000
LONGEST_OVERLAP = 24 * 31
TO_COME_IN = (CodePurpose.SIGN_IN, CodePurpose.ACTIVATE, CodePurpose.RESET)
"""What anybody may ask a code for; an address is confirmed by who is in."""
_LOCALE = validate.OneOf(("zh-CN", "en"))


def new_password() -> Any:
    """A password that somebody chooses."""
    return SafeText(required=True, validate=validate.Length(MIN_PASSWORD, MAX_PASSWORD))


class WithCookie(Body):
    """``cookie``: the refresh token comes as a cookie that scripts cannot read, for browsers."""

    cookie = StrictBoolean(load_default=False)


class SignInBody(WithCookie):
    """Who, and the proof."""

    login = SafeText(required=True, validate=validate.Length(1, MAX_LOGIN))
    password = SafeText(required=True, validate=validate.Length(1, MAX_PASSWORD))


class CodeBody(Body):
    """For whom (one of login, phone, member_no with community_id), and for what a code is wanted."""

    purpose = fields.Enum(CodePurpose, by_value=True, required=True, validate=validate.OneOf(TO_COME_IN))
    login = SafeText(load_default=None, validate=validate.Length(1, MAX_LOGIN))
    phone = SafeText(load_default=None, validate=PHONE_NUMBER)
    member_no = SafeText(load_default=None, validate=validate.Length(1, MAX_LOGIN))
    community_id = SafeText(load_default=None, validate=validate.Length(1, MAX_LOGIN))
    locale = SafeText(load_default="zh-CN", validate=_LOCALE)

    @validates_schema
    def _one_way(self, data: dict[str, Any], **_: Any) -> None:
        given = [name for name in ("login", "phone", "member_no") if data.get(name) is not None]
        if len(given) != 1:
            raise ValidationError("登录名、电话、成员编号只填一个 / one of login, phone, member_no", "login")
        if (data.get("member_no") is None) != (data.get("community_id") is None):
            raise ValidationError("成员编号要写明社区 / a member_no needs its community_id", "community_id")


class ProvenBody(WithCookie):
    """The code that came, with the id under which it was asked for."""

    code_id = SafeText(required=True, validate=validate.Length(1, 64))
    code = SafeText(required=True, validate=validate.Regexp(r"^[0-9]{6}$"))


class ActivationBody(ProvenBody):
    """A pending account becomes its owner's: with a login and a password, or by codes alone."""

    login = SafeText(load_default=None, validate=validate.Length(2, MAX_LOGIN))
    password = SafeText(load_default=None, validate=validate.Length(MIN_PASSWORD, MAX_PASSWORD))

    @validates_schema
    def _both(self, data: dict[str, Any], **_: Any) -> None:
        if (data.get("login") is None) != (data.get("password") is None):
            raise ValidationError("登录名和密码要一起设 / a login and a password go together", "password")


class ResetBody(ProvenBody):
    """A new password for one that was forgotten; with a login where the account has none yet."""

    password = new_password()
    login = SafeText(load_default=None, validate=validate.Length(2, MAX_LOGIN))


class PhoneBody(Body):
    """Where one-time codes go from now on; null: nowhere."""

    phone = SafeText(required=True, allow_none=True, validate=PHONE_NUMBER)


class OwnPhoneBody(PhoneBody):
    """The same, by its owner."""

    password = SafeText(required=True, validate=validate.Length(1, MAX_PASSWORD))


class PasswordBody(WithCookie):
    """A new password for one that is known."""

    old_password = SafeText(required=True, validate=validate.Length(1, MAX_PASSWORD))
    password = new_password()


class RefreshBody(Body):
    """The refresh token, where it is not in the cookie."""

    refresh_token = SafeText(load_default=None, validate=validate.Length(1, MAX_TOKEN))


class ClientSignInBody(Body):
    """An API client and its secret."""

    client_id = SafeText(required=True, validate=validate.Length(1, 64))
    client_secret = SafeText(required=True, validate=validate.Length(1, 200))


class ClientBody(Body):
    """A new API client: a coded name, what it may do (permissions), and where (areas; none: the whole community).

    ``shows_maps``: its points come from a map (a mini-program, a map vendor): it has to say in which system they are.
    ``upstream`` is the system that it speaks for (12345), where it is one that passes orders on to us.
    """

    name = SafeText(required=True, validate=validate.Regexp(r"^[a-z0-9][a-z0-9\-]{1,39}$"))
    scopes = fields.List(
        fields.Enum(Permission, by_value=True), required=True, validate=validate.Length(min=1, max=len(Permission))
    )
    areas = fields.List(SafeText(validate=validate.Length(1, 64)), load_default=list, validate=validate.Length(max=20))
    shows_maps = StrictBoolean(load_default=False)
    upstream = SafeText(load_default=None, allow_none=True, validate=validate.Regexp(r"^[a-z0-9][a-z0-9\-]{0,39}$"))


class SecretBody(Body):
    """A further secret; those before it are good for so many hours more."""

    overlap_hours = fields.Float(load_default=24.0, allow_nan=False, validate=validate.Range(0, LONGEST_OVERLAP))
