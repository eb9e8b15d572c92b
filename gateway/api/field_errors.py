"""From marshmallow's messages to ``errors[]``: which field, and what is wrong with it, in both languages."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contracts.words import Text

_PLACES = {"json": "body", "query": "query"}
_BOTH = " / "
_ZH = {
    "Missing data for required field.": "缺少这一项",
    "Unknown field.": "没有这一项",
    "Field may not be null.": "这一项不能为空",
    "Invalid input type.": "这里需要一个 JSON 对象",
    "Invalid JSON body.": "不是正确的 JSON",
    "Not a valid string.": "需要文字",
    "Not a valid integer.": "需要整数",
    "Not a valid boolean.": "需要 true 或 false",
    "Not a valid list.": "需要列表",
    "Not a valid number.": "需要数字",
    "Not a valid datetime.": "需要日期和时间",
    "Not a valid aware datetime.": "需要带时区的日期和时间",
    "Not a valid mapping type.": "这里需要一个 JSON 对象",
    "String does not match expected pattern.": "写法不对",
    "Special numeric values (nan or infinity) are not permitted.": "需要有限的数字",
    "Number too large.": "数字太大",
}
_ZH_STARTS = {
    "Must be one of: ": "只能是:",
    "Shorter than minimum length ": "太短,至少 ",
    "Longer than maximum length ": "太长,至多 ",
}
_WITHIN = re.compile(r"Must be greater than or equal to (\S+) and less than or equal to (\S+)\.")
_LENGTH = re.compile(r"Length must be between (\d+) and (\d+)\.")


@dataclass(frozen=True)
class FieldError:
    """``where`` is body, query or header; ``field`` is a path like ``beneficiary.phone``, empty for the whole."""

    field: str
    where: str
    sentence: Text

    def document(self) -> dict[str, str]:
        """As it stands in ``errors[]``."""
        return {
            "field": self.field,
            "in": self.where,
            "detail": self.sentence.zh,
            "detail_en": self.sentence.en,
        }


def field_errors(messages: Mapping[str, Any]) -> Iterator[FieldError]:
    """Flatten webargs' ``{location: {field: [message]}}``."""
    for location, inner in messages.items():
        yield from _walk(inner, (), _PLACES.get(location, location))


def _walk(node: Any, path: tuple[str, ...], where: str) -> Iterator[FieldError]:
    if isinstance(node, Mapping):
        for name, inner in node.items():
            yield from _walk(inner, path if name == "_schema" else (*path, str(name)), where)
        return
    for message in node if isinstance(node, list) else [node]:
        yield FieldError(".".join(path), where, _both_languages(str(message)))


def _both_languages(message: str) -> Text:
    if _BOTH in message:
        zh, en = message.split(_BOTH, 1)
        return Text(zh, en)
    for start, zh in _ZH_STARTS.items():
        if message.startswith(start):
            return Text(zh + message.removeprefix(start).rstrip("."), message)
    within = _WITHIN.fullmatch(message)
    if within is not None:
        return Text(f"要在 {within[1]} 到 {within[2]} 之间", message)
    length = _LENGTH.fullmatch(message)
    if length is not None:
        return Text(f"长度要在 {length[1]} 到 {length[2]} 之间", message)
    return Text(_ZH.get(message, "内容不对"), message)
