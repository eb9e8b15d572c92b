"""What webhooks hold about people; part of notify's inventory."""

from chassis.inventory import NOT_SEEN, WHILE_IT_STANDS, Basis, Entry, Held, Nobodys
from contracts.words import Text

_OWNER = Text(zh="登记推送地址的账号", en="the account that keeps an endpoint")
_TOLD = Text(zh="点单人、成员、工作人员", en="who orders, members, staff")

WEBHOOKS: tuple[Entry, ...] = (
    Held(
        collection="webhook_endpoints",
        field="url, description",
        what=Text(zh="推送到哪个地址、备注", en="where changes are sent, and what its owner calls it"),
        whose=_OWNER,
        why=Text(zh="把变化告诉登记人指定的系统", en="another system hears of changes, as its owner asked"),
        basis=Basis.SERVICE,
        period=WHILE_IT_STANDS,
        seen_by=Text(zh="本人;书记、管理员只看到主机名", en="themselves; of the address secretaries see the host"),
        sealed=True,
    ),
    Held(
        collection="webhook_endpoints",
        field="halt.reason",
        what=Text(zh="社区为什么停用它", en="why the community stopped it"),
        whose=_OWNER,
        why=Text(zh="登记人要知道原因", en="its owner has to know why"),
        basis=Basis.SERVICE,
        period=WHILE_IT_STANDS,
        seen_by=Text(zh="本人,书记、管理员", en="themselves, secretaries, administrators"),
        sealed=True,
    ),
    Held(
        collection="webhook_endpoints",
        field="halt.by",
        what=Text(zh="谁停用了它(账号、角色)", en="who stopped it: account and role"),
        whose=Text(zh="停用它的书记、管理员", en="the secretary or administrator who did"),
        why=Text(zh="登记人要知道是谁", en="its owner has to know who did"),
        basis=Basis.SERVICE,
        period=WHILE_IT_STANDS,
        seen_by=Text(zh="登记人,书记、管理员", en="the owner, secretaries, administrators"),
    ),
    Held(
        collection="webhook_endpoints",
        field="secrets.sealed",
        what=Text(zh="签名密钥", en="the secrets that sign what is sent"),
        whose=_OWNER,
        why=Text(zh="收的一方据此确认是我们发的", en="whoever receives it can tell that it is ours"),
        basis=Basis.SERVICE,
        period=WHILE_IT_STANDS,
        seen_by=NOT_SEEN,
        sealed=True,
    ),
    Held(
        collection="webhook_endpoints",
        field="owner",
        what=Text(zh="登记人的账号、成员编号和角色", en="the owner's account, member id and roles"),
        whose=_OWNER,
        why=Text(zh="只推送登记人自己能看到的", en="an endpoint hears what its owner may hear"),
        basis=Basis.SERVICE,
        period=WHILE_IT_STANDS,
        seen_by=Text(zh="书记、管理员看到账号", en="secretaries and administrators see the account"),
    ),
    Held(
        collection="webhook_deliveries",
        field="audience, message",
        what=Text(
            zh="哪些账号和成员可以知道一件事;发出的内容(编号、单号、到网格的地点)",
            en="which accounts and members may hear of an event; what is sent: ids, a number, the grid",
        ),
        whose=_TOLD,
        why=Text(zh="发送前再核对一次;重试、重发", en="looked at again before it is sent; retries and replays"),
        basis=Basis.SERVICE,
        period="retention_webhook_days",
        seen_by=Text(zh="登记人看到编号和送达情况", en="the owner sees ids and how sending went"),
    ),
    Nobodys(collection="webhook_replays", what=Text(zh="重发到哪里", en="how far a replay is")),
)
