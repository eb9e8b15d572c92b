"""Whose own case an order is."""

import pytest

from contracts.actor import Actor, Grant, Role
from contracts.recusal import Recusal, is_recused
from tests.builders import a_member_actor, an_actor

RECUSED = Recusal(members=("m-1", "m-2"), areas=("sll-g1", "heping-1"))


@pytest.mark.parametrize(
    ("who", "concerned"),
    [
        (a_member_actor("m-1"), True),
        (a_member_actor("m-3"), False),
        (an_actor(Role.DUTY, grants=(Grant(Role.DUTY, "sll-g1"),)), True),
        (an_actor(Role.DUTY, grants=(Grant(Role.DUTY, "heping-1"), Grant(Role.DUTY, "sll-g2"))), True),
        (an_actor(Role.DUTY, grants=(Grant(Role.DUTY, "sll-g2"),)), False),
        (an_actor(Role.DUTY, grants=(Grant(Role.DUTY, "sll"),)), False),
        (an_actor(Role.SECRETARY), False),
        (an_actor(Role.RESIDENT, grants=(Grant(Role.RESIDENT, "sll-g1"),)), False),
    ],
)
def test_a_member_of_theirs_or_staff_of_the_area(who: Actor, concerned: bool) -> None:
    assert RECUSED.concerns(who) is concerned
    assert is_recused(RECUSED, "somebody", who) is concerned
    assert not is_recused(None, "somebody", who)


def test_of_their_own_order_nobody_is_recused() -> None:
    mate = a_member_actor("m-1")
    assert not is_recused(RECUSED, mate.account_id, mate)
    assert is_recused(RECUSED, None, mate)


def test_a_members_own_account_is_known_by_the_members_id() -> None:
    assert RECUSED.accounts == {"m-m-1", "m-m-2"}
