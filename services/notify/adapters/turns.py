"""Of several instances one looks after something: by leases, which a fencing number tells apart."""

from chassis.lease import Leases


class LeasedTurns:
    """A ``Turns``; *kind* keeps its names apart from others', *seconds* is how long a turn is."""

    def __init__(self, leases: Leases, kind: str, seconds: float) -> None:
        self._leases = leases
        self._kind = kind
        self._seconds = seconds
        self._held: dict[str, int] = {}

    def take(self, name: str) -> bool:
        """See ``Turns``. A lease that another had in between is another's, though it is free again."""
        fence = self._leases.acquire(f"{self._kind}:{name}", self._seconds)
        if fence is None or self._held.setdefault(name, fence) != fence:
            self._held.pop(name, None)
            return False
        return True

    def give_back(self, name: str) -> None:
        """See ``Turns``."""
        fence = self._held.pop(name, None)
        if fence is not None:
            self._leases.release(f"{self._kind}:{name}", fence)
