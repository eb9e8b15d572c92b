"""Who has read what is private: reading a member's, with a reason; and what was read of oneself."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from contracts.commands.tickets import ReadOwnReveals
from contracts.commands.volunteers import ReadRevealsOfMember, RevealDeclined, RevealMember
from contracts.errors import Invalid
from contracts.words import Text
from gateway.api import schemas
from gateway.api.answers import NO_STORE, answer
from gateway.api.bodies import PageQuery, body_of, resource
from gateway.api.commanding import ask, perform
from gateway.api.desk import actor, desk
from gateway.api.gate import requires
from gateway.api.offices import office_of
from gateway.api.reveal_schemas import DECLINED, OWN_REVEAL
from gateway.identity.accounts import Account
from gateway.identity.permissions import Permission
from gateway.views.present import API

blueprint = resource("reveals", "谁看过 / who has seen what is private")


@blueprint.route("/me/reveals", methods=["GET"])
@requires(Permission.READ_OWN_REVEALS)
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, schemas.page_of("OwnRevealPage", OWN_REVEAL))
def list_own(query: dict[str, Any]) -> Any:
    """Who has read what is private of you, in all orders about you and as a member: newest first."""
    limit, before = query["limit"], _mark(query["cursor"])
    rows: list[Mapping[str, Any]] = list(ask(ReadOwnReveals(before=before, limit=limit + 1)).result["reveals"])
    if actor().member_id is not None:
        rows += ask(ReadRevealsOfMember(before=before, limit=limit + 1)).result["reveals"]
    rows.sort(key=lambda row: str(row["mark"]), reverse=True)
    shown = rows[:limit]
    following = _cursor(shown[-1]["mark"]) if len(rows) > limit else None
    return answer({"items": _told(shown), "next": following}, headers=NO_STORE)


@blueprint.route("/members/<member_id>/reveals", methods=["POST"])
@requires(Permission.REVEAL_MEMBERS)
@blueprint.arguments(body_of(RevealMember, "member_id"))
@blueprint.response(200, schemas.CONTACT)
def reveal_member(body: dict[str, Any], member_id: str) -> Any:
    """A member's name and phone. Logged with the reason; the member reads both."""
    return _revealed(RevealMember(member_id=member_id, **body))


@blueprint.route("/demands/<demand_id>/reveals", methods=["POST"])
@requires(Permission.REVEAL_DECLINED)
@blueprint.arguments(body_of(RevealDeclined, "demand_id"))
@blueprint.response(200, DECLINED)
def reveal_declined(body: dict[str, Any], demand_id: str) -> Any:
    """Who said "not this time", and who returned it with what note. Logged with the reason; each of them reads both."""
    return _revealed(RevealDeclined(demand_id=demand_id, **body))


def _revealed(command: RevealMember | RevealDeclined) -> Any:
    return answer(perform(command).result, headers=NO_STORE)


def _told(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    me = actor()
    accounts = {found.id: found for found in desk().accounts.by_ids({row["account_id"] for row in rows})}
    offices = {id: office_of(found) for id, found in accounts.items()}
    return [
        {
            "at": row["at"],
            "part": row["part"],
            "reason": row["reason"],
            "by": {
                "role": row["role"],
                "myself": row["account_id"] == me.account_id,
                "display_name": _name(accounts.get(row["account_id"])),
                "office": offices.get(row["account_id"]),
            },
            "ticket_id": row["ticket_id"],
            "links": {"ticket": None if row["ticket_id"] is None else f"{API}/tickets/{row['ticket_id']}"},
        }
        for row in rows
    ]


def _name(account: Account | None) -> str | None:
    return None if account is None else account.display_name


def _cursor(mark: str) -> str:
    return base64.urlsafe_b64encode(mark.encode()).decode().rstrip("=")


def _mark(cursor: str | None) -> str | None:
    if cursor is None:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        return base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True).decode()
    except ValueError:
        raise Invalid(
            "bad-cursor", Text("这一页的位置看不懂,请从头再取", "this cursor is none of ours"), field="cursor"
        ) from None
