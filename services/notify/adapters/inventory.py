"""What notify holds about people, collection by collection; printed in docs/privacy.md."""

from chassis.inventory import FOR_EVER, GEAR, NOT_SEEN, VAULT, Basis, Entry, Held
from contracts.words import Text
from services.notify.adapters.audiences_keeping import AUDIENCES
from services.notify.adapters.inventory_of_robots import ROBOTS
from services.notify.adapters.inventory_of_wishes import WISHES_HELD
from services.notify.adapters.inventory_of_words import WORDS
from services.notify.adapters.posts_keeping import POSTS_HELD
from services.notify.adapters.webhook_inventory import WEBHOOKS

NOTIFY: tuple[Entry, ...] = (
    Held(
        collection="messages",
        field="recipient, thread, params.names, read",
        what=Text(
            zh="通知了哪个账号或成员、关于哪件工单、来的人自选的称呼、何时读过、何时说知道了",
            en="which account or member was told about which order, chosen names of who comes, when read and known",
        ),
        whose=Text(zh="收通知的人、接单人", en="who is told, who took the order"),
        why=Text(zh="站内消息;回答“为什么没通知我”", en="the inbox, and why somebody did or did not hear"),
        basis=Basis.SERVICE,
        period="retention_messages_days",
        seen_by=Text(
            zh="收信人;工作人员只见送达情况,不见是谁", en="the recipient; staff see deliveries by kind, not by name"
        ),
    ),
    Held(
        collection="messages",
        field="recused",
        what=Text(
            zh="哪些成员、账号、区域的同事看不到这条投诉的通知",
            en="which members, accounts and areas do not see what is told of a complaint",
        ),
        whose=Text(zh="成员", en="members"),
        why=Text(zh="投诉所指的人和其队友要回避", en="whom a complaint is about, and their team, hear nothing of it"),
        basis=Basis.DUTY,
        period="retention_messages_days",
        seen_by=Text(zh="谁也看不到", en="nobody"),
    ),
    Held(
        collection="messages",
        field="attempts",
        what=Text(
            zh="何时、用什么方式发过、结果如何;不含号码和地址",
            en="when, by which way it was sent and what came of it; no number, no address",
        ),
        whose=Text(zh="收通知的人", en="who is told"),
        why=Text(
            zh="重发不重复;回答“为什么没收到”", en="to try again without doubling, and to say why it did not come"
        ),
        basis=Basis.SERVICE,
        period="retention_messages_days",
        seen_by=Text(
            zh="收信人;工作人员只见方式和结果,不见是谁", en="the recipient; staff see ways and results, not by name"
        ),
    ),
    Held(
        collection="overtakings",
        field="recipient, still, thread",
        what=Text(
            zh="关于哪件工单、谁的哪些待发通知不用再发", en="of which order, whose waiting messages are not needed"
        ),
        whose=Text(zh="收通知的人", en="who is told"),
        why=Text(zh="晚到的消息不再打扰", en="so that what comes late disturbs nobody"),
        basis=Basis.SERVICE,
        period="retention_messages_days",
        seen_by=NOT_SEEN,
    ),
    Held(
        collection="people",
        field="person.recipients, person.account_id, person.deceased, person.delegates",
        what=Text(
            zh="服务对象和代办家属的账号(编号)、是否已去世",
            en="accounts of who is served and who acts for them, and deaths",
        ),
        whose=Text(zh="服务对象、代办家属", en="who is served, delegates"),
        why=Text(zh="去世后不再发送;每周告诉家属", en="nothing goes out after a death; the week's card is told of"),
        basis=Basis.SERVICE,
        period=FOR_EVER,
        seen_by=NOT_SEEN,
    ),
    *WISHES_HELD,
    *POSTS_HELD,
    *AUDIENCES,
    *WEBHOOKS,
    *ROBOTS,
    *VAULT,
    *WORDS,
    *GEAR,
)
