"""What volunteers holds about people, collection by collection; printed in docs/privacy.md."""

from chassis.inventory import EVENTS, GEAR, VAULT, Basis, Entry, Held, Nobodys
from contracts.words import Text

_MEMBERS = Text(zh="成员", en="members")
_WHILE_SERVING = Text(
    zh="在册期间;注销时清除(退出服务还不是注销)",
    en="while they are on the roll; gone when they are erased (to stop serving is not yet that)",
)

VOLUNTEERS: tuple[Entry, ...] = (
    Held(
        collection="members",
        field="sealed.name, sealed.phone",
        what=Text(zh="姓名、电话", en="name, phone"),
        whose=_MEMBERS,
        why=Text(zh="核对身份、联系", en="to know and reach them"),
        basis=Basis.CONSENT,
        period=_WHILE_SERVING,
        seen_by=Text(zh="本人;工作人员写明原因后(留痕)", en="themselves; staff with a reason (logged)"),
        sealed=True,
    ),
    Held(
        collection="members",
        field="sealed.phone_index",
        what=Text(zh="电话的盲索引,不能还原", en="a blind index of the phone, which cannot be turned back"),
        whose=_MEMBERS,
        why=Text(zh="按电话找到人而不露电话", en="finds a number again without showing it"),
        basis=Basis.CONSENT,
        period=_WHILE_SERVING,
        seen_by=Text(zh="无人", en="nobody"),
    ),
    Held(
        collection="members",
        field="sealed.party",
        what=Text(zh="是否党员、愿不愿意显示", en="whether they said to be in the Party, and wish it shown"),
        whose=_MEMBERS,
        why=Text(zh="本人自愿说明;派单从不读取", en="theirs to say; who is asked is decided without ever reading it"),
        basis=Basis.SEPARATE_CONSENT,
        period=Text(zh="本人可随时清除;注销时清除", en="until they take it back or are erased"),
        seen_by=Text(
            zh="本人;本人愿意显示时,能看到该成员的人", en="themselves; if they wish, whoever may see the member"
        ),
        sealed=True,
    ),
    Held(
        collection="members",
        field="guardian.name, guardian.phone",
        what=Text(zh="监护人的姓名、电话", en="a guardian's name and phone"),
        whose=Text(zh="未成年成员的监护人", en="guardians of members under 18"),
        why=Text(zh="未成年人服务须监护人同意", en="a minor serves only with a guardian's consent"),
        basis=Basis.DUTY,
        period=_WHILE_SERVING,
        seen_by=Text(zh="该成员本人", en="the member themselves"),
        sealed=True,
    ),
    Held(
        collection="members",
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
    Held(
        collection="members",
        field="abilities, vetted_until",
        what=Text(
            zh="自己说能做什么(搬、爬楼、梯子、夜里叫醒);陪护孩子的审查到哪天",
            en="what they say they can do (lift, stairs, ladder, night); until when a vetting for children holds",
        ),
        whose=_MEMBERS,
        why=Text(zh="不请力所不及的事;保护孩子", en="nobody is asked for too much; children are safe"),
        basis=Basis.CONSENT,
        period=_WHILE_SERVING,
        seen_by=Text(zh="本人", en="themselves"),
    ),
    Held(
        collection="members",
        field="display_name",
        what=Text(zh="自选的称呼", en="the display name they chose"),
        whose=_MEMBERS,
        why=Text(zh="让居民知道谁来", en="residents know who comes"),
        basis=Basis.CONSENT,
        period=_WHILE_SERVING,
        seen_by=Text(zh="工作人员、同单的人、点单人", en="staff, who shares an order, who ordered"),
    ),
    Held(
        collection="members",
        field="start",
        what=Text(
            zh="自选的出发点(到约100米的格子,不到楼栋)",
            en="where they set out from, chosen by themselves (to about 100 m, never a building)",
        ),
        whose=_MEMBERS,
        why=Text(zh="算步行时间;从不记录实时位置和轨迹", en="walking time; no position and no trail is ever kept"),
        basis=Basis.CONSENT,
        period=_WHILE_SERVING,
        seen_by=Text(zh="无人,只用于计算", en="nobody: it is computed with"),
    ),
    Held(
        collection="members",
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
        seen_by=Text(zh="本人、所在区域的工作人员", en="themselves, staff of the area"),
    ),
    Held(
        collection="members",
        field="rests, was_on_duty",
        what=Text(
            zh="成员是否已去世(按服务对象编号)、之前是否在岗", en="whether they died, by whose record; on duty before"
        ),
        whose=_MEMBERS,
        why=Text(zh="立即不再请人、空出名额;登错可恢复", en="nobody asks them, seats are free; a mistake is undone"),
        basis=Basis.SERVICE,
        period=_WHILE_SERVING,
        seen_by=Text(zh="无人", en="nobody"),
    ),
    Held(
        collection="demands",
        field="offers.member_id, offers.why, asked_until",
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
        field="takes.member_id, takes.display_name",
        what=Text(zh="谁接了", en="who took it"),
        whose=_MEMBERS,
        why=Text(zh="名额不超、时长有据", en="no seat is taken twice, hours have a source"),
        basis=Basis.SERVICE,
        period=Text(zh="长期;称呼在注销时改写", en="for ever; the name is overwritten at erasure"),
        seen_by=Text(zh="与工单有关的人", en="who is concerned with the order"),
    ),
    Held(
        collection="demands",
        field="requester_id",
        what=Text(zh="点单账号的编号", en="the id of the account that ordered"),
        whose=Text(zh="点单人", en="who orders"),
        why=Text(zh="通知谁来", en="to be told who comes"),
        basis=Basis.SERVICE,
        period=Text(
            zh="长期,只有编号;投诉的与反映人同时清除", en="for ever; an id alone; of a complaint gone with who made it"
        ),
        seen_by=Text(zh="无人", en="nobody"),
    ),
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
    Nobodys(collection="areas", what=Text(zh="区域的副本", en="a replica of the areas")),
    *EVENTS,
    Held(
        collection="reveals",
        field="reason",
        what=Text(zh="为什么看成员的私密内容", en="why somebody read what is private of a member"),
        whose=_MEMBERS,
        why=Text(zh="本人有权知道", en="the person concerned has a right to know"),
        basis=Basis.DUTY,
        period="retention_reveals_days",
        seen_by=Text(zh="本人", en="themselves"),
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
        seen_by=Text(zh="本人", en="themselves"),
    ),
    *VAULT,
    *GEAR,
)
