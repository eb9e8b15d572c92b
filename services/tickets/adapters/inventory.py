"""What tickets holds about people, collection by collection; printed in docs/privacy.md."""

from chassis.inventory import EVENTS, FOR_EVER, GEAR, NOT_SEEN, VAULT, WHILE_IT_STANDS, Basis, Entry, Held, Nobodys
from contracts.words import Text
from services.tickets.adapters.inventory_of_complaints import COMPLAINTS
from services.tickets.adapters.inventory_of_harm import HARM
from services.tickets.adapters.inventory_of_ledger import LEDGER
from services.tickets.adapters.inventory_of_merging import MERGING
from services.tickets.adapters.inventory_of_people import PEOPLE
from services.tickets.adapters.inventory_of_pleas import PLEAS

_ASKING = Text(zh="点单人、服务对象", en="who orders, who is served")
_SERVED = Text(zh="服务对象", en="who is served")
_ON_PURPOSE = Text(
    zh="本人;接单人在服务期间;工作人员写明原因后(留痕)",
    en="themselves; the assignee during the assignment; staff with a reason (logged)",
)

TICKETS: tuple[Entry, ...] = (
    Held(
        collection="tickets",
        field="private.description",
        what=Text(zh="点单时说的原话", en="the order in the person's own words"),
        whose=_ASKING,
        why=Text(zh="让上门的人知道要做什么", en="whoever comes knows what is to be done"),
        basis=Basis.SERVICE,
        period="retention_words_days",
        seen_by=_ON_PURPOSE,
        sealed=True,
    ),
    Held(
        collection="tickets",
        field="private.answers",
        what=Text(zh="点单时填写的内容", en="what was typed as answers to the item's questions"),
        whose=_ASKING,
        why=Text(zh="让上门的人有准备地来", en="whoever comes is prepared"),
        basis=Basis.SERVICE,
        period="retention_words_days",
        seen_by=_ON_PURPOSE,
        sealed=True,
    ),
    Held(
        collection="tickets",
        field="private.cash.sealed",
        what=Text(zh="现金小票的金额", en="the sums of cash slips"),
        whose=_ASKING,
        why=Text(zh="双方核对代买代缴的钱", en="both sides can check the money of an errand"),
        basis=Basis.SERVICE,
        period="retention_words_days",
        seen_by=_ON_PURPOSE,
        sealed=True,
    ),
    Held(
        collection="tickets",
        field="private.notes.sealed",
        what=Text(zh="每一步写的说明", en="what was typed beside each step"),
        whose=_ASKING,
        why=Text(zh="说明办理情况", en="says how it went"),
        basis=Basis.SERVICE,
        period="retention_words_days",
        seen_by=_ON_PURPOSE,
        sealed=True,
    ),
    Held(
        collection="tickets",
        field="private.published",
        what=Text(
            zh="公开答复(工作人员的话,只写到网格和月份)", en="a public answer: words of staff, grid and month only"
        ),
        whose=_ASKING,
        why=Text(zh="民呼我应", en="everybody can read what was answered"),
        basis=Basis.SERVICE,
        period=Text(zh="撤下或本人要求删除为止", en="until it is taken back, or the person is erased"),
        seen_by=Text(
            zh="公开前:点单人、工作人员;公开后:所有人", en="before: who ordered, staff; once published: everybody"
        ),
        sealed=True,
    ),
    Held(
        collection="tickets",
        field="private.area",
        what=Text(zh="网格以下的准确地点", en="the exact place below the grid"),
        whose=_ASKING,
        why=Text(zh="找得到门", en="the door can be found"),
        basis=Basis.SERVICE,
        period="retention_address_days",
        seen_by=_ON_PURPOSE,
        sealed=True,
    ),
    Held(
        collection="tickets",
        field="private.point",
        what=Text(zh="地图上点的位置", en="where it was tapped on a map"),
        whose=_ASKING,
        why=Text(zh="找得到地方", en="the place can be found"),
        basis=Basis.SERVICE,
        period="retention_address_days",
        seen_by=_ON_PURPOSE,
        sealed=True,
    ),
    Held(
        collection="tickets",
        field="private.door_word",
        what=Text(zh="见面口令", en="the door word"),
        whose=_ASKING,
        why=Text(zh="证明来的人是谁", en="proves who stands at the door"),
        basis=Basis.SERVICE,
        period=Text(zh="接单期间", en="during the assignment"),
        seen_by=_ON_PURPOSE,
        sealed=True,
    ),
    Held(
        collection="tickets",
        field="private.external_number",
        what=Text(zh="上级系统(12345)的工单号", en="the number of the order in the upstream system (12345)"),
        whose=_ASKING,
        why=Text(zh="把结果回给上级", en="the result goes back to where the order came from"),
        basis=Basis.SERVICE,
        period="retention_words_days",
        seen_by=Text(
            zh="上级系统、工作人员(投诉只限调度)", en="the upstream system, staff (of a complaint dispatchers)"
        ),
        sealed=True,
    ),
    Held(
        collection="tickets",
        field="requester_id, beneficiary_id, placed_by, owner, handled_by, completed_by, completed_in, called.by, "
        "answer_by, answer_heard_by",
        what=Text(zh="账号和服务对象的编号", en="ids of accounts and persons"),
        whose=Text(zh="点单人、服务对象、经办人", en="who orders, who is served, who handled it"),
        why=Text(zh="谁点的、为谁、谁经办,防止自己办自己确认", en="whose order it is; nobody confirms their own work"),
        basis=Basis.SERVICE,
        period=FOR_EVER,
        seen_by=Text(zh="本人和所在区域的工作人员", en="themselves, and staff of the area"),
    ),
    Held(
        collection="tickets",
        field="holders.display_name",
        what=Text(zh="接单人自选的称呼", en="the chosen display name of who took it"),
        whose=Text(zh="成员", en="members"),
        why=Text(zh="让居民知道谁来", en="residents know who comes"),
        basis=Basis.SERVICE,
        period=Text(zh="长期,注销时改写", en="for ever; overwritten at erasure"),
        seen_by=Text(zh="与工单有关的人", en="who is concerned with the order"),
    ),
    Held(
        collection="persons",
        field="name, form_of_address",
        what=Text(zh="姓名、称呼", en="name, form of address"),
        whose=_SERVED,
        why=Text(zh="上门找对人、称呼得体", en="to meet the right person, and address them well"),
        basis=Basis.SERVICE,
        period="retention_words_days",
        seen_by=_ON_PURPOSE,
        sealed=True,
    ),
    Held(
        collection="persons",
        field="phone, address",
        what=Text(zh="电话、住址", en="phone, address"),
        whose=_SERVED,
        why=Text(zh="联系和上门", en="to call, and to come"),
        basis=Basis.SERVICE,
        period="retention_address_days",
        seen_by=_ON_PURPOSE,
        sealed=True,
    ),
    Held(
        collection="persons",
        field="phone_index",
        what=Text(zh="电话的盲索引", en="a blind index of the phone"),
        whose=_SERVED,
        why=Text(zh="来电时认出是谁", en="to know who rings"),
        basis=Basis.SERVICE,
        period="retention_address_days",
        seen_by=NOT_SEEN,
    ),
    Held(
        collection="persons",
        field="known_to",
        what=Text(zh="由哪个账号登记", en="the account that named them first"),
        whose=_SERVED,
        why=Text(zh="只有登记过的账号能再为其点单", en="only that account may order for them again"),
        basis=Basis.SERVICE,
        period=WHILE_IT_STANDS,
        seen_by=NOT_SEEN,
    ),
    Held(
        collection="reveals",
        field="account_id, role, at, part, concerns, sealed_for",
        what=Text(zh="谁、以什么身份、何时看过谁的私密内容", en="who read what is private of whom, as what, when"),
        whose=Text(zh="被看的人、看的人", en="whose it was, and who read it"),
        why=Text(zh="本人有权知道", en="the person concerned has a right to know"),
        basis=Basis.DUTY,
        period="retention_reveals_days",
        seen_by=Text(zh="本人、所在区域的工作人员", en="the person concerned, staff of the area"),
    ),
    Held(
        collection="reveals",
        field="reason",
        what=Text(zh="为什么看", en="why they read it, in their words"),
        whose=Text(zh="被看的人、看的人", en="whose it was, and who read it"),
        why=Text(zh="本人有权知道", en="the person concerned has a right to know"),
        basis=Basis.DUTY,
        period="retention_reveals_days",
        seen_by=Text(zh="本人、所在区域的工作人员", en="the person concerned, staff of the area"),
        sealed=True,
    ),
    *PEOPLE,
    *COMPLAINTS,
    *HARM,
    *PLEAS,
    *LEDGER,
    *MERGING,
    Nobodys(collection="catalogue_items", what=Text(zh="服务项目", en="what can be ordered")),
    Nobodys(
        collection="catalogue_versions", what=Text(zh="服务项目的每一版", en="every version of what can be ordered")
    ),
    Nobodys(collection="areas", what=Text(zh="区域", en="areas")),
    Nobodys(collection="communities", what=Text(zh="社区的设置", en="figures of the communities")),
    Nobodys(
        collection="upstream_reports",
        what=Text(
            zh="回给上级的结果送到没有(只有编号和代码)", en="whether results reached upstream (ids and codes alone)"
        ),
    ),
    Nobodys(collection="numbers", what=Text(zh="单号计数", en="counters of human numbers")),
    *EVENTS,
    *VAULT,
    *GEAR,
)
