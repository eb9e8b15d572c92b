"""Lives that every run acts: between them they use every row of the topology; and those in which a defect was found."""

from tests.properties.scripts import Script

REVIEWED: Script = [
    ("place", 3, 0),
    ("reject", 0, 0),
    ("place", 3, 0),
    ("accept", 0, 0),
    ("settle", 0, 0),
    ("accept_offer", 0, 0),
    ("settle", 0, 0),
    ("leave", 0, 0),
    ("complete", 0, 3),
    ("settle", 0, 0),
    ("confirm", 0, 0),
]
FOR_SOMEBODY_WITHOUT_ACCOUNT: Script = [
    ("place", 10, 0),
    ("settle", 0, 0),
    ("accept_offer", 0, 0),
    ("settle", 0, 0),
    ("arrive", 0, 0),
    ("settle", 0, 0),
    ("complete", 0, 0),
    ("wait", 5, 0),
    ("fire", 0, 0),
    ("settle", 0, 0),
    ("rework", 0, 1),
    ("settle", 0, 0),
    ("release", 0, 0),
    ("settle", 0, 0),
    ("decline_offer", 0, 0),
    ("redispatch", 0, 0),
]
MERGED_AND_NOT_CONTENT: Script = [
    ("place", 0, 0),
    ("place", 0, 0),
    ("place", 0, 0),
    ("settle", 0, 0),
    ("merge", 1, 0),
    ("merge", 2, 0),
    ("settle", 0, 0),
    ("split", 1, 0),
    ("settle", 0, 0),
    ("accept_offer", 0, 0),
    ("settle", 0, 0),
    ("arrive", 0, 0),
    ("settle", 0, 0),
    ("complete", 0, 0),
    ("settle", 0, 0),
    ("confirm", 0, 0),
    ("rework", 0, 0),
    ("settle", 0, 0),
    ("complete", 0, 0),
]
HANDLED_AND_NOT_SOLVED: Script = [
    ("handle", 0, 8),
    ("handle", 1, 0),
    ("handle", 1, 0),
    ("settle", 0, 0),
    ("rework", 1, 0),
    ("settle", 0, 0),
    ("redispatch", 2, 0),
    ("settle", 0, 0),
    ("accept_offer", 0, 0),
    ("settle", 0, 0),
    ("wait", 4, 0),
    ("fire", 0, 0),
    ("settle", 0, 0),
]
"""Danger waits for a call; one goes once more, one is looked for by others after all."""
TOO_LATE: Script = [
    ("place", 2, 0),
    ("settle", 0, 0),
    ("cancel", 0, 0),
    ("claim", 0, 0),
]

TAKEN_IN_A_ROUND_THAT_IS_OVER: Script = [
    ("place", 0, 0),
    ("settle", 0, 0),
    ("accept_offer", 0, 0),
    ("redispatch", 0, 0),
    ("deliver", 3, 0),
    ("deliver", 4, 0),
    ("deliver", 5, 0),
    ("accept_offer", 0, 0),
    ("deliver_newest", 0, 0),
    ("deliver_newest", 0, 0),
    ("deliver_newest", 0, 0),
    ("deliver_newest", 0, 0),
    ("deliver_newest", 0, 0),
]
"""Whoever had the seat was never told: the news of the next round's holder overtook the news of theirs."""

CAME_AND_LEFT_UNKNOWN_TO_A_COMPLETED_ORDER: Script = [
    ("place", 0, 0),
    ("settle", 0, 0),
    ("accept_offer", 0, 0),
    ("settle", 0, 0),
    ("release", 0, 0),
    ("complete", 0, 0),
    ("accept_offer", 0, 0),
    ("leave", 0, 0),
    ("deliver_newest", 0, 0),
    ("deliver_newest", 0, 0),
    ("settle", 0, 0),
    ("rework", 0, 0),
    ("settle", 0, 0),
]
"""The order then waited for people, and its demand said that all its seats were taken."""

ORDERED_BEFORE_THE_ITEM_WAS_WITHDRAWN: Script = [
    ("place", 0, 0),
    ("change_item", 0, 2),
    ("repeat", 0, 0),
    ("change_item", 0, 0),
    ("repeat", 0, 0),
]
"""A repeat of the order was refused, as if it had not been taken."""

HANDS_FULL: Script = [
    ("place", 2, 2),
    ("place", 0, 0),
    ("settle", 0, 0),
    ("decline_offer", 0, 0),
    ("decline_offer", 0, 0),
    ("claim", 0, 1),
    ("claim", 0, 2),
    ("claim", 0, 3),
    ("accept_offer", 0, 0),
]
"""Whoever is asked claims another order first."""

