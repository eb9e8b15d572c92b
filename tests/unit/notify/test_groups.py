"""What a chat group may hear: an item, a grid, a number. Nothing else ever reaches the text."""

import itertools

import pytest

from contracts.groups import GroupAudience, groups_for, two_lines
from contracts.words import Nature, Text, Urgency

STAFF, RESIDENTS = GroupAudience.STAFF, GroupAudience.RESIDENTS
CATEGORIES = ("maintenance", "care", "information", "culture", "emergency", "mediation")
GAS, GRID = Text(zh="燃气异味", en="Smell of gas"), Text(zh="第一网格", en="Grid 1")


def test_of_a_complaint_no_group_hears_whatever_it_is() -> None:
    for category, urgency, child in itertools.product(CATEGORIES, Urgency, (False, True)):
        assert groups_for(Nature.COMPLAINT, category, urgency, for_child=child) == ()


@pytest.mark.parametrize("nature", [one for one in Nature if one is not Nature.COMPLAINT])
@pytest.mark.parametrize("urgency", list(Urgency))
@pytest.mark.parametrize("category", CATEGORIES)
@pytest.mark.parametrize("child", [False, True])
def test_residents_hear_of_problems_outside_alone(nature: Nature, urgency: Urgency, category: str, child: bool) -> None:
    told = groups_for(nature, category, urgency, for_child=child)

    assert STAFF in told
    personal = child or category in ("care", "mediation", "emergency") or urgency is Urgency.WISH
    assert (RESIDENTS in told) == (nature is Nature.PROBLEM and not personal)


def test_two_lines_say_what_it_is_where_and_its_number() -> None:
    assert (
        two_lines("有一件急事", GAS, GRID, "NC-1", "zh-CN", urgent=True)
        == "【急】有一件急事\n「燃气异味」 第一网格 NC-1"
    )
    assert two_lines("Urgent", GAS, GRID, "NC-1", "en", urgent=False) == "Urgent\nSmell of gas · Grid 1 · NC-1"
    assert two_lines("有事", None, None, "NC-1", "zh-CN", urgent=False) == "有事\nNC-1"


@pytest.mark.parametrize("odd", ["a\nb", "a\r\n\r\nb", "a\u2028b", "a\x0bb", "a\x00b", "a \t b"])
def test_two_lines_are_two_whatever_a_name_holds(odd: str) -> None:
    told = two_lines(odd, Text(zh=odd, en=odd), Text(zh=odd, en=odd), odd, "zh-CN", urgent=False)

    assert len(told.splitlines()) == 2
    assert len(two_lines("长" * 900, GAS, GRID, "NC-1", "zh-CN", urgent=True).splitlines()[0]) == 200
