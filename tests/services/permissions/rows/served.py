"""The people served: their record, who acts for them, what they agreed to."""

from dataclasses import replace

from contracts.actor import Role
from tests.builders import an_actor
from tests.services.permissions.people import DISPATCHER, PLACE, Case
from tests.services.permissions.row import Row, listed
from tests.services.permissions.rows.orders import placed
from tests.services.permissions.town import Town

ONE = "/api/v1/people/<person_id>"
GRANT = {"may": ["see", "be_told"], "text_version": "delegate-1"}
CARE = {"purpose": "care_list", "text_version": "care-1"}


def _newcomer(town: Town) -> Case:
    return Case(body={"name": "陈奶奶", "area_id": PLACE, "phone": "000-1"})


def somebody_served(town: Town) -> Case:
    """Somebody with an account of their own, entered by staff."""
    own = town.account(an_actor(Role.RESIDENT, account_id=f"a-p{town.number()}")).account_id
    entered = {"name": "陈奶奶", "area_id": PLACE, "phone": "000-1", "account_id": own}
    person_id = town.do(DISPATCHER, "/people", entered)["person_id"]
    return Case(path={"person_id": person_id}, account=own, body={})


def _daughter(town: Town) -> str:
    return town.account(an_actor(Role.RESIDENT, account_id=f"a-d{town.number()}")).account_id


def _wish_to_grant(town: Town) -> Case:
    case = somebody_served(town)
    return replace(case, body={**GRANT, "person_id": case.path["person_id"], "account_id": _daughter(town)})


def _granted(town: Town) -> Case:
    case = _wish_to_grant(town)
    delegation = town.do(DISPATCHER, "/delegations", case.body)["delegation_id"]
    return replace(case, path={"delegation_id": delegation}, body={"text_version": "delegate-1"}, found=delegation)


def _ending(town: Town) -> Case:
    return replace(_granted(town), body={})


def _wish_to_consent(town: Town) -> Case:
    case = somebody_served(town)
    return replace(case, body={**CARE, "person_id": case.path["person_id"]})


def _consented(town: Town) -> Case:
    case = _wish_to_consent(town)
    consent = town.do(DISPATCHER, "/consents", case.body)["consent_id"]
    return replace(case, path={"consent_id": consent}, body={})


def _dead(town: Town) -> Case:
    case = somebody_served(town)
    town.do(DISPATCHER, f"/people/{case.path['person_id']}/deceased", {})
    return replace(case, account=None)  # theirs has ended with them: nobody asks with it


def _own_order(town: Town) -> Case:
    return replace(placed(town), body={"account_ids": [_daughter(town)]})


def _asked_why(town: Town) -> Case:
    return replace(somebody_served(town), body={"reason": "上门前核对"})


ROWS = (
    Row("POST /api/v1/people", _newcomer, outside=403),
    Row(f"GET {ONE}", somebody_served),
    Row(f"POST {ONE}/reveals", _asked_why),
    Row(f"POST {ONE}/details", lambda town: replace(somebody_served(town), body={"phone": "000-2"})),
    Row(f"GET {ONE}/acts", somebody_served),
    Row(f"GET {ONE}/consents", somebody_served),
    Row(f"POST {ONE}/deceased", somebody_served),
    Row(f"POST {ONE}/restore", _dead),
    listed("GET /api/v1/delegations", _granted, "delegations", "delegation_id"),
    Row("POST /api/v1/delegations", _wish_to_grant),
    Row("POST /api/v1/delegations/<delegation_id>/renew", _granted),
    Row("POST /api/v1/delegations/<delegation_id>/end", _ending),
    Row("POST /api/v1/consents", _wish_to_consent),
    Row("POST /api/v1/consents/<consent_id>/withdraw", _consented),
    Row("POST /api/v1/tickets/<ticket_id>/hide", _own_order),
)
