"""How somebody can be reached by machine, from what their owner keeps of them."""

from collections.abc import Mapping
from typing import Any

from contracts.notices import Way

SLIP = "slip"
"""On paper, by hand: nobody can be reached by machine."""


def ways_of(contact: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """(way, address) of each: a phone that takes messages, an e-mail address."""
    phone, email = contact.get("phone"), contact.get("email")
    by_phone = ((Way.SMS.value, phone),) if phone and takes_messages(phone) else ()
    return by_phone + (((Way.EMAIL.value, email),) if email else ())


def takes_messages(phone: str) -> bool:
    """Is it none of the numbers that stand on a table? These begin with an area code: 0 and another digit."""
    digits = "".join(char for char in phone if char.isdigit())
    return bool(digits) and not (digits[0] == "0" and digits[1:2] not in ("", "0"))
