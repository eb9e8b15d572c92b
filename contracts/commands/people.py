"""Commands to tickets about the people it serves: their record, their delegates, their consents, their death."""

from dataclasses import dataclass
from typing import ClassVar

from contracts.languages import Language
from contracts.words import Given, Permit, Purpose


class PeopleCommand:
    """Answered by tickets, which owns the vault of requesters and beneficiaries."""

    SERVICE: ClassVar[str] = "tickets"
    METHOD: ClassVar[str]


@dataclass(frozen=True, kw_only=True)
class RegisterPerson(PeopleCommand):
    """Staff enter somebody who is served; all that names them goes to the vault.

    ``area_id`` is where they live (grid or below; exact place private). ``account_id`` is their own account, if they
    have one. ``minor``: under 18; whatever needs consent needs a guardian's then. ``languages``: what they speak, as
    in ``ChangePerson``. Result: ``{"person_id"}``.
    """

    METHOD: ClassVar[str] = "register_person"
    name: str
    area_id: str
    phone: str | None = None
    address: str | None = None
    form_of_address: str | None = None
    account_id: str | None = None
    minor: bool = False
    languages: tuple[Language, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class ChangePerson(PeopleCommand):
    """Put right what is held: the person their own name, phone, address; staff also the rest.

    What is left out stays; an empty phone, address or form of address is taken out. ``languages``: what they speak,
    so that somebody who speaks it is asked first from their next order on; a delegate who may ``order`` says it too.
    All of them, five at most, none: taken out. Result: ``{"person_id"}``.
    """

    METHOD: ClassVar[str] = "change_person"
    person_id: str
    name: str | None = None
    phone: str | None = None
    address: str | None = None
    form_of_address: str | None = None
    area_id: str | None = None
    account_id: str | None = None
    minor: bool | None = None
    languages: tuple[Language, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class ReadPerson(PeopleCommand):
    """What stands of a person, by ids and codes: for themselves, their delegates, staff there.

    Result: ``{"person_id", "account_id", "area_path", "minor", "deceased", "languages", "delegations": [..]}``; a
    delegation is
    ``{"delegation_id", "person_id", "account_id", "may", "how", "witnessed_by", "given_at", "renew_by", "stands",
    "ended_at", "end"}``. Who is no member of staff and not the person sees their own delegation alone,
    and languages where they may ``order``.
    """

    METHOD: ClassVar[str] = "read_person"
    person_id: str


@dataclass(frozen=True, kw_only=True)
class RevealPerson(PeopleCommand):
    """Who a person is. Each reading but their own is logged; staff give a ``reason``.

    Result: ``{"person_id", "name", "form_of_address", "phone", "address"}``. A delegate who may ``see``
    reads the name, one who may ``see_address`` the rest.
    """

    METHOD: ClassVar[str] = "reveal_person"
    person_id: str
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class GrantDelegation(PeopleCommand):
    """The person lets an account act for them: by their own ``tap``, or by ``signature`` or ``call`` before staff.

    ``how`` left out is the person's own tap, or where staff enter it, a call. So it is in the commands below.
    A second grant to the same account replaces what it may do. ``text_version`` names the text that was read out or
    shown; it goes into the consent ledger. Result: the delegation, as ``ReadPerson`` gives it.
    """

    METHOD: ClassVar[str] = "grant_delegation"
    person_id: str
    account_id: str
    may: tuple[Permit, ...]
    text_version: str
    how: Given | None = None


@dataclass(frozen=True, kw_only=True)
class RenewDelegation(PeopleCommand):
    """For another year; given as a grant is given. Result: the delegation."""

    METHOD: ClassVar[str] = "renew_delegation"
    delegation_id: str
    text_version: str
    how: Given | None = None


@dataclass(frozen=True, kw_only=True)
class EndDelegation(PeopleCommand):
    """One sentence to staff ends it; so does the person's own tap, and the delegate may give it up.

    Result: the delegation.
    """

    METHOD: ClassVar[str] = "end_delegation"
    delegation_id: str


@dataclass(frozen=True, kw_only=True)
class ReadDelegations(PeopleCommand):
    """The actor's own: those given to them and those they gave. Result: ``{"delegations": [..]}``."""

    METHOD: ClassVar[str] = "read_delegations"


@dataclass(frozen=True, kw_only=True)
class ReadDelegateActs(PeopleCommand):
    """Who did what for a person, newest first: for the person, their delegates, staff there.

    Result: ``{"acts": [{"at", "account_id", "action", "ticket_id", "number"}]}``; an order that is hidden from a
    delegate is not in their list.
    """

    METHOD: ClassVar[str] = "read_delegate_acts"
    person_id: str


@dataclass(frozen=True, kw_only=True)
class HideTicket(PeopleCommand):
    """The person (or staff on their word) hides one order from these delegates, or with ``hidden`` false shows it.

    Who is not named is left as they are. Result: ``{"ticket_id", "number", "status"}``.
    """

    METHOD: ClassVar[str] = "hide_ticket"
    ticket_id: str
    account_ids: tuple[str, ...]
    hidden: bool = True


@dataclass(frozen=True, kw_only=True)
class GiveConsent(PeopleCommand):
    """A line in the consent ledger: to which text, for what, how given, before whom.

    For a minor a ``guardian`` gives it (name, private) or ``guardian_account``. ``about`` names one order or picture
    where the consent is for that alone. Result: the consent, as ``ReadConsents`` gives it.
    """

    METHOD: ClassVar[str] = "give_consent"
    person_id: str
    purpose: Purpose
    text_version: str
    how: Given | None = None
    about: str | None = None
    guardian: str | None = None
    guardian_account: str | None = None


@dataclass(frozen=True, kw_only=True)
class WithdrawConsent(PeopleCommand):
    """As easily as it was given; the ledger gets a line, nothing is taken out. Result: the consent."""

    METHOD: ClassVar[str] = "withdraw_consent"
    consent_id: str
    how: Given | None = None


@dataclass(frozen=True, kw_only=True)
class ReadConsents(PeopleCommand):
    """The ledger of one person, newest first: for the person, their guardian, staff there.

    Result: ``{"consents": [{"consent_id", "person_id", "purpose", "text_version", "how", "given_by" ("self" or
    "guardian"), "guardian", "guardian_account", "witnessed_by", "about", "given_at", "withdrawn_at",
    "withdrawn_how", "withdrawal_witnessed_by", "stands"}]}``.
    """

    METHOD: ClassVar[str] = "read_consents"
    person_id: str


@dataclass(frozen=True, kw_only=True)
class MarkDeceased(PeopleCommand):
    """Staff enter a death: open orders end, messages stop, delegations rest. Nobody is told by a machine.

    Result: ``{"person_id", "deceased", "stopped": [ticket ids], "restore_until"}``.
    """

    METHOD: ClassVar[str] = "mark_deceased"
    person_id: str


@dataclass(frozen=True, kw_only=True)
class RestorePerson(PeopleCommand):
    """It was a mistake: a dispatcher takes it back in time. ``stopped`` are the orders that have to be placed again.

    Result as of ``MarkDeceased``.
    """

    METHOD: ClassVar[str] = "restore_person"
    person_id: str


@dataclass(frozen=True, kw_only=True)
class ReadDesk(PeopleCommand):
    """How the actor's community is reached, and by which clock it lives: what is printed on paper for people.

    Result: ``{"name": {"zh", "en"}, "phone", "time_zone"}``.
    """

    METHOD: ClassVar[str] = "read_desk"
