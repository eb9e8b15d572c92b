"""The access token of the mini-program: all instances get the same one, and nobody stores it.

By stable_token in its ordinary mode, the platform itself is what the instances share: it gives every one of them the
same token until five minutes before its end, and a new one ends no other. So no instance can spoil another's, and no
database holds what would let anybody send.

Source: https://developers.weixin.qq.com/miniprogram/dev/server/API/mp-access-token (获取稳定版接口调用凭据).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from eventlet.semaphore import Semaphore

from chassis.outgoing import Answer, Failure
from services.notify.adapters.verdicts import no_answer
from services.notify.adapters.wechat_answers import judged
from services.notify.application.sending_ports import Sent

MARGIN_SECONDS = 300.0
LONGEST_TOKEN = 2_000


class PostsJson(Protocol):
    """The house's HTTP client."""

    def post_json(
        self, url: str, message: Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> Answer | Failure:
        """POST a JSON object."""


@dataclass(frozen=True, kw_only=True)
class App:
    """The mini-program at the platform."""

    url: str
    id: str
    secret: str = field(repr=False)


class WechatToken:
    """``elapsed`` is a steady clock in seconds."""

    def __init__(self, http: PostsJson, app: App, elapsed: Callable[[], float]) -> None:
        self._http = http
        self._app = app
        self._elapsed = elapsed
        self._one = Semaphore(1)
        self._token = ""
        self._until = float("-inf")

    def get(self, but: str = "") -> str | Sent:
        """The token, asked for when there is none that is good or it is the one that was refused (*but*).

        What the platform answered, where it gives none.
        """
        with self._one:
            if self._token and self._token != but and self._elapsed() < self._until:
                return self._token
            return self._ask()

    def _ask(self) -> str | Sent:
        said = {"grant_type": "client_credential", "appid": self._app.id, "secret": self._app.secret}
        answer = self._http.post_json(f"{self._app.url.rstrip('/')}/cgi-bin/stable_token", said)
        if isinstance(answer, Failure):
            return no_answer(answer)
        body = answer.json()
        token, seconds = (body or {}).get("access_token"), (body or {}).get("expires_in")
        if not isinstance(token, str) or not 0 < len(token) <= LONGEST_TOKEN or not isinstance(seconds, int):
            return judged(body if body and body.get("errcode") else None, answer.status, answer.retry_after)
        self._token = token
        self._until = self._elapsed() + max(0.0, seconds - MARGIN_SECONDS)
        return token
