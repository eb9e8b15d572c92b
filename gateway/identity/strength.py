"""Which passwords are too easy to guess: measured with zxcvbn against lists of common ones, names and patterns."""

from collections.abc import Callable, Iterable
from typing import Any

from eventlet import tpool
from zxcvbn import zxcvbn

from contracts.errors import Invalid
from contracts.words import Text

ENOUGH = 2
"""zxcvbn's score of 0 to 4: 2 stands for more than a million guesses, which argon2 and the lockout make years."""
LOOKED_AT = 64
"""Characters that are measured: the work grows with the square, and what comes after makes nothing weaker."""
HOUSE_WORDS = ("shiliu", "pomegranate", "石榴", "shequ", "社区", "admin")

TOO_EASY = Text(
    "这个密码太容易被猜到:请换一个,比如三四个不相干的词连在一起",
    "this password is too easy to guess: take another, three or four unrelated words for example",
)


def require_strength(
    password: str, known: Iterable[str | None] = (), *, field: str = "password", run: Callable[..., Any] = tpool.execute
) -> None:
    """Raises Invalid where *password* could be guessed, also by who knows the words *known* (login, name)."""
    words = [*HOUSE_WORDS, *(word for word in known if word)]
    measured = run(zxcvbn, password[:LOOKED_AT], words, LOOKED_AT)
    if measured["score"] < ENOUGH:
        raise Invalid("password-too-easy", TOO_EASY, field)
