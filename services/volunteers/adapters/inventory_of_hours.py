"""What the two ledgers hold about people; part of the inventory of volunteers."""

from functools import partial

from chassis.inventory import THEMSELVES, Basis, Entry, Held
from contracts.words import Text

_MEMBERS = Text(zh="成员", en="members")
_FOR_EVER = Text(
    zh="长期;注销时去掉是谁,只留下没有名字的合计", en="for ever; erased, nobody is named: totals without persons stay"
)
_AREA_STAFF = Text(zh="本人、所在区域的工作人员", en="themselves, staff of the area")
_of_entry = partial(Held, collection="hours", whose=_MEMBERS, basis=Basis.DUTY, period=_FOR_EVER)
"""A line about an entry of either ledger."""

HOURS_HELD: tuple[Entry, ...] = (
    Held(
        collection="members",
        field="show_stars, share_hours",
        what=Text(
            zh="愿不愿意让人看到星级、年度时长表上列不列自己",
            en="whether others may see their stars, whether a year's table of hours names them",
        ),
        whose=_MEMBERS,
        why=Text(zh="本人没有说愿意,就不给别人看", en="without their word nobody else is shown it"),
        basis=Basis.CONSENT,
        period=Text(zh="到本人说不,或注销时", en="until they say otherwise, or are erased"),
        seen_by=THEMSELVES,
    ),
    _of_entry(
        field="member_id, ledger, state, began, year, minutes, grade, lines.spans, lines.by, over_at, item_name, "
        "area_path, number, demand_id, team_id",
        what=Text(
            zh="谁哪天从几点到几点做了什么、凭据等级、谁记的谁改的(到网格)",
            en="who did what from when to when, how well it is shown, who recorded or corrected it (down to the grid)",
        ),
        whose=_MEMBERS,
        why=Text(
            zh="志愿服务记录(条例19条、民政部令67号)和工作量", en="the record of voluntary service, and of paid work"
        ),
        basis=Basis.DUTY,
        period=_FOR_EVER,
        seen_by=_AREA_STAFF,
    ),
    _of_entry(
        field="asks.by, asks.decided_by, asks.at, asks.state",
        what=Text(zh="谁申请更正、谁决定、结果", en="who asked for a correction, who decided, and how"),
        why=Text(zh="更正要留痕", en="corrections are on record"),
        seen_by=_AREA_STAFF,
    ),
    _of_entry(
        field="content, lines.vouched, asks.asked_why, asks.decided_why",
        what=Text(
            zh="补登的服务内容、谁作证、为什么申请更正、为什么这样决定",
            en="what was done as staff typed it, who vouches, why a correction was asked for and why so decided",
        ),
        whose=_MEMBERS,
        why=Text(zh="补登和更正要有依据", en="entries from paper and corrections have a ground"),
        basis=Basis.DUTY,
        period=_FOR_EVER,
        seen_by=Text(zh="本人;工作人员写明原因后(留痕)", en="themselves; staff with a reason (logged)"),
        sealed=True,
    ),
    Held(
        collection="sheets",
        field="member_id, ledger, number, start, end, minutes, count, without, issued_at, issued_by",
        what=Text(
            zh="打印过的记录单:谁的、哪段时间、合计多少、谁打印(不存内容)",
            en="record sheets that were printed: whose, of which days, how much in all, by whom (not what they say)",
        ),
        whose=_MEMBERS,
        why=Text(zh="供出示对象核验", en="whoever is shown one can check it"),
        basis=Basis.CONSENT,
        period=_FOR_EVER,
        seen_by=Text(
            zh="本人;凭编号和核验码可见起止、合计、称呼",
            en="themselves; by number and code anybody: days, sum, chosen name",
        ),
    ),
)
