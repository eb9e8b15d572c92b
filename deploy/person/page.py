"""An export as a page that a person can read and print: Chinese first, English beside, every text isolated."""

from collections.abc import Mapping
from html import escape
from typing import Any

LABELS: Mapping[str, tuple[str, str]] = {
    "abilities": ("自己说能做的事", "what they said they can do"),
    "account_id": ("账号", "account"),
    "accounts": ("账号", "accounts"),
    "address": ("住址", "address"),
    "answer": ("满意度", "answer"),
    "area_path": ("区域", "area"),
    "at": ("时间", "when"),
    "beneficiary": ("服务对象", "person served"),
    "body": ("内容", "text"),
    "capacity": ("同时能接几单", "capacity"),
    "category": ("类别", "category"),
    "channel": ("渠道", "channel"),
    "community_id": ("社区", "community"),
    "consents": ("同意记录", "consents"),
    "delegations": ("委托", "delegations"),
    "description": ("原话", "own words"),
    "display_name": ("自选的称呼", "chosen display name"),
    "door_word": ("上门暗号", "door word"),
    "employment": ("身份", "kind of member"),
    "exact_place": ("准确地点", "exact place"),
    "external_no": ("编号", "number"),
    "form_of_address": ("称呼", "form of address"),
    "gateway": ("账号和界面", "accounts and views"),
    "grants": ("角色", "roles"),
    "has_password": ("设了密码", "has a password"),
    "home_area": ("网格", "grid"),
    "id": ("编号", "id"),
    "ids": ("编号", "ids"),
    "item": ("服务项目", "item"),
    "jpeg_base64": ("照片", "picture"),
    "known_to": ("由谁登记", "first named by"),
    "languages": ("语言", "languages"),
    "login": ("登录名", "login"),
    "made_at": ("导出时间", "made at"),
    "made_by": ("导出人", "made by"),
    "member": ("成员", "member"),
    "members": ("成员", "members"),
    "messages": ("通知", "messages"),
    "name": ("姓名", "name"),
    "nature": ("性质", "nature"),
    "notes": ("各步说明", "notes"),
    "notify": ("通知", "notifications"),
    "number": ("单号", "number"),
    "offers": ("邀约", "offers"),
    "order": ("工单", "order"),
    "orders": ("本人的工单", "their orders"),
    "orders_for_others": ("替别人点的单(内容属于对方)", "orders for others (whose words are theirs)"),
    "orders_handled": ("经办的工单", "orders they handled"),
    "origin": ("来源", "origin"),
    "persons": ("登记信息", "as a person served"),
    "phone": ("电话", "phone"),
    "pictures": ("图片", "pictures"),
    "placed_at": ("点单时间", "placed at"),
    "read_at": ("读过", "read at"),
    "read_by_others": ("谁看过您的私密内容", "who has read what is private of you"),
    "read_by_them": ("您看过别人的私密内容", "what you have read of others"),
    "reason": ("原因", "reason"),
    "result": ("结果", "result"),
    "role": ("身份", "role"),
    "roles": ("角色", "roles"),
    "seats": ("接过的单", "seats"),
    "skills": ("技能", "skills"),
    "start": ("出发点", "start"),
    "status": ("状态", "status"),
    "step": ("步骤", "step"),
    "teams": ("队伍", "teams"),
    "text": ("内容", "text"),
    "ticket_id": ("工单", "order"),
    "tickets": ("工单和服务对象", "orders and persons served"),
    "times": ("时间", "times"),
    "title": ("标题", "title"),
    "told_live": ("实时告知的次数", "live notices"),
    "volunteers": ("志愿者和队员", "volunteers"),
    "who_came": ("谁来的", "who came"),
    "why": ("为什么请您", "why"),
}
"""The words for the keys of an export; what is not here is shown by its key."""

JPEG = "jpeg_base64"

HEAD = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>个人信息副本 / What is held of you</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<style>
body{font:16px/1.6 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}
h1{font-size:1.5rem}h2{margin-top:2rem;border-bottom:2px solid #b22}dl{margin:.3rem 0 .8rem 1rem}
dt{float:left;clear:left;min-width:13rem;color:#666}dd{margin:0 0 .2rem 13.5rem;white-space:pre-wrap}
section{border:1px solid #ddd;border-radius:6px;margin:.6rem 0;padding:.4rem .8rem;break-inside:avoid}
img{max-width:100%}
</style></head><body>
<h1>个人信息副本 / What is held of you</h1>
<p>这是平台现在保存的关于您的全部内容。里面有您的住址和原话,请妥善保管。<br>
Everything that the platform holds about you now. It contains where you live and what you said: keep it safe.</p>
"""


class Picture(str):
    """A JPEG in base64."""

    __slots__ = ()


def page(export: Mapping[str, Any]) -> str:
    """The whole page."""
    parts = [f"<h2>{_label(key)}</h2>{_shown(value)}" for key, value in export.items()]
    return HEAD + "\n".join(parts) + "\n</body></html>\n"


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return _both(value) if set(value) == {"zh", "en"} else _rows(value)
    if isinstance(value, list):
        if not value:
            return "<bdi>—</bdi>"
        plain = not any(isinstance(one, Mapping | list) for one in value)
        return "、".join(map(_shown, value)) if plain else "".join(f"<section>{_shown(one)}</section>" for one in value)
    if isinstance(value, Picture):
        return f'<img alt="" src="data:image/jpeg;base64,{escape(value)}">'
    if value is None or value == "":
        return "<bdi>—</bdi>"
    if isinstance(value, bool):
        return "是 / yes" if value else "否 / no"
    return f"<bdi>{escape(str(value))}</bdi>"


def _rows(value: Mapping[str, Any]) -> str:
    shown = {key: Picture(one) if key == JPEG else one for key, one in value.items()}
    rows = "".join(f"<dt>{_label(key)}</dt><dd>{_shown(one)}</dd>" for key, one in shown.items())
    return f"<dl>{rows}</dl>"


def _both(text: Mapping[str, Any]) -> str:
    return f"<bdi>{escape(str(text['zh']))}</bdi> / <bdi>{escape(str(text['en']))}</bdi>"


def _label(key: str) -> str:
    zh, en = LABELS.get(key, ("", key))
    return escape(f"{zh} {en}".strip())
