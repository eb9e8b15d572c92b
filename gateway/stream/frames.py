"""What goes into the stream of an event; who may hear it is in contracts/hearing.py.

A frame is thin: whoever hears it fetches what they may see.
"""

from typing import Any

from contracts.envelope import Envelope

Document = dict[str, Any]


def frame(envelope: Envelope) -> Document:
    """The thin frame: nothing but where to look."""
    return {
        "id": envelope.id,
        "type": envelope.type,
        "subject": envelope.subject,
        "time": envelope.time,
        "version": envelope.aggregateversion,
        "number": envelope.data["snapshot"].get("number"),
    }
