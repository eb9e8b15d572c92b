"""Lives of crews, of duty staff who name a colleague, and of those who do not come."""

from tests.properties.scripts import Script

THE_LEAD_IS_PASSED_ON: Script = [
    ("place_for_a_crew", 0, 0),
    ("settle", 0, 0),
    *[("accept_offer", 0, 0)] * 3,
    ("settle", 0, 0),
    ("lead_steps_back", 0, 0),
    ("settle", 0, 0),
    ("accept_offer", 0, 0),
    ("settle", 0, 0),
    ("arrive", 0, 0),
    ("lead_steps_back", 0, 2),
    ("settle", 0, 0),
    ("complete", 0, 0),
    ("rework", 0, 0),
    ("settle", 0, 0),
]
A_COLLEAGUE_GOES: Script = [
    ("place_for_a_crew", 0, 0),
    ("settle", 0, 0),
    ("assign", 0, 0),
    ("name_colleague", 0, 0),
    ("confirm_colleague", 0, 5),
    ("confirm_colleague", 0, 0),
    ("repeat", 255, 0),
    ("confirm_colleague", 0, 0),
    ("settle", 0, 0),
]
NAMED_AND_LEFT: Script = [
    ("place_for_later", 247, 0),
    ("settle", 0, 0),
    ("assign", 0, 0),
    ("deliver_newest", 48, 26),
    ("name_colleague", 120, 28),
    ("leave", 101, 168),
    ("settle", 0, 0),
]
"""Found by a play: whoever left still named somebody for staff to confirm."""
NAMED_AND_CANCELLED: Script = [
    ("place_for_later", 0, 0),
    ("settle", 0, 0),
    ("assign", 0, 0),
    ("settle", 0, 0),
    ("cancel", 0, 1),
    ("name_colleague", 0, 0),
    ("settle", 0, 0),
]
"""Found by a play: so did a seat of an order that was cancelled meanwhile."""
NOBODY_CAME: Script = [
    ("place_for_later", 0, 0),
    ("settle", 0, 0),
    ("accept_offer", 0, 0),
    ("settle", 0, 0),
    ("let_them_wait", 3, 0),
    ("settle", 0, 0),
    ("answer_absence", 0, 4),
    ("decide_absence", 0, 1),
    ("settle", 0, 0),
    ("accept_offer", 0, 0),
    ("go_away", 0, 1),
    ("rest_until", 1, 9),
    ("stop_serving", 2, 0),
    ("stop_serving", 2, 1),
    ("go_away", 0, 0),
    ("let_them_wait", 3, 0),
    ("settle", 0, 0),
]
A_REST_SAID_TWICE: Script = [
    ("place", 0, 0),
    ("rest_until", 0, 0),
    ("let_them_wait", 0, 0),
    ("repeat", 1, 0),
    ("repeat", 2, 0),
]
"""Found by a play: repeated once the moment was over, the request was refused and not answered as before."""
LIVES_OF_CREWS = (
    THE_LEAD_IS_PASSED_ON,
    A_COLLEAGUE_GOES,
    NAMED_AND_LEFT,
    NAMED_AND_CANCELLED,
    NOBODY_CAME,
    A_REST_SAID_TWICE,
)
