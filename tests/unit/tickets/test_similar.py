"""What is offered while an order is typed, to whom, and what becomes of whoever follows it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from contracts.actor import Actor, Grant, Role
from contracts.commands import Call
from contracts.commands.merging import FindDuplicates, FindSimilar
from contracts.commands.tickets import PlaceTicket
from contracts.errors import Invalid, NotFound, Refused
from contracts.recusal import Recusal
from contracts.words import Nature, Origin
from contracts.words import TicketStatus as S
from services.tickets.adapters.pairs import MongoPairs
from services.tickets.application.joining import Joining
from services.tickets.application.similar import Similar
from services.tickets.domain.catalogue import Category
from services.tickets.domain.lifecycle import TAKES_HOLDERS
from services.tickets.domain.ticket import Ticket
from tests.builders import NOON, TICKET_ID, a_meta, an_actor
from tests.unit.tickets.builders import a_building, an_item
from tests.unit.tickets.house import House

LAMP = an_item(id="lamp", nature=Nature.PROBLEM, delivery=("place",))
HOME = an_item(id="hair", category=Category.CARE)
ME, NEIGHBOUR = an_actor(account_id="a-me"), an_actor(account_id="a-neighbour")
DISPATCHER = an_actor(Role.DISPATCHER)
WORDS = "3号楼楼道灯不亮了"


class FakeOpen:
    """The house's orders, as the database finds them."""

    def __init__(self, house: House) -> None:
        self._house = house

    def of_item(self, community_id: str, item_id: str, grid_id: str, since: datetime, most: int) -> Sequence[Ticket]:
        rows = [
            row
            for row in self._house.tickets.rows.values()
            if (row.community_id, row.item_id, row.area_path[-1]) == (community_id, item_id, grid_id)
            and row.status in TAKES_HOLDERS
            and row.primary is None
            and row.times.placed_at >= since
        ]
        return sorted(rows, key=lambda row: row.times.placed_at, reverse=True)[:most]


class Pairs:
    """Both at once, over the fake orders."""

    def __init__(self, house: House) -> None:
        self._tickets = house.tickets

    def apply(self, first: str, second: str, meta: Any, decide: Any) -> Any:
        other: list[Any] = []

        def one(found: Ticket | None) -> Any:
            decided, gathered = decide(found, self._tickets.get(second))
            other.append(gathered)
            return decided

        outcome = self._tickets.apply(first, meta, one)
        if other and other[0] is not None:
            self._tickets.rows[second] = other[0].aggregate
            self._tickets.events.extend(other[0].events)
        return outcome


class Street(House):
    """A house with lamps, and people who ask what is known of them."""

    def __post_init__(self) -> None:
        super().__post_init__()
        for item in (LAMP, HOME):
            self.items[item.id] = item
        other = a_building()
        self.areas["heping-2"] = replace(other, id="heping-2", path=(*other.path[:-1], "heping-2"))
        self.similar = Similar(
            self.tickets, FakeOpen(self), self.items, self.areas, self.communities, self.sealing, self.clock
        )
        pairs: MongoPairs = Pairs(self)  # type: ignore[assignment]
        self.joining = Joining(self.placing, pairs, self.items, self.clock)

    def order(self, by: Actor, id: str, words: str = WORDS, item: str = "lamp", **more: Any) -> str:
        """An order."""
        place = {"item_id": item, "description": words, **more}
        self.place(by, id, **place)
        return id

    def asks(self, by: Actor = ME, words: str = WORDS, item: str = "lamp", area: str = "heping-1") -> list[Any]:
        """What is offered."""
        command = FindSimilar(item_id=item, area_id=area, description=words)
        items: list[Any] = self.similar.find(Call(command, a_meta(by))).result["items"]
        return items

    def follows(self, by: Actor, follow: str, words: str = WORDS, **more: Any) -> Any:
        """Order, and follow."""
        values = {"item_id": "lamp", "area_id": "heping-1", "description": words, "follow": follow, **more}
        meta = a_meta(by, command_id=f"follow-{by.account_id}", created_id=TICKET_ID)
        return self.joining.place(Call(PlaceTicket(**values), meta)).result


