"""Builders of people and their delegations; all invented."""

from datetime import timedelta
from typing import Any

from contracts.events.people import (
    DelegationEnded,
    DelegationGranted,
    DelegationLapsing,
    DelegationRenewed,
    DelegationView,
    PersonDeceased,
    PersonRegistered,
    PersonRestored,
    PersonSnapshot,
)
from contracts.words import DelegationEnd, Permit
from tests.scene import AREA_PATH, COMMUNITY, NOON

PERSON_ID = "01KAJ5ZX000000000000PERS0N"
DELEGATION_ID = f"{PERSON_ID}.d1"


def a_delegation_view(**changes: Any) -> DelegationView:
    """The daughter may order, see and be told for a year."""
    values: dict[str, Any] = {
        "id": DELEGATION_ID,
        "account_id": "a-daughter",
        "may": (Permit.ORDER, Permit.SEE, Permit.BE_TOLD),
        "renew_by": NOON + timedelta(days=365),
        **changes,
    }
    return DelegationView(**values)


def a_person_snapshot(**changes: Any) -> PersonSnapshot:
    """Somebody without an account, whose daughter may act for her."""
    values: dict[str, Any] = {
        "id": PERSON_ID,
        "community_id": COMMUNITY,
        "area_path": AREA_PATH,
        "account_id": None,
        "minor": False,
        "deceased": False,
        "delegations": (a_delegation_view(),),
        **changes,
    }
    return PersonSnapshot(**values)


_GIVEN: dict[str, Any] = {"delegation_id": DELEGATION_ID, "account_id": "a-daughter"}
_UNTIL = NOON + timedelta(days=365)


PERSON_BODIES: tuple[Any, ...] = (
    PersonRegistered(),
    DelegationGranted(**_GIVEN, may=(Permit.ORDER, Permit.SEE, Permit.BE_TOLD), renew_by=_UNTIL),
    DelegationRenewed(**_GIVEN, renew_by=_UNTIL),
    DelegationLapsing(**_GIVEN, renew_by=_UNTIL),
    DelegationEnded(**_GIVEN, reason=DelegationEnd.ENDED),
    PersonDeceased(),
    PersonRestored(),
)
"""One body of every event of a person."""
