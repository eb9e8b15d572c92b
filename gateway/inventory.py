"""What the gateway holds about people, collection by collection; printed in docs/privacy.md."""

from chassis.inventory import GEAR, VAULT, Basis, Entry, Held, Nobodys
from contracts.words import Text

_ACCOUNTS = Text(zh="有账号的人", en="who has an account")
_WHILE_OPEN = Text(zh="账号存续期间;注销即清除", en="while the account is open; gone when it is erased")
_COPY = Text(zh="随原记录(可由事件重建)", en="as the original, of which it is a copy")

GATEWAY: tuple[Entry, ...] = (
    Held(
        collection="accounts",
        field="own.login",
        what=Text(zh="登录名", en="login"),
        whose=_ACCOUNTS,
        why=Text(zh="登录", en="to sign in"),
        basis=Basis.SERVICE,
        period=_WHILE_OPEN,
        seen_by=Text(zh="本人", en="themselves"),
    ),
    Held(
        collection="accounts",
        field="own.password",
        what=Text(zh="密码的 argon2id 摘要", en="the argon2id hash of the password"),
        whose=_ACCOUNTS,
        why=Text(zh="登录", en="to sign in"),
        basis=Basis.SAFETY,
        period=_WHILE_OPEN,
        seen_by=Text(zh="无人", en="nobody"),
    ),
    Held(
        collection="accounts",
        field="own.grants, own.command, member",
        what=Text(zh="角色和区域;成员编号和自选的称呼", en="roles and areas; the member's number and chosen name"),
        whose=_ACCOUNTS,
        why=Text(zh="决定能做什么、看什么", en="says what they may do and see"),
        basis=Basis.SERVICE,
        period=_WHILE_OPEN,
        seen_by=Text(zh="本人", en="themselves"),
    ),
    Held(
        collection="tickets",
        field="ticket.requester_id, ticket.beneficiary_id, ticket.holders, demand.holders",
        what=Text(zh="编号、接单人自选的称呼", en="ids, chosen names of who took it"),
        whose=Text(zh="点单人、服务对象、成员", en="who orders, who is served, members"),
        why=Text(zh="工单列表", en="lists of orders"),
        basis=Basis.SERVICE,
        period=_COPY,
        seen_by=Text(zh="按权限表", en="by the table of permissions"),
    ),
    Held(
        collection="offers",
        field="offer.member_id",
        what=Text(zh="请过谁、怎么答复", en="who was asked, and what they answered"),
        whose=Text(zh="成员", en="members"),
        why=Text(zh="本人的邀约列表", en="a member's own list of offers"),
        basis=Basis.SERVICE,
        period=_COPY,
        seen_by=Text(zh="本人", en="themselves"),
    ),
    Held(
        collection="members",
        field="member",
        what=Text(
            zh="成员自选的称呼、网格、技能、队伍", en="a member's chosen name, grid, skills and teams as published"
        ),
        whose=Text(zh="成员", en="members"),
        why=Text(zh="成员列表", en="lists of members"),
        basis=Basis.CONSENT,
        period=_COPY,
        seen_by=Text(zh="本人、所在区域的工作人员", en="themselves, staff of the area"),
    ),
    Held(
        collection="teams",
        field="team",
        what=Text(zh="队伍名册(编号)", en="rosters of teams, by ids"),
        whose=Text(zh="成员", en="members"),
        why=Text(zh="队伍列表", en="lists of teams"),
        basis=Basis.CONSENT,
        period=_COPY,
        seen_by=Text(zh="成员、工作人员", en="members, staff"),
    ),
    Held(
        collection="stream",
        field="audience",
        what=Text(zh="哪件事告诉了哪些编号", en="which ids heard of which event"),
        whose=Text(zh="点单人、成员", en="who orders, members"),
        why=Text(zh="断线续传", en="a stream that was cut can go on"),
        basis=Basis.SERVICE,
        period="retention_stream_days",
        seen_by=Text(zh="本人", en="themselves"),
    ),
    Nobodys(collection="areas", what=Text(zh="区域的视图", en="a view of the areas")),
    Nobodys(collection="items", what=Text(zh="服务项目的视图", en="a view of the catalogue")),
    *VAULT,
    *GEAR,
)