@pytest.fixture
def street() -> Street:
    found = Street()
    found.order(NEIGHBOUR, "first")
    return found


def test_number_item_grid_age_and_status_and_nothing_else(street: Street) -> None:
    street.clock.advance(hours=2)
    assert street.asks(words="楼道的灯坏了,三号楼") == [
        {
            "id": "first",
            "number": "NC-261121-0001",
            "item_id": "lamp",
            "item_name": {"zh": "水电小修", "en": "Small repairs"},
            "grid_id": "sll-g1",
            "age_minutes": 120,
            "status": "accepted",
            "own": False,
        }
    ]


def test_asking_leaves_no_trace(street: Street) -> None:
    before = (dict(street.tickets.rows), street.tickets.writes, list(street.reveals.rows))
    street.asks()
    assert (dict(street.tickets.rows), street.tickets.writes, list(street.reveals.rows)) == before


@pytest.mark.parametrize("words", ["", "stairwell lamp broken"])
def test_the_same_house_is_enough(street: Street, words: str) -> None:
    assert [one["id"] for one in street.asks(words=words)] == ["first"]


def test_another_house_is_another_lamp(street: Street) -> None:
    assert street.asks(area="heping-2") == []


@pytest.mark.parametrize("by", [DISPATCHER, NEIGHBOUR])
def test_where_only_the_grid_is_known_the_words_decide_for_staff_and_for_ones_own(street: Street, by: Actor) -> None:
    assert [one["id"] for one in street.asks(by, area="sll-g1")] == ["first"]
    assert street.asks(by, area="sll-g1", words="有人占用停车位") == []


def test_to_neighbours_no_words_tell_what_was_ordered_somewhere_in_the_grid(street: Street) -> None:
    street.order(NEIGHBOUR, "somewhere", area_id="sll-g1")
    for area, found in (("sll-g1", []), ("heping-2", []), ("heping-1", ["first"])):
        for words in (WORDS, "灯", "有人占用停车位", ""):
            assert [one["id"] for one in street.asks(area=area, words=words)] == found
    elsewhere = an_actor(Role.DUTY, grants=(Grant(Role.DUTY, "sll-g3"),))
    assert street.asks(elsewhere, area="sll-g1") == []


@pytest.mark.parametrize("change", ["old", "ended", "merged", "waits"])
def test_only_what_is_under_way_and_recent(street: Street, change: str) -> None:
    first = street.tickets.rows["first"]
    changes: dict[str, Ticket] = {
        "old": replace(first, times=replace(first.times, placed_at=NOON - timedelta(days=31))),
        "ended": replace(first, status=S.CANCELLED),
        "merged": replace(first, status=S.MERGED),
        "waits": replace(first, status=S.SUBMITTED),
    }
    street.tickets.holding(changes[change])
    assert street.asks() == []


def test_what_somebody_needs_at_home_is_nobody_elses_to_know(street: Street) -> None:
    street.order(NEIGHBOUR, "second", item="hair")
    street.order(ME, "mine", item="hair")
    assert [(one["id"], one["own"]) for one in street.asks(item="hair")] == [("mine", True)]
    assert {one["id"] for one in street.asks(DISPATCHER, item="hair")} == {"second", "mine"}
    far = an_actor(Role.DISPATCHER, grants=(Grant(Role.DISPATCHER, "sll-g3"),))
    assert street.asks(far, item="hair") == []


@pytest.mark.parametrize("by", [ME, DISPATCHER])
def test_a_complaint_or_a_quarrel_is_offered_to_nobody(street: Street, by: Actor) -> None:
    first = street.tickets.rows["first"]
    for change in ({"nature": Nature.COMPLAINT, "recused": Recusal()}, {"category": "mediation"}):
        street.tickets.holding(replace(first, **change))  # type: ignore[arg-type]
        assert street.asks(by) == []


