"""Two people describe one thing, or two things, in their own words: Chinese, English, and what is typed badly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.tickets.domain.likeness import likeness

ALIKE = 0.3
ONE_THING = [
    ("3号楼楼道灯不亮了", "楼道的灯坏了,三号楼"),
    ("3号楼2单元楼道灯坏了", "楼道灯不亮,3号楼"),
    ("楼梯间的灯不亮,晚上很黑", "楼道灯不亮,老人上下楼看不见"),
    ("门口路灯坏了两天了", "路灯坏了,门口黑漆漆的"),
    ("井盖松了,走上去会响", "井盖松动,车压过去很响"),
    ("有人在楼道里给电动车充电", "电动车飞线充电"),
    ("路面有个大坑", "小区路面坑洼,有个坑"),
    ("The lamp in the stairwell is out", "stairwell lamp broken, it's dark"),
    ("Lights in stairwell are not working", "The STAIRWELL light does not work!!"),
    ("Water pooling on the pavement near gate", "pavement by the gate is flooded, water everywhere"),
    ("3号楼 WiFi 路灯坏了", "3号楼路灯坏了"),
]
TWO_THINGS = [
    ("3号楼楼道灯不亮了", "井盖松动,车压过去很响"),
    ("电动车飞线充电", "草坪上有人种菜"),
    ("门口路灯坏了", "路面有个大坑"),
    ("有人占用停车位", "楼道堆了很多纸箱"),
    ("请帮我看一下我家的水龙头", "请帮我看一下楼道的灯"),
    ("The lamp in the stairwell is out", "Somebody grows vegetables on the lawn"),
    ("Please could you have a look at the tap", "Please could you have a look at the lamp"),
    ("楼道灯坏了", "stairwell lamp broken"),
    ("楼道灯坏了", ""),
    ("", ""),
    ("!!!", "???"),
]


@pytest.mark.parametrize(("one", "other"), ONE_THING)
def test_one_thing_in_the_words_of_two(one: str, other: str) -> None:
    assert likeness(one, other) >= ALIKE


@pytest.mark.parametrize(("one", "other"), TWO_THINGS)
def test_two_things(one: str, other: str) -> None:
    assert likeness(one, other) < ALIKE


@given(st.text(max_size=60), st.text(max_size=60))
def test_it_is_a_measure(one: str, other: str) -> None:
    assert 0 <= likeness(one, other) <= 1
    assert likeness(one, other) == likeness(other, one)
    assert likeness(one, one) in (0, 1)
