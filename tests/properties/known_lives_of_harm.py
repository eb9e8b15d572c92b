"""Lives of reports of suspected harm: seen through, or raised until somebody does."""

from tests.properties.scripts import Script

SEEN_THROUGH: Script = [
    ("place", 1, 0),
    ("settle", 0, 0),
    ("accept_offer", 0, 0),
    ("settle", 0, 0),
    ("arrive", 0, 0),
    ("report_harm", 0, 0),
    ("repeat", 0, 0),
    ("acknowledge_harm", 0, 3),
    ("acknowledge_harm", 0, 0),
    ("explain_harm", 0, 0),
    ("tell_of_harm", 0, 0),
    ("tell_of_harm", 0, 2),
    ("close_harm", 0, 0),
    ("settle", 0, 0),
]
NOBODY_ANSWERS: Script = [
    ("place", 1, 0),
    ("settle", 0, 0),
    ("report_harm", 0, 2),
    ("report_harm", 0, 3),
    ("wait", 1, 0),
    *[("fire", number, 0) for number in range(6)],
    ("fire_again", 0, 0),
    ("wait", 4, 0),
    *[("fire", number, 0) for number in range(9)],
    ("tell_of_harm", 0, 1),
    ("settle", 0, 0),
    ("wait", 5, 0),
    ("wait", 5, 0),
    *[("fire", number, 0) for number in range(9)],
    ("fire_again", 2, 0),
    ("close_harm", 0, 1),
    ("settle", 0, 0),
]
LIVES_OF_HARM = (SEEN_THROUGH, NOBODY_ANSWERS)
