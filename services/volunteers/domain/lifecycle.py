"""The lifecycles of a demand and of a seat, each as one visible table."""

from enum import StrEnum

from contracts.words import DemandStatus, SeatStatus


class DemandAction(StrEnum):
    """What moves the search for people."""

    ASK = "ask"
    """An offer goes out."""
    OPEN_CLAIM = "open_claim"
    """The open seats may be claimed by anyone who passes the gates."""
    TAKE = "take"
    """A seat is taken, others are still open."""
    FILL = "fill"
    """The last open seat is taken."""
    FREE = "free"
    """A taken seat is free again."""
    GIVE_UP = "give_up"
    """Nobody took it: the claim window ended, staff did nothing for long, or whoever was ordered did not come."""
    STAND_IN = "stand_in"
    """Somebody is asked to go for whoever has a seat and cannot come."""
    ORDER = "order"
    """Nobody took it, and whoever is on duty there by the roster is ordered to it."""
    FINISH = "finish"
    """The order was completed."""
    RESUME = "resume"
    """The order goes on with the same people (rework)."""
    RESTART = "restart"
    """Other people are looked for (redispatch)."""
    END = "end"
    """The order ended without service."""


_S, _A = DemandStatus, DemandAction

DEMAND: dict[tuple[DemandStatus, DemandAction], DemandStatus] = {
    (_S.OPEN, _A.ASK): _S.OPEN,
    (_S.OPEN, _A.STAND_IN): _S.OPEN,
    (_S.OPEN, _A.OPEN_CLAIM): _S.CLAIM,
    (_S.OPEN, _A.TAKE): _S.OPEN,
    (_S.OPEN, _A.FILL): _S.FILLED,
    (_S.OPEN, _A.FREE): _S.OPEN,
    (_S.OPEN, _A.FINISH): _S.FINISHED,
    (_S.OPEN, _A.RESUME): _S.OPEN,
    (_S.OPEN, _A.RESTART): _S.OPEN,
    (_S.OPEN, _A.GIVE_UP): _S.UNSERVED,
    (_S.OPEN, _A.END): _S.ENDED,
    (_S.CLAIM, _A.ASK): _S.CLAIM,
    (_S.CLAIM, _A.STAND_IN): _S.CLAIM,
    (_S.CLAIM, _A.TAKE): _S.CLAIM,
    (_S.CLAIM, _A.FILL): _S.FILLED,
    (_S.CLAIM, _A.FREE): _S.CLAIM,
    (_S.CLAIM, _A.GIVE_UP): _S.UNSERVED,
    (_S.CLAIM, _A.FINISH): _S.FINISHED,
    (_S.CLAIM, _A.RESUME): _S.OPEN,
    (_S.CLAIM, _A.RESTART): _S.OPEN,
    (_S.CLAIM, _A.END): _S.ENDED,
    (_S.FILLED, _A.STAND_IN): _S.FILLED,
    (_S.FILLED, _A.FREE): _S.OPEN,
    (_S.FILLED, _A.FINISH): _S.FINISHED,
    (_S.FILLED, _A.RESUME): _S.OPEN,
    (_S.FILLED, _A.RESTART): _S.OPEN,
    (_S.FILLED, _A.END): _S.ENDED,
    (_S.UNSERVED, _A.ASK): _S.OPEN,
    (_S.UNSERVED, _A.STAND_IN): _S.UNSERVED,
    (_S.UNSERVED, _A.TAKE): _S.UNSERVED,
    (_S.UNSERVED, _A.FILL): _S.FILLED,
    (_S.UNSERVED, _A.FREE): _S.UNSERVED,
    (_S.UNSERVED, _A.GIVE_UP): _S.UNSERVED,
    (_S.UNSERVED, _A.ORDER): _S.UNSERVED,
    (_S.UNSERVED, _A.FINISH): _S.FINISHED,
    (_S.UNSERVED, _A.RESUME): _S.OPEN,
    (_S.UNSERVED, _A.RESTART): _S.OPEN,
    (_S.UNSERVED, _A.END): _S.ENDED,
    (_S.FINISHED, _A.FREE): _S.FINISHED,
    (_S.FINISHED, _A.FINISH): _S.FINISHED,
    (_S.FINISHED, _A.RESUME): _S.OPEN,
    (_S.FINISHED, _A.RESTART): _S.OPEN,
    (_S.FINISHED, _A.END): _S.ENDED,
}
"""Ended is the end: whatever comes later finds a tombstone. Resumed with all its people, a demand fills again."""


class SeatAction(StrEnum):
    """What the holder of a seat, or the order, does with it."""

    ARRIVE = "arrive"
    LEAVE = "leave"
    GIVE_BACK = "give_back"
    FINISH = "finish"
    RETAKE = "retake"
    COME_AGAIN = "come_again"
    """Nobody answered: they try another time."""


_T, _B = SeatStatus, SeatAction

SEAT: dict[tuple[SeatStatus, SeatAction], SeatStatus] = {
    (_T.TAKEN, _B.ARRIVE): _T.ARRIVED,
    (_T.TAKEN, _B.LEAVE): _T.LEFT,
    (_T.TAKEN, _B.GIVE_BACK): _T.TAKEN,
    (_T.TAKEN, _B.FINISH): _T.FINISHED,
    (_T.TAKEN, _B.RETAKE): _T.TAKEN,
    (_T.TAKEN, _B.COME_AGAIN): _T.TAKEN,
    (_T.ARRIVED, _B.LEAVE): _T.LEFT,
    (_T.ARRIVED, _B.GIVE_BACK): _T.ARRIVED,
    (_T.ARRIVED, _B.FINISH): _T.FINISHED,
    (_T.ARRIVED, _B.RETAKE): _T.TAKEN,
    (_T.ARRIVED, _B.COME_AGAIN): _T.TAKEN,
    (_T.LEFT, _B.FINISH): _T.LEFT,
    (_T.LEFT, _B.RETAKE): _T.TAKEN,
    (_T.FINISHED, _B.FINISH): _T.FINISHED,
    (_T.FINISHED, _B.RETAKE): _T.TAKEN,
}
"""Giving back keeps the status: the taking itself is then marked as released and no longer shown."""
