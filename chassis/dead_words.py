"""Dead letters as people read them at a terminal, and as programs read them: one JSON object a line."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from chassis.dead_letter import DeadLetter

SHORT = 160
"""Characters of an error in a list; ``show`` gives all of it."""
_UNITS = ((86_400, "天", "d"), (3_600, "小时", "h"), (60, "分钟", "min"), (1, "秒", "s"))


def row(letter: DeadLetter, now: datetime) -> dict[str, Any]:
    """What is known of one, its body apart; times are ISO 8601, ``age`` in seconds since it failed last."""
    age = letter.age(now)
    return {
        "service": letter.service,
        "id": letter.id,
        "type": letter.type,
        "subject": letter.subject,
        "reason": letter.reason,
        "handler": letter.handler,
        "error": letter.error,
        "attempts": letter.attempts,
        "replays": letter.replays,
        "first_failed": letter.first_failed,
        "last_failed": letter.last_failed,
        "age": None if age is None else round(age),
    }


def as_json(letter: DeadLetter, now: datetime, *, whole: bool = False) -> str:
    """One line; with *whole* the body too."""
    told = row(letter, now)
    if whole:
        told["body"] = _body(letter)
    else:
        told["error"] = letter.error[:SHORT]
    return json.dumps(told, ensure_ascii=False)


def as_text(letter: DeadLetter, now: datetime, *, whole: bool = False) -> str:
    """A few lines, the same facts."""
    told = row(letter, now)
    lines = [
        f"{letter.service}  {letter.id}  {letter.type or '(没有类型 / no type)'}  {letter.subject}".rstrip(),
        f"    原因 reason: {letter.reason}    处理 handler: {letter.handler or '-'}"
        f"    次数 attempts: {letter.attempts}    重放 replays: {letter.replays}",
        f"    首次 first: {letter.first_failed or '-'}    末次 last: {letter.last_failed or '-'}"
        f"    {_ago(told['age'])}",
    ]
    if letter.error:
        lines.append(f"    {letter.error if whole else _one_line(letter.error)}")
    if whole:
        lines.append(_body(letter))
    return "\n".join(lines)


def now() -> datetime:
    """The moment now, for ages."""
    return datetime.now(UTC)


def counted(counts: Sequence[tuple[str, int, int]]) -> str:
    """How many each service has: (service, shown, in all)."""
    told = [
        f"{service} {count}" if shown == count else f"{service} {shown}/{count}" for service, shown, count in counts
    ]
    return "死信 / dead letters: " + ", ".join(told)


def _ago(age: int | None) -> str:
    if age is None:
        return ""
    size, zh, en = next((unit for unit in _UNITS if age >= unit[0]), _UNITS[-1])
    return f"{age // size} {zh}前 / {age // size} {en} ago"


def _one_line(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= SHORT else flat[: SHORT - 1] + "…"


def _body(letter: DeadLetter) -> str:
    return letter.body.decode("utf-8", errors="backslashreplace")
