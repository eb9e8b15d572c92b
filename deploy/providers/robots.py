"""Group robots, played: WeCom's and DingTalk's. Every key is a group's, and every answer has the status 200."""

import asyncio
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from deploy.providers.held import Held
from deploy.providers.moods import HANG_SECONDS, Mood

LARGEST = 2_048
"""Bytes of one message that WeCom takes."""
_OK: Mapping[str, Any] = {"errcode": 0, "errmsg": "ok"}
_TOO_LONG: Mapping[str, Any] = {"errcode": 45002, "errmsg": "content size out of limit"}
_WECOM: Mapping[Mood, Mapping[str, Any]] = {
    Mood.THROTTLED: {"errcode": 45009, "errmsg": "api freq out of limit"},
    Mood.REFUSED: {"errcode": 93000, "errmsg": "invalid webhook url"},
}
_DINGTALK: Mapping[Mood, Mapping[str, Any]] = {
    Mood.THROTTLED: {"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"},
    Mood.REFUSED: {"errcode": 300001, "errmsg": "token is not exist"},
}


class Groups:
    """What the groups read. Signatures are not looked at: which group signs is known to its provider alone."""

    def __init__(self, held: Held) -> None:
        self._held = held

    async def wecom(self, request: web.Request) -> web.StreamResponse:
        """企业微信."""
        said: dict[str, Any] = await request.json()
        text = str(said[said["msgtype"]]["content"])
        if len(text.encode()) > LARGEST:
            return web.json_response(_TOO_LONG)
        return await self._answer("wecom", request.query.get("key", ""), text, _WECOM)

    async def dingtalk(self, request: web.Request) -> web.StreamResponse:
        """钉钉."""
        said: dict[str, Any] = await request.json()
        words = said[said["msgtype"]]
        text = str(words.get("content") or words.get("text"))
        return await self._answer("dingtalk", request.query.get("access_token", ""), text, _DINGTALK)

    async def _answer(
        self, by: str, key: str, text: str, refusals: Mapping[Mood, Mapping[str, Any]]
    ) -> web.StreamResponse:
        mood = self._held.moods["group"]
        if mood is Mood.DOWN:
            return web.Response(status=503)
        if mood is Mood.GARBAGE:
            return web.Response(text="<html>", content_type="text/html")
        if mood in refusals:
            return web.json_response(refusals[mood])
        self._held.group.append({"by": by, "key": key, "text": text})
        if mood is Mood.HANG:
            await asyncio.sleep(HANG_SECONDS)
        return web.json_response(_OK)
