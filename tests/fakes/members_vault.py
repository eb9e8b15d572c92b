"""A ``Privacy`` that seals by turning round: what is sealed is not what was typed, and opens in its own place alone."""


class TurningVault:
    """Members' vault in memory; whoever is destroyed stays mute."""

    def __init__(self) -> None:
        self.gone: set[str] = set()

    def seal(self, member_id: str, field: str, text: str) -> bytes:
        return f"{member_id}/{field}/{text[::-1]}".encode()

    def open(self, member_id: str, field: str, blob: bytes | None) -> str | None:
        if blob is None or member_id in self.gone:
            return None
        place, _, text = blob.decode().rpartition("/")
        assert place == f"{member_id}/{field}"
        return text[::-1]

    def phone_index(self, phone: str) -> str:
        return f"index-{''.join(char for char in phone if char.isdigit())[::-1]}"

    def mark(self, text: str) -> str:
        return f"{hash(text):x}"

    def destroy(self, member_id: str) -> bool:
        self.gone.add(member_id)
        return True
