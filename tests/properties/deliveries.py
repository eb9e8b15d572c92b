"""Ways in which the same events may come: doubled, shuffled, in batches, some after everything else."""

from collections.abc import Sequence
from typing import TypeVar

from hypothesis import strategies as st

T = TypeVar("T")
MOST_AT_ONCE = 50
"""As many as the inbox takes together."""


@st.composite
def any_way(draw: st.DrawFn, events: Sequence[T]) -> list[list[T]]:
    """Batches in which each event comes once, twice or thrice, in no order."""
    random = draw(st.randoms(use_true_random=False))
    coming = [event for event in events for _ in range(random.choice((1, 2, 2, 3)))]
    random.shuffle(coming)
    late = [event for event in events if random.random() < 0.1]
    batches, place = [], 0
    while place < len(coming):
        size = random.randint(1, MOST_AT_ONCE)
        batches.append(coming[place : place + size])
        place += size
    return [*batches, late] if late else batches
