"""What a fault may touch: the stack, its wires, its processes, and the book of what was planted."""

from collections.abc import Callable
from dataclasses import dataclass

from contracts.words import Text
from deploy.chaos.keeper import Keeper
from deploy.chaos.planted import Planted
from deploy.chaos.wires import Wires
from deploy.stack.stack import Stack


@dataclass
class Arena:
    """One run's surroundings, as a fault sees them."""

    stack: Stack
    """Addresses in it are the brokers' own, past the wires."""
    wires: Wires
    keeper: Keeper
    planted: Planted
    say: Callable[[Text], None]
