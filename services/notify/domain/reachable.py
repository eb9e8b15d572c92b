"""How somebody can be reached by machine, from what their owner keeps of them."""

from collections.abc import Mapping
from typing import Any

from contracts.notices import Way

SLIP = "slip"
"""On paper, by hand: nobody can be reached by machine."""


def ways_of(contact: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """(way, address) of each: WeChat, a phone that takes messages, an e-mail address."""
    phone = contact.get("phone")
    held = {
        Way.WECHAT.value: contact.get("openid"),
        Way.SMS.value: phone if phone and takes_messages(phone) else None,
        Way.EMAIL.value: contact.get("email"),
    }
    return tuple((way, address) for way, address in held.items() if address)


def takes_messages(phone: str) -> bool:
    """Is it none of the numbers that stand on a table? These begin with an area code: 0 and another digit."""
    digits = "".join(char for char in phone if char.isdigit())
    return bool(digits) and not (digits[0] == "0" and digits[1:2] not in ("", "0"))
