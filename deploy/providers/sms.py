"""The played provider of short messages: Aliyun's SendSms, and its pushes of receipts and replies."""

import asyncio
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote

from aiohttp import ClientSession, web

from deploy.providers.held import Held, Json
from deploy.providers.moods import HANG_SECONDS, Mood

_PROOF = re.compile(r"ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([^,]+),Signature=([0-9a-f]{64})")
_LATEST = 900.0
"""Seconds by which a request's own time may differ from ours."""


class Sms:
    """``key_id`` and ``secret`` are its customer's; ``callback`` is where it pushes to, without ``/receipts``."""

    def __init__(self, held: Held, key_id: str, secret: str, callback: str) -> None:
        self._held = held
        self._key_id = key_id
        self._secret = secret
        self._callback = callback.rstrip("/")
        self._sequence = 0

    async def send(self, request: web.Request) -> web.StreamResponse:
        """SendSms."""
        mood = self._held.moods["sms"]
        if mood is Mood.DOWN:
            return web.Response(status=503)
        if not self._signed(request):
            self._held.unsigned += 1
            return web.json_response({"Code": "SignatureDoesNotMatch", "Message": "..."}, status=400)
        if mood is Mood.THROTTLED:
            return web.json_response({"Code": "isv.BUSINESS_LIMIT_CONTROL", "Message": "触发分钟级流控Permits:1"})
        if mood is Mood.REFUSED:
            return web.json_response({"Code": "isv.MOBILE_NUMBER_ILLEGAL", "Message": "非法手机号"})
        if mood is Mood.GARBAGE:
            return web.Response(text="<html>系统维护中</html>", content_type="text/html")
        taken = self._take(request.query)
        if mood is Mood.HANG:
            await asyncio.sleep(HANG_SECONDS)
        return web.json_response({"Code": "OK", "Message": "OK", "BizId": taken["biz_id"], "RequestId": "r"})

    async def receipt(self, request: web.Request) -> web.StreamResponse:
        """``{"biz_id", "success", "err_code"}``: push it, and say how it was taken."""
        said: Json = await request.json()
        row = next((one for one in self._held.sms if one["biz_id"] == said["biz_id"]), {})
        success = bool(said.get("success", True))
        report = {
            "phone_number": row.get("phone", ""),
            "send_time": _now(),
            "report_time": _now(),
            "success": success,
            "err_code": said.get("err_code", "DELIVERED" if success else "UNDELIV"),
            "err_msg": "",
            "sms_size": "1",
            "biz_id": said["biz_id"],
            "out_id": row.get("out_id", ""),
        }
        return await self._push("receipts", [report])

    async def reply(self, request: web.Request) -> web.StreamResponse:
        """``{"phone", "content"}``: somebody writes back; with ``sequence_id`` once more what was pushed before."""
        said: Json = await request.json()
        self._sequence += 1
        pushed = {
            "phone_number": said["phone"],
            "send_time": _now(),
            "content": said["content"],
            "sign_name": "石榴",
            "dest_code": "1069",
            "sequence_id": said.get("sequence_id", self._sequence),
        }
        return await self._push("replies", [pushed])

    async def _push(self, what: str, entries: list[Json]) -> web.StreamResponse:
        async with ClientSession() as http, http.post(f"{self._callback}/{what}", json=entries) as answer:
            return web.json_response({"status": answer.status, "pushed": entries, "body": await answer.text()})

    def _take(self, query: Mapping[str, str]) -> Json:
        values: Json = json.loads(query.get("TemplateParam", "{}"))
        said = values.get("body") or " ".join(str(value) for value in values.values())
        taken = {
            "biz_id": f"{len(self._held.sms) + 1}^0",
            "phone": query["PhoneNumbers"],
            "template": query["TemplateCode"],
            "params": values,
            "text": f"【{query['SignName']}】{said}",
            "out_id": query.get("OutId", ""),
        }
        self._held.sms.append(taken)
        return taken

    def _signed(self, request: web.Request) -> bool:
        found = _PROOF.fullmatch(request.headers.get("Authorization", ""))
        if found is None or found[1] != self._key_id:
            return False
        names = found[2].split(";")
        lines = "".join(f"{name}:{request.headers.get(name, '').strip()}\n" for name in names)
        query = "&".join(f"{_encoded(name)}={_encoded(value)}" for name, value in sorted(request.query.items()))
        empty = hashlib.sha256(b"").hexdigest()
        canonical = f"{request.method}\n/\n{query}\n{lines}\n{found[2]}\n{empty}"
        to_sign = f"ACS3-HMAC-SHA256\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        right = hmac.new(self._secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
        return hmac.compare_digest(right, found[3]) and _is_fresh(request.headers.get("x-acs-date", ""))


def _is_fresh(moment: str) -> bool:
    try:
        said = datetime.strptime(moment, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return False
    return abs((datetime.now(UTC) - said).total_seconds()) <= _LATEST


def _encoded(text: str) -> str:
    return quote(text, safe="-_.~")


def _now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}"
