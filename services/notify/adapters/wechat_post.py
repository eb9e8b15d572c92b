"""WeChat's subscription messages: one consent of a person to one template is one message to them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

from chassis.outgoing import Failure
from chassis.settings import SettingsError
from services.notify.adapters.aliyun_sms import ANY, check_sayable, values_of
from services.notify.adapters.verdicts import never, no_answer
from services.notify.adapters.wechat_answers import (
    NO_CONSENT,
    OLD_TOKEN,
    REFUSED,
    WAY,
    code_of,
    judged,
    was_unused,
)
from services.notify.adapters.wechat_token import App, PostsJson, WechatToken
from services.notify.application.sending_ports import Address, Letter, Sent

_LONGEST = {"thing": 20, "short_thing": 5, "character_string": 32, "phrase": 5, "name": 10, "const": 20, "symbol": 5}
"""Characters of a keyword by its kind (订阅消息参数值内容限制)."""
_KIND = re.compile(r"[a-z_]+")


class Quota(Protocol):
    """The consents that are left, by openid and the platform's template id."""

    def take(self, openid: str, template_id: str) -> bool:
        """One of them, if there is one."""

    def give_back(self, openid: str, template_id: str) -> None:
        """It was not used."""

    def is_refused(self, openid: str, template_id: str) -> None:
        """The platform knows of none: neither do we any more."""


@dataclass(frozen=True)
class Subscribed:
    """A template at the platform, and what goes into each of its keywords."""

    id: str
    keywords: tuple[tuple[str, str], ...]


class WechatPost:
    """A ``Post``. ``page`` is what a touch opens; ``{ticket}`` in it becomes the order's id."""

    def __init__(
        self,
        http: PostsJson,
        app: App,
        token: WechatToken,
        quota: Quota,
        templates: Mapping[str, Subscribed],
        page: str,
    ) -> None:
        self._http = http
        self._app = app
        self._token = token
        self._quota = quota
        self._templates = templates
        self._page = page

    @property
    def way(self) -> str:
        """See ``Post``."""
        return WAY

    def send(self, letter: Letter, address: Address) -> Sent:
        """See ``Post``. Without a consent it fails for good, so that the next way is tried."""
        filled = self._filled(letter)
        if filled is None:
            return never("wechat-no-template").sent()
        template_id, data = filled
        token = self._token.get()
        if isinstance(token, Sent):
            return token
        if not self._quota.take(address.value, template_id):
            return NO_CONSENT.sent()
        message = {
            "touser": address.value,
            "template_id": template_id,
            "data": {name: {"value": value} for name, value in data.items()},
            "lang": "zh_CN" if letter.locale.startswith("zh") else "en_US",
            **({"page": self._page.replace("{ticket}", letter.thread)} if self._page else {}),
        }
        return self._sent(message, token, again=True)

    def _sent(self, message: Mapping[str, object], token: str, *, again: bool) -> Sent:
        openid, template_id = str(message["touser"]), str(message["template_id"])
        url = f"{self._app.url.rstrip('/')}/cgi-bin/message/subscribe/send?access_token={quote(token, safe='')}"
        answer = self._http.post_json(url, message)
        if isinstance(answer, Failure):
            return self._without_answer(answer, openid, template_id)
        body = answer.json()
        code = code_of(body)
        if code in OLD_TOKEN and again:
            renewed = self._token.get(but=token)
            if isinstance(renewed, str):
                return self._sent(message, renewed, again=False)
        if code == REFUSED:
            self._quota.is_refused(openid, template_id)
        elif was_unused(body) and code != 0:
            self._quota.give_back(openid, template_id)
        return judged(body, answer.status, answer.retry_after)

    def _without_answer(self, failure: Failure, openid: str, template_id: str) -> Sent:
        if failure not in (Failure.TIMEOUT, Failure.RESET, Failure.TOO_BIG, Failure.NOT_HTTP):
            self._quota.give_back(openid, template_id)  # it never came so far
        return no_answer(failure)

    def _filled(self, letter: Letter) -> tuple[str, Mapping[str, str]] | None:
        said = values_of(letter)
        for name in (letter.template, ANY):
            found = self._templates.get(name)
            if found is not None and all(said.get(what) for _, what in found.keywords):
                return found.id, {keyword: _cut(keyword, said[what]) for keyword, what in found.keywords}
        return None


def _cut(keyword: str, value: str) -> str:
    """As long as a keyword of its kind may be; a longer one would be refused as a whole."""
    kind = _KIND.match(keyword)
    longest = _LONGEST.get(kind[0], 1_000) if kind else 1_000
    line = " ".join(value.split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def read_subscribed(pairs: Sequence[str]) -> Mapping[str, Subscribed]:
    """``please-help=ID/thing1:item+thing2:local`` for each; raises SettingsError as ``read_templates``."""
    found = {}
    for pair in pairs:
        name, _, what = pair.partition("=")
        template_id, _, keywords = what.partition("/")
        parts = [tuple(keyword.split(":")) for keyword in keywords.split("+")]
        if not name or not template_id or any(len(part) != 2 or not all(part) for part in parts):
            raise SettingsError(
                "SHILIU_WECHAT_TEMPLATES:要像 please-help=模板ID/thing1:item+thing2:local / has to look like that"
            )
        check_sayable("SHILIU_WECHAT_TEMPLATES", [part[1] for part in parts])
        found[name] = Subscribed(template_id, tuple((part[0], part[1]) for part in parts))
    return found
