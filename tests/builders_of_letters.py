"""Letters for the tests of the ways out."""

from dataclasses import replace
from typing import Any

from services.notify.application.sending_ports import Letter
from services.notify.domain.category import Category
from tests.builders import COMMUNITY

A_LETTER = Letter(
    message_id="01KEVENT:please-help:member:m1:outward",
    community_id=COMMUNITY,
    template="please-help",
    version=1,
    locale="zh-CN",
    title="请您帮忙",
    body="【石榴里】今晚7点 和平苑 帮老人换灯泡。回1我来,回2这次不方便。",
    params={"item": {"zh": "换灯泡", "en": "Change a bulb"}, "names": ["小王", "老李"], "nothing": None},
    thread="t-1",
    number="NC-261121-0042",
    urgent=False,
    category=Category.OFFER,
    offer_id="t-1.o1",
)


def a_letter(**changes: Any) -> Letter:
    """A letter about an offer, and what is different about it."""
    return replace(A_LETTER, **changes)
