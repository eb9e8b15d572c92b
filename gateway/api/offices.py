"""The office of an account, for those who are not told which account it is."""

from collections.abc import Mapping
from typing import Any

from contracts.actor import Actor
from gateway.api.desk import actor, desk
from gateway.identity.accounts import Account
from gateway.views import present
from gateway.views.offices import office as named_office
from gateway.views.timeline import Office

Document = dict[str, Any]


def area_name(area_id: str) -> Mapping[str, Any] | None:
    """The name of an area of the actor's community, in both languages."""
    doc = desk().masters.get(actor(), "areas", area_id)
    name: Mapping[str, Any] | None = None if doc is None else doc["area"]["name"]
    return name


def office_of(account: Account | None) -> Mapping[str, str] | None:
    """What staff are and where; None for who is none, or is gone."""
    found = None if account is None else named_office(account.grants, area_name)
    return None if found is None else {"zh": found.zh, "en": found.en}


def office_by_id(account_id: str) -> Mapping[str, str] | None:
    """The same, of an account by its id."""
    return office_of(desk().accounts.by_id(account_id))


def shown(doc: Mapping[str, Any], who: Actor, office: Office = office_by_id) -> Document:
    """One order as *who* is shown it; who owns it at the counter is for others than staff an *office*, looked up."""
    ticket = present.ticket(doc, who)
    owner = doc.get("ticket", {}).get("owner")
    if owner is not None and ticket["owner"] is None:
        ticket["owner_office"] = office(owner)
    return ticket
