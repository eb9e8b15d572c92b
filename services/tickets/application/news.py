"""Of news that came together only the newest is looked at: each snapshot is whole."""

from collections.abc import Callable, Hashable, Iterable

from contracts.events import AnyReceived


def subject(event: AnyReceived) -> Hashable:
    """Whose news it is."""
    return event.envelope.subject


def newest(events: Iterable[AnyReceived], whose: Callable[[AnyReceived], Hashable] = subject) -> list[AnyReceived]:
    """The highest version for each *whose*."""
    found: dict[Hashable, AnyReceived] = {}
    for event in events:
        known = found.get(whose(event))
        if known is None or event.version > known.version:
            found[whose(event)] = event
    return list(found.values())
