"""Opening accounts: staff give roles within their own."""

from collections.abc import Iterable
from typing import Any

from chassis.ids import derived_id
from contracts.actor import Grant, Role
from contracts.errors import Invalid, Refused
from contracts.words import Text
from gateway.api import schemas
from gateway.api.answers import answer
from gateway.api.bodies import AccountBody, resource
from gateway.api.commanding import local_command
from gateway.api.desk import actor, desk
from gateway.api.gate import requires
from gateway.identity.accounts import ROLES, Account, NewAccount
from gateway.identity.permissions import Permission, may_give

blueprint = resource("accounts", "账号 / accounts")


def show(account: Account) -> dict[str, Any]:
    """An account as its owner and staff see it."""
    return {
        "id": account.id,
        "community_id": account.community_id,
        "login": account.login,
        "member_id": account.member_id,
        "display_name": account.display_name,
        "roles": [{"role": grant.role.value, "area_id": grant.area_id} for grant in account.grants],
    }


@blueprint.route("/accounts", methods=["POST"])
@requires(Permission.CREATE_ACCOUNTS)
@blueprint.arguments(AccountBody)
@blueprint.response(201, schemas.ACCOUNT)
def open_account(body: dict[str, Any]) -> Any:
    """Open an account. Without a password nobody signs in with one; an operator can still mint a token for it."""
    grants = tuple(Grant(grant["role"], grant["area_id"]) for grant in body["roles"])
    _check_roles(grants)
    member_id = body["member_id"]
    if member_id is not None:
        _check_roles(_of_member(member_id))
    command = local_command()
    password = body["password"]
    opened = desk().accounts.open(
        NewAccount(
            community_id=actor().community_id,
            login=body["login"],
            grants=grants,
            password=None if password is None else desk().passwords.hash(password),
            member_id=member_id,
            command=command,
            id=None if command is None else derived_id(command[0]),
        )
    )
    return answer(show(opened), 201)


def _of_member(member_id: str) -> Iterable[Grant]:
    """What the member's account carries already: whoever sets its password could sign in with all of it."""
    doc = desk().masters.member(actor(), member_id)
    if doc is None:
        raise Invalid("no-such-member", Text("没有这位成员", "there is no such member"), "member_id")
    return [Grant(Role(role)) for role in doc["member"]["roles"] if role in ROLES]


def _check_roles(grants: Iterable[Grant]) -> None:
    for grant in grants:
        path = None if grant.area_id is None else desk().masters.area_path(actor(), grant.area_id)
        if grant.area_id is not None and path is None:
            raise Invalid("no-such-area", Text("没有这个区域", "there is no such area"), "roles")
        if not may_give(actor(), grant.role, path):
            raise Refused(
                "role-not-yours-to-give",
                Text(
                    f"您不能给出「{grant.role.value}」这个角色", f"you may not give the role {grant.role.value} there"
                ),
                "roles",
            )