CALLED: Script = [
    ("place", 1, 8),
    ("settle", 0, 0),
    ("escalate", 0, 1),
    ("whistle", 0, 0),
    ("wait", 1, 0),
    ("fire", 0, 0),
    ("answer_whistle", 0, 4),
    ("whistle", 0, 0),
    ("answer_whistle", 0, 0),
    ("answer_whistle", 0, 1),
    ("wait", 2, 0),
    ("fire", 0, 0),
    ("answer_whistle", 0, 0),
    ("settle", 0, 0),
    ("wait", 4, 0),
    ("fire", 0, 0),
]
"""A department gives it back, is called again, signs in, makes contact, reports."""

NOBODY_SIGNS_IN: Script = [
    ("place", 0, 0),
    ("settle", 0, 0),
    ("whistle", 0, 0),
    ("wait", 1, 0),
    ("wait", 1, 0),
    ("wait", 1, 0),
    ("fire", 0, 0),
    ("fire", 0, 0),
    ("wait", 1, 0),
    ("fire", 0, 0),
    ("fire", 1, 0),
    ("fire", 2, 0),
    ("fire", 3, 0),
    ("settle", 0, 0),
]

WAITED_AND_GIVEN_BACK_THREE_TIMES: Script = [
    ("place", 0, 0),
    ("settle", 0, 0),
    ("accept_offer", 0, 0),
    ("settle", 0, 0),
    ("ask_for", 0, 0),
    ("decide_request", 0, 1),
    ("resume", 0, 0),
    ("ask_for", 0, 3),
    ("decide_request", 0, 1),
    *[("ask_for", 1, 1), ("decide_request", 0, 1), ("settle", 0, 0), ("accept_offer", 0, 0), ("settle", 0, 0)] * 3,
    ("ask_for", 0, 2),
]
"""On hold and on again, with more time, by another crew each time; nobody answers the last request."""

MONEY_WORDS_AND_A_PUBLIC_ANSWER: Script = [
    ("place", 1, 0),
    ("settle", 0, 0),
    ("accept_offer", 0, 0),
    ("settle", 0, 0),
    ("hand_cash", 0, 0),
    ("confirm_cash", 0, 1),
    ("comment", 0, 0),
    ("comment", 0, 7),
    ("return_cash", 0, 0),
    ("confirm_cash", 0, 0),
    ("complete", 0, 0),
    ("settle", 0, 0),
    ("write_answer", 0, 0),
    ("approve_answer", 0, 1),
    ("agree_to_answer", 0, 0),
    ("approve_answer", 0, 1),
    ("settle", 0, 0),
    ("withdraw_answer", 0, 1),
    ("confirm", 0, 0),
]
"""Handed over, said to be right, spent, brought back, right again; published once it was agreed to."""

AT_THE_COUNTER: Script = [
    ("take_in_new", 0, 0),
    ("place", 4, 0),
    ("settle", 0, 0),
    ("accept_offer", 0, 0),
    ("settle", 0, 0),
    ("take_in", 1, 1),
    ("settle", 0, 0),
    ("hand_over", 0, 0),
    ("close_at_counter", 0, 1),
    ("settle", 0, 0),
    ("open_again", 0, 0),
    ("settle", 0, 0),
    ("redispatch", 1, 0),
    ("settle", 0, 0),
]

PLANNED_AND_ANSWERED: Script = [
    ("place", 0, 0),
    ("settle", 0, 0),
    ("accept_offer", 0, 0),
    ("settle", 0, 0),
    ("plan", 0, 3),
    ("settle", 0, 0),
    ("not_content", 0, 1),
    ("wait", 5, 0),
    ("wait", 5, 0),
    ("wait", 5, 0),
    ("fire", 0, 0),
    ("answer_again", 0, 0),
    ("settle", 0, 0),
    ("confirm", 0, 0),
]

STAFF_SEND_AND_STEP_IN = [
    ("place_for_staff", 0, 0),
    ("place_for_staff", 1, 0),
    ("settle", 0, 0),
    ("send_suggestion", 0, 0),
    ("settle", 0, 0),
    ("assign", 1, 0),
    ("settle", 0, 0),
    ("take_back", 0, 0),
    ("freeze", 1, 0),
    ("invite", 1, 1),
    ("settle", 0, 0),
    ("accept_offer", 0, 0),
    ("accept_offer", 0, 0),
    ("settle", 0, 0),
]

