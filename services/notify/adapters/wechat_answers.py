"""What WeChat's platform answers to a subscription message, and what it means here.

Sources: 发送订阅消息 (subscribeMessage.send), 获取稳定版接口调用凭据 (stable_token), 全局返回码, all at
https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-message-management/subscribe-message/sendMessage.html
and beside it. Every answer, an error too, has the HTTP status 200.
"""

from collections.abc import Mapping
from typing import Any

from services.notify.adapters.verdicts import Verdict, later, never, unknown
from services.notify.application.sending_ports import Sent
from services.notify.domain.message import DeliveryStatus

WAY = "wechat"
TAKEN, REFUSED = 0, 43101
OLD_TOKEN = frozenset({40001, 40014, 42001})
NO_CONSENT = never("wechat-no-consent")

_KEY = later("wechat-key-refused", 600.0)
_TEMPLATE = never("wechat-template-unusable")

ANSWERS: Mapping[int, Verdict] = {
    -1: later("wechat-busy", 10.0),
    40001: _KEY,
    40014: _KEY,
    42001: _KEY,
    40003: never("wechat-no-such-openid"),
    40013: _KEY,
    40125: _KEY,
    40164: _KEY,
    40037: _TEMPLATE,
    41030: never("wechat-page-unusable"),
    REFUSED: NO_CONSENT,
    45009: later("wechat-day-limit", 3_600.0),
    45011: later("wechat-too-often", 60.0),
    47003: _TEMPLATE,
    48001: later("wechat-account", 3_600.0),
    50002: later("wechat-account", 3_600.0),
}


def code_of(body: Mapping[str, Any] | None) -> int | None:
    """The code of an answer; None where it is none that we understand."""
    code = None if body is None else body.get("errcode")
    return code if isinstance(code, int) and not isinstance(code, bool) else None


def judged(body: Mapping[str, Any] | None, status: int, wait: float | None) -> Sent:
    """What became of a message."""
    code = code_of(body)
    if code is None or body is None:
        return later("wechat-not-understood" if status < 500 else f"wechat-http-{status}").sent(wait)
    if code == TAKEN:
        reference = body.get("msgid")
        return Sent(status=DeliveryStatus.SENT, reference=None if reference is None else str(reference))
    return (ANSWERS.get(code) or unknown(WAY, code)).sent(wait)


def was_unused(body: Mapping[str, Any] | None) -> bool:
    """Does the answer say that the consent is still there? A table's refusal is one; what nobody understands is not."""
    code = code_of(body)
    return code is not None and code != REFUSED and code in ANSWERS
