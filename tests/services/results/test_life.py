"""What comes after the work, by HTTP: calls, answers to who was not satisfied, later answers, talk, public answers."""

from typing import Any

import pytest

from contracts.actor import Role
from tests.builders import COMMUNITY, an_actor
from tests.services.results.conftest import WORKING, Life

OFFICER = an_actor(Role.DUTY, account_id="a-officer")
DISPATCHER = an_actor(Role.DISPATCHER, account_id="a-dispatcher")
SECRETARY = an_actor(Role.SECRETARY, account_id="a-secretary")
HAPPY = {"answer": "satisfied", "solved": True}
UNHAPPY = {"answer": "unsatisfied", "solved": False}

pytestmark = pytest.mark.xdist_group("results")
"""One town for all of them."""


def test_a_sample_is_called_by_somebody_else_whose_word_stands_beside_the_requesters(life: Life) -> None:
    life.do(DISPATCHER, "complete", result="solved")
    closed = life.do(life.resident, "confirm", **HAPPY)
    assert (closed["status"], closed["callback"]["kind"], closed["callback"]["state"]) == ("closed", "sample", "open")
    assert life.ticket_id in life.listed(OFFICER, "callbacks")
    assert life.ticket_id not in life.listed(DISPATCHER, "callbacks"), "who completed it does not ask"
    assert life.refused(DISPATCHER, "callback", reached=True, **HAPPY)[:2] == (403, "own-work")
    assert life.refused(OFFICER, "callback", reached=True) == (422, "answer-needed", ["answer"])
    tried = life.do(OFFICER, "callback", reached=False)
    assert tried["callback"]["tries"] == 1
    called = life.do(OFFICER, "callback", reached=True, **UNHAPPY)
    assert (called["answer"], called["callback"]["answer"]) == ("satisfied", "unsatisfied")
    assert life.ticket_id not in life.listed(OFFICER, "callbacks")
    assert life.ticket_id in life.listed(SECRETARY, "reviews")
    assert "居民不满意" in life.told(SECRETARY)
    assert life.refused(OFFICER, "explain", reason_code="not_feasible")[0] == 403
    explained = life.do(SECRETARY, "explain", reason_code="not_feasible", note="水压就是这样")
    assert explained["review"]["state"] == "explained"
    assert "关于您的不满意" in life.told(life.resident)
    assert life.town.get(WORKING, life.path)["callback"] is None, "who did the work learns nothing of it"


def test_the_call_that_nobody_made_and_the_answer_that_nobody_gave_come_due(life: Life) -> None:
    life.do(WORKING, "complete", result="solved")
    life.do(life.resident, "confirm", **UNHAPPY)
    life.town.elapse(days=2)
    assert {"该回访了", "不满意还没有答复"} <= set(life.told(SECRETARY))
    again = life.do(life.resident, "rework", note="还在滴")
    assert (again["status"], again["answer"], again["review"]["state"]) == ("in_progress", None, "reworked")
    assert "请再去一次" in life.told(WORKING)
    assert life.town.post(life.resident, f"{life.path}/reveals")["door_word"], "whoever comes again has a word"


def test_what_is_planned_is_asked_for_on_its_day_and_asked_about_anew(life: Life) -> None:
    now = life.town.clock.now()
    assert life.refused(WORKING, "complete", result="planned") == (422, "particulars-needed", ["next_answer_by"])
    past = life.refused(WORKING, "complete", result="planned", next_answer_by=f"{now:%Y-%m-%d}")
    assert past == (422, "in-the-past", ["next_answer_by"])
    day = f"{now.replace(year=now.year + 1):%Y-%m-%d}"
    planned = life.do(WORKING, "complete", result="planned", next_answer_by=day)
    assert planned["particulars"]["next_answer_by"] == day
    life.do(life.resident, "confirm", answer="fairly_satisfied", solved=False)
    life.town.elapse(days=366)
    assert "今天该再答复居民" in life.told(DISPATCHER)
    assert "约好今天再答复您" in life.told(life.resident)
    anew = life.do(OFFICER, "next-answer", result="referred", referred_to="street_office", reference="街-77")
    assert (anew["status"], anew["result"], anew["answer"]) == ("completed", "referred", None)
    assert "街-77" not in str(anew)
    words = life.town.post(OFFICER, f"{life.path}/reveals", {"reason": "核对"})["notes"]
    assert ("reference", "街-77") in [(note["action"], note["text"]) for note in words]
    assert "有新的答复" in life.told(life.resident)


def test_people_write_to_each_other_and_the_timeline_says_as_whom(life: Life) -> None:
    life.do(life.resident, "comments", text="下午三点以后在家")
    life.do(OFFICER, "comments", text="带上梯子", internal=True)
    life.do(OFFICER, "comments", text="三点半到")
    read = {
        who: life.town.post(who, f"{life.path}/reveals", {"reason": "核对"})["notes"]
        for who in (life.resident, OFFICER)
    }
    assert [note["text"] for note in read[life.resident]] == ["下午三点以后在家", "三点半到"]
    assert [note["internal"] for note in read[OFFICER]] == [False, True, False]
    seen: dict[Any, list[Any]] = {
        who: life.town.get(who, f"{life.path}/timeline")["items"] for who in (life.resident, OFFICER)
    }
    assert "shiliu.ticket.noted.v1" not in {entry["type"] for entry in seen[life.resident]}
    by = [
        (entry["type"].split(".")[2], entry["by"]["role"]) for entry in seen[OFFICER] if entry["aggregate"] == "ticket"
    ]
    assert by == [
        ("accepted", "requester"),
        ("assigned", "system"),
        ("started", "system"),
        ("commented", "requester"),
        ("noted", "duty"),
        ("commented", "duty"),
    ]
    assert seen[OFFICER][-1]["by"]["office"] == {"zh": "社区 值守人员", "en": "duty staff of the community"}


def test_an_answer_is_published_with_the_requesters_word_and_taken_back_with_one(life: Life) -> None:
    life.do(WORKING, "complete", result="solved")
    words = {"question": "水龙头滴水找谁修?", "answer": "打社区电话,一般当天有人上门。"}
    assert life.refused(OFFICER, "public-answer", **(words | {"answer": "3号楼修好了"}))[2] == ["answer"]
    written = life.do(OFFICER, "public-answer", **words)
    assert written["public_answer"]["needs_agreement"] is True, "it was done in a home"
    assert life.refused(DISPATCHER, "public-answer/approve", version=1)[:2] == (409, "agreement-needed")
    assert life.town.get(life.resident, f"{life.path}/public-answer")["question"] == words["question"]
    life.do(life.resident, "public-answer/agree", version=1)
    life.do(DISPATCHER, "public-answer/approve", version=1)

    def published() -> list[Any]:
        response = life.town.ask("GET", f"/api/v1/public-answers?community={COMMUNITY}", None)
        return list(response.json["items"])

    (shown,) = published()
    assert (shown["grid"], shown["question"]) == ("sll-g1", words["question"])
    assert set(shown) == {"item_id", "item_name", "category", "grid", "month", "question", "answer"}
    life.do(life.resident, "public-answer/withdraw")
    assert published() == []
