"""What stands for a phone or an openid where one has to be found again and nobody needs to read it: a keyed hash.

By the key that the database's own vault made for its indexes: whoever has a copy of the database cannot try all phone
numbers, and a new token key or master key forgets nothing. Links in mails are by the token key: a new one ends them.
"""

import hmac
from collections.abc import Callable

from chassis.vault import Vault

Keyed = Callable[[str, str], str]
"""(kind, text) -> hex."""


def keyed_by(key: str) -> Keyed:
    """The hash under *key*."""

    def hashed(kind: str, text: str) -> str:
        return hmac.digest(key.encode(), f"{kind}\x00{text}".encode(), "sha256").hex()

    return hashed


def blind(vault: Vault) -> Keyed:
    """The hash under the key of the vault's indexes."""
    return lambda kind, text: vault.index(text, f"keyed/{kind}")
