"""Whatever people do, whatever time does, whatever way the events travel: the house ends in order."""

from hypothesis import given

from contracts.topology import TOPOLOGY, Row
from tests.properties.budget import examples
from tests.properties.house import House
from tests.properties.promises import Steps, when_quiet
from tests.properties.scripts import Script, play, scripts


def test_any_life_keeps_every_promise_and_uses_every_row() -> None:
    rows: set[Row] = set()

    @given(scripts(120))
    @examples(150)
    def any_life(script: Script) -> None:
        house = House()
        try:
            play(house, [("place", 0, 0), *script], Steps())
            house.settle()
            when_quiet(house)
        finally:
            rows.update(house.post.rows)

    any_life()
    assert rows == set(TOPOLOGY)
