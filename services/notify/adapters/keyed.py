"""What stands for a phone or an openid where one has to be found again and nobody needs to read it: a keyed hash.

Keyed by the installation's token key: whoever has a copy of the database cannot try all phone numbers. A new token key
makes every such hash another one: what was kept under the old is forgotten.
"""

import hmac
from collections.abc import Callable

Keyed = Callable[[str, str], str]
"""(kind, text) -> hex."""


def keyed_by(key: str) -> Keyed:
    """The hash under *key*."""

    def hashed(kind: str, text: str) -> str:
        return hmac.digest(key.encode(), f"{kind}\x00{text}".encode(), "sha256").hex()

    return hashed
