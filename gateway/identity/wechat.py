"""Whose WeChat somebody signs with: the mini-program's code becomes an openid, which tells nobody anything but us.

Source: https://developers.weixin.qq.com/miniprogram/dev/server/API/user-login/api_code2session (小程序登录). Codes:
40029 and 40163 say that one is wrong or was used, 40226 that its owner is blocked, 45011 and -1 to come again.
"""

from collections.abc import Mapping
from typing import Protocol
from urllib.parse import urlencode

from chassis.logging import get_logger
from chassis.outgoing import Answer, Failure
from chassis.settings import Settings
from contracts.errors import Busy, Conflict, Invalid
from contracts.words import Text

WRONG_CODE = frozenset({40029, 40163, 40226})
LONGEST = 128
_AWAY = Busy("wechat-away", Text("微信暂时没有应答,请稍后再试", "WeChat does not answer now: please try again"))

log = get_logger(__name__)


class Http(Protocol):
    """The house's client."""

    def exchange(self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> Answer | Failure:
        """One request and what came of it."""


class Wechat:
    """The mini-program at the platform. What it gives beside the openid, a session key, is thrown away."""

    def __init__(self, http: Http, settings: Settings) -> None:
        self._http = http
        self._url = settings.wechat_url.rstrip("/")
        self._app = {"appid": settings.wechat_app_id, "secret": settings.wechat_app_secret}

    def openid_of(self, code: str) -> str:
        """Who is behind the code, which is good once. Raises Conflict without a mini-program, Invalid, Busy."""
        if not self._url:
            raise Conflict("no-wechat", Text("这个平台没有接微信", "this installation has no WeChat"), "code")
        asked = urlencode({**self._app, "js_code": code, "grant_type": "authorization_code"})
        answer = self._http.exchange("GET", f"{self._url}/sns/jscode2session?{asked}", {"Accept": "application/json"})
        body = None if isinstance(answer, Failure) else answer.json()
        if body is None:
            log.warning("wechat.no_answer", why=answer.value if isinstance(answer, Failure) else "garbage")
            raise _AWAY
        openid, code_said = body.get("openid"), body.get("errcode", 0)
        if code_said in WRONG_CODE:
            raise Invalid("bad-wechat-code", Text("微信登录码不对或已用过", "this code is wrong or was used"), "code")
        if code_said or not isinstance(openid, str) or not 0 < len(openid) <= LONGEST:
            log.warning("wechat.refused", errcode=code_said if isinstance(code_said, int) else None)
            raise _AWAY
        return openid
