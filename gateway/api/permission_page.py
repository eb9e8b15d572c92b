"""The page docs/permissions.md, made from the one table and the routes that name its entries."""

from collections.abc import Iterator, Mapping, Sequence

from flask import Flask

from contracts.actor import Role
from gateway.api.gate import MARK
from gateway.identity.permissions import GIVES, PERMISSIONS, Permission

_HIDDEN = frozenset({"HEAD", "OPTIONS"})
_HEAD = """# 权限 / Permissions

Made from `gateway/identity/permissions.py` by `gateway/api/permission_page.py`; do not edit. The gateway checks roles;
whose order and whose seat it is, and in which area, the services check (relations). A role holds in an area's subtree
or, without an area, in the whole community.
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
    return "\n".join([_HEAD, *_roles_table(), "", *_routes_table(by_permission), "", *_gives_table()]) + "\n"


def _roles_table() -> Iterator[str]:
    roles = [role for role in Role if role is not Role.SYSTEM]
    yield "| | " + " | ".join(role.value for role in roles) + " |"
    yield "|---|" + ":-:|" * len(roles)
    for permission, rule in PERMISSIONS.items():
        marks = ["✓" if role in rule.roles else "" for role in roles]
        yield f"| `{permission.value}` {rule.meaning.zh} / {rule.meaning.en} | " + " | ".join(marks) + " |"


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
