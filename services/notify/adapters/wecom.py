"""WeCom's group robots (企业微信群机器人): one POST with a key in the address; the answer is in its body's ``errcode``.

Source: developer.work.weixin.qq.com, "群机器人配置说明" (path 91770) and "全局错误码". 20 messages a minute for one
robot, 2,048 bytes of text; beyond, it answers 45009 inside HTTP 200.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from chassis.outgoing import Outgoing
from contracts.groups import RobotKind
from services.notify.adapters.robot_answers import BAD_KEY, THROTTLED, Meaning, cut, judged, more, unmarked
from services.notify.application.robot_ports import Robots
from services.notify.application.sending_ports import Address, Letter, Sent
from services.notify.domain.message import DeliveryStatus

LARGEST = 2_048
MEANINGS: Mapping[int, Meaning] = {
    -1: Meaning(reason="provider-busy", final=False),
    40008: Meaning(reason="kind-refused"),
    40058: Meaning(reason="content-refused"),
    44004: Meaning(reason="content-refused"),
    45002: Meaning(reason="content-too-long"),
    45009: Meaning(reason=THROTTLED, final=False, throttled=True),
    45033: Meaning(reason=THROTTLED, final=False, throttled=True),
    93000: Meaning(reason=BAD_KEY),
    93004: Meaning(reason="robot-stopped"),
    93008: Meaning(reason="not-in-group"),
}


class WecomPost:
    """A ``Post``: an address is a robot's id, its key is asked for at the moment of sending. ``pause`` in seconds."""

    way = RobotKind.WECOM.value

    def __init__(self, url: str, robots: Robots, out: Outgoing, pause: float = 60.0) -> None:
        self._url = url.rstrip("/")
        self._robots = robots
        self._out = out
        self._pause = pause

    def send(self, letter: Letter, address: Address) -> Sent:
        """See ``Post``. Text; an urgent one is Markdown, whose first line stands out."""
        access = self._robots.access(address.value)
        if access is None:
            return Sent(status=DeliveryStatus.FAILED_PERMANENT, reason="no-such-robot")
        url = f"{self._url}/cgi-bin/webhook/send?{urlencode({'key': access.key})}"
        return judged(self._out.post_json(url, message_of(letter)), MEANINGS, self._pause)


def message_of(letter: Letter) -> dict[str, Any]:
    """The body of the request."""
    if letter.urgent:
        first = f'<font color="warning">{unmarked(letter.title)}</font>'
        content = cut(f"{first}\n{unmarked(letter.body)}", LARGEST, more(letter.locale))
        return {"msgtype": "markdown", "markdown": {"content": content}}
    content = cut(f"{letter.title}\n{letter.body}", LARGEST, more(letter.locale))
    return {"msgtype": "text", "text": {"content": content}}
