"""An event that travels names nobody who is erased; what is not about them stays as it is, byte for byte."""

import json

from chassis.person import NAMELESS, nameless
from contracts.events.masters import MemberPublished
from contracts.events.volunteers import AssignmentMade
from tests.builders import MEMBER_ID, a_demand_snapshot, a_holder, a_member_snapshot, an_envelope

OTHER = "m-other"
MADE = AssignmentMade(assignment_id="d.s1.1", member_id=MEMBER_ID, offer_id=None)


def test_a_crew_keeps_its_other_people() -> None:
    holders = (a_holder(member_id=MEMBER_ID, display_name="何姐"), a_holder(member_id=OTHER, display_name="罗师傅"))
    wire = an_envelope(MADE, a_demand_snapshot(holders=holders)).to_wire()
    told = nameless(json.dumps(wire).encode(), [MEMBER_ID])
    assert told is not None
    after = json.loads(told)
    assert [one["display_name"] for one in after["data"]["snapshot"]["holders"]] == [NAMELESS, "罗师傅"]
    for one in (wire, after):
        del one["data"]["snapshot"]["holders"]
    assert after == wire
    assert nameless(told, [MEMBER_ID]) is None


def test_news_of_the_member_says_nothing_of_them() -> None:
    wire = an_envelope(MemberPublished(), a_member_snapshot(display_name="何姐", external_no="V009")).to_wire()
    told = nameless(json.dumps(wire).encode(), [str(wire["subject"])])
    assert told is not None
    assert "何姐" not in told.decode()
    assert "V009" not in told.decode()
    assert json.loads(told)["data"]["snapshot"].keys() == wire["data"]["snapshot"].keys()


def test_what_names_somebody_else_or_cannot_be_read_is_left_as_it_is() -> None:
    assert nameless(b"no event " + MEMBER_ID.encode(), [MEMBER_ID]) is None
    assert nameless(b"[" * 100_000 + MEMBER_ID.encode(), [MEMBER_ID]) is None
    for body in (b"[1]", b'"' + MEMBER_ID.encode() + b'"', b'{"aggregatetype": "member"}'):
        assert nameless(body, [MEMBER_ID]) is None
    odd = {"member_id": [MEMBER_ID], "display_name": None, "id": {}, "external_no": MEMBER_ID}
    assert nameless(json.dumps(odd).encode(), [MEMBER_ID]) is None
