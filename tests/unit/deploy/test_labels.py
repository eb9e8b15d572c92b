"""Whoever gets an export reads it in Chinese: every field that one can hold has a word."""

from dataclasses import fields

import pytest

from contracts.commands.tickets import NewPerson
from contracts.events.ticket_snapshot import TicketTimes
from deploy.person.labels import LABELS
from services.tickets.application.people_ports import Consent
from services.tickets.domain.person import Delegation
from services.volunteers.application.reveals import MemberReveal
from services.volunteers.domain.member import ConsentLine, Guardian, HeldSkill, Member, Point, Sealed
from services.volunteers.domain.offer import Offer
from services.volunteers.domain.take import Take

HELD = (
    Member,
    Guardian,
    ConsentLine,
    HeldSkill,
    Point,
    Sealed,
    Offer,
    Take,
    MemberReveal,
    Consent,
    Delegation,
    TicketTimes,
)


@pytest.mark.parametrize("held", [*HELD, NewPerson])
def test_every_field_has_a_word(held: type) -> None:
    assert {field.name for field in fields(held)} <= LABELS.keys()
