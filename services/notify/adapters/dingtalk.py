"""DingTalk's group robots (钉钉自定义机器人): a token in the address, and where the group has a secret, a signature.

Source: open.dingtalk.com, "自定义机器人安全设置" and "自定义机器人发送消息". The signature is HMAC-SHA256 over
"<milliseconds>\\n<secret>" under the secret, base64, encoded for the address once. 20 messages a minute for one robot;
beyond, it takes none for ten minutes and says 130101 (or 410100) inside HTTP 200. 310000 stands for every check that
failed, and only its words say which.
"""

import base64
import hmac
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from chassis.outgoing import Answer, Failure, Outgoing
from contracts.groups import RobotKind
from services.notify.adapters.robot_answers import BAD_KEY, THROTTLED, Meaning, cut, judged, more, unmarked
from services.notify.application.robot_ports import Robots
from services.notify.application.sending_ports import Address, Letter, Sent
from services.notify.domain.message import DeliveryStatus

LARGEST = 20_000
_CHECKS = 310_000
MEANINGS: Mapping[int, Meaning] = {
    -1: Meaning(reason="provider-busy", final=False),
    130101: Meaning(reason=THROTTLED, final=False, throttled=True),
    410100: Meaning(reason=THROTTLED, final=False, throttled=True),
    300001: Meaning(reason=BAD_KEY),
    300005: Meaning(reason=BAD_KEY),
    400101: Meaning(reason=BAD_KEY),
    400102: Meaning(reason="robot-stopped"),
    400106: Meaning(reason=BAD_KEY),
    400013: Meaning(reason="not-in-group"),
    400105: Meaning(reason="kind-refused"),
    430101: Meaning(reason="content-refused"),
    430102: Meaning(reason="content-refused"),
    430103: Meaning(reason="content-refused"),
    430104: Meaning(reason="content-refused"),
    460101: Meaning(reason="content-too-long"),
    _CHECKS: Meaning(reason="check-failed"),
}
_WHICH = (
    ("sign", Meaning(reason="bad-signature")),
    ("timestamp", Meaning(reason="wrong-time", final=False)),
    ("keyword", Meaning(reason="no-keyword")),
    ("whitelist", Meaning(reason="address-not-allowed")),
    ("token", Meaning(reason=BAD_KEY)),
)
"""What the words of 310000 hold: which check it was."""


class DingtalkPost:
    """A ``Post``: an address is a robot's id. ``now`` is real time, for the signature is good for an hour."""

    way = RobotKind.DINGTALK.value

    def __init__(
        self, url: str, robots: Robots, out: Outgoing, now: Callable[[], datetime], pause: float = 600.0
    ) -> None:
        self._url = url.rstrip("/")
        self._robots = robots
        self._out = out
        self._pause = pause
        self._now = now

    def send(self, letter: Letter, address: Address) -> Sent:
        """See ``Post``. Text; an urgent one is Markdown, whose first line stands out."""
        access = self._robots.access(address.value)
        if access is None:
            return Sent(status=DeliveryStatus.FAILED_PERMANENT, reason="no-such-robot")
        asked = {"access_token": access.key}
        if access.secret:
            moment = str(round(self._now().timestamp() * 1000))
            asked |= {"timestamp": moment, "sign": signature(access.secret, moment)}
        answer = self._out.post_json(f"{self._url}/robot/send?{urlencode(asked)}", message_of(letter))
        return judged(answer, {**MEANINGS, **_which_check(answer)}, self._pause)


def signature(secret: str, moment: str) -> str:
    """Base64, not encoded for an address yet."""
    return base64.b64encode(hmac.digest(secret.encode(), f"{moment}\n{secret}".encode(), "sha256")).decode()


def message_of(letter: Letter) -> dict[str, Any]:
    """The body of the request."""
    tail = more(letter.locale)
    if letter.urgent:
        lines = "  \n".join(unmarked(letter.body).split("\n"))
        text = cut(f"#### {unmarked(letter.title)}\n\n{lines}", LARGEST, tail)
        return {"msgtype": "markdown", "markdown": {"title": cut(letter.title, 200, "…"), "text": text}}
    return {"msgtype": "text", "text": {"content": cut(f"{letter.title}\n{letter.body}", LARGEST, tail)}}


def _which_check(answer: Answer | Failure) -> Mapping[int, Meaning]:
    said = str((answer.json() or {}).get("errmsg", "")).lower() if isinstance(answer, Answer) else ""
    return next(({_CHECKS: meaning} for word, meaning in _WHICH if word in said), {})
