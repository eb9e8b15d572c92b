"""A vault in memory: what is sealed opens with its context alone, and never after its person's end."""

from chassis.errors import Erased, VaultError


class FakeVault:
    """Keeps the promises of chassis.vault that its users build on; encrypts nothing."""

    def __init__(self) -> None:
        self._sealed: dict[bytes, tuple[str, str, bytes]] = {}
        self._erased: set[str] = set()

    def seal_bytes(self, person: str, data: bytes, context: str) -> bytes:
        """A name for it."""
        if person in self._erased:
            raise Erased("this person was erased")
        blob = f"sealed-{len(self._sealed)}".encode()
        self._sealed[blob] = (person, context, data)
        return blob

    def open_bytes(self, blob: bytes, context: str) -> bytes:
        """What the name stands for."""
        person, bound, data = self._sealed[blob]
        if person in self._erased:
            raise Erased("this person was erased")
        if bound != context:
            raise VaultError(f"sealed for {bound}, opened for {context}")
        return data

    def destroy(self, person: str) -> bool:
        """Everything of theirs is mute from now on."""
        self._erased.add(person)
        return True
