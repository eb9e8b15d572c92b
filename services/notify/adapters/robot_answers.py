"""What a robot's provider answered, as a status of ours: the error code in its body decides, not what is around it."""

from collections.abc import Mapping
from dataclasses import dataclass

from chassis.outgoing import Answer, Failure
from services.notify.application.sending_ports import Sent
from services.notify.domain.message import DeliveryStatus

THROTTLED = "throttled"
BAD_KEY = "bad-key"
NOT_UNDERSTOOD = "not-understood"


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """What a code says: ``final``: not this message, not ever; ``throttled``: the robot has to pause."""

    reason: str
    final: bool = True
    throttled: bool = False


def later(reason: str, wait: float | None = None) -> Sent:
    """It may go well the next time."""
    return Sent(status=DeliveryStatus.FAILED_TEMPORARY, reason=reason, retry_after=wait)


def judged(answer: Answer | Failure, meanings: Mapping[int, Meaning], pause: float) -> Sent:
    """*meanings* is the provider's table; *pause* is for how long it wants to hear nothing once it is asked too much.

    A code that is in no table is tried again: it may be about the provider, and is told as it came.
    """
    if isinstance(answer, Failure):
        return later(answer.value)
    if answer.status == 429:
        return later(THROTTLED, answer.retry_after or pause)
    if not answer.ok:
        return later(f"http-{answer.status}", answer.retry_after)
    code = (answer.json() or {}).get("errcode")
    if isinstance(code, bool) or not isinstance(code, int):
        return later(NOT_UNDERSTOOD)
    if code == 0:
        return Sent(status=DeliveryStatus.SENT)
    meaning = meanings.get(code) or Meaning(reason=f"code-{code}" if abs(code) < 10_000_000 else "code", final=False)
    if meaning.final:
        return Sent(status=DeliveryStatus.FAILED_PERMANENT, reason=meaning.reason)
    return later(meaning.reason, pause if meaning.throttled else None)


def cut(text: str, most: int, tail: str) -> str:
    """*text* in at most so many bytes of UTF-8, whole characters alone; what is shorter ends with *tail*."""
    raw = text.encode()
    if len(raw) <= most:
        return text
    kept = raw[: most - len(tail.encode())].decode(errors="ignore")
    return kept.rstrip() + tail


def more(locale: str) -> str:
    """How a text ends that was too long."""
    return "… 更多请在平台里看" if locale.startswith("zh") else "… more in the app"


_MARKS = str.maketrans("<>[]*_`#", "〈〉〔〕＊＿'＃")


def unmarked(text: str) -> str:
    """*text* with nothing in it that Markdown would take for a mark: a name makes no link and no heading."""
    return text.translate(_MARKS)
