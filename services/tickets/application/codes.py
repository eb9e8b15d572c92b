"""Coded words that go into events: nothing that a person typed may pass for one."""

import re

from contracts.errors import Invalid
from contracts.words import Text

_CODE = re.compile(r"[a-z0-9]+(?:[_-][a-z0-9]+)*")
_ACCOUNT = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_LONGEST = 40
_MOST_DIGITS = 6
"""Enough for 12345 and 96777, too few for anybody's phone number."""


def code(value: str, field: str) -> str:
    """A coded word such as ``gas_company`` or ``12345``; raises Invalid naming *field*."""
    digits = sum(char.isdigit() for char in value)
    if len(value) > _LONGEST or digits > _MOST_DIGITS or not _CODE.fullmatch(value):
        raise Invalid(
            "not-a-code",
            Text(
                zh="这里只能填代码(小写英文字母、数字、下划线),说明请写在备注里",
                en="a code is needed here (lower-case letters, digits, underscores); say the rest in the note",
            ),
            field=field,
        )
    return value


def account(value: str, field: str) -> str:
    """What has the shape of an account's id; raises Invalid naming *field*."""
    if not _ACCOUNT.fullmatch(value) or sum(char.isdigit() for char in value) == len(value):
        raise Invalid("not-an-account", Text(zh="这不是账号编号", en="this is no account id"), field=field)
    return value
