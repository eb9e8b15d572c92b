"""An export as a page that a person can read and print: Chinese first, English beside, every text isolated."""

from collections.abc import Mapping
from html import escape
from typing import Any

from deploy.person.labels import LABELS

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