CORRECTED: Script = [
    ("place", 0, 0),
    ("settle", 0, 0),
    ("accept_offer", 0, 0),
    ("settle", 0, 0),
    ("arrive", 0, 0),
    ("wait", 0, 0),
    ("complete", 0, 0),
    ("settle", 0, 0),
    ("enter_times", 0, 0),
    ("ask_for_correction", 0, 0),
    ("ask_for_correction", 0, 0),
    ("decide_correction", 0, 0),
    ("settle", 0, 0),
    ("rework", 0, 0),
    ("settle", 0, 0),
    ("arrive", 0, 0),
    ("complete", 0, 0),
    ("settle", 0, 0),
    ("ask_for_correction", 0, 0),
    ("decide_correction", 0, 1),
    ("settle", 0, 0),
]

LATE_AND_LONG_AT_THE_DOOR: Script = [
    ("place_for_later", 0, 0),
    ("settle", 0, 0),
    ("accept_offer", 0, 0),
    ("settle", 0, 0),
    ("wait", 3, 0),
    ("fire", 0, 0),
    ("set_out", 0, 0),
    ("settle", 0, 0),
    ("arrive", 0, 0),
    ("settle", 0, 0),
    ("follow_up", 0, 0),
    ("settle", 0, 0),
    ("wait", 2, 0),
    ("fire", 0, 0),
    ("wait", 1, 0),
    ("fire", 0, 0),
    ("stay", 0, 0),
    ("settle", 0, 0),
    ("end_visit", 0, 0),
    ("settle", 0, 0),
]
"""Asked whether they are coming, then whether all is well; they answer late. In the end nobody opens."""

GIVEN_BACK_BY_DUTY_STAFF: Script = [
    ("switch_duty", 4, 1),
    ("place", 4, 0),
    ("settle", 0, 0),
    ("return_offer", 0, 0),
    ("settle", 0, 0),
]

CAME_WHEN_IT_WAS_OVER: Script = [
    ("place", 0, 0),
    ("settle", 0, 0),
    ("accept_offer", 0, 0),
    ("settle", 0, 0),
    ("complete", 0, 0),
    ("wait", 0, 0),
    ("arrive", 0, 0),
    ("settle", 0, 0),
    ("confirm", 0, 0),
    ("place", 0, 0),
    ("settle", 0, 0),
    ("accept_offer", 0, 0),
    ("settle", 0, 0),
    ("redispatch", 0, 0),
    ("wait", 0, 0),
    ("arrive", 0, 0),
    ("settle", 0, 0),
]
"""Nobody knows how long they were there: staff are asked, and no time is made up."""

THERE_TWICE_IN_ONE_MOMENT: Script = [
    ("place", 0, 0),
    ("settle", 0, 0),
    ("accept_offer", 0, 0),
    ("settle", 0, 0),
    *[("arrive", 0, 0), ("settle", 0, 0), ("complete", 0, 0), ("settle", 0, 0), ("rework", 0, 0), ("settle", 0, 0)] * 2,
]
"""The clock stands still: one check-in, however often it is told."""

GONE_BEFORE_THE_END_AND_NEVER_THERE: Script = [
    ("place_for_staff", 1, 0),
    ("settle", 0, 0),
    ("invite", 0, 2),
    ("accept_offer", 0, 0),
    ("leave", 0, 0),
]
"""Their times are missing, and the limits have passed when the order is done: staff hear at once."""

SOMEBODY_STANDS_IN: Script = [
    ("place", 0, 0),
    ("settle", 0, 0),
    ("accept_offer", 0, 0),
    ("settle", 0, 0),
    ("ask_for_substitute", 0, 0),
    ("settle", 0, 0),
    ("accept_offer", 0, 0),
    ("settle", 0, 0),
]
"""Whoever cannot come keeps the seat until somebody else takes it."""

LIVES = (
    SOMEBODY_STANDS_IN,
    CORRECTED,
    LATE_AND_LONG_AT_THE_DOOR,
    GIVEN_BACK_BY_DUTY_STAFF,
    CAME_WHEN_IT_WAS_OVER,
    THERE_TWICE_IN_ONE_MOMENT,
    GONE_BEFORE_THE_END_AND_NEVER_THERE,
    STAFF_SEND_AND_STEP_IN,
    MONEY_WORDS_AND_A_PUBLIC_ANSWER,
    AT_THE_COUNTER,
    PLANNED_AND_ANSWERED,
    CALLED,
    NOBODY_SIGNS_IN,
    WAITED_AND_GIVEN_BACK_THREE_TIMES,
    HANDS_FULL,
    REVIEWED,
    FOR_SOMEBODY_WITHOUT_ACCOUNT,
    TOO_LATE,
    HANDLED_AND_NOT_SOLVED,
    MERGED_AND_NOT_CONTENT,
    TAKEN_IN_A_ROUND_THAT_IS_OVER,
    CAME_AND_LEFT_UNKNOWN_TO_A_COMPLETED_ORDER,
    ORDERED_BEFORE_THE_ITEM_WAS_WITHDRAWN,
)
