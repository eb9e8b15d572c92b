"""Where people are reached, asked of who keeps it at the moment of sending: by notify alone, of several at once.

What is answered is used for one try and then forgotten. No route of the gateway leads here.
"""

from dataclasses import dataclass
from typing import ClassVar

MOST_AT_ONCE = 200
"""Recipients of one call."""


@dataclass(frozen=True, kw_only=True)
class ReadAccountContacts:
    """Of accounts that are not closed. A member's phone is not here.

    Result: ``{"contacts": {account_id: {"phone", "email", "openid"}}}``, each None where there is none; who is not
    known is left out.
    """

    SERVICE: ClassVar[str] = "gateway"
    METHOD: ClassVar[str] = "read_account_contacts"
    account_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ReadMemberContacts:
    """Of members. Result: ``{"contacts": {member_id: {"phone"}}}``; who is not known is left out."""

    SERVICE: ClassVar[str] = "volunteers"
    METHOD: ClassVar[str] = "read_member_contacts"
    member_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ReadPersonContacts:
    """Of people served, who may have no account. ``delegates``: somebody may act for them and is told.

    Result: ``{"contacts": {person_id: {"phone", "account_id", "delegates"}}}``; who is not known, or has died, is left
    out.
    """

    SERVICE: ClassVar[str] = "tickets"
    METHOD: ClassVar[str] = "read_person_contacts"
    person_ids: tuple[str, ...]
