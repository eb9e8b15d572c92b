"""What tickets tells the others about a person served: who may act for them, and that nothing may go on.

Ids and codes only: who somebody is stays in the vault. The person and their orders are never told in one event.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from contracts.words import DelegationEnd, Permit


@dataclass(frozen=True, kw_only=True)
class DelegationView:
    """One standing delegation: which account may do what for the person, until when unless it is renewed."""

    id: str
    account_id: str
    may: tuple[Permit, ...]
    renew_by: datetime


@dataclass(frozen=True, kw_only=True)
class PersonSnapshot:
    """A person's rights after the command that led to the event.

    ``account_id`` is the person's own account, if they have one. ``delegations`` are those that stand; none does while
    ``deceased``. ``area_path`` runs from the root to the grid and is empty where nobody has said it.
    """

    id: str
    community_id: str
    area_path: tuple[str, ...]
    account_id: str | None
    minor: bool
    deceased: bool
    delegations: tuple[DelegationView, ...]


class PersonEvent:
    """Marks the events of one aggregate: the person."""

    AGGREGATE: ClassVar[str] = "person"
    SOURCE: ClassVar[str] = "/shiliu/tickets"
    SNAPSHOT: ClassVar[type] = PersonSnapshot
    TYPE: ClassVar[str]


@dataclass(frozen=True, kw_only=True)
class PersonRegistered(PersonEvent):
    """Staff entered somebody who is served, or what is known of them changed."""

    TYPE: ClassVar[str] = "shiliu.person.registered.v1"


@dataclass(frozen=True, kw_only=True)
class DelegationGranted(PersonEvent):
    """An account may act for the person from now on, or may do other things than before."""

    TYPE: ClassVar[str] = "shiliu.person.delegation_granted.v1"
    delegation_id: str
    account_id: str
    may: tuple[Permit, ...]
    renew_by: datetime


@dataclass(frozen=True, kw_only=True)
class DelegationRenewed(PersonEvent):
    """The person was asked again and said yes."""

    TYPE: ClassVar[str] = "shiliu.person.delegation_renewed.v1"
    delegation_id: str
    account_id: str
    renew_by: datetime


@dataclass(frozen=True, kw_only=True)
class DelegationLapsing(PersonEvent):
    """The year is nearly over: without a renewal by ``renew_by`` the delegation ends by itself."""

    TYPE: ClassVar[str] = "shiliu.person.delegation_lapsing.v1"
    delegation_id: str
    account_id: str
    renew_by: datetime


@dataclass(frozen=True, kw_only=True)
class DelegationEnded(PersonEvent):
    """An account may not act for the person any more."""

    TYPE: ClassVar[str] = "shiliu.person.delegation_ended.v1"
    delegation_id: str
    account_id: str
    reason: DelegationEnd


@dataclass(frozen=True, kw_only=True)
class PersonDeceased(PersonEvent):
    """The person has died: whatever runs for them stops at once, and nobody of theirs is told by a machine."""

    TYPE: ClassVar[str] = "shiliu.person.deceased.v1"


@dataclass(frozen=True, kw_only=True)
class PersonRestored(PersonEvent):
    """It was entered by mistake: the person can be served again; what was stopped stays stopped."""

    TYPE: ClassVar[str] = "shiliu.person.restored.v1"


PERSON_EVENTS: tuple[type[PersonEvent], ...] = (
    PersonRegistered,
    DelegationGranted,
    DelegationRenewed,
    DelegationLapsing,
    DelegationEnded,
    PersonDeceased,
    PersonRestored,
)
