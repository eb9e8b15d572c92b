"""Every route names its permission, every permission has a route, and the page says what the table says.

To write the page anew: ``python -m tests.architecture.test_permissions``.
"""

from pathlib import Path

from contracts.actor import Role
from gateway.api.app import make_app
from gateway.api.permission_page import page, routes
from gateway.identity.permissions import PERMISSIONS, Permission
from tests.fakes.desk import a_desk

PAGE = Path(__file__).parents[2] / "docs" / "permissions.md"
OPEN = {
    "GET /api/v1/mail/stop/<token>",
    "POST /api/v1/mail/stop/<token>",
    "POST /api/v1/callbacks/sms/<key>/receipts",
    "POST /api/v1/callbacks/sms/<key>/replies",
    "GET /api/v1/event-types",
    "GET /api/v1/public-answers",
    "GET /api/v1/hours/check",
    "GET /api/v1/hours/check/page",
    "GET /docs",
    "GET /docs/assets/<path:name>",
    "GET /docs/start.js",
    "GET /healthz",
    "GET /openapi.json",
    "GET /readyz",
    "POST /api/v1/activations",
    "POST /api/v1/codes",
    "POST /api/v1/password-resets",
    "POST /api/v1/sessions",
    "POST /api/v1/sessions/client",
    "POST /api/v1/sessions/code",
    "POST /api/v1/sessions/wechat",
    "POST /api/v1/sessions/refresh",
}


def test_every_route_names_its_permission() -> None:
    assert [route for route, permission in routes(make_app(a_desk())) if permission is None] == []


def test_every_permission_has_a_rule_and_a_route() -> None:
    used = {permission for _, permission in routes(make_app(a_desk()))}
    assert used == set(Permission) == set(PERMISSIONS)


def test_what_needs_no_account_is_listed_here_one_by_one() -> None:
    assert {route for route, permission in routes(make_app(a_desk())) if permission is Permission.OPEN} == OPEN


def test_the_platform_itself_has_no_permission_that_somebody_could_sign_in_for() -> None:
    assert [name for name, rule in PERMISSIONS.items() if Role.SYSTEM in rule.roles] == [Permission.OPEN]


def test_the_page_says_what_the_table_says() -> None:
    assert PAGE.read_text() == page(make_app(a_desk())), "python -m tests.architecture.test_permissions"


if __name__ == "__main__":
    PAGE.write_text(page(make_app(a_desk())))
