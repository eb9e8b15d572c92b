"""What volunteers holds about the people whom orders are for."""

from chassis.inventory import FOR_EVER, NOT_SEEN, Basis, Entry, Held
from contracts.words import Text

SERVED: tuple[Entry, ...] = (
    Held(
        collection="demands",
        field="terms.languages",
        what=Text(zh="这一单的人讲什么语言(代码)", en="what somebody speaks whom the order is for (codes)"),
        whose=Text(zh="服务对象", en="who is served"),
        why=Text(zh="先请会讲的人", en="whoever speaks it is asked first"),
        basis=Basis.SERVICE,
        period="retention_words_days",
        seen_by=Text(zh="派单", en="dispatch"),
    ),
    Held(
        collection="demands",
        field="requester_id, beneficiary_id, delegates, wanted",
        what=Text(
            zh="点单账号、服务对象、能代为确认的家属的编号,希望的时间",
            en="the ids of the account that ordered, the person served, delegates who may confirm; when it suits them",
        ),
        whose=Text(zh="点单人、服务对象、代办家属", en="who orders, who is served, their delegates"),
        why=Text(zh="通知谁来;不派本人不想见的人", en="to be told who comes; nobody is sent whom they do not want"),
        basis=Basis.SERVICE,
        period=Text(
            zh="长期,只有编号;投诉的与反映人同时清除", en="for ever; an id alone; of a complaint gone with who made it"
        ),
        seen_by=NOT_SEEN,
    ),
    Held(
        collection="demands",
        field="steering.hands.number, steering.hands.account_id",
        what=Text(
            zh="哪个账号动手处置过(派人、点名请、收回、暂停)", en="which account stepped into a search, as which step"
        ),
        whose=Text(zh="工作人员", en="staff"),
        why=Text(zh="处置有据可查;别人只看到职务", en="what staff do can be looked up; others read their role alone"),
        basis=Basis.DUTY,
        period=FOR_EVER,
        seen_by=Text(zh="所在区域的书记、管理员", en="secretary and administrators of the area"),
    ),
    Held(
        collection="demands",
        field="steering.hands.note",
        what=Text(zh="动手处置时在原因旁写的话", en="what staff wrote beside the reason when they stepped in"),
        whose=Text(zh="写的工作人员、里面提到的人", en="whoever of staff wrote it, and whoever it speaks of"),
        why=Text(zh="同事知道为什么这样处置", en="colleagues know why it was done"),
        basis=Basis.SERVICE,
        period="retention_words_days",
        seen_by=Text(
            zh="所在区域的工作人员写明原因后(留痕,写的人和被处置的人看得到)",
            en="staff of the area with a reason (logged; who wrote it and whom it was about can see that)",
        ),
        sealed=True,
    ),
    Held(
        collection="demands",
        field="steering.hands.about",
        what=Text(zh="那些话是关于哪位成员的(编号)", en="which member those words are about (an id)"),
        whose=Text(zh="成员", en="members"),
        why=Text(zh="本人能知道谁看过", en="they can know who has read them"),
        basis=Basis.DUTY,
        period="retention_words_days",
        seen_by=NOT_SEEN,
    ),
)
