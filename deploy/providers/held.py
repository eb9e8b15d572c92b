"""What the played providers were given, for whoever tries them out to look at."""

from dataclasses import dataclass, field
from typing import Any

from deploy.providers.moods import Mood

Json = dict[str, Any]
WAYS = ("sms", "wechat", "mail", "group")


@dataclass
class Held:
    """Everything of each way, oldest first; its moods; how many requests came with a signature that is not right."""

    sms: list[Json] = field(default_factory=list)
    wechat: list[Json] = field(default_factory=list)
    mail: list[Json] = field(default_factory=list)
    group: list[Json] = field(default_factory=list)
    moods: dict[str, Mood] = field(default_factory=lambda: dict.fromkeys(WAYS, Mood.OK))
    unsigned: int = 0

    def shown(self) -> Json:
        """As ``GET /held`` shows it."""
        ways = {"sms": self.sms, "wechat": self.wechat, "mail": self.mail, "group": self.group}
        return {**ways, "unsigned": self.unsigned}

    def forget(self) -> None:
        """An empty desk; the moods stay."""
        for way in (self.sms, self.wechat, self.mail, self.group):
            way.clear()
        self.unsigned = 0
