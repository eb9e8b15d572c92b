"""The one table of what a role may ask for and how far it reaches: permission -> roles, each with a scope rule.

Every route of the API names its permission with ``requires`` (gateway/api/gate.py). The gateway checks roles; how far a
role reaches (whose order, whose seat, which area) its views and the services check as relations. The walk in
tests/services/permissions asks every route as every role, inside and outside its scope, and holds the answers against
this table; docs/permissions.md prints it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from contracts.actor import AUDITORS, CHIEFS, DISPATCHERS, PROTECTING, STAFF, Actor, Role
from contracts.words import Text
from gateway.identity.permission import Permission as Permission
from gateway.identity.scopes import SCOPES as SCOPES
from gateway.identity.scopes import Scope as Scope

Reach = dict[Role, Scope]


@dataclass(frozen=True)
class Rule:
    """Who may and how far each of them reaches, and what it is called for people."""

    reach: Reach
    meaning: Text

    @property
    def roles(self) -> frozenset[Role]:
        """Who may, somewhere."""
        return frozenset(self.reach)


SERVING = frozenset({Role.MEMBER, Role.LEAD})
ORDERING = frozenset({Role.RESIDENT, Role.CLIENT})
EVERYONE = SERVING | ORDERING | STAFF | CHIEFS | PROTECTING


def _all(roles: frozenset[Role], scope: Scope) -> Reach:
    return {role: scope for role in Role if role in roles}


_ANYBODY = _all(frozenset(Role), Scope.NONE)
_SELF = _all(EVERYONE, Scope.OWN_ACCOUNT)
_WHOLE = _all(EVERYONE, Scope.COMMUNITY)
_CLIENTS = _all(frozenset({Role.CLIENT}), Scope.AREAS)
_AREAS = _all(STAFF, Scope.AREAS)
_DISPATCH = _all(DISPATCHERS, Scope.AREAS)
_BLOCKS = _all(CHIEFS, Scope.BLOCKS)
_SEATS = _all(SERVING, Scope.OWN_ASSIGNMENTS)
_OPEN_SEATS = _all(SERVING, Scope.COMMUNITY)
_ORDERED = _all(SERVING | ORDERING, Scope.OWN_TICKETS) | _AREAS
"""For whoever ordered, and for staff."""
_CONCERNED = _ORDERED | _SEATS
"""For whoever ordered, whoever was asked or comes, and for staff."""
_UPSTREAM = _all(frozenset({Role.CLIENT}), Scope.OWN_TICKETS) | _AREAS
"""For upstream's own machine, and for staff."""
_ONESELF_OR_AREAS = _all(SERVING, Scope.OWN_ACCOUNT) | _AREAS

