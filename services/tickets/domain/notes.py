"""Which of the notes that lie sealed with an order are for whom, by the step beside which they were typed."""

from contracts.talk import Side
from services.tickets.domain.lifecycle import Action
from services.tickets.domain.private import Note

COMMENT = "comment"
MANDATE = "mandate"
"""Who comes to the counter for the person served."""
CALLBACK, EXPLAIN = "callback", "explain"
UPSTREAM_SAID = "upstream"
"""What upstream said when it sent an order again."""
UPSTREAM_HEARD = "upstream_callback"
"""What the person answered upstream."""

_AMONG_HANDLERS = frozenset({"hand_over", "escalate", "whistle", "return"})
"""Why somebody passed it on, up, or back: between those who handle it, as what is asked for in the ledger is."""
_NOT_FOR_THE_CREW = frozenset({MANDATE, CALLBACK, EXPLAIN, UPSTREAM_HEARD})
_OF_THE_THING = frozenset({Action.REWORK.value, UPSTREAM_SAID})


def is_for_whose_it_is(note: Note) -> bool:
    """May who ordered it, or acts for them, read it? Not what those who handle it write to each other."""
    return not note.internal and note.action not in _AMONG_HANDLERS


def is_for_the_crew(note: Note) -> bool:
    """May who does the work read it? Not what was said of the work to others, nor who comes for somebody."""
    return note.action not in _NOT_FOR_THE_CREW


def is_of_the_thing(note: Note) -> bool:
    """Does it say more of what is wrong, by whoever ordered it or upstream for them? The rest is of people."""
    said = note.action == COMMENT and note.side is Side.REQUESTER
    return not note.internal and (said or note.action in _OF_THE_THING)
