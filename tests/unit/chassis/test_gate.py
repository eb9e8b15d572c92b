"""Work is taken only while the database answers."""

from collections.abc import Sequence

from chassis.gate import Gate


class Valve:
    def __init__(self) -> None:
        self.open = True

    def pause(self) -> None:
        self.open = False

    def resume(self) -> None:
        self.open = True


def states(gate: Gate, valves: Sequence[Valve]) -> list[bool]:
    gate.run_once()
    return [valve.open for valve in valves]


def test_all_ways_are_closed_while_the_database_is_away_and_opened_when_it_is_back() -> None:
    answers = iter([None, "away", "away", None])
    valves = (Valve(), Valve())
    gate = Gate(lambda: next(answers), valves)
    assert states(gate, valves) == [True, True]
    assert states(gate, valves) == [False, False]
    assert states(gate, valves) == [False, False]
    assert states(gate, valves) == [True, True]
