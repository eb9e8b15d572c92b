"""The sample of orders that somebody independent asks about, drawn by a hash: whoever has the seed can redo it.

The seed is the community's own and is told to nobody: else whoever serves could work out who will be asked.
"""

import hashlib

_BYTES = 8
_ALL: int = 1 << 8 * _BYTES


def drawn(seed: str, ticket_id: str, ratio: float) -> bool:
    """Is the order in the sample? *ratio* is the share of all orders, 0 to 1."""
    digest = hashlib.sha256(f"{seed}\n{ticket_id}".encode()).digest()
    return int.from_bytes(digest[:_BYTES]) < int(ratio * _ALL)
