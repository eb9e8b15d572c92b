"""What is wrong with a file, so that whoever wrote it finds the place: file, row, field, sentence in both languages."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contracts.words import Text


@dataclass(frozen=True)
class Problem:
    """One thing to mend; ``place`` is the row or feature, ``field`` the path within it."""

    file: str
    place: Text
    field: str
    sentence: Text

    def __str__(self) -> str:
        zh = f"{self.file} {self.place.zh} [{self.field}] {self.sentence.zh}"
        return f"{zh} / {self.place.en} [{self.field}] {self.sentence.en}"


WHOLE = Text("整个文件", "whole file")


def row(number: int, id: object = None) -> Text:
    """Row *number* (from 1) of a list, with its id if it has one."""
    name = f" ({id})" if isinstance(id, str) else ""
    return Text(f"第 {number} 项{name}", f"item {number}{name}")


def feature(index: int, id: object = None) -> Text:
    """Feature *index* (from 0, as in ``features[index]``)."""
    name = f" ({id})" if isinstance(id, str) else ""
    return Text(f"features[{index}]{name}", f"features[{index}]{name}")


def of_messages(file: str, place: Text, messages: Any, path: str = "") -> Iterator[Problem]:
    """One problem for each of marshmallow's messages, however deep."""
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from of_messages(file, place, inner, _step(path, key))
        return
    for message in messages if isinstance(messages, list) else [messages]:
        yield Problem(file, place, path or "-", _in_both(str(message)))


def _step(path: str, key: object) -> str:
    if key == "_schema":
        return path
    return f"{path}[{key}]" if isinstance(key, int) else f"{path}.{key}".lstrip(".")


_IN_CHINESE = {
    "Missing data for required field.": "缺少这一项",
    "Unknown field.": "没有这个字段",
    "Field may not be null.": "不能为空",
    "Not a valid string.": "需要文字(数字和时间请加引号)",
    "Not a valid integer.": "需要整数",
    "Not a valid number.": "需要数字",
    "Not a valid boolean.": "需要 true 或 false",
    "Not a valid list.": "需要列表",
    "Invalid input type.": "结构不对",
}
_CHOICES = "Must be one of: "


def _in_both(message: str) -> Text:
    if message in _IN_CHINESE:
        return Text(_IN_CHINESE[message], message.rstrip(".").lower())
    if message.startswith(_CHOICES):
        choices = message.removeprefix(_CHOICES).rstrip(".")
        return Text(f"只能是其中之一:{choices}", f"must be one of: {choices}")
    zh, _, en = message.partition(" / ")
    return Text(zh, en or zh)
