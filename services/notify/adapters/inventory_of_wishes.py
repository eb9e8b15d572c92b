"""What notify holds of what people want to hear; printed in docs/privacy.md."""

from chassis.inventory import Basis, Entry, Held, Nobodys
from contracts.words import Text

WISHES_HELD: tuple[Entry, ...] = (
    Held(
        collection="preferences",
        field="language, ways, off, followed, digests, digest_at, quiet_mode, quiet",
        what=Text(
            zh="想用什么语言、什么渠道、什么时候收哪类通知",
            en="in which language, by which ways and when somebody wants to hear of what",
        ),
        whose=Text(zh="点单人、成员、服务对象", en="who orders, members, persons served"),
        why=Text(zh="按本人的意愿发通知", en="to tell people as they wish"),
        basis=Basis.SERVICE,
        period=Text(zh="到注销", en="until erasure"),
        seen_by=Text(zh="本人;所在区域的工作人员", en="themselves; staff of the area"),
    ),
    Held(
        collection="preferences",
        field="changes",
        what=Text(zh="谁在什么时候改过(最近 20 次)", en="who changed it and when, the last 20 times"),
        whose=Text(zh="本人、代为设置的工作人员", en="themselves, staff who entered it"),
        why=Text(zh="替别人设置要有据可查", en="who speaks for somebody is on record"),
        basis=Basis.DUTY,
        period=Text(zh="到注销", en="until erasure"),
        seen_by=Text(zh="本人;所在区域的工作人员", en="themselves; staff of the area"),
    ),
    Nobodys(
        collection="family_weeks",
        what=Text(zh="各社区下一次告诉家属“这周”的时间", en="when delegates are told of the week's card next"),
    ),
    Nobodys(
        collection="communities",
        what=Text(zh="各社区的时区、工作日和安静时段", en="zones, working days and quiet hours of the communities"),
    ),
)
