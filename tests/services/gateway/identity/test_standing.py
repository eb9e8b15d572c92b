"""As whom an account stands now, for services that act for it: its roles at this moment, whatever its tokens say."""

from typing import Any

import pytest

from contracts.actor import Role
from contracts.commands import Call
from contracts.commands.accounts import ReadStanding
from contracts.errors import Refused
from gateway.identity.standing import standing
from gateway.rpc import GatewayRpc
from tests.builders import a_meta, an_actor
from tests.services.gateway.api import Api
from tests.services.gateway.identity.conftest import ADMIN

KEEPS = "keep_webhooks"
NOT = {"permitted": False}


@pytest.fixture
def identity(api: Api) -> Any:
    return api.client.application.extensions["shiliu"].identity


def opened(api: Api, role: str) -> str:
    body = {"login": f"{role}-1", "password": "longer-than-most-7", "roles": [{"role": role, "area_id": None}]}
    return str(api.post(ADMIN, "/accounts", body, 201)["id"])


def test_whoever_has_the_role_stands_with_their_grants(api: Api, identity: Any) -> None:
    told = standing(identity, opened(api, "dispatcher"), KEEPS)
    assert told["permitted"] is True
    assert told["grants"] == [{"role": "dispatcher", "area_id": None}]
    assert told["community_id"] == ADMIN.community_id


def test_whoever_lacks_it_or_is_gone_does_not(api: Api, identity: Any, db: Any) -> None:
    resident, officer = opened(api, "resident"), opened(api, "duty")
    assert standing(identity, resident, KEEPS) == NOT
    assert standing(identity, "nobody", KEEPS) == NOT
    assert standing(identity, officer, "no_such_permission") == NOT
    assert standing(identity, officer, KEEPS)["permitted"] is True
    db["people"].insert_one({"_id": "p", "person": {"account_id": officer, "deceased": True}})
    assert standing(identity, officer, KEEPS) == NOT
    db["people"].delete_many({})
    identity.close(officer)
    assert standing(identity, officer, KEEPS) == NOT


def test_a_client_stands_within_its_scopes(api: Api, identity: Any) -> None:
    for scopes, permitted in ((["read_masters"], False), (["read_masters", KEEPS], True)):
        client = api.post(ADMIN, "/clients", {"name": "board", "scopes": scopes}, 201)
        assert standing(identity, client["id"], KEEPS)["permitted"] is permitted
        identity.close(client["id"])
        assert standing(identity, client["id"], KEEPS) == NOT


def test_only_the_platform_itself_may_ask() -> None:
    with pytest.raises(Refused):
        GatewayRpc().read_standing(Call(ReadStanding(account_id="a", permission=KEEPS), a_meta(an_actor(Role.ADMIN))))
