"""What the platform says at the end of how it told people and systems: by way, how many, and how punctually."""

from collections import Counter
from collections.abc import Mapping

from rich.table import Table

from deploy.demo.beside import Beside
from deploy.demo.watching import Json
from deploy.simulate.client import Caller

WAYS: Mapping[str, str] = {
    "sms": "短信 SMS",
    "wechat": "微信 WeChat",
    "email": "邮件 e-mail",
    "group": "群机器人 groups",
}
DAYS = 2
"""A run may go on past a real midnight."""


async def how_told(staff: Caller, beside: Beside) -> Table:
    """Asked of `GET /notices/punctuality`, which counts all of the community's since yesterday, and of the receiver."""
    said = await staff.get("/notices/punctuality", days=DAYS)
    pushed = await beside.heard()
    table = Table(title="平台自己说的:发了多少、及时不及时 / told, as the platform says", show_header=False)
    for way, (sent, in_time) in _sums(said).items():
        share = f"{said['within_seconds']:.0f} 秒内 within {said['within_seconds']:.0f} s {in_time / sent:.1%}"
        table.add_row(WAYS.get(way, way), f"{sent};{share}")
    table.add_row("推送 webhooks", f"{len(pushed['heard'])};签名不对的 badly signed {pushed['unsigned']}")
    return table


def _sums(said: Json) -> Mapping[str, tuple[int, int]]:
    sent: Counter[str] = Counter()
    in_time: Counter[str] = Counter()
    for day in said["days"]:
        sent[day["way"]] += day["sent"]
        in_time[day["way"]] += day["in_time"]
    return {way: (count, in_time[way]) for way, count in sent.most_common()}
