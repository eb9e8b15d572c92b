"""Orders about the same thing: which one is done for all of them, and which are likely to be such."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Primary:
    """The order into which another is merged: what is done for it is done for both."""

    id: str
    number: str