def test_what_is_unknown_is_named(street: Street) -> None:
    with pytest.raises(Invalid) as item:
        street.asks(item="nothing")
    with pytest.raises(Invalid) as area:
        street.asks(area="nowhere")
    assert (item.value.field, area.value.field) == ("item_id", "area_id")


def test_a_dispatcher_finds_the_duplicates_of_an_order(street: Street) -> None:
    street.order(ME, "second", words="楼道灯坏了")

    def duplicates(by: Actor, id: str = "second") -> list[str]:
        found = street.similar.duplicates(Call(FindDuplicates(ticket_id=id), a_meta(by))).result["items"]
        return [one["id"] for one in found]

    assert duplicates(DISPATCHER) == ["first"]
    with pytest.raises(Refused):
        duplicates(ME)
    with pytest.raises(NotFound):
        duplicates(NEIGHBOUR)


def test_whoever_follows_has_an_order_of_their_own(street: Street) -> None:
    answer = street.follows(ME, "first")
    mine, first = street.tickets.rows[TICKET_ID], street.tickets.rows["first"]
    assert answer == {"ticket_id": TICKET_ID, "number": mine.number, "status": "merged"}
    assert mine.primary is not None
    assert (mine.requester_id, mine.primary.id, first.merged) == ("a-me", "first", (TICKET_ID,))
    assert [type(event).__name__ for event in street.tickets.events[-3:]] == [
        "TicketAccepted",
        "TicketMerged",
        "TicketGathered",
    ]
    assert street.sealing.open_description(mine) == WORDS


def test_following_twice_is_following_once(street: Street) -> None:
    assert street.follows(ME, "first") == street.follows(ME, "first")
    assert street.tickets.rows["first"].merged == (TICKET_ID,)


@pytest.mark.parametrize("what", ["nothing", "another item", "another grid", "somebody's own", "another community"])
def test_only_what_would_have_been_offered_can_be_followed(street: Street, what: str) -> None:
    first = street.tickets.rows["first"]
    changes: dict[str, Ticket] = {
        "another item": replace(first, item_id="tap-and-lamp"),
        "another grid": replace(first, area_path=(*first.area_path[:-1], "sll-g2")),
        "another community": replace(first, community_id="elsewhere"),
    }
    if what in changes:
        street.tickets.holding(changes[what])
    more = {"item_id": "hair"} if what == "somebody's own" else {}
    if what == "somebody's own":
        street.tickets.holding(replace(first, item_id="hair"))
    with pytest.raises(Invalid) as refusal:
        street.follows(ME, "nothing-there" if what == "nothing" else "first", **more)
    assert (refusal.value.code, refusal.value.field) == ("no-such-order", "follow")
    assert TICKET_ID not in street.tickets.rows


@pytest.mark.parametrize("status", [S.COMPLETED, S.CLOSED, S.CANCELLED])
def test_nobodys_order_is_lost_because_the_other_is_done(street: Street, status: S) -> None:
    first = street.tickets.rows["first"]
    street.tickets.holding(replace(first, status=status))
    assert street.follows(ME, "first")["status"] == "accepted"


def test_danger_waits_for_no_other_order(street: Street) -> None:
    answer = street.follows(ME, "first", words="楼道灯冒火花,有人触电")
    assert answer["status"] == "accepted"
    assert answer["danger"]["call"] == ["120", "119", "110"]


def test_staff_may_order_by_phone_what_is_known(street: Street) -> None:
    answer = street.follows(an_actor(Role.DUTY), "first", requester_id="a-caller", origin=Origin.PHONE)
    assert answer["status"] == "merged"
    assert street.tickets.rows[TICKET_ID].requester_id == "a-caller"
