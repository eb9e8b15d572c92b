"""Calls and answers survive the way there and back, refusals included."""

import pytest

from contracts.actor import Grant, Role
from contracts.commands import Call, Outcome
from contracts.commands.tickets import NewPerson, PlaceTicket
from contracts.errors import KINDS, Invalid
from contracts.schemas.wire import read_call, read_outcome, write_call, write_outcome, write_refusal
from contracts.words import Origin, Text
from tests.builders import SAMPLE_BODIES, a_meta, an_actor, an_envelope


def test_a_call_survives_the_way() -> None:
    actor = an_actor(Role.DISPATCHER, grants=(Grant(Role.DISPATCHER, "sll"),))
    command = PlaceTicket(
        item_id="water-electric",
        area_id="sll-g1",
        description="水龙头滴水",
        origin=Origin.PHONE,
        beneficiary=NewPerson(name="阿依古丽", phone="000-0000-0001"),
    )
    call = Call(command, a_meta(actor))

    assert read_call(PlaceTicket, write_call(call)) == call


def test_a_bad_call_names_the_field() -> None:
    wire = write_call(Call(PlaceTicket(item_id="i", area_id="a", description="d"), a_meta()))
    wire["command"]["origin"] = "telepathy"

    with pytest.raises(Invalid) as refusal:
        read_call(PlaceTicket, wire)

    assert refusal.value.field == "origin"


def test_an_outcome_survives_the_way() -> None:
    outcome = Outcome({"ticket_id": "t"}, (an_envelope(SAMPLE_BODIES[0]),))

    assert read_outcome(write_outcome(outcome)) == outcome


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_of_refusal_survives_the_way(kind: str) -> None:
    error = KINDS[kind]("some-code", Text("为什么", "why"), "field")

    with pytest.raises(KINDS[kind]) as refusal:
        read_outcome(write_refusal(error))

    assert (refusal.value.code, refusal.value.sentence, refusal.value.field) == (
        "some-code",
        Text("为什么", "why"),
        "field",
    )
