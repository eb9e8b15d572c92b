"""WeChat's platform, played: codes, tokens, subscription messages. Every answer has the status 200."""

import asyncio
from typing import Any

from aiohttp import web

from deploy.providers.held import Held
from deploy.providers.moods import HANG_SECONDS, Mood

CODE = "code-"
"""What a code begins with; the openid of ``code-anna`` is ``o-anna``."""
_ANSWERS = {
    Mood.THROTTLED: {"errcode": 45011, "errmsg": "api minute-quota reach limit"},
    Mood.REFUSED: {"errcode": 43101, "errmsg": "user refuse to accept the msg"},
}


class Wechat:
    """One mini-program's."""

    def __init__(self, held: Held, app_id: str, secret: str) -> None:
        self._held = held
        self._app_id = app_id
        self._secret = secret
        self._tokens = 1

    async def session(self, request: web.Request) -> web.StreamResponse:
        """code2Session: a code is good as long as this process lives, which is easier to try."""
        query = request.query
        if (query.get("appid"), query.get("secret")) != (self._app_id, self._secret):
            return web.json_response({"errcode": 40013, "errmsg": "invalid appid"})
        code = query.get("js_code", "")
        if not code.startswith(CODE):
            return web.json_response({"errcode": 40029, "errmsg": "invalid code"})
        return web.json_response({"openid": f"o-{code.removeprefix(CODE)}", "session_key": "not for us"})

    async def token(self, request: web.Request) -> web.StreamResponse:
        """stable_token."""
        said = await request.json()
        if (said.get("appid"), said.get("secret")) != (self._app_id, self._secret):
            return web.json_response({"errcode": 40125, "errmsg": "invalid appsecret"})
        return web.json_response({"access_token": self._token, "expires_in": 7200})

    async def end_token(self, _: web.Request) -> web.StreamResponse:
        """For trials: the token that was given ends now."""
        self._tokens += 1
        return web.json_response({"done": True})

    async def send(self, request: web.Request) -> web.StreamResponse:
        """subscribeMessage.send."""
        mood = self._held.moods["wechat"]
        if mood is Mood.DOWN:
            return web.Response(status=503)
        if mood is Mood.GARBAGE:
            return web.Response(text="<html>", content_type="text/html")
        if request.query.get("access_token") != self._token:
            return web.json_response({"errcode": 42001, "errmsg": "access_token expired"})
        if mood in _ANSWERS:
            return web.json_response(_ANSWERS[mood])
        said: dict[str, Any] = await request.json()
        self._held.wechat.append(said)
        if mood is Mood.HANG:
            await asyncio.sleep(HANG_SECONDS)
        return web.json_response({"errcode": 0, "errmsg": "ok", "msgid": len(self._held.wechat)})

    @property
    def _token(self) -> str:
        return f"token-{self._tokens}"