PERMISSIONS: Mapping[Permission, Rule] = {
    Permission.OPEN: Rule(_ANYBODY, Text("不用登录", "needs no account")),
    Permission.READ_SELF: Rule(_SELF, Text("看自己的账号", "see one's own account")),
    Permission.KEEP_SESSIONS: Rule(
        _all(SERVING | STAFF | CHIEFS | PROTECTING | {Role.RESIDENT}, Scope.OWN_ACCOUNT),
        Text("看自己在哪里登录、退出、改密码", "see where one is signed in, sign out, change one's password"),
    ),
    Permission.CREATE_ACCOUNTS: Rule(_DISPATCH, Text("开账号", "open accounts")),
    Permission.END_SESSIONS: Rule(_DISPATCH, Text("让别人在所有设备上退出", "sign out whose roles one may give")),
    Permission.CLOSE_ACCOUNTS: Rule(
        _all(frozenset({Role.SECRETARY, Role.ADMIN}), Scope.AREAS),
        Text("关掉账号", "close an account for good whose roles one may give"),
    ),
    Permission.KEEP_CLIENTS: Rule(
        _all(frozenset({Role.ADMIN}), Scope.AREAS), Text("管理接口客户端", "keep API clients and their secrets")
    ),
    Permission.READ_MASTERS: Rule(_WHOLE, Text("看服务项目和区域", "see catalogue items and areas")),
    Permission.READ_MEMBERS: Rule(_ONESELF_OR_AREAS, Text("看成员", "see members")),
    Permission.READ_TEAMS: Rule(_all(SERVING | STAFF | CHIEFS, Scope.COMMUNITY), Text("看队伍", "see teams")),
    Permission.COUNT_ON_DUTY: Rule(_AREAS, Text("看各网格在岗人数", "see how many are on duty in each grid")),
    Permission.SET_DUTY: Rule(_ONESELF_OR_AREAS, Text("上岗、下岗", "go on and off duty")),
    Permission.OWN_WISHES: Rule(
        _all(EVERYONE - {Role.CLIENT}, Scope.OWN_ACCOUNT),
        Text("说自己想收哪些通知、怎么收、发到哪里", "say what one wants to be told, how, when and where"),
    ),
    Permission.KEEP_WISHES: Rule(
        _AREAS,
        Text("替不用手机的人按本人的话设置通知(留痕)", "set on somebody's word what they want to be told (on record)"),
    ),
    Permission.OWN_PROFILE: Rule(
        _all(SERVING | STAFF | {Role.RESIDENT}, Scope.OWN_ACCOUNT),
        Text("看、改本人作为成员的资料,退出服务", "see and change what is held of oneself as a member; stop serving"),
    ),
    Permission.OWN_HOURS: Rule(
        _all(SERVING | STAFF | {Role.RESIDENT}, Scope.OWN_ACCOUNT),
        Text("看自己的时长和工作量、申请更正", "see one's own hours and workload, ask for a correction"),
    ),
    Permission.KEEP_HOURS: Rule(
        _AREAS, Text("看成员的时长、补登、决定更正", "see members' hours, enter what is missing, decide corrections")
    ),
    Permission.OWN_ABSENCES: Rule(
        _all(SERVING | STAFF | {Role.RESIDENT}, Scope.OWN_ACCOUNT),
        Text("看自己的没有到、临时取消,说明原因", "see one's own no-shows and late cancels, say one's side"),
    ),
    Permission.KEEP_ABSENCES: Rule(
        _AREAS,
        Text("决定没有到、临时取消是否记下,看记下的", "decide whether a no-show or late cancel stands"),
    ),
    Permission.KEEP_GUARDIANS: Rule(
        _AREAS, Text("登记、撤回未成年成员的监护人同意", "write down that a minor's guardian agreed, or took it back")
    ),
    Permission.RECORD_CHECKS: Rule(
        _AREAS, Text("登记看过的保险、证件、审查", "note an insurance, a credential, a check that was seen")
    ),
    Permission.KEEP_APART: Rule(
        _CONCERNED, Text("说不再派给谁、不要谁再来,收回", "keep a member and a person apart, take it back")
    ),
    Permission.READ_OWN_APART: Rule(_SELF, Text("看自己说过不再见谁", "see whom one said not to meet again")),
    Permission.READ_APART: Rule(_AREAS, Text("看工作人员登记的不再见面", "see what staff said of a member")),
    Permission.PLACE_TICKETS: Rule(_WHOLE | _CLIENTS, Text("点单", "place an order")),
    Permission.HANDLE_TICKETS: Rule(_AREAS, Text("登记当场处理好的事(自行处置)", "enter what was done on the spot")),
    Permission.TAKE_IN: Rule(
        _AREAS,
        Text("看群聊文字像哪一件事,拿发回群里的卡片", "see what a text from a chat is about; a card for the chat"),
    ),
    Permission.REVEAL_CALLERS: Rule(
        _AREAS,
        Text("按来电号码看是谁、点过什么(有记录)", "see who rings and what they ordered, by their number (logged)"),
    ),
    Permission.ANSWER_PLEAS: Rule(
        _all(STAFF, Scope.COMMUNITY), Text("看短信来信(有记录)、登记答复", "read texts by SMS (logged), answer them")
    ),
    Permission.READ_TICKETS: Rule(_CONCERNED | _BLOCKS, Text("看工单", "see orders")),
    Permission.SERVE_COUNTER: Rule(
        _AREAS,
        Text(
            "全岗通窗口:接办、交接、预约、验材料、分办、当场办结",
            "at the counter: take in, hand over, appointments, papers, parts, close on the spot",
        ),
    ),
    Permission.REVIEW_TICKETS: Rule(_AREAS, Text("受理或不予受理", "accept or reject an order")),
    Permission.COMPLETE_TICKETS: Rule(_SEATS | _AREAS | _BLOCKS, Text("报告办理结果", "say how an order ended")),
    Permission.CONFIRM_TICKETS: Rule(_ORDERED, Text("回访、要求再办", "confirm an end, or ask for rework")),
    Permission.CANCEL_TICKETS: Rule(_ORDERED, Text("取消工单", "cancel an order")),
    Permission.REDISPATCH_TICKETS: Rule(_DISPATCH, Text("重新派单", "look for other people")),
    Permission.MERGE_TICKETS: Rule(_DISPATCH, Text("同一件事的工单并办、分开", "merge and split orders")),
    Permission.ASK_APPROVALS: Rule(
        _SEATS | _AREAS | _BLOCKS,
        Text("申请挂起、延期、退单、作废、改派", "ask for a hold, more time, a return, a void, others to be asked"),
    ),
    Permission.DECIDE_REQUESTS: Rule(_DISPATCH | _BLOCKS, Text("批复下级的申请", "decide what those below asked for")),
    Permission.RESUME_TICKETS: Rule(_AREAS, Text("恢复挂起的工单", "end a hold")),
    Permission.READ_LEDGER: Rule(_AREAS | _BLOCKS, Text("看台账", "see the ledger over all orders")),
    Permission.COMMENT_TICKETS: Rule(_CONCERNED, Text("在工单里留言", "write something about an order")),
    Permission.READ_PUBLIC_ANSWER: Rule(_ORDERED, Text("看将要公开的答复", "see what is, or would be, published")),
    Permission.WRITE_PUBLIC_ANSWERS: Rule(_AREAS, Text("写公开答复", "write a public answer in one's own words")),
    Permission.AGREE_TO_ANSWERS: Rule(_ORDERED, Text("同意公开这段文字", "agree that these words are published")),
    Permission.APPROVE_PUBLIC_ANSWERS: Rule(
        _DISPATCH, Text("批准公开(不是自己写的)", "publish what a colleague wrote")
    ),
    Permission.WITHDRAW_PUBLIC_ANSWERS: Rule(_ORDERED, Text("撤下公开答复", "take a public answer back")),
    Permission.READ_CALLBACKS: Rule(_AREAS, Text("看待回访的工单", "see which callbacks are owed")),
    Permission.RECORD_CALLBACKS: Rule(
        _AREAS, Text("记下回访结果(不是办理人)", "enter what somebody said who was called, by who had no part in it")
    ),
    Permission.EXPLAIN_TICKETS: Rule(
        _DISPATCH, Text("看谁不满意、向他们解释", "see who was not satisfied, and explain")
    ),
    Permission.ANSWER_AGAIN: Rule(_AREAS, Text("列入计划的事再答复", "say what became of what was planned")),
    Permission.ESCALATE_TICKETS: Rule(
        _AREAS | _BLOCKS, Text("提级、给部门吹哨", "send an order up the ladder, call departments to it")
    ),
    Permission.ANSWER_WHISTLES: Rule(
        _SEATS, Text("部门签收、联系、报告、退回", "for a department that was called: sign in, contact, report, return")
    ),
    Permission.READ_PRIVATE: Rule(
        _CONCERNED | _BLOCKS, Text("看原话、姓名、电话、地址(有记录)", "see words, name, phone, address (logged)")
    ),
    Permission.READ_REVEALS: Rule(_ORDERED, Text("看谁看过私密内容", "see who has seen the private part")),
    Permission.REVEAL_REPORTERS: Rule(
        _DISPATCH, Text("查看投诉是谁反映的(有记录,并告诉本人)", "see who made a complaint (logged, and they are told)")
    ),
    Permission.READ_OWN_REVEALS: Rule(
        _SELF, Text("看谁看过自己的私密内容", "see who has seen what is private of oneself")
    ),
    Permission.REVEAL_MEMBERS: Rule(
        _AREAS, Text("写明原因后看成员的姓名和电话(有记录)", "see a member's name and phone, saying why (logged)")
    ),
    Permission.REVEAL_DECLINED: Rule(
        _DISPATCH, Text("写明原因后看谁这次不方便(有记录)", "see who said not this time, saying why (logged)")
    ),
    Permission.READ_DELIVERIES: Rule(_AREAS, Text("看通知送达情况", "see what was told to whom")),
    Permission.ADD_PICTURES: Rule(_CONCERNED, Text("加照片", "add a picture to an order")),
    Permission.READ_PICTURES: Rule(_CONCERNED | _BLOCKS, Text("看有哪些照片", "see which pictures an order has")),
    Permission.SEE_PICTURES: Rule(
        _all(SERVING | ORDERING, Scope.OWN_TICKETS) | _SEATS,
        Text("看自己点的、自己接的单的照片(有记录)", "see a picture of one's own order or work (logged)"),
    ),
    Permission.REVEAL_PICTURES: Rule(
        _CONCERNED | _BLOCKS, Text("看照片,工作人员写明原因(有记录)", "see a picture; staff say why (logged)")
    ),
    Permission.REMOVE_PICTURES: Rule(_CONCERNED, Text("撤下照片", "take a picture away")),
    Permission.ANSWER_OFFERS: Rule(_SEATS, Text("看邀约、答复邀约", "see and answer offers")),
    Permission.READ_DEMANDS: Rule(_OPEN_SEATS | _AREAS, Text("看待认领的名额", "see open seats")),
    Permission.STEER_DEMANDS: Rule(
        _AREAS,
        Text(
            "看派单过程、派单建议并发送,点名请人、派值守人员、收回名额、暂停找人",
            "see how a search went, send suggestions; ask by name, assign duty staff, take a seat back, freeze it",
        ),
    ),
    Permission.AUDIT_DISPATCH: Rule(
        _all(AUDITORS, Scope.AREAS), Text("看是谁动手处置的", "see which account stepped into a search")
    ),
    Permission.CLAIM_SEATS: Rule(_OPEN_SEATS, Text("认领", "claim a seat")),
    Permission.WORK_SEATS: Rule(_SEATS, Text("看自己的接单、到场、离场、退回", "own seats: arrive, leave, give back")),
    Permission.ENTER_ARRIVALS: Rule(_AREAS, Text("照签到单补登到场", "copy from a paper sheet when somebody came")),
    Permission.SHOW_ARRIVAL_CODES: Rule(_ORDERED, Text("出示到场码", "show the code by which whoever comes checks in")),
    Permission.READ_ROSTERS: Rule(_ONESELF_OR_AREAS, Text("看值班表", "see the roster")),
    Permission.PLAN_ROSTERS: Rule(_DISPATCH, Text("排值班、换人", "plan shifts, name who stands in")),
    Permission.HOLD_SHIFTS: Rule(
        _SEATS,
        Text(
            "自己的班:来不了、签到接班(看上一班的交接,有记录)、写交接",
            "one's own shift: cannot come, take over (the note of the one before is logged), hand over",
        ),
    ),
    Permission.MANAGE_PEOPLE: Rule(_AREAS, Text("登记服务对象、登记去世", "enter people served, enter a death")),
    Permission.RESTORE_PEOPLE: Rule(_DISPATCH, Text("更正误登的去世", "take back a death entered by mistake")),
    Permission.READ_PEOPLE: Rule(
        _SELF | _AREAS, Text("看本人的资料、委托和同意", "see a person's record, delegates and consents")
    ),
    Permission.CHANGE_PEOPLE: Rule(
        _SELF | _AREAS, Text("更正服务对象的资料", "put right what is held of a person served")
    ),
    Permission.GIVE_CONSENTS: Rule(_SELF | _AREAS, Text("委托代办、同意、撤回", "delegate, consent, take it back")),
    Permission.HIDE_TICKETS: Rule(_ORDERED, Text("不让代办家属看某一单", "keep an order from delegates")),
    Permission.KEEP_CASH: Rule(
        _CONCERNED, Text("交接代买代缴的现金,核对小票", "hand over the cash of an errand, confirm its slip")
    ),
    Permission.KEEP_ROBOTS: Rule(
        _all(frozenset({Role.SECRETARY, Role.ADMIN}), Scope.AREAS), Text("管群机器人", "keep robots of chat groups")
    ),
    Permission.READ_INBOX: Rule(_SELF, Text("看自己的消息", "read one's own messages")),
    Permission.KEEP_NOTICES: Rule(
        _all(AUDITORS, Scope.COMMUNITY), Text("改通知的文字和规则", "keep notices' words and rules")
    ),
    Permission.READ_FIGURES: Rule(
        _AREAS | _BLOCKS, Text("看比率和它们背后的工单", "see rates and the orders behind them")
    ),
    Permission.READ_UPSTREAM: Rule(
        _UPSTREAM, Text("看上级工单号和回告情况", "see upstream's number of an order, and whether it was told")
    ),
    Permission.NOTE_UPSTREAM_CALLBACKS: Rule(
        _UPSTREAM, Text("登记上级的回访", "note what upstream heard when it called the person itself")
    ),
    Permission.KEEP_REPORTS: Rule(
        _DISPATCH,
        Text("看没有送到上级的结果,重发、销账", "see which results did not reach upstream; send again, settle"),
    ),
    Permission.REPORT_HARM: Rule(
        _SEATS | _AREAS, Text("报告疑似侵害、危险(只有保护专员和书记知道)", "quietly report suspected harm")
    ),
    Permission.PROTECT: Rule(
        _all(PROTECTING | {Role.SECRETARY}, Scope.COMMUNITY),
        Text("接疑似侵害的报告:看(有记录)、签收、登记报告了谁、办结", "take up reports of suspected harm (logged)"),
    ),
    Permission.FOLLOW_TICKETS: Rule(
        _CONCERNED | _BLOCKS, Text("关注工单,有变化就收到消息", "follow an order: hear of its changes in the inbox")
    ),
    Permission.KEEP_SLIPS: Rule(_AREAS, Text("打印、领取(有记录)、送到通知单", "print, take (logged), bring slips")),
    Permission.OWN_SUBSCRIPTIONS: Rule(
        _SELF, Text("看、改自己订阅的区域和类别,取消关注", "what areas and categories one wants news of; unfollow")
    ),
    Permission.FOLLOW_EVENTS: Rule(_CONCERNED | _BLOCKS, Text("实时动态", "follow changes live")),
    Permission.KEEP_WEBHOOKS: Rule(
        _all(STAFF | CHIEFS | {Role.CLIENT}, Scope.OWN_ACCOUNT),
        Text("自己的推送地址(webhook):登记、换密钥、重发", "keep one's own webhooks: open, rotate, replay"),
    ),
    Permission.OVERSEE_WEBHOOKS: Rule(
        _all(AUDITORS, Scope.COMMUNITY),
        Text("看全社区的推送地址(不见密钥),停用、恢复", "see all webhooks (no secrets), stop one, start it again"),
    ),
}
"""Adding one: a line in ``Permission`` (``permission.py``), a line here, and the row of its routes in
tests/services/permissions/rows.
"""


def allowed(actor: Actor, permission: Permission) -> bool:
    """Does a role of the actor carry the permission, wherever it holds?"""
    return actor.has(PERMISSIONS[permission].roles)
