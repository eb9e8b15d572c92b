"""What tickets holds about who asked for something about an order, and who decided it."""

from chassis.inventory import FOR_EVER, Basis, Entry, Held
from contracts.words import Text

LEDGER: tuple[Entry, ...] = (
    Held(
        collection="tickets",
        field="ledger.asked_by, ledger.decided_by, ledger.particulars.member_id",
        what=Text(
            zh="谁申请挂起、延期、退单、作废、改派,谁批的,改派请谁(编号)",
            en="who asked for a hold, more time, a return, a void or others, who decided, and who was named (ids)",
        ),
        whose=Text(zh="工作人员、成员", en="staff, members"),
        why=Text(zh="不能自己申请自己批;台账可查", en="nobody decides what they asked for; the ledger can be checked"),
        basis=Basis.SERVICE,
        period=FOR_EVER,
        seen_by=Text(
            zh="所在区域的工作人员;本人申请的本人可见", en="staff of the area; who asked sees what they asked for"
        ),
    ),
)
