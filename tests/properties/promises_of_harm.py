"""What holds of reports of suspected harm when everything was delivered."""

import json
from collections import Counter

from contracts.commands import Call
from contracts.commands.harm import CloseHarm, NoteHarmTold, ReadHarmReports
from contracts.events.harm import HarmEvent, HarmRaised
from contracts.harm import HarmAuthority, HarmResult, HarmState
from services.tickets.domain.harm import ALONE
from tests.properties.house import House
from tests.properties.moves_of_harm import DISTRICT, PROTECTOR, THEIRS, is_theirs

WAITS = {
    HarmState.RECEIVED: ["acknowledge", "tell"],
    HarmState.ACKNOWLEDGED: ["tell"],
    HarmState.TOLD: ["close"],
    HarmState.EXPLAINED: ["close"],
    HarmState.CLOSED: [],
}
"""What has to be done in time, by how far a report is: until it is closed something always has."""
CIRCLE = ("protectors:", "district:")


def harm_is_seen_through(house: House) -> None:
    """Each report waits for what is next; what nobody did went up once for each time; nobody but the circle hears."""
    events = [one for one in house.journal.envelopes if one.aggregatetype == HarmEvent.AGGREGATE]
    raised = Counter(one.subject for one in events if one.type == HarmRaised.TYPE)
    seen = _seen_by_theirs(house)
    for report in house.harm.all():
        assert [due.key.partition(":")[0] for due in report.deadlines()] == WAITS[report.state]
        assert raised[report.id] == report.raised
        assert report.district or not report.raised, "what nobody did is known above"
        if report.subject is not None:
            assert report.circle is (report.silent + report.late >= ALONE)
        assert not is_theirs(house, report) or report.id not in seen
    ids = {one.id for one in events}
    for row in house.messages.rows.values():
        if row.message.event_id in ids:
            assert row.message.recipient.startswith(CIRCLE), row.message.recipient
    for one in events:
        said = json.dumps([one.data, one.correlationid, one.causationid], default=str)
        assert not any(id in said for id in house.placed), "no order is named"
        frame = house.gateway.collections["stream"].rows[one.id]
        assert not any(frame["audience"].values()), "nor is it in anybody's stream"


def staff_close_reports(house: House) -> None:
    """Whoever may know of a report tells somebody, and closes it."""
    for report in house.harm.all():
        by = PROTECTOR if report.circle else DISTRICT
        if report.state in (HarmState.RECEIVED, HarmState.ACKNOWLEDGED):
            told = NoteHarmTold(report_id=report.id, whom=HarmAuthority.POLICE)
            assert house.command(house.harm.app.tell, told, by)
        if report.state is not HarmState.CLOSED:
            assert house.command(house.harm.app.close, CloseHarm(report_id=report.id, result=HarmResult.HELPED), by)
    assert [due for report in house.harm.all() for due in report.deadlines()] == []


def _seen_by_theirs(house: House) -> list[str]:
    """What the resident finds, even with an office in the circle."""
    read = house.harm.app.read(Call(ReadHarmReports(), house.meta(THEIRS)))
    return [str(one["id"]) for one in read.result["items"]]
