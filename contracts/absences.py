"""The words of a no-show and a late cancel: shown to the member first, and on record only after that."""

from enum import StrEnum


class AbsenceKind(StrEnum):
    """What happened."""

    NO_SHOW = "no_show"
    """They had the seat, were asked whether they were coming, and neither answered nor came."""
    LATE_CANCEL = "late_cancel"
    """They gave the seat back when the time was near (志愿服务条例 art. 22: whoever cannot come says so in time)."""


class AbsenceState(StrEnum):
    """Where it stands; only what ``stands`` is in the record that staff see."""

    SHOWN = "shown"
    """The member alone knows of it, and may say their side."""
    ANSWERED = "answered"
    """They said their side; staff decide."""
    STANDS = "stands"
    SET_ASIDE = "set_aside"
    """Staff heard their side, and it is not on record."""
    LAPSED = "lapsed"
    """Staff did not decide in time: it is not on record either."""


class Side(StrEnum):
    """What the member says of it."""

    SO_IT_WAS = "so_it_was"
    """Nothing to add: it stands at once."""
    WAS_THERE = "was_there"
    TOLD_BEFORE = "told_before"
    """They had let somebody know in time."""
    OTHER_TIME = "other_time"
    """Another time had been agreed, or the order changed."""
    ILL = "ill"
    """Illness or an accident, their own or in the family."""
    OTHER = "other"
    """Something else, which the note says."""
