"""The people served: their record, who acts for them, what they agreed to, and that nothing may go on."""

from collections.abc import Mapping
from typing import Any

from contracts.actor import DISPATCHERS, STAFF
from contracts.commands.people import (
    ChangePerson,
    EndDelegation,
    GiveConsent,
    GrantDelegation,
    HideTicket,
    MarkDeceased,
    ReadConsents,
    ReadDelegateActs,
    ReadDelegations,
    ReadPerson,
    RegisterPerson,
    RenewDelegation,
    RestorePerson,
    RevealPerson,
    WithdrawConsent,
)
from contracts.errors import Invalid, Refused
from contracts.words import Purpose, Text
from gateway.api import people_schemas as schemas
from gateway.api.answers import NO_STORE, answer
from gateway.api.bodies import body_of, resource
from gateway.api.commanding import ask, perform
from gateway.api.desk import actor, desk
from gateway.api.gate import requires
from gateway.api.schemas import TICKET
from gateway.api.tickets import done
from gateway.identity.permissions import Permission
from gateway.views.scope import sees_pictures

_FOR_PICTURES = frozenset({Purpose.PICTURE_RECORD, Purpose.PICTURE_PUBLIC})

blueprint = resource("people", "服务对象、代办、同意 / people served, delegates, consents")


@blueprint.route("/people", methods=["POST"])
@requires(Permission.MANAGE_PEOPLE)
@blueprint.arguments(body_of(RegisterPerson))
@blueprint.response(201, schemas.REGISTERED)
def register(body: dict[str, Any]) -> Any:
    """Enter somebody who is served; all that names them goes to the vault."""
    _check_account(body["account_id"], "account_id")
    _check_colleague(body["account_id"])
    return answer(perform(RegisterPerson(**body)).result, 201)


@blueprint.route("/people/<person_id>", methods=["GET"])
@requires(Permission.READ_PEOPLE)
@blueprint.response(200, schemas.PERSON)
def get_person(person_id: str) -> Any:
    """What stands of a person, by ids and codes; your own account's id means yourself."""
    return answer(ask(ReadPerson(person_id=person_id)).result)


@blueprint.route("/people/<person_id>/details", methods=["POST"])
@requires(Permission.CHANGE_PEOPLE)
@blueprint.arguments(body_of(ChangePerson, "person_id"))
@blueprint.response(200, schemas.REGISTERED)
def change_person(body: dict[str, Any], person_id: str) -> Any:
    """Put right what is held of a person: yourself, or as staff.

    ``languages``: who speaks one of them is asked first from the next order on; a delegate who may order says it too.
    """
    _check_account(body["account_id"], "account_id")
    _check_colleague(body["account_id"])
    return answer(perform(ChangePerson(person_id=person_id, **body)).result)


@blueprint.route("/people/<person_id>/reveals", methods=["POST"])
@requires(Permission.READ_PEOPLE)
@blueprint.arguments(body_of(RevealPerson, "person_id"))
@blueprint.response(200, schemas.WHO)
def reveal_person(body: dict[str, Any], person_id: str) -> Any:
    """Name, phone, address. Logged; staff give a reason."""
    return answer(perform(RevealPerson(person_id=person_id, **body)).result, headers=NO_STORE)


@blueprint.route("/people/<person_id>/acts", methods=["GET"])
@requires(Permission.READ_PEOPLE)
@blueprint.response(200, schemas.ACTS)
def list_acts(person_id: str) -> Any:
    """Who did what for a person."""
    return answer(ask(ReadDelegateActs(person_id=person_id)).result)


@blueprint.route("/people/<person_id>/consents", methods=["GET"])
@requires(Permission.READ_PEOPLE)
@blueprint.response(200, schemas.CONSENTS)
def list_consents(person_id: str) -> Any:
    """What a person agreed to, and what they took back."""
    return answer(ask(ReadConsents(person_id=person_id)).result, headers=NO_STORE)


@blueprint.route("/people/<person_id>/deceased", methods=["POST"])
@requires(Permission.MANAGE_PEOPLE)
@blueprint.arguments(body_of(MarkDeceased, "person_id"))
@blueprint.response(200, schemas.FATE)
def mark_deceased(body: dict[str, Any], person_id: str) -> Any:
    """The person has died: what runs for them stops at once, and nobody is told by a machine.

    Nobody signs in with their own account any more; as a member they are asked for nothing, their seats are free.
    """
    _check_colleague(desk().identity.rests.account_of(person_id))
    return answer(perform(MarkDeceased(person_id=person_id, **body)).result)


@blueprint.route("/people/<person_id>/restore", methods=["POST"])
@requires(Permission.RESTORE_PEOPLE)
@blueprint.arguments(body_of(RestorePerson, "person_id"))
@blueprint.response(200, schemas.FATE)
def restore(body: dict[str, Any], person_id: str) -> Any:
    """It was entered by mistake; what was stopped has to be ordered again."""
    return answer(perform(RestorePerson(person_id=person_id, **body)).result)


