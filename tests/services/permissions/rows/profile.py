"""What is held of a member, a guardian's word, a badge."""

from tests.services.permissions.people import MINOR, WORKER, Case
from tests.services.permissions.row import DONE, Row, for_all
from tests.services.permissions.town import Town

NO_MEMBER = 404
"""What those are answered who have an account and are no members: there is nothing of theirs."""
SEEN_BEFORE = 412
"""Let in, with a revision that is no longer the one."""


def _minor(_: Town) -> Case:
    agreed = {"agreed_on": "2026-11-01", "how": "signature", "text_version": "2026-11"}
    return Case(path={"member_id": MINOR}, body={"name": "金大江", "with_adult": WORKER, **agreed})


ROWS = (
    for_all("GET /api/v1/me/profile", lambda _: Case(), done=DONE | {NO_MEMBER}),
    for_all("PATCH /api/v1/me/profile", lambda _: Case(body={}), done=frozenset({SEEN_BEFORE, NO_MEMBER})),
    for_all("POST /api/v1/me/service", lambda _: Case(body={"serving": True}), done=DONE | {NO_MEMBER}),
    Row("GET /api/v1/members/<member_id>/badge", lambda _: Case(path={"member_id": WORKER})),
    Row("POST /api/v1/members/<member_id>/guardian-consents", _minor),
    Row(
        "POST /api/v1/members/<member_id>/guardian-consents/withdraw",
        lambda _: Case(path={"member_id": MINOR}),
    ),
)
