"""What the ways out keep: their indexes, and what is held of people; printed in docs/privacy.md."""

from chassis.inventory import Basis, Entry, Held, Nobodys
from chassis.migrations import Index
from contracts.words import Text
from services.notify.adapters.told_offers import SEEN, TOLD
from services.notify.adapters.wechat_consents import COLLECTION as CONSENTS

TOLD_SECONDS = 259_200
"""Three days: after so long an offer that was told by SMS is forgotten, whatever was or was not heard of it."""
SEEN_SECONDS = 86_400
"""A provider pushes a reply again for a quarter of an hour at most."""

POST_INDEXES: tuple[Index, ...] = (
    Index(TOLD, [("phone", 1), ("at", -1), ("_id", -1)]),
    Index(TOLD, "offer_id"),
    Index(TOLD, "at", expireAfterSeconds=TOLD_SECONDS),
    Index(SEEN, "at", expireAfterSeconds=SEEN_SECONDS),
    Index(CONSENTS, [("account_id", 1), ("template_id", 1)]),
)

POSTS_HELD: tuple[Entry, ...] = (
    Held(
        collection=TOLD,
        field="phone, offer_id",
        what=Text(
            zh="哪个手机号(只存带密钥的摘要)被短信告知了哪份未答复的邀约",
            en="which open offer was told by SMS to which phone (a keyed hash alone)",
        ),
        whose=Text(zh="被邀请的人", en="who is asked"),
        why=Text(zh="回短信 1 或 2 就能答复", en="so that a reply of 1 or 2 answers it"),
        basis=Basis.SERVICE,
        period=Text(zh="到邀约不再等答复,最长 3 天", en="until the offer is open no more, three days at most"),
        seen_by=Text(zh="无人", en="nobody"),
    ),
    Nobodys(
        collection=SEEN,
        what=Text(zh="已处理过的短信回复的流水号(1 天)", en="numbers of replies that were dealt with (1 day)"),
    ),
    Held(
        collection=CONSENTS,
        field="account_id, template_id, left",
        what=Text(
            zh="同意收几条微信订阅消息(微信号只存带密钥的摘要)",
            en="to how many WeChat messages somebody agreed (of their WeChat a keyed hash alone)",
        ),
        whose=Text(zh="绑定了微信的人", en="who connected their WeChat"),
        why=Text(zh="一次同意只能发一条", en="one consent is one message"),
        basis=Basis.CONSENT,
        period=Text(zh="到注销", en="until erasure"),
        seen_by=Text(zh="本人", en="themselves"),
    ),
)
