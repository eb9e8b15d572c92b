"""The hotline: it passes orders on, the same ones again, calls back itself, and takes results on good and bad days."""

from contracts.actor import Role
from contracts.commands.tickets import PlaceTicket
from contracts.commands.upstream import NoteUpstreamCallback
from contracts.upstream import External
from contracts.words import Answer, Origin
from services.tickets.application.report_ports import Sent
from tests.builders import an_actor
from tests.builders_of_upstream import HOTLINE
from tests.properties.house import STAFF, House
from tests.properties.masters import AREAS, ITEMS
from tests.properties.moves import MOST_ORDERS

MACHINE = an_actor(Role.CLIENT, account_id="c-hotline")
NUMBERS = ("JB-1", "JB-2")
DAYS = (
    Sent(outcome="taken", delivered=True),
    Sent(outcome="unreachable"),
    Sent(outcome="code-404", final=True),
    Sent(outcome="code-5001"),
)


def push(house: House, a: int, b: int) -> None:
    """One of its orders, new or again, with other words or the same; entered by staff now and then."""
    if len(house.placed) >= MOST_ORDERS:
        return
    external = External(system=HOTLINE, number=NUMBERS[a % 2])
    order = PlaceTicket(
        item_id=ITEMS[a // 2 % len(ITEMS)].id,
        area_id=AREAS[-1].id,
        description=("灯不亮", "又来电催问", "有煤气味")[b % 3],
        origin=Origin.UPSTREAM,
        external=external,
    )
    outcome = house.command(house.placing.place, order, STAFF if b % 5 == 4 else MACHINE)
    if outcome is not None and outcome.result["ticket_id"] not in house.placed:
        house.placed.append(str(outcome.result["ticket_id"]))


def hear_upstream(house: House, a: int, b: int) -> None:
    """It called the person itself."""
    if house.placed:
        id = house.placed[a % len(house.placed)]
        command = NoteUpstreamCallback(ticket_id=id, solved=b % 2 == 0, answer=(None, *Answer)[b % 4])
        house.command(house.upstream.called_back, command, MACHINE)


def report(house: House, a: int, b: int) -> None:
    """What waits is sent, and the office has a day of some kind."""
    house.upstreams.answers = [DAYS[a % len(DAYS)], DAYS[b % len(DAYS)]]
    house.reporting.run()
    house.upstreams.answers = []
