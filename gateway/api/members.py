"""Members and teams, by the names they chose to show; going on and off duty."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from contracts.commands.members import CountOnDuty
from contracts.commands.volunteers import SetDuty
from gateway.api import schemas
from gateway.api.answers import NO_STORE, answer, page
from gateway.api.bodies import MemberQuery, PageQuery, ask_of, body_of, resource
from gateway.api.commanding import ask, not_found, perform
from gateway.api.desk import actor, desk
from gateway.api.gate import requires
from gateway.identity.permissions import Permission
from gateway.views import present

blueprint = resource("members", "成员和队伍 / members and teams")

Show = Callable[[Mapping[str, Any]], dict[str, Any]]
show_member: Show = partial(present.master, source="member")
show_team: Show = partial(present.master, source="team")


@blueprint.route("/members", methods=["GET"])
@requires(Permission.READ_MEMBERS)
@blueprint.arguments(MemberQuery, location="query")
@blueprint.response(200, schemas.page_of("MemberPage", schemas.MEMBER))
def list_members(query: dict[str, Any]) -> Any:
    """Staff: the members of their areas; members: themselves."""
    named = {"team": "team_ids", "skill": "skills", "external_no": "external_no", "on_duty": "on_duty"}
    condition = {f"member.{field}": query[name] for name, field in named.items() if query[name] is not None}
    return page(desk().masters.members(actor(), condition, ask_of(query)), show_member)


@blueprint.route("/members/<member_id>", methods=["GET"])
@requires(Permission.READ_MEMBERS)
@blueprint.response(200, schemas.MEMBER)
def get_member(member_id: str) -> Any:
    """One member."""
    doc = desk().masters.member(actor(), member_id)
    if doc is None:
        raise not_found()
    return answer(show_member(doc))


@blueprint.route("/members/<member_id>/duty", methods=["POST"])
@requires(Permission.SET_DUTY)
@blueprint.arguments(body_of(SetDuty, "member_id"))
@blueprint.response(200, schemas.DUTY)
def set_duty(body: dict[str, Any], member_id: str) -> Any:
    """On or off duty: whether new offers may come."""
    outcome = perform(SetDuty(member_id=member_id, **body))
    return answer({"member_id": member_id, "on_duty": outcome.result.get("on_duty", body["on_duty"])})


@blueprint.route("/areas/<area_id>/on-duty", methods=["GET"])
@requires(Permission.COUNT_ON_DUTY)
@blueprint.response(200, schemas.ON_DUTY)
def count_on_duty(area_id: str) -> Any:
    """For a map: how many members are on duty now in each grid of an area, by the grid of their home.

    Fewer than three, and nobody, are null; nobody is named, and no sum is told.
    """
    return answer(ask(CountOnDuty(area_id=area_id)).result, headers=NO_STORE)


@blueprint.route("/teams", methods=["GET"])
@requires(Permission.READ_TEAMS)
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, schemas.page_of("TeamPage", schemas.TEAM))
def list_teams(query: dict[str, Any]) -> Any:
    """Teams with their lead and roster."""
    return page(desk().masters.page(actor(), "teams", {}, ask_of(query)), show_team)


@blueprint.route("/teams/<team_id>", methods=["GET"])
@requires(Permission.READ_TEAMS)
@blueprint.response(200, schemas.TEAM)
def get_team(team_id: str) -> Any:
    """One team."""
    doc = desk().masters.get(actor(), "teams", team_id)
    if doc is None:
        raise not_found()
    return answer(show_team(doc))
