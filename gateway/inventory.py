"""What the gateway holds about people, collection by collection; printed in docs/privacy.md."""

from functools import partial

from chassis.inventory import GEAR, NOT_SEEN, THEMSELVES, VAULT, Basis, Entry, Held, Nobodys
from contracts.words import Text

_ACCOUNTS = Text(zh="有账号的人", en="who has an account")
_WHILE_OPEN = Text(zh="账号存续期间;注销即清除", en="while the account is open; gone when it is erased")
_COPY = Text(zh="随原记录(可由事件重建)", en="as the original, of which it is a copy")
_of_account = partial(Held, collection="accounts", whose=_ACCOUNTS, period=_WHILE_OPEN)
"""A line about an account."""

GATEWAY: tuple[Entry, ...] = (
    _of_account(
        field="own.login",
        what=Text(zh="登录名", en="login"),
        why=Text(zh="登录", en="to sign in"),
        basis=Basis.SERVICE,
        seen_by=THEMSELVES,
    ),
    _of_account(
        field="own.password",
        what=Text(zh="密码的 argon2id 摘要", en="the argon2id hash of the password"),
        why=Text(zh="登录", en="to sign in"),
        basis=Basis.SAFETY,
        seen_by=NOT_SEEN,
    ),
    _of_account(
        field="own.grants, own.command, member",
        what=Text(zh="角色和区域;成员编号和自选的称呼", en="roles and areas; the member's number and chosen name"),
        why=Text(zh="决定能做什么、看什么", en="says what they may do and see"),
        basis=Basis.SERVICE,
        seen_by=THEMSELVES,
    ),
    _of_account(
        field="own.phone",
        what=Text(
            zh="收验证码和通知的电话(成员的电话不在这里)",
            en="the phone for one-time codes and messages (a member's is not here)",
        ),
        why=Text(zh="发送登录验证码和通知", en="to tell one-time codes and messages"),
        basis=Basis.CONSENT,
        seen_by=Text(zh="本人;只发短信时由系统读取", en="themselves; read by the platform when something is sent"),
        sealed=True,
    ),
    _of_account(
        field="own.email",
        what=Text(zh="本人确认过的邮箱", en="an e-mail address that they confirmed"),
        why=Text(zh="本人要用邮件收通知", en="they want to be told by e-mail"),
        basis=Basis.CONSENT,
        seen_by=Text(zh="本人;发邮件时由系统读取", en="themselves; read by the platform when something is sent"),
        sealed=True,
    ),
    _of_account(
        field="own.openid",
        what=Text(zh="本人在微信小程序里的编号", en="their id at WeChat's mini-program"),
        why=Text(zh="本人要用微信收通知", en="they want to be told by WeChat"),
        basis=Basis.CONSENT,
        seen_by=Text(zh="无人;发微信消息时由系统读取", en="nobody; read by the platform when something is sent"),
        sealed=True,
    ),
    _of_account(
        field="own.phone_index, own.epoch, own.active, own.closed, own.client",
        what=Text(
            zh="电话的盲索引;令牌世代;是否启用;接口客户端的密钥摘要",
            en="blind index of the phone; epoch of tokens; whether in use; hashes of an API client's secrets",
        ),
        whose=_ACCOUNTS,
        why=Text(zh="找到账号,让旧令牌失效", en="to find the account, to end what was issued before"),
        basis=Basis.SAFETY,
        period=_WHILE_OPEN,
        seen_by=NOT_SEEN,
    ),
    Held(
        collection="sessions",
        field="account_id, place, how, opened_at, used_at",
        what=Text(
            zh="在哪些设备上登录、什么时候;地点只是带密钥的摘要,不存地址",
            en="where one is signed in and when; of the place only a keyed hash, never the address",
        ),
        whose=_ACCOUNTS,
        why=Text(zh="续期、退出、发现被盗的令牌", en="to go on, to sign out, to notice a stolen token"),
        basis=Basis.SAFETY,
        period=Text(
            zh="30 天不用即止(`SHILIU_REFRESH_DAYS`),结束后 7 天",
            en="30 days unused (`SHILIU_REFRESH_DAYS`), 7 days after its end",
        ),
        seen_by=THEMSELVES,
    ),
    Held(
        collection="codes",
        field="account_id, place, hash, sent_at",
        what=Text(zh="发过验证码(只有摘要)", en="that a one-time code was sent, and its hash"),
        whose=_ACCOUNTS,
        why=Text(zh="核对验证码,限制次数", en="to check codes and to bound them"),
        basis=Basis.SAFETY,
        period=Text(zh="1 天", en="1 day"),
        seen_by=NOT_SEEN,
    ),
    Held(
        collection="revocations",
        field="_id",
        what=Text(zh="哪些会话和账号的旧令牌已失效", en="which sessions and accounts ended their tokens"),
        whose=_ACCOUNTS,
        why=Text(zh="让退出立刻生效", en="so that signing out takes hold at once"),
        basis=Basis.SAFETY,
        period=Text(
            zh="到旧令牌自然到期:会话 16 分钟,账号 366 天", en="16 minutes for a session, 366 days for an account"
        ),
        seen_by=NOT_SEEN,
    ),
    Nobodys(
        collection="attempts",
        what=Text(zh="登录尝试次数(带密钥的摘要,1 天)", en="how often a login was tried (keyed hashes, 1 day)"),
    ),
    Held(
        collection="tickets",
        field="ticket.requester_id, ticket.beneficiary_id, ticket.completed_by, ticket.handlers, ticket.holders, "
        "demand.holders",
        what=Text(zh="编号、接单人自选的称呼", en="ids, chosen names of who took it"),
        whose=Text(zh="点单人、服务对象、成员", en="who orders, who is served, members"),
        why=Text(zh="工单列表", en="lists of orders"),
        basis=Basis.SERVICE,
        period=_COPY,
        seen_by=Text(zh="按权限表", en="by the table of permissions"),
    ),
    Held(
        collection="visits",
        field="visit.beneficiary_id, visit.requester_id, visit.members",
        what=Text(zh="谁来过、怎么样(编号)", en="who was there and how it went, by ids"),
        whose=Text(zh="点单人、服务对象、成员", en="who orders, who is served, members"),
        why=Text(zh="“这周谁来过”", en="the card of who came this week"),
        basis=Basis.SERVICE,
        period=_COPY,
        seen_by=Text(zh="本人、看得到这张单的家属和工作人员", en="themselves, delegates and staff who see the order"),
    ),
    Held(
        collection="offers",
        field="offer.member_id",
        what=Text(zh="请过谁、怎么答复", en="who was asked, and what they answered"),
        whose=Text(zh="成员", en="members"),
        why=Text(zh="本人的邀约列表", en="a member's own list of offers"),
        basis=Basis.SERVICE,
        period="retention_words_days",
        seen_by=THEMSELVES,
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
        collection="people",
        field="person.account_id, person.deceased",
        what=Text(zh="服务对象自己的账号(编号)、是否已去世", en="whose own account it is (ids), and whether they died"),
        whose=Text(zh="服务对象", en="who is served"),
        why=Text(zh="去世后账号停用;登错可恢复", en="the account of somebody who died rests; a mistake is undone"),
        basis=Basis.SERVICE,
        period=_COPY,
        seen_by=Text(zh="无人;只在登录时查", en="nobody: it is asked when somebody signs in"),
    ),
    Held(
        collection="stream",
        field="audience",
        what=Text(zh="哪件事告诉了哪些编号", en="which ids heard of which event"),
        whose=Text(zh="点单人、成员", en="who orders, members"),
        why=Text(zh="断线续传", en="a stream that was cut can go on"),
        basis=Basis.SERVICE,
        period="retention_stream_days",
        seen_by=THEMSELVES,
    ),
    Held(
        collection="pictures",
        field="key",
        what=Text(zh="工单照片的密钥;照片拍的是东西,重新绘制过,不带拍摄地点", en="what opens an order's pictures"),
        whose=Text(zh="服务对象,没有则是点单人", en="who is served, else who ordered"),
        why=Text(zh="办理前后有据可查", en="evidence of the work"),
        basis=Basis.SERVICE,
        period="retention_pictures_days",
        seen_by=Text(
            zh="点单人;接单人在办理期间;工作人员写明原因", en="who ordered; the crew at work; staff who say why; logged"
        ),
        sealed=True,
    ),
    Held(
        collection="pictures",
        field="subject, account_id, consent, removed",
        what=Text(zh="谁的、谁发的、拍到人时同意的用途", en="whose, who sent it, what a person on it agreed to"),
        whose=Text(zh="服务对象、发照片的人", en="who is served, who sent it"),
        why=Text(zh="谁能看、谁能撤下", en="who may see it and take it away"),
        basis=Basis.SERVICE,
        period="retention_pictures_days",
        seen_by=Text(zh="无人(只显示身份)", en="nobody; shown as a role only"),
    ),
    Held(
        collection="tickets",
        field="pictures",
        what=Text(zh="有哪些照片(种类、时间、由谁的身份)", en="which pictures there are: kind, time, sent as what"),
        whose=Text(zh="点单人", en="who orders"),
        why=Text(zh="工单上列出照片", en="an order lists its pictures"),
        basis=Basis.SERVICE,
        period="retention_pictures_days",
        seen_by=Text(zh="点单人、办理中的接单人、所在区域的工作人员", en="who ordered, the crew at work, staff"),
    ),
    Held(
        collection="attachments",
        field="files, chunks",
        what=Text(zh="照片本身(加密);没有传完的一天后清除", en="the pictures, sealed; a broken-off upload for a day"),
        whose=Text(zh="服务对象,没有则是点单人", en="who is served, else who ordered"),
        why=Text(zh="办理前后有据可查", en="evidence of the work"),
        basis=Basis.SERVICE,
        period="retention_uploads_days",
        seen_by=Text(zh="同上", en="as the picture itself"),
        sealed=True,
    ),
    Nobodys(collection="areas", what=Text(zh="区域的视图", en="a view of the areas")),
    Nobodys(collection="items", what=Text(zh="服务项目的视图", en="a view of the catalogue")),
    Nobodys(collection="item_versions", what=Text(zh="服务项目每一版的视图", en="a view of every version of an item")),
    Nobodys(
        collection="rates",
        what=Text(
            zh="几分钟内的请求次数,账号和地址只以带密钥的摘要出现",
            en="how often was asked within minutes; accounts and addresses only as keyed digests",
        ),
    ),
    *VAULT,
    *GEAR,
)
