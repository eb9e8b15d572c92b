"""Why somebody did not get a message yet, or will not: what is said is so."""

from typing import Any

import pytest

from services.notify.domain.attempts import Attempt
from services.notify.domain.message import DeliveryStatus
from services.notify.domain.reasons import why

PAST, COMING = "2026-11-21 09:00", "2026-11-21 18:00"
QUEUED, SENDING, AGAIN = DeliveryStatus.QUEUED, DeliveryStatus.SENDING, DeliveryStatus.FAILED_TEMPORARY
FAILED = Attempt(way="sms", status=AGAIN, reason="busy")
ON_PAPER = Attempt(way="slip", status=QUEUED)


def said(status: DeliveryStatus, **about: Any) -> str:
    usual: dict[str, Any] = {
        "in_app": False,
        "reason": None,
        "put_off": None,
        "attempts": (),
        "at": PAST,
        "until": PAST,
    }
    return why(status=status, **{**usual, **about}).en


@pytest.mark.parametrize("put_off", [None, "quiet-hours", "digest"])
@pytest.mark.parametrize(
    ("reason", "words"),
    [("contacts-away", "how to reach you cannot be looked up"), ("overflow", "it waits for its turn")],
)
def test_what_is_held_up_after_its_time_is_not_said_to_be_put_off(put_off: str | None, reason: str, words: str) -> None:
    sentence = said(QUEUED, reason=reason, put_off=put_off)

    assert words in sentence
    assert PAST not in sentence


def test_what_is_put_off_says_until_when() -> None:
    assert said(QUEUED, put_off="digest", until=COMING) == f"collected for your next digest at {COMING}"
    assert said(QUEUED, until=COMING) == f"not due yet, expected at {COMING}"


def test_what_is_under_way_says_how_far_it_came() -> None:
    assert said(SENDING) == "on its way"
    assert said(SENDING, attempts=(FAILED,)) == "on its way; tried: text message"
    assert (
        said(AGAIN, reason="busy", attempts=(FAILED,))
        == "it did not go out yet and is tried again; tried: text message"
    )
    assert said(AGAIN, reason="ZeroDivisionError") == "it did not go out yet and is tried again"
    assert said(QUEUED, reason="overflow", attempts=(FAILED,)).endswith("tried: text message")


def test_what_could_not_be_delivered_names_what_was_tried_and_nothing_else() -> None:
    assert said(DeliveryStatus.FAILED_PERMANENT) == "it could not be delivered"
    assert said(DeliveryStatus.FAILED_PERMANENT, attempts=(FAILED,)) == "it could not be delivered; tried: text message"


def test_what_lies_on_paper_is_brought() -> None:
    assert said(QUEUED, attempts=(FAILED, ON_PAPER)) == "printed on paper, to be brought to you"