@blueprint.route("/delegations", methods=["GET"])
@requires(Permission.READ_SELF)
@blueprint.response(200, schemas.DELEGATIONS)
def list_delegations() -> Any:
    """For whom you may act, and whom you let act for you."""
    return answer(ask(ReadDelegations()).result)


@blueprint.route("/delegations", methods=["POST"])
@requires(Permission.GIVE_CONSENTS)
@blueprint.arguments(body_of(GrantDelegation))
@blueprint.response(201, schemas.DELEGATION)
def grant(body: dict[str, Any]) -> Any:
    """Let an account act for you; staff enter what was signed or said on the phone."""
    _check_account(body["account_id"], "account_id")
    return answer(perform(GrantDelegation(**body)).result, 201)


@blueprint.route("/delegations/<delegation_id>/renew", methods=["POST"])
@requires(Permission.GIVE_CONSENTS)
@blueprint.arguments(body_of(RenewDelegation, "delegation_id"))
@blueprint.response(200, schemas.DELEGATION)
def renew(body: dict[str, Any], delegation_id: str) -> Any:
    """For another year."""
    return answer(perform(RenewDelegation(delegation_id=delegation_id, **body)).result)


@blueprint.route("/delegations/<delegation_id>/end", methods=["POST"])
@requires(Permission.GIVE_CONSENTS)
@blueprint.arguments(body_of(EndDelegation, "delegation_id"))
@blueprint.response(200, schemas.DELEGATION)
def end(body: dict[str, Any], delegation_id: str) -> Any:
    """It is over: by whom it was given, by staff on their word, or given up by who holds it."""
    return answer(perform(EndDelegation(delegation_id=delegation_id, **body)).result)


@blueprint.route("/consents", methods=["POST"])
@requires(Permission.GIVE_CONSENTS)
@blueprint.arguments(body_of(GiveConsent))
@blueprint.response(201, schemas.CONSENT)
def give(body: dict[str, Any]) -> Any:
    """A line in the consent ledger."""
    _check_account(body["guardian_account"], "guardian_account")
    return answer(perform(GiveConsent(**body)).result, 201, NO_STORE)


@blueprint.route("/consents/<consent_id>/withdraw", methods=["POST"])
@requires(Permission.GIVE_CONSENTS)
@blueprint.arguments(body_of(WithdrawConsent, "consent_id"))
@blueprint.response(200, schemas.CONSENT)
def withdraw(body: dict[str, Any], consent_id: str) -> Any:
    """Take it back, as easily as it was given. A picture that it was for is taken away."""
    consent = perform(WithdrawConsent(consent_id=consent_id, **body)).result
    if consent.get("purpose") in _FOR_PICTURES and consent.get("about"):
        _take_away(consent)
    return answer(consent, headers=NO_STORE)


def _take_away(consent: Mapping[str, Any]) -> None:
    """The picture, where it is of an order of theirs or the actor may see it: a consent names its picture freely."""
    who = actor()
    row = desk().pictures.showing_person(who.community_id, consent["about"])
    if row is None:
        return
    doc = desk().tickets.get(who, row["ticket_id"])
    if row["subject"] == consent.get("person_id") or (doc is not None and sees_pictures(who, doc)):
        desk().pictures.remove(row, who.account_id)


@blueprint.route("/tickets/<ticket_id>/hide", methods=["POST"])
@requires(Permission.HIDE_TICKETS)
@blueprint.arguments(body_of(HideTicket, "ticket_id"))
@blueprint.response(200, TICKET)
def hide(body: dict[str, Any], ticket_id: str) -> Any:
    """Keep one order from some who act for you, or show it to them again."""
    return done(HideTicket(ticket_id=ticket_id, **body))


def _check_account(account_id: str | None, field: str) -> None:
    """Nobody's account would be told, and asked, and never answer."""
    if account_id is None:
        return
    account = desk().accounts.by_id(account_id)
    if account is None or account.community_id != actor().community_id:
        raise Invalid("no-such-account", Text("没有这个账号", "there is no such account"), field)


def _check_colleague(account_id: str | None) -> None:
    """Whose account rests when its person dies is for dispatchers to say where it is a colleague's: no officer shuts
    another out, by mistake or on purpose."""
    account = None if account_id is None else desk().accounts.by_id(account_id)
    if account is None or not account.actor.has(STAFF):
        return
    if not any(grant.role in DISPATCHERS and grant.area_id is None for grant in actor().grants):
        sentence = Text(
            "同事的账号由社区调度来登记", "a colleague's account is for a dispatcher of the whole community"
        )
        raise Refused("dispatchers-only", sentence, "account_id")
