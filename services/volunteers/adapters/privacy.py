"""What only the vault may show of a member, sealed by the member's own key, each field in its own context."""

from chassis.vault import Vault
from services.volunteers.adapters.phones import PHONE_INDEX, digits_of
from services.volunteers.adapters.sealed import member_context


class MemberVault:
    """A ``Privacy`` on the service's vault."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def seal(self, member_id: str, field: str, text: str) -> bytes:
        """See ``Privacy``."""
        return self._vault.seal(member_id, text, member_context(member_id, field))

    def open(self, member_id: str, field: str, blob: bytes | None) -> str | None:
        """See ``Privacy``."""
        return self._vault.try_open(blob, member_context(member_id, field))

    def phone_index(self, phone: str) -> str:
        """See ``Privacy``; the digits alone count."""
        return self._vault.index(digits_of(phone), PHONE_INDEX)

    def mark(self, text: str) -> str:
        """See ``Privacy``."""
        return self._vault.index(text, "members/revision")[:32]

    def destroy(self, member_id: str) -> bool:
        """See ``Privacy``."""
        return self._vault.destroy(member_id)
