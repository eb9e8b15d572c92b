"""What persons' events say of the member whose account is theirs: did they die?"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Rest:
    """The newest word of one person; ``version`` is the person's.

    In the course of time an account may have been said to be different persons'.
    """

    person_id: str
    version: int
    dead: bool


def kept(rests: Sequence[Rest], news: Rest) -> tuple[Rest, ...]:
    """With *news*, unless newer news of that person is known."""
    known = next((one for one in rests if one.person_id == news.person_id), None)
    if known is not None and known.version >= news.version:
        return tuple(rests)
    return (*(one for one in rests if one.person_id != news.person_id), news)
