"""What holds of crews, and of those who did not come, when everything was delivered."""

from collections import Counter

from contracts.absences import AbsenceState
from contracts.events.absences import AbsenceNoted, AbsenceSettled
from contracts.words import ReleaseReason, TicketStatus
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.take import HELD
from tests.properties.house import House

SERVED = {TicketStatus.ASSIGNED, TicketStatus.IN_PROGRESS}
WAITS = {AbsenceState.SHOWN: ["answer"], AbsenceState.ANSWERED: ["decide"]}


def crews_are_whole(house: House) -> None:
    """Each seat is held for its own part, each offer asks for one that is wanted, whoever has the lead's leads."""
    for demand in house.demands():
        if demand.terms is not None and demand.terms.crew:
            _each_has_their_part(demand)
            _who_has_the_leads_part_leads(house, demand)
        for take in demand.takes:
            waits = take.released is None and take.status.value == "taken" and take.substitute_by is not None
            assert take.substitute_named is None or waits, f"{take.id} still names {take.substitute_named}"


def _each_has_their_part(demand: Demand) -> None:
    for take in demand.holders:
        assert take.role == demand.role_of(take.seat), f"{take.id} is {take.role}"
    for offer in demand.open_offers:
        if demand.keeper(offer) is None and offer.team_id is None:
            assert demand.has_seat_for(offer.role), f"{offer.id} asks for {offer.role}, and no seat is free"
    for role in demand.open_roles:
        asked = [offer for offer in demand.open_offers if offer.role == role and demand.keeper(offer) is None]
        free = sum(demand.role_of(seat) == role for seat in demand.free_seats)
        by_name = sum(offer.wave == 0 for offer in asked)
        assert len(asked) <= free + by_name, f"{demand.id}: {len(asked)} are asked for {free} of {role}"


def _who_has_the_leads_part_leads(house: House, demand: Demand) -> None:
    ticket = house.ticket(demand.id)
    leads = [one.member_id for one in demand.snapshot().holders if one.lead and one.status in HELD]
    if ticket.status in SERVED and ticket.owner is None and leads:
        assert ticket.lead in leads, f"{ticket.id}: {ticket.lead} leads, though {leads} have the lead's part"


def who_did_not_come_is_noted_once(house: House) -> None:
    """For each no-show of who serves one entry, none for who was there; each has one deadline or is settled."""
    events = house.volunteers.journal.envelopes
    told = Counter(one.subject for one in events if one.type == AbsenceNoted.TYPE)
    settled = Counter(one.subject for one in events if one.type == AbsenceSettled.TYPE)
    absences = {absence.id: absence for absence in house.absences()}
    assert told == Counter(absences.keys())
    for id, absence in absences.items():
        assert [due.key for due in absence.deadlines()] == WAITS.get(absence.state, [])
        assert settled[id] == (absence.settled_at is not None)
    for demand in house.demands():
        for take in demand.takes:
            absence = absences.get(take.id)
            if absence is not None:
                assert absence.member_id == take.member_id
                assert take.released in (ReleaseReason.NO_SHOW, ReleaseReason.GAVE_BACK)
            if take.released is ReleaseReason.NO_SHOW and take.member_id not in house.stopped:
                assert absence is not None, f"{take.id} did not come, and it is noted nowhere"
