"""What tickets holds about people because several orders are one task."""

from chassis.inventory import FOR_EVER, Basis, Entry, Held
from contracts.words import Text

MERGING: tuple[Entry, ...] = (
    Held(
        collection="tickets",
        field="terms.served_before",
        what=Text(zh="以前谁来过、来过几次(只有成员编号)", en="who came before and how often (member ids alone)"),
        whose=Text(zh="服务对象、成员", en="who is served, members"),
        why=Text(
            zh="长期陪伴要熟面孔,轮流上门要轮着来;只有项目写了的才查",
            en="a known face, or everybody in turn; looked up only where the item asks for it",
        ),
        basis=Basis.SERVICE,
        period=FOR_EVER,
        seen_by=Text(zh="派单", en="dispatch"),
    ),
    Held(
        collection="tickets",
        field="primary, merged, worked_by, said",
        what=Text(
            zh="和哪一单一起办、由谁(成员编号)办的、之前的评价",
            en="with which order it is done, who (member ids) did it, what was said of it before",
        ),
        whose=Text(zh="点单人、成员", en="who orders, members"),
        why=Text(
            zh="同一件事只办一次;自己办的不能自己确认;说过的话不再问",
            en="one thing is done once; nobody confirms their own work; nobody is asked twice",
        ),
        basis=Basis.SERVICE,
        period=FOR_EVER,
        seen_by=Text(
            zh="点单人看得到另一单的单号;有哪些单,只有工作人员和办理人看得到",
            en="who ordered sees the other order's number; which orders there are, staff and crew alone",
        ),
    ),
)
