"""Opening accounts: staff give roles within their own."""

from collections.abc import Iterable
from typing import Any

from chassis.ids import derived_id, new_id
from contracts.actor import Grant, Role
from contracts.errors import Conflict, Invalid, Refused
from contracts.words import Text
from gateway.api import schemas
from gateway.api.answers import answer
from gateway.api.bodies import AccountBody, resource
from gateway.api.commanding import local_command, not_found
from gateway.api.desk import actor, desk
from gateway.api.gate import requires
from gateway.identity.accounts import ROLES, Account, NewAccount, member_account, published_grant
from gateway.identity.giving import may_give
from gateway.identity.permissions import Permission
from gateway.identity.strength import require_strength
from gateway.identity.telling import PHONE, digits_of, phone_context

CLIENTS_ELSEWHERE = Text(
    "接口客户端在 /clients 开,写明能做什么,用密钥而不用密码",
    "an API client is opened at /clients, with scopes, and signs in by a secret and not by a password",
)
MEMBERS_PHONE = Text("成员的电话在成员资料里改", "a member's phone is kept with the member: change it there")

blueprint = resource("accounts", "账号 / accounts")


def show(account: Account) -> dict[str, Any]:
    """An account as its owner and staff see it."""
    return {
        "id": account.id,
        "community_id": account.community_id,
        "login": account.login,
        "member_id": account.member_id,
        "display_name": account.display_name,
        "pending": account.pending,
        "roles": [{"role": grant.role.value, "area_id": grant.area_id} for grant in account.grants],
    }


@blueprint.route("/accounts", methods=["POST"])
@requires(Permission.CREATE_ACCOUNTS)
@blueprint.arguments(AccountBody)
@blueprint.response(201, schemas.ACCOUNT)
def open_account(body: dict[str, Any]) -> Any:
    """Open an account. With a phone its owner can sign in by one-time codes; without phone and password nobody can."""
    grants = tuple(Grant(grant["role"], grant["area_id"]) for grant in body["roles"])
    if any(grant.role is Role.CLIENT for grant in grants):
        raise Invalid("client-without-scopes", CLIENTS_ELSEWHERE, "roles")
    check_roles((grant.role, grant.area_id) for grant in grants)
    member_id = body["member_id"]
    if member_id is not None:
        if body["phone"] is not None:
            raise Invalid("phone-of-a-member", MEMBERS_PHONE, "phone")
        check_roles((grant.role, grant.area_id) for grant in _of_member(member_id))
    command = local_command()
    id = member_account(member_id) if member_id else new_id() if command is None else derived_id(command[0])
    opened = desk().accounts.open(
        NewAccount(
            community_id=actor().community_id,
            login=body["login"],
            grants=grants,
            password=_hashed(body["password"], body["login"]),
            member_id=member_id,
            command=command,
            id=id,
            phone=sealed_phone(id, body["phone"]),
        )
    )
    return answer(show(opened), 201)


@blueprint.route("/accounts/<account_id>", methods=["DELETE"])
@requires(Permission.CLOSE_ACCOUNTS)
@blueprint.response(200, schemas.DONE)
def close_account(account_id: str) -> Any:
    """Nobody signs in with it any more, for good; what its owner did stays. For those who may give all its roles.

    A member's account goes with the member: they stop serving, or the list takes their roles.
    """
    account = of_account(account_id)
    if account.id == actor().account_id:
        raise Refused("own-account", Text("不能关掉自己的账号", "not one's own account"))
    if account.member_id is not None:
        raise Conflict(
            "account-of-a-member",
            Text(
                "这是成员的账号:请让成员退出服务,或在名单里去掉角色", "a member's account: let the member stop serving"
            ),
        )
    desk().identity.close(account.id)
    return answer({"done": True})


def of_account(account_id: str) -> Account:
    """An account of the actor's community, all of whose roles they may give; raises NotFound for any other."""
    account = desk().accounts.by_id(account_id)
    if account is None or account.closed or account.community_id != actor().community_id:
        raise not_found()
    if not all(_may_give(grant.role, grant.area_id) for grant in account.grants):
        raise not_found()
    return account


def check_roles(wanted: Iterable[tuple[Role, str | None]]) -> None:
    """Raises Refused where the actor may not give one of these roles in its area, Invalid for an unknown area."""
    for role, area_id in wanted:
        if area_id is not None and desk().masters.area_path(actor(), area_id) is None:
            raise Invalid("no-such-area", Text("没有这个区域", "there is no such area"), "roles")
        if not _may_give(role, area_id):
            raise Refused(
                "role-not-yours-to-give",
                Text(f"您不能给出「{role.value}」这个角色", f"you may not give the role {role.value} there"),
                "roles",
            )


def _may_give(role: Role, area_id: str | None) -> bool:
    path = None if area_id is None else desk().masters.area_path(actor(), area_id)
    return (area_id is None or path is not None) and may_give(actor(), role, path)


def _hashed(password: str | None, login: str) -> str | None:
    if password is None:
        return None
    require_strength(password, [login], run=desk().identity.run)
    return desk().identity.passwords.hash(password)


def sealed_phone(account_id: str, phone: str | None) -> tuple[bytes, str] | None:
    """A phone as it is kept, with its blind index."""
    if phone is None:
        return None
    seals = desk().identity.seals()
    return seals.seal(account_id, phone, phone_context(account_id)), seals.index(digits_of(phone), PHONE)


def _of_member(member_id: str) -> Iterable[Grant]:
    """What the member's account carries already: whoever sets its password could sign in with all of it."""
    doc = desk().masters.member(actor(), member_id)
    if doc is None:
        raise Invalid("no-such-member", Text("没有这位成员", "there is no such member"), "member_id")
    charge = doc["member"].get("charge_area")
    return [published_grant(Role(role), charge) for role in doc["member"]["roles"] if role in ROLES]
