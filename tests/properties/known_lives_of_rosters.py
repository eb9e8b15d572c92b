"""Lives of the roster: who has the shift is asked first, and what nobody took comes to them once more."""

from tests.properties.scripts import Script

THE_OFFICER_IS_ASKED_FIRST: Script = [
    ("plan_shift", 0, 14),
    ("plan_shift", 1, 2),
    ("settle", 0, 0),
    ("take_over", 0, 0),
    ("hand_over_shift", 0, 0),
    ("cannot_serve", 1, 0),
    ("place", 4, 0),
    ("settle", 0, 0),
    ("return_offer", 0, 0),
    ("settle", 0, 0),
    ("name_substitute", 1, 1),
    ("settle", 0, 0),
    ("wait", 3, 0),
    ("fire", 0, 0),
    ("remove_shift", 1, 0),
]
NOBODY_CAN_AND_NOBODY_TOOK_IT: Script = [
    ("plan_shift", 1, 2),
    ("plan_shift", 2, 14),
    ("cannot_serve", 0, 0),
    ("cannot_serve", 1, 0),
    ("wait", 3, 0),
    ("wait", 2, 0),
    *[("fire", 0, 0)] * 3,
    ("place", 0, 0),
    ("settle", 0, 0),
    ("wait", 4, 0),
    ("fire", 0, 0),
    ("settle", 0, 0),
    ("wait", 4, 0),
    ("fire", 0, 0),
    ("settle", 0, 0),
    ("plan_shift", 2, 14),
    ("settle", 0, 0),
]
LIVES_OF_ROSTERS = (THE_OFFICER_IS_ASKED_FIRST, NOBODY_CAN_AND_NOBODY_TOOK_IT)
