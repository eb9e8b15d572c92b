"""An order given more time, given back, given to somebody named, done again, planned, passed on, opened again."""

from datetime import datetime, timedelta

from contracts.schemas.fields import time_text
from deploy.demo.scenes import Theatre
from deploy.simulate.client import Caller
from tests.system.lives.orders import (
    AFTER,
    BEFORE,
    CONTENT,
    DAUGHTER,
    DESK,
    LAMP,
    OFFICER,
    PROPERTY,
    SECRETARY,
    SOLVED,
    asked_for,
    happened,
    pictured,
    refusal,
    taken,
    there,
)

NOT_CONTENT = {"answer": "unsatisfied", "solved": False}


async def an_order_through_many_hands(house: Theatre) -> None:
    """Each step by whom it is for; at the end the daughter says that it is solved."""
    daughter, officer, desk = (house.person(name) for name in (DAUGHTER, OFFICER, DESK))
    placed = await daughter.post("/tickets", LAMP)
    id, path = str(placed["id"]), f"/tickets/{placed['id']}"
    name, crew = await taken(house, id)
    later = time_text(datetime.fromisoformat(placed["deadlines"]["resolve_by"]) + timedelta(days=2))
    extension = {"kind": "extension", "reason_code": "parts_ordered", "until": later}
    longer = await desk.post(await asked_for(crew, desk, path, extension), {"approved": True})
    assert longer["deadlines"]["resolve_by"] == later
    await _talked_about(daughter, crew, officer, path)
    decision = await asked_for(crew, desk, path, {"kind": "return", "reason_code": "no_ladder"})
    returned = await desk.post(decision, {"approved": True})
    assert (returned["status"], returned["holders"]) == ("accepted", [])
    other = next(one for one in reversed(PROPERTY) if one != name)
    named = {"kind": "reassign", "reason_code": "has_a_ladder", "member_id": house.cast.members[other].member_id}
    assert (await refusal(crew.post(f"{path}/ledger", named)))[0] in (403, 404)
    await desk.post(await asked_for(officer, desk, path, named), {"approved": True})
    _, second = await taken(house, id, [other])
    await _done_three_times(daughter, second, path)
    await _planned_and_passed_on(house, path)
    await _opened_again(daughter, officer, second, path)
    await _on_record(house, path)


async def _talked_about(daughter: Caller, crew: Caller, officer: Caller, path: str) -> None:
    """What the crew and staff write to each other, whoever ordered neither reads nor writes."""
    await daughter.post(f"{path}/comments", {"text": "几点能来"})
    await crew.post(f"{path}/comments", {"text": "梯子借不到", "internal": True})
    await officer.post(f"{path}/comments", {"text": "今天下午到"})
    assert await refusal(daughter.post(f"{path}/comments", {"text": "悄悄说", "internal": True})) == (
        403,
        "inside-only",
        ["internal"],
    )
    hers = (await daughter.post(f"{path}/reveals"))["notes"]
    theirs = (await officer.post(f"{path}/reveals", {"reason": "核对"}))["notes"]
    assert [(note["side"], note["text"]) for note in hers if note["action"] == "comment"] == [
        ("requester", "几点能来"),
        ("staff", "今天下午到"),
    ]
    assert [note["text"] for note in theirs if note["internal"] and note["action"] == "comment"] == ["梯子借不到"]
    seen = await happened(daughter, path, "commented", 2)
    assert (seen.count("commented"), seen.count("noted")) == (2, 0)
    await happened(officer, path, "noted")


