"""What tickets holds so that nobody handles their own case: whom a complaint is about, and who serves with whom."""

from chassis.inventory import FOR_EVER, Basis, Entry, Held
from contracts.words import Text

_MEMBERS = Text(zh="成员", en="members")
_WHY = Text(zh="投诉所指的人和其队友要回避", en="whom a complaint is about, and their team, have nothing to do with it")
_NOBODY = Text(zh="谁也看不到", en="nobody")

COMPLAINTS: tuple[Entry, ...] = (
    Held(
        collection="tickets",
        field="subject, recused",
        what=Text(
            zh="投诉的对象和要回避的成员编号、账号编号、区域",
            en="whom a complaint is about, and the ids of who is recused",
        ),
        whose=Text(zh="成员、工作人员", en="members, staff"),
        why=_WHY,
        basis=Basis.DUTY,
        period=FOR_EVER,
        seen_by=Text(
            zh="反映人、不在回避之列的工作人员(回避名单谁也看不到)",
            en="who made it, staff who are not recused (who is recused, nobody)",
        ),
    ),
    Held(
        collection="tickets",
        field="requester_id, beneficiary_id, placed_by, acts",
        what=Text(
            zh="投诉是谁提的、为谁(其他工单见上)", en="who made a complaint, and for whom (of other orders see above)"
        ),
        whose=Text(zh="反映人", en="who made it"),
        why=Text(zh="答复反映人;对经办人保密", en="to answer them; hidden from those who handle it"),
        basis=Basis.DUTY,
        period="retention_reporter_days",
        seen_by=Text(
            zh="反映人和其家属;调度写明原因后(留痕并告知反映人)",
            en="whoever made it and theirs; dispatchers with a reason, logged and told",
        ),
    ),
    Held(
        collection="members",
        field="member.team_ids, member.home_area, member.staff",
        what=Text(
            zh="成员属于哪些队、从哪个网格出发、是不是工作人员(志愿者服务发布的副本,没有姓名)",
            en="a member's teams, grid and whether they are staff (a replica of what volunteers publishes, no names)",
        ),
        whose=_MEMBERS,
        why=_WHY,
        basis=Basis.DUTY,
        period=FOR_EVER,
        seen_by=_NOBODY,
    ),
    Held(
        collection="teams",
        field="team.people",
        what=Text(zh="各队的成员编号(副本)", en="the ids of a team's people (a replica)"),
        whose=_MEMBERS,
        why=_WHY,
        basis=Basis.DUTY,
        period=FOR_EVER,
        seen_by=_NOBODY,
    ),
)
