"""Refusals that are said before the application is asked."""

import json


def problem(status: str, code: str, sentence: str, **extra: str) -> bytes:
    """A problem document (RFC 9457) of the host's own."""
    zh, _, en = sentence.partition(" / ")
    document = {
        "type": f"urn:shiliu:problem:{code}",
        "title": zh,
        "title_en": en,
        "status": int(status[:3]),
        "detail": zh,
        "detail_en": en,
        "code": code,
        **extra,
    }
    return json.dumps(document, ensure_ascii=False).encode()
