"""The page docs/permissions.md, made from the one table and the routes that name its entries."""

from collections.abc import Iterator, Mapping, Sequence

from flask import Flask

from contracts.actor import Role
from gateway.api.gate import MARK
from gateway.identity.giving import GIVES
from gateway.identity.permissions import PERMISSIONS, SCOPES, Permission

_HIDDEN = frozenset({"HEAD", "OPTIONS"})
_HEAD = """# 权限 / Permissions

Made from `gateway/identity/permissions.py` by `gateway/api/permission_page.py`; do not edit
(`python -m tests.architecture.test_permissions` writes it). The gateway checks roles; how far a role reaches the views
and the services check as relations. The walk in `tests/services/permissions` asks every route as every role, inside its
scope, outside it and signed out, and holds the answers against this table.

本页由代码生成。网关看角色,范围由视图和各服务按关系核对;测试会以每个角色在范围内、范围外、未登录三种情形逐条走一遍。

- Signed out: 401 everywhere but on `open` routes. A role without the permission: 403, whatever is asked for.
- Outside the scope: 404, in the words for what does not exist; lists are empty of it. 范围之外与不存在说法相同。
- Conflict 回避: whom a complaint is about, their team, and who leads or reports to them see, hear, take and decide
  nothing of it, whatever the table gives their roles. 投诉所指的人、其队友及上下级,不论什么角色,一概看不到、办不了。
"""


def routes(app: Flask) -> Iterator[tuple[str, Permission | None]]:
    """Every ``METHOD /path`` of the application with its permission, None where one was forgotten."""
    for rule in app.url_map.iter_rules():
        permission = getattr(app.view_functions[rule.endpoint], MARK, None)
        for method in sorted((rule.methods or set()) - _HIDDEN):
            yield f"{method} {rule.rule}", permission


def page(app: Flask) -> str:
    """The whole page, in Markdown."""
    by_permission: dict[Permission, list[str]] = {}
    for route, permission in routes(app):
        if permission is not None:
            by_permission.setdefault(permission, []).append(route)
    parts = (_scopes_table(), _roles_table(), _routes_table(by_permission), _gives_table())
    return "\n".join([_HEAD, "\n\n".join("\n".join(part) for part in parts)]) + "\n"


def _scopes_table() -> Iterator[str]:
    yield "| scope rule 范围 | |"
    yield "|---|---|"
    for scope, meaning in SCOPES.items():
        yield f"| `{scope.value}` | {meaning.zh} / {meaning.en} |"


def _roles_table() -> Iterator[str]:
    roles = [role for role in Role if role is not Role.SYSTEM]
    yield "| permission 权限 | " + " | ".join(role.value for role in roles) + " |"
    yield "|---" * (len(roles) + 1) + "|"
    for permission, rule in PERMISSIONS.items():
        reach = [rule.reach[role].value.replace("_", " ") if role in rule.reach else "" for role in roles]
        yield f"| `{permission.value}` {rule.meaning.zh} / {rule.meaning.en} | " + " | ".join(reach) + " |"


def _routes_table(by_permission: Mapping[Permission, Sequence[str]]) -> Iterator[str]:
    yield "| permission | routes |"
    yield "|---|---|"
    for permission in PERMISSIONS:
        found = "<br>".join(f"`{route}`" for route in sorted(by_permission.get(permission, ())))
        yield f"| `{permission.value}` | {found} |"


def _gives_table() -> Iterator[str]:
    yield "| role | may give, when opening accounts |"
    yield "|---|---|"
    for giver, given in GIVES.items():
        yield f"| {giver.value} | {', '.join(sorted(role.value for role in given))} |"