async def _done_three_times(daughter: Caller, member: Caller, path: str) -> None:
    """Given back once and done again twice: the third of both sends it up."""
    await there(member, path.rpartition("/")[2])
    shown = [await pictured(member, path, kind, image) for kind, image in (("before", BEFORE), ("after", AFTER))]
    await member.post(f"{path}/complete", SOLVED)
    assert {(one["id"], one["kind"]) for one in (await daughter.get(path))["pictures"]} == set(
        zip(shown, ("before", "after"), strict=True)
    )
    await daughter.get(f"{path}/pictures/{shown[1]}")
    once = await daughter.post(f"{path}/rework", {"note": "还是不亮"})
    assert (once["status"], once["rework_count"], once["rung"]) == ("in_progress", 1, "crew")
    await member.post(f"{path}/complete", {"result": "partly"})
    twice = await daughter.post(f"{path}/rework")
    assert (twice["rework_count"], twice["rung"], twice["escalations"][-1]["reason"]) == (2, "duty", "strikes")


async def _planned_and_passed_on(house: Theatre, path: str) -> None:
    """It cannot be done now; when its day comes it is passed on, which does not content her."""
    daughter, officer, desk = (house.person(name) for name in (DAUGHTER, OFFICER, DESK))
    assert await refusal(officer.post(f"{path}/complete", {"result": "planned", "next_answer_by": "2020-01-01"})) == (
        422,
        "in-the-past",
        ["next_answer_by"],
    )
    placed = datetime.fromisoformat((await daughter.get(path))["times"]["placed_at"])
    day = f"{placed + timedelta(days=30):%Y-%m-%d}"
    planned = await officer.post(f"{path}/complete", {"result": "planned", "next_answer_by": day})
    assert (planned["status"], planned["particulars"]["next_answer_by"]) == ("completed", day)
    referred = {"result": "referred", "referred_to": "municipal", "reference": "SZ-77"}
    passed_on = await desk.post(f"{path}/next-answer", referred)
    assert (passed_on["result"], passed_on["particulars"]["referred_to"]) == ("referred", "municipal")
    assert "SZ-77" not in str(passed_on)
    closed = await daughter.post(f"{path}/confirm", NOT_CONTENT)
    assert (closed["status"], closed["resolved"], closed["answer"]) == ("closed", False, "unsatisfied")
    reviews = (await house.person(SECRETARY).get("/reviews", limit=100))["items"]
    assert closed["id"] in [one["id"] for one in reviews]


async def _opened_again(daughter: Caller, officer: Caller, member: Caller, path: str) -> None:
    opened = await daughter.post(f"{path}/rework")
    assert opened["status"] == "in_progress"
    assert await refusal(officer.post(f"{path}/complete", {"result": "unreachable"})) == (
        422,
        "particulars-needed",
        ["tries"],
    )
    await officer.post(f"{path}/complete", {"result": "unreachable", "tries": 2})
    await daughter.post(f"{path}/rework", {"note": "我一直在家"})
    await officer.post(f"{path}/complete", SOLVED)
    for own in (officer, member):
        assert (await refusal(own.post(f"{path}/confirm", CONTENT)))[:2] == (403, "own-work")
    ended = await daughter.post(f"{path}/confirm", CONTENT)
    assert (ended["status"], ended["closed_by"], ended["resolved"]) == ("closed", "requester", True)


async def _on_record(house: Theatre, path: str) -> None:
    """Every step is there with its time, as whom, and why; the ledger is one of all orders."""
    officer = house.person(OFFICER)
    steps = await happened(officer, path, "closed", 2)
    timeline = await officer.get(f"{path}/timeline")
    assert [steps.count(name) for name in ("extended", "redispatched", "reworked", "answered_again")] == [1, 2, 4, 1]
    assert {"struck_three", "escalated"} <= set(steps)
    decided = [entry for entry in timeline["items"] if entry["type"].endswith(".request_decided.v1")]
    assert [entry["data"]["reason_code"] for entry in decided] == ["parts_ordered", "no_ladder", "has_a_ladder"]
    assert all(entry["time"] and entry["by"]["office"]["zh"] for entry in decided)
    for kind in ("extension", "return", "reassign"):
        rows = (await house.person(SECRETARY).get("/ledger", kind=kind, state="approved"))["items"]
        assert path.rpartition("/")[2] in [row["ticket_id"] for row in rows]
