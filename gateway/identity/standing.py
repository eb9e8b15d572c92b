"""As whom an account stands now, for other services that act for it."""

from typing import Any

from contracts.errors import NotFound
from gateway.identity.identity import Identity
from gateway.identity.permissions import Permission, allowed

NOT_PERMITTED = {"permitted": False}


def standing(identity: Identity, account_id: str, permission: str) -> dict[str, Any]:
    """As of ReadStanding: the roles now, whatever a token that is still good says."""
    account = identity.accounts.by_id(account_id)
    if account is None or account.closed or permission not in set(Permission) or identity.rests.holds(account_id):
        return NOT_PERMITTED
    wanted = Permission(permission)
    if not allowed(account.actor, wanted):
        return NOT_PERMITTED
    if account.machine:
        try:
            client = identity.clients.get(account.community_id, account_id)
        except NotFound:  # closed in this moment
            return NOT_PERMITTED
        if wanted.value not in client.scopes:
            return NOT_PERMITTED
    return {
        "permitted": True,
        "community_id": account.community_id,
        "member_id": account.member_id,
        "grants": [{"role": grant.role.value, "area_id": grant.area_id} for grant in account.grants],
    }
