"""A bell that wakes the one greenlet waiting for it; rung before anybody waits, it is heard afterwards."""

from eventlet.event import Event


class Bell:
    """Many rings before a wait are one."""

    def __init__(self) -> None:
        self._event = Event()

    def ring(self) -> None:
        """Wake whoever waits, or the next who would wait. Never blocks."""
        if not self._event.ready():
            self._event.send(None)

    def wait(self) -> None:
        """Block until the bell is rung, then make it ready for the next ring."""
        self._event.wait()
        self._event = Event()
