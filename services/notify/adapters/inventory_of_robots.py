"""What notify holds of robots of chat groups, and of those who set them up."""

from chassis.inventory import NOT_SEEN, Basis, Entry, Held, Nobodys
from contracts.words import Text

_UNTIL = Text(zh="到机器人删除", en="until the robot is removed")
_STAFF = Text(zh="设群机器人的工作人员", en="staff who set up a robot")

ROBOTS: tuple[Entry, ...] = (
    Held(
        collection="robots",
        field="sealed.label",
        what=Text(zh="工作人员给群机器人起的名字", en="what staff call a robot of a chat group"),
        whose=_STAFF,
        why=Text(zh="分得清是哪个群", en="tells one group from another"),
        basis=Basis.DUTY,
        period=_UNTIL,
        seen_by=Text(zh="管群机器人的人", en="who keeps robots"),
        sealed=True,
    ),
    Held(
        collection="robots",
        field="sealed.key, sealed.secret",
        what=Text(zh="群机器人的 key 和加签密钥", en="a robot's key, and its secret"),
        whose=_STAFF,
        why=Text(zh="往群里发消息", en="lets us write into the group"),
        basis=Basis.DUTY,
        period=_UNTIL,
        seen_by=NOT_SEEN,
        sealed=True,
    ),
    Nobodys(
        collection="group_letters",
        what=Text(
            zh="发给群机器人的消息:事项、网格、编号和发送情况", en="what robots told: item, grid, number, how it went"
        ),
    ),
    Nobodys(collection="budgets", what=Text(zh="每条通道用掉的额度", en="how much of what a provider takes was used")),
    Nobodys(collection="areas", what=Text(zh="区域的名称和上下级", en="what areas are called and where they lie")),
)
