"""All webhooks of a community: for whoever administers the whole of it."""

from dataclasses import replace

from contracts.actor import Role
from tests.builders import an_actor
from tests.services.permissions.people import Case
from tests.services.permissions.row import Row, listed
from tests.services.permissions.rows.webhooks import opened
from tests.services.permissions.town import Town

SECRETARY = an_actor(Role.SECRETARY, account_id="a-secretary-of-hooks")
ONE = "/api/v1/community-webhooks/<endpoint_id>"


def _to_stop(town: Town) -> Case:
    return replace(opened(town), account=None, body={"reason": "密钥泄露"})


def _stopped(town: Town) -> Case:
    case = _to_stop(town)
    town.do(SECRETARY, f"/community-webhooks/{case.found}/stop", case.body)
    return replace(case, body={})


ROWS = (
    listed("GET /api/v1/community-webhooks", opened),
    Row(f"GET {ONE}/attempts", opened),
    Row(f"POST {ONE}/stop", _to_stop),
    Row(f"POST {ONE}/start", _stopped),
)
