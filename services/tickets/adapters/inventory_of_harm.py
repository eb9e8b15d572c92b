"""What tickets holds of suspected harm: outside every order, for a small circle, whole until it is closed."""

from functools import partial

from chassis.inventory import Basis, Entry, Held
from contracts.words import Text

_WHY = Text(
    zh="发现侵害要马上报告(未成年人保护法11条),有人跟到底",
    en="harm is reported at once (minor protection law, 11), and somebody sees it through",
)
_CIRCLE = Text(
    zh="书记、保护专员、区级联系人写明原因后(留痕);被反映的人、其队友和这一家都看不到",
    en="secretary, protection officers, the district's contact with a reason (logged); never whom it is about, their "
    "team, the household",
)
_LIST = Text(
    zh="书记、保护专员、区级联系人;被反映的人、其队友和这一家都看不到",
    en="secretary, protection officers, the district's contact; never whom it is about, their team, the household",
)
_THEM = Text(zh="被怀疑受侵害的人、被反映的人", en="whom it is about")
_held = partial(Held, collection="harm_reports", basis=Basis.DUTY, period="retention_harm_days", seen_by=_CIRCLE)
_of_them = partial(_held, whose=_THEM, why=_WHY)

HARM: tuple[Entry, ...] = (
    _of_them(
        field="note, explanation, closing, told.number",
        what=Text(
            zh="看到了什么、为什么没报告、结果的说明、受理部门的编号",
            en="what was seen, why nobody was told, what came of it, the number an authority gave",
        ),
        sealed=True,
    ),
    _of_them(
        field="who",
        what=Text(
            zh="当时知道的姓名、电话、住址(本人注销也留到办结,因为还要找到人)",
            en="name, phone and address as they were known (kept through an erasure until it is closed: they have to "
            "be found)",
        ),
        sealed=True,
    ),
    _of_them(
        field="ticket_id, person_id, subject, kept_from",
        what=Text(
            zh="在哪一单、关于谁、因此谁不能看(编号)",
            en="at which order, about whom, who therefore never sees it (ids)",
        ),
    ),
    _held(
        field="reporter",
        what=Text(zh="谁报告的(账号)", en="who reported it (account)"),
        whose=Text(zh="报告人", en="who reported it"),
        why=Text(zh="必要时问清楚情况", en="they can be asked where it is needed"),
    ),
    _of_them(
        field="kind, state, acknowledged_by, told, result",
        what=Text(
            zh="哪一类、办到哪一步、谁签收、报告了哪个部门、结果(代码)",
            en="which kind, how far it is, who has it, which authority was told, what came of it (codes)",
        ),
        seen_by=_LIST,
    ),
)
