"""Why somebody did, or did not, get a message: in words for them."""

from collections.abc import Mapping, Sequence

from contracts.words import Text
from services.notify.domain.attempts import SUCCESS, Attempt
from services.notify.domain.message import DeliveryStatus

WAYS: Mapping[str, Text] = {
    "sms": Text("短信", "text message"),
    "wechat": Text("微信", "WeChat"),
    "email": Text("电子邮件", "e-mail"),
    "slip": Text("通知单", "a printed slip"),
    "console": Text("控制台", "the console"),
    "test": Text("测试渠道", "the test channel"),
    "wecom": Text("企业微信群", "a WeCom group"),
    "dingtalk": Text("钉钉群", "a DingTalk group"),
    "apprise": Text("其他渠道", "another channel"),
}
KEPT_BACK: Mapping[str, Text] = {
    "read": Text("您已在应用里读过,没有再发", "you had read it in the app, so it was not sent as well"),
    "overtaken": Text("这件事已有新的进展,不用再发", "there was newer news, so it was not needed any more"),
    "muted": Text("您设置了不接收这类消息", "you chose not to get messages of this kind"),
    "no-contact": Text("没有登记可以联系您的方式", "we know no way to reach you outside the app"),
    "too-late": Text("时间已过,不用再发", "its time had passed, so it was of no use any more"),
    "quiet": Text("这件工单不再发通知", "nothing more is sent about this order"),
    "no-longer-told": Text("这件工单不再发通知", "nothing more is sent about this order"),
    "erased": Text("您要求注销,没有再发", "you asked us to forget you, so it was not sent"),
    "no-consent": Text("没有您的订阅同意", "your consent to messages of this way is used up"),
}
WAITS: Mapping[str, Text] = {
    "quiet-hours": Text("安静时段,推迟到", "put off over your quiet hours until"),
    "digest": Text("汇总到下一次合并消息,时间是", "collected for your next digest at"),
}
HELD_UP: Mapping[str, Text] = {
    "contacts-away": Text(
        "一时查不到怎样联系您,过一会儿再发", "how to reach you cannot be looked up just now; it is tried again"
    ),
    "way-slow": Text("这条渠道一时很慢,排着队", "the way to you is slow just now: it waits for its turn"),
    "overflow": Text("这时发出的消息太多,排着队", "too much is being sent just now: it waits for its turn"),
}
"""Its time has come, and it does not go out yet."""
_GATHERED = Text(",和其他消息合在一起", ", together with others, as you wished")
_OTHER = Text("没有发出", "it was not sent")
_TO_COME = Text("还没到时间,预计", "not due yet, expected at")
_NOW = Text("正在发送", "on its way")
_AGAIN = Text("没有发成,过一会儿再试", "it did not go out yet and is tried again")
_PRINTED = Text("印在纸上,等人给您送来", "printed on paper, to be brought to you")


def why(
    *,
    in_app: bool,
    status: DeliveryStatus,
    reason: str | None,
    put_off: str | None,
    attempts: Sequence[Attempt],
    at: str,
    until: str,
) -> Text:
    """One sentence; *at* is when it was told, *until* when it goes out at the earliest, as clocks there show them."""
    if status is DeliveryStatus.SUPPRESSED:
        return KEPT_BACK.get(reason or "", _OTHER)
    if status in SUCCESS:
        return _told(in_app=in_app, attempts=attempts, at=at, gathered=put_off == "digest")
    if status is DeliveryStatus.FAILED_PERMANENT:
        return _tried(Text("没能送到", "it could not be delivered"), attempts)
    if attempts and attempts[-1].status is DeliveryStatus.QUEUED:
        return _PRINTED
    held_up = HELD_UP.get(reason or "")
    if status is DeliveryStatus.QUEUED and held_up is not None:
        return _tried(held_up, attempts)
    if status is DeliveryStatus.FAILED_TEMPORARY:
        return _tried(_AGAIN, attempts)
    if status is DeliveryStatus.SENDING or attempts:
        return _tried(_NOW, attempts)
    waits = WAITS.get(put_off or "", _TO_COME)
    return Text(f"{waits.zh} {until}", f"{waits.en} {until}")


def _tried(said: Text, attempts: Sequence[Attempt]) -> Text:
    if not attempts:
        return said
    ways = _ways(attempts)
    return Text(f"{said.zh},试过:{ways.zh}", f"{said.en}; tried: {ways.en}")


def way_name(way: str) -> Text:
    """A way as people call it."""
    return WAYS.get(way, Text(way, way))


def _told(*, in_app: bool, attempts: Sequence[Attempt], at: str, gathered: bool) -> Text:
    if in_app:
        return Text(f"{at} 在应用里告诉了您", f"told in the app at {at}")
    taken = [one for one in attempts if one.status in SUCCESS]
    if not taken:
        return Text(f"{at} 已发出", f"sent at {at}")
    way = way_name(taken[-1].way)
    late = Text(",虽在安静时段,但不能再等", ", in your quiet hours since it could not wait")
    tail = late if taken[-1].override else _GATHERED if gathered else Text("", "")
    return Text(f"{at} 用{way.zh}告诉了您{tail.zh}", f"told by {way.en} at {at}{tail.en}")


def _ways(attempts: Sequence[Attempt]) -> Text:
    names = [way_name(way) for way in dict.fromkeys(one.way for one in attempts)]
    return Text("、".join(one.zh for one in names), ", ".join(one.en for one in names))
