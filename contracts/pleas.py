"""The words of a plea 短信来信: what somebody wrote to the community by SMS, which no machine understands."""

from enum import StrEnum


class PleaState(StrEnum):
    """Where it stands."""

    WAITING = "waiting"
    """Somebody has to read it and answer."""
    HANDLED = "handled"


class PleaOutcome(StrEnum):
    """What was done about it."""

    ORDERED = "ordered"
    """An order was made of it."""
    ANSWERED = "answered"
    """Somebody called back, and that was enough."""
    RESCUE = "rescue"
    """120, 119 or 110 were called."""
    PASSED_ON = "passed_on"
    """It is somebody else's: another community's, a department's."""
    NOTHING = "nothing"
    """Thanks, a wrong number: there is nothing to do."""
    ERASED = "erased"
    """Whoever wrote had what is held of them erased; nobody chooses this."""
