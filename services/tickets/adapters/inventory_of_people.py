"""What tickets holds about the rights of the people it serves: who acts for them, and what they agreed to."""

from chassis.inventory import FOR_EVER, Basis, Entry, Held
from contracts.words import Text

_SERVED = Text(zh="服务对象", en="who is served")
_THEM_AND_STAFF = Text(zh="本人、所在区域的工作人员", en="themselves, staff of the area")

PEOPLE: tuple[Entry, ...] = (
    Held(
        collection="people",
        field="account_id, area_path, minor, registered_by",
        what=Text(
            zh="本人账号、所在网格、是否未成年、谁登记的", en="own account, grid, whether under 18, entered by whom"
        ),
        whose=_SERVED,
        why=Text(zh="谁能为其办事、要不要监护人同意", en="who may act for them, and whether a guardian has to consent"),
        basis=Basis.SERVICE,
        period=FOR_EVER,
        seen_by=_THEM_AND_STAFF,
    ),
    Held(
        collection="people",
        field="languages",
        what=Text(zh="讲什么语言(代码)", en="what they speak (codes)"),
        whose=_SERVED,
        why=Text(zh="先请会讲的人上门", en="whoever speaks it is asked first"),
        basis=Basis.SERVICE,
        period=Text(
            zh="到本人、代办家属或工作人员删去,最迟到注销", en="until they, a delegate or staff take it out, or erasure"
        ),
        seen_by=Text(
            zh="本人、所在区域的工作人员、能代为点单的家属",
            en="themselves, staff of the area, delegates who may order",
        ),
    ),
    Held(
        collection="tickets",
        field="terms.languages",
        what=Text(
            zh="这一单的人讲什么语言(代码);投诉没有", en="what they speak (codes), with an order; of no complaint"
        ),
        whose=_SERVED,
        why=Text(zh="先请会讲的人上门", en="whoever speaks it is asked first"),
        basis=Basis.SERVICE,
        period="retention_words_days",
        seen_by=Text(zh="派单", en="dispatch"),
    ),
    Held(
        collection="people",
        field="delegations",
        what=Text(
            zh="委托了哪个账号、可以办什么、怎么同意的、谁见证、到哪天",
            en="which account may do what for them, how that was given, before whom, until when",
        ),
        whose=Text(zh="服务对象、代办家属、见证的工作人员", en="who is served, their delegates, who witnessed it"),
        why=Text(zh="家人代办要有本人授权", en="family act for somebody only as far as they let them"),
        basis=Basis.CONSENT,
        period=FOR_EVER,
        seen_by=Text(
            zh="本人、所在区域的工作人员;代办家属只看自己的", en="themselves, staff of the area; a delegate their own"
        ),
    ),
    Held(
        collection="people",
        field="deceased_at, deceased_by",
        what=Text(zh="登记去世的时间和经办人", en="when a death was entered, and by whom"),
        whose=_SERVED,
        why=Text(zh="立即停止一切服务和消息", en="whatever runs for them stops at once"),
        basis=Basis.SERVICE,
        period=FOR_EVER,
        seen_by=Text(zh="所在区域的工作人员", en="staff of the area"),
    ),
    Held(
        collection="tickets",
        field="delegates, hidden_from, acts",
        what=Text(
            zh="这一单谁能代办、瞒着谁、代办人做了什么",
            en="who may act in this order, from whom it is hidden, what delegates did with it",
        ),
        whose=Text(zh="服务对象、代办家属", en="who is served, their delegates"),
        why=Text(
            zh="代办有据可查,本人可以不让家人看某一单", en="proxy acts are on record; an order can be kept private"
        ),
        basis=Basis.CONSENT,
        period=FOR_EVER,
        seen_by=Text(
            zh="本人、所在区域的工作人员;代办家属看谁做了什么,看不到被瞒的单",
            en="themselves, staff of the area; delegates read who did what, never of an order hidden from them",
        ),
    ),
    Held(
        collection="consents",
        field="purpose, text_version, how, given_at, witnessed_by, guardian_account, about",
        what=Text(
            zh="同意了哪个版本的文本、为什么、怎么同意的、谁见证、何时撤回",
            en="to which text somebody agreed, for what, how, before whom; when it was withdrawn",
        ),
        whose=Text(zh="服务对象、监护人、见证的工作人员", en="who is served, guardians, who witnessed it"),
        why=Text(zh="证明得到了同意(14、15 条)", en="shows that there was consent, and that it was withdrawn (14, 15)"),
        basis=Basis.DUTY,
        period=FOR_EVER,
        seen_by=Text(zh="本人、监护人、所在区域的工作人员", en="themselves, the guardian, staff of the area"),
    ),
    Held(
        collection="consents",
        field="guardian",
        what=Text(zh="监护人姓名", en="the guardian's name"),
        whose=Text(zh="未成年人的监护人", en="guardians of minors"),
        why=Text(zh="未成年人由监护人同意(31 条)", en="a guardian consents for a minor (31)"),
        basis=Basis.SEPARATE_CONSENT,
        period=Text(zh="到注销", en="until erasure"),
        seen_by=Text(zh="监护人、所在区域的工作人员", en="the guardian, staff of the area"),
        sealed=True,
    ),
)
