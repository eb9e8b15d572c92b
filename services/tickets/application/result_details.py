"""What is typed and chosen with a result: checked, coded, and the other office's number sealed."""

from dataclasses import replace
from datetime import datetime

from contracts.decisions import Decided
from contracts.errors import Invalid
from contracts.results import GivenResult
from contracts.words import ResultCode, Text
from services.tickets.application.codes import code
from services.tickets.application.ports import Communities
from services.tickets.application.sealing import Sealing
from services.tickets.domain.results import Ending, ending
from services.tickets.domain.ticket import Ticket

REFERENCE = "reference"
"""The note that is the number under which the other office has it."""
_CODED = ("referred_to", "explanation_code")
_UTC = "UTC"


def ending_of(given: GivenResult, now: datetime, communities: Communities, community_id: str) -> Ending:
    """The result as it is kept; raises Invalid naming the field that is wrong. Only a date asks for the community."""
    if given.reference and given.result is not ResultCode.REFERRED:
        sentence = Text("只有转办才填对方的编号", "only a referred result has the other office's number")
        raise Invalid("not-with-this-result", sentence, field=REFERENCE)
    details = given.details
    for name in _CODED:
        coded = getattr(details, name)
        if coded is not None:
            code(coded, name)
    community = None if details.next_answer_by is None else communities.get(community_id)
    return ending(given.result, details, now, _UTC if community is None else community.time_zone)


def with_reference(decided: Decided[Ticket], sealing: Sealing, number: str | None, now: datetime) -> Decided[Ticket]:
    """The decision with the other office's number among its notes, where one was typed."""
    ticket = decided.aggregate
    note = sealing.note(ticket, REFERENCE, number, now)
    return decided if note is None else replace(decided, aggregate=replace(ticket, private=ticket.with_note(note)))
