"""What volunteers holds about people, collection by collection; printed in docs/privacy.md."""

from functools import partial

from chassis.inventory import EVENTS, GEAR, NOT_SEEN, THEMSELVES, VAULT, Basis, Entry, Held, Nobodys
from contracts.words import Text
from services.volunteers.adapters.absences import ABSENCES_HELD
from services.volunteers.adapters.inventory_of_hours import HOURS_HELD
from services.volunteers.adapters.inventory_of_served import SERVED

_MEMBERS = Text(zh="成员", en="members")
_WHILE_SERVING = Text(
    zh="在册期间;注销时清除(退出服务还不是注销)",
    en="while they are on the roll; gone when they are erased (to stop serving is not yet that)",
)
_AREA_STAFF = Text(zh="本人、所在区域的工作人员", en="themselves, staff of the area")
_COMPUTED = Text(zh="无人,只用于计算", en="nobody: it is computed with")
_of_member = partial(Held, collection="members", whose=_MEMBERS, basis=Basis.CONSENT, period=_WHILE_SERVING)
"""A line about the members' own record; a line says for itself where one of these is otherwise."""

VOLUNTEERS: tuple[Entry, ...] = (
    _of_member(
        field="sealed.name, sealed.phone",
        what=Text(zh="姓名、电话", en="name, phone"),
        why=Text(zh="核对身份、联系", en="to know and reach them"),
        seen_by=Text(zh="本人;工作人员写明原因后(留痕)", en="themselves; staff with a reason (logged)"),
        sealed=True,
    ),
    _of_member(
        field="sealed.phone_index",
        what=Text(zh="电话的盲索引,不能还原", en="a blind index of the phone, which cannot be turned back"),
        why=Text(zh="按电话找到人而不露电话", en="finds a number again without showing it"),
        seen_by=NOT_SEEN,
    ),
    _of_member(
        field="sealed.party",
        what=Text(zh="是否党员、愿不愿意显示", en="whether they said to be in the Party, and wish it shown"),
        why=Text(zh="本人自愿说明;派单从不读取", en="theirs to say; who is asked is decided without ever reading it"),
        basis=Basis.SEPARATE_CONSENT,
        period=Text(zh="本人可随时清除;注销时清除", en="until they take it back or are erased"),
        seen_by=Text(
            zh="本人;本人愿意显示时,能看到该成员的人", en="themselves; if they wish, whoever may see the member"
        ),
        sealed=True,
    ),
    _of_member(
        field="guardian.name, guardian.phone",
        what=Text(zh="监护人的姓名、电话", en="a guardian's name and phone"),
        whose=Text(zh="未成年成员的监护人", en="guardians of members under 18"),
        why=Text(zh="未成年人服务须监护人同意", en="a minor serves only with a guardian's consent"),
        basis=Basis.DUTY,
        seen_by=Text(zh="该成员本人", en="the member themselves"),
        sealed=True,
    ),
    _of_member(
        field="consents, agreed, with_adult, guardian.agreed_on, guardian.how, guardian.text_version",
        what=Text(
            zh="监护人何时以何种方式同意或撤回、谁经手、同去的成年人",
            en="when and how a guardian agreed or took it back, who wrote it down, the adult who goes along",
        ),
        whose=Text(zh="未成年成员", en="members under 18"),
        why=Text(zh="证明有同意;没有就不请", en="proof of consent; without it nobody is asked"),
        basis=Basis.DUTY,
        period=_WHILE_SERVING,
        seen_by=Text(zh="该成员本人", en="the member themselves"),
    ),
    _of_member(
        field="abilities, vetted_until",
        what=Text(
            zh="自己说能做什么(搬、爬楼、梯子、夜里叫醒);陪护孩子的审查到哪天",
            en="what they say they can do (lift, stairs, ladder, night); until when a vetting for children holds",
        ),
        whose=_MEMBERS,
        why=Text(zh="不请力所不及的事;保护孩子", en="nobody is asked for too much; children are safe"),
        basis=Basis.CONSENT,
        period=_WHILE_SERVING,
        seen_by=THEMSELVES,
    ),
    _of_member(
        field="weekly, days_off, extra_times, not_before, week_capacity, coverage, radius",
        what=Text(
            zh="自己说的空闲时间、休息到什么时候、一周接几单、愿意去的区域和距离",
            en="what they say of their time, until when they rest, how many orders a week, where and how far they go",
        ),
        whose=_MEMBERS,
        why=Text(zh="不在没空的时候请、不请去太远的地方", en="nobody is asked when they have no time, or too far away"),
        basis=Basis.CONSENT,
        period=_WHILE_SERVING,
        seen_by=Text(
            zh="本人;休息到什么时候,所在区域的工作人员也看得到",
            en="themselves; until when they rest also staff of the area",
        ),
    ),
    _of_member(
        field="insured_until, insures_70, seventy, credentials, checks",
        what=Text(
            zh="保险到哪天、是否满70岁、保险是否保到这个年龄、证件到哪天、谁什么时候看过(不存出生日期)",
            en="until when they are insured, whether they are seventy and it covers that, papers with dates, who saw"
            " them when (never a birthday)",
        ),
        whose=_MEMBERS,
        why=Text(zh="有危险的事先要有保险和证件", en="dangerous work needs insurance and papers first"),
        basis=Basis.DUTY,
        period=_WHILE_SERVING,
        seen_by=THEMSELVES,
    ),
    _of_member(
        field="apart",
        what=Text(
            zh="不派给谁(只有编号)、谁说的、哪一单认识的",
            en="to whom they are not sent (ids alone), who said so, by which order they met",
        ),
        whose=Text(zh="成员和服务对象", en="members and persons served"),
        why=Text(zh="双方都可以说不再见面,不问原因", en="either may say: not again; nobody asks why"),
        basis=Basis.CONSENT,
        period=Text(
            zh="直到说的人收回;任何一方注销时清除",
            en="until whoever said it takes it back; gone when either of them is erased",
        ),
        seen_by=Text(zh="只有说的人自己", en="whoever said it, nobody else"),
    ),
    _of_member(
        field="display_name",
        what=Text(zh="自选的称呼", en="the display name they chose"),
        why=Text(zh="让居民知道谁来", en="residents know who comes"),
        seen_by=Text(zh="工作人员、同单的人、点单人", en="staff, who shares an order, who ordered"),
    ),
    _of_member(
        field="start",
        what=Text(
            zh="自选的出发点(到约100米的格子,不到楼栋)",
            en="where they set out from, chosen by themselves (to about 100 m, never a building)",
        ),
        whose=_MEMBERS,
        why=Text(zh="算步行时间;从不记录实时位置和轨迹", en="walking time; no position and no trail is ever kept"),
        basis=Basis.CONSENT,
        period=_WHILE_SERVING,
        seen_by=_COMPUTED,
    ),
    _of_member(
        field="external_no, home_area, charge_area, skills, languages, capacity, on_duty, adult, employment, roles, "
        "team_ids",
        what=Text(
            zh="编号、网格、管辖区域、技能和证书期限、语言、能接几单、在岗、是否成年、身份、角色、队伍",
            en="number, grid, area in charge, skills with dates, languages, capacity, duty, of age or not, kind, "
            "roles, teams",
        ),
        whose=_MEMBERS,
        why=Text(zh="派合适的单", en="offers that suit them"),
        basis=Basis.CONSENT,
        period=_WHILE_SERVING,
        seen_by=_AREA_STAFF,
    ),
    _of_member(
        field="served",
        what=Text(zh="最近60次接单的时间", en="when they took a seat, the last 60 times"),
        why=Text(zh="不总是请同几个人", en="not always the same few are asked"),
        basis=Basis.SERVICE,
        seen_by=_COMPUTED,
    ),
    _of_member(
        field="rests, was_on_duty",
        what=Text(
            zh="成员是否已去世(按服务对象编号)、之前是否在岗", en="whether they died, by whose record; on duty before"
        ),
        whose=_MEMBERS,
        why=Text(zh="立即不再请人、空出名额;登错可恢复", en="nobody asks them, seats are free; a mistake is undone"),
        basis=Basis.SERVICE,
        period=_WHILE_SERVING,
        seen_by=NOT_SEEN,
    ),
    Held(
        collection="demands",
        field="offers.member_id, offers.why, offers.made_at, asked_until, asked_last",
        what=Text(zh="请过谁、为什么请、谁没接", en="who was asked and why, who did not take it"),
        whose=_MEMBERS,
        why=Text(zh="同一单不重复打扰", en="nobody is asked twice for one order"),
        basis=Basis.SERVICE,
        period="retention_words_days",
        seen_by=Text(
            zh="没接的人只有本人看得到;调度员写明原因后(留痕);到期后事件里也只剩人数",
            en="who declined: themselves alone, dispatchers with a reason (logged); then counts alone, in events too",
        ),
    ),
    Held(
        collection="demands",
        field="offers.note",
        what=Text(zh="退回派单时写的说明", en="what somebody wrote who returned an order"),
        whose=_MEMBERS,
        why=Text(zh="知道为什么办不了", en="to know why it could not be done"),
        basis=Basis.SERVICE,
        period="retention_words_days",
        seen_by=Text(zh="本人;调度员写明原因后(留痕)", en="themselves; dispatchers with a reason (logged)"),
        sealed=True,
    ),
    Held(
        collection="demands",
        field="takes.member_id, takes.display_name, terms.served_before",
        what=Text(zh="谁接了;要熟人或轮流的,以前谁来过", en="who took it; who came before, where the item asks"),
        whose=_MEMBERS,
        why=Text(zh="名额不超、时长有据", en="no seat is taken twice, hours have a source"),
        basis=Basis.SERVICE,
        period=Text(zh="长期;称呼在注销时改写", en="for ever; the name is overwritten at erasure"),
        seen_by=Text(zh="与工单有关的人", en="who is concerned with the order"),
    ),
    *SERVED,
    Held(
        collection="teams",
        field="lead, deputy, member_ids",
        what=Text(zh="队伍名册", en="rosters of teams"),
        whose=_MEMBERS,
        why=Text(zh="请队伍接单", en="teams are asked"),
        basis=Basis.CONSENT,
        period=_WHILE_SERVING,
        seen_by=Text(zh="成员、工作人员", en="members, staff"),
    ),
    *HOURS_HELD,
    *ABSENCES_HELD,
    Held(
        collection="rosters",
        field="shifts.note",
        what=Text(zh="交接班记录", en="hand-over notes"),
        whose=Text(zh="写的值班人员、里面提到的人", en="the officer who wrote it, and whoever it speaks of"),
        why=Text(zh="下一班要知道的事", en="what the next shift has to know"),
        basis=Basis.SERVICE,
        period="retention_words_days",
        seen_by=Text(zh="本人、接班的人(留痕)", en="themselves, whoever takes over (logged)"),
        sealed=True,
    ),
    Held(
        collection="rosters",
        field="shifts.member_id, shifts.substitute_id, shifts.note_by, shifts.signed_in_at, noted_until",
        what=Text(zh="谁值哪一班、谁替班、何时签到", en="who has which shift, who stands in, when they signed in"),
        whose=Text(zh="值班人员", en="duty staff"),
        why=Text(zh="夜里有人管", en="somebody is there at night"),
        basis=Basis.DUTY,
        period=Text(zh="长期,只有编号", en="for ever; ids alone"),
        seen_by=_AREA_STAFF,
    ),
    Nobodys(collection="areas", what=Text(zh="区域的副本", en="a replica of the areas")),
    Nobodys(collection="communities", what=Text(zh="社区作息的副本", en="a replica of the communities' time")),
    *EVENTS,
    Held(
        collection="reveals",
        field="reason",
        what=Text(zh="为什么看成员的私密内容", en="why somebody read what is private of a member"),
        whose=_MEMBERS,
        why=Text(zh="本人有权知道", en="the person concerned has a right to know"),
        basis=Basis.DUTY,
        period="retention_reveals_days",
        seen_by=THEMSELVES,
        sealed=True,
    ),
    Held(
        collection="reveals",
        field="member_id, account_id, role, at, part, ticket_id",
        what=Text(zh="谁、以什么身份、何时、看了成员的什么", en="who read what of a member, as what, when"),
        whose=Text(zh="成员、看的人", en="members, and who read it"),
        why=Text(zh="本人有权知道", en="the person concerned has a right to know"),
        basis=Basis.DUTY,
        period="retention_reveals_days",
        seen_by=THEMSELVES,
    ),
    *VAULT,
    *GEAR,
)
