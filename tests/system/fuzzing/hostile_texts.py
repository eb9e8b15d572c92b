"""Texts that break things: operators, paths, headers, what nobody sees; and names that only look like it."""

from collections.abc import Iterable

TEXTS = (
    '{"$gt": ""}',
    "$gt",
    "$where",
    "$ticket.v",
    "$$NOW",
    "a.b.$[]",
    "__proto__",
    "' OR '1'='1",
    "../../../../etc/passwd",
    "..%2f..%2f",
    "%00",
    "%c0%ae%c0%ae/",
    "file:///etc/passwd",
    "http://169.254.169.254/",
    "x\r\nSet-Cookie: a=b",
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "{{7*7}}${7*7}",
    "%s%n%x",
    "\u202etxt.exe",
    "\u2066\u2067\u2068",
    "\u200b",
    "\u200b\u200c\u200d\ufeff",
    "\u0085\u2028\u2029",
    "Z\u0351\u0343\u035b\u0346\u0352\u0350\u0343\u0310",
    "\ufffe\uffff",
    "NaN",
    "Infinity",
    "-0",
    "9" * 400,
    "1e999",
    "null",
    "true",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "马迪娜·阿德力",
    "مەھمۇد ئابدۇرېھىم",
)


def as_headers(texts: Iterable[str]) -> list[str]:
    """Those that a well-behaved HTTP client agrees to send as a header: latin-1, on one line."""
    return [text for text in texts if text.isprintable() and all(ord(sign) < 0x100 for sign in text)]
