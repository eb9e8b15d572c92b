"""How long words may be where others bound them: parts of an SMS, bytes of a robot's message."""

SMS_ALONE, SMS_PART = 70, 67
"""Characters of an SMS that goes in one part, and of each part of a longer one. Source: help.aliyun.com 44335."""
ROBOT_BYTES = 2_048
"""Of UTF-8, what a WeCom robot takes in one message. Source: developer.work.weixin.qq.com/document/path/91770."""


def sms_characters(text: str) -> int:
    """As a phone network counts them: UTF-16 units, so that an emoji is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def sms_parts(text: str) -> int:
    """How many SMS are paid for."""
    units = sms_characters(text)
    return 1 if units <= SMS_ALONE else -(-units // SMS_PART)


def robot_bytes(text: str) -> int:
    """What a robot counts."""
    return len(text.encode())
