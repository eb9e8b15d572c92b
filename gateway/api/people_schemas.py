"""What answers about the people served hold."""

from marshmallow import Schema, fields

from contracts.languages import Language
from contracts.schemas.fields import SafeText, UtcTime
from contracts.words import DelegationEnd, Given, Permit, Purpose
from gateway.api.schemas import shape


def _text() -> SafeText:
    return SafeText(required=True)


def _text_or_null() -> SafeText:
    return SafeText(required=True, allow_none=True)


def _texts() -> "fields.List[str]":
    return fields.List(SafeText(), required=True)


def _flag() -> fields.Boolean:
    return fields.Boolean(required=True)


def _moment_or_null() -> UtcTime:
    return UtcTime(required=True, allow_none=True)


DELEGATION: Schema = shape(
    "Delegation",
    delegation_id=_text(),
    person_id=_text(),
    account_id=_text(),
    may=fields.List(fields.Enum(Permit, by_value=True), required=True),
    how=fields.Enum(Given, by_value=True, required=True),
    witnessed_by=_text_or_null(),
    given_at=UtcTime(required=True),
    renew_by=UtcTime(required=True),
    stands=_flag(),
    ended_at=_moment_or_null(),
    end=fields.Enum(DelegationEnd, by_value=True, required=True, allow_none=True),
)
DELEGATIONS: Schema = shape("Delegations", delegations=fields.List(fields.Nested(DELEGATION), required=True))
REGISTERED: Schema = shape("RegisteredPerson", person_id=_text())
PERSON: Schema = shape(
    "Person",
    person_id=_text(),
    account_id=_text_or_null(),
    area_path=_texts(),
    minor=_flag(),
    deceased=_flag(),
    languages=fields.List(fields.Enum(Language, by_value=True), required=True),
    delegations=fields.List(fields.Nested(DELEGATION), required=True),
)
WHO: Schema = shape(
    "PersonRevealed",
    person_id=_text(),
    name=_text_or_null(),
    form_of_address=_text_or_null(),
    phone=_text_or_null(),
    address=_text_or_null(),
)
ACTS: Schema = shape(
    "DelegateActs",
    acts=fields.List(
        fields.Nested(
            shape(
                "DelegateAct",
                at=UtcTime(required=True),
                account_id=_text(),
                action=_text(),
                ticket_id=_text(),
                number=_text(),
            )
        ),
        required=True,
    ),
)
FATE: Schema = shape(
    "PersonFate", person_id=_text(), deceased=_flag(), stopped=_texts(), restore_until=_moment_or_null()
)
CONSENT: Schema = shape(
    "Consent",
    consent_id=_text(),
    person_id=_text(),
    purpose=fields.Enum(Purpose, by_value=True, required=True),
    text_version=_text(),
    how=fields.Enum(Given, by_value=True, required=True),
    given_by=_text(),
    guardian=_text_or_null(),
    guardian_account=_text_or_null(),
    witnessed_by=_text_or_null(),
    about=_text_or_null(),
    given_at=UtcTime(required=True),
    withdrawn_at=_moment_or_null(),
    withdrawn_how=fields.Enum(Given, by_value=True, required=True, allow_none=True),
    withdrawal_witnessed_by=_text_or_null(),
    stands=_flag(),
)
CONSENTS: Schema = shape("Consents", consents=fields.List(fields.Nested(CONSENT), required=True))
