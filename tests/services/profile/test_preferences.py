"""What somebody wants to be told, over HTTP: theirs, or entered by staff on their word, and by nobody else."""

from typing import Any

import pytest

from contracts.actor import Grant, Role
from tests.builders import a_member_actor, an_actor
from tests.services.permissions.people import DISPATCHER, OTHER_GRID, PLACE, WORKER, json_of
from tests.services.permissions.town import Town

URL = "/api/v1/me/preferences"
OFFICER_ELSEWHERE = an_actor(Role.DUTY, account_id="a-far", grants=(Grant(Role.DUTY, OTHER_GRID),))


def patch(town: Town, who: Any, body: Any, url: str = URL, tag: str | None = None) -> Any:
    tag = tag or town.ask("GET", url, who).headers["ETag"]
    headers = town.signed(who) | {"If-Match": tag}
    response = town.app.test_client().patch(url, json=body, headers=headers)
    town.run()
    return response


def said(town: Town, who: Any, url: str = URL) -> Any:
    return json_of(town.ask("GET", url, who))


def of(preferences: Any, category: str) -> Any:
    return next(one for one in preferences["categories"] if one["category"] == category)


def test_who_said_nothing_has_the_communitys_hours_and_hears_everything(town: Town) -> None:
    told = said(town, an_actor(Role.RESIDENT, account_id="a-new"))
    assert (told["language"], told["ways"], told["changes"]) == (None, ["wechat", "sms", "email"], [])
    night = {"start": "21:00", "end": "08:00", "end_days_off": "09:00", "time_zone": "Asia/Shanghai"}
    assert told["quiet"] == {"mode": "community", **night}
    assert all(one["off"] == [] and one["every"] == "time" for one in told["categories"])
    assert {one["category"] for one in told["categories"] if not one["mutable"]} == {"alarm", "account"}


def test_somebody_says_what_they_want_and_it_stays(town: Town) -> None:
    who = an_actor(Role.RESIDENT, account_id="a-picky")
    body = {
        "language": "en",
        "ways": ["email", "sms"],
        "switches": [{"category": "community", "way": "sms", "on": False}],
        "digests": [{"category": "community", "every": "day"}],
        "digest_at": "19:30",
        "quiet": {"mode": "own", "start": "22:00", "end": "07:00"},
    }
    first = town.ask("GET", URL, who).headers["ETag"]
    changed = patch(town, who, body)
    assert changed.status_code == 200, changed.text
    told = said(town, who)
    assert json_of(changed) == told
    assert changed.headers["ETag"] == town.ask("GET", URL, who).headers["ETag"] != first
    assert (told["language"], told["ways"], told["digest_at"]) == ("en", ["email", "sms", "wechat"], "19:30")
    assert of(told, "community") == {"category": "community", "mutable": True, "off": ["sms"], "every": "day"}
    assert (told["quiet"]["mode"], told["quiet"]["start"], told["quiet"]["end_days_off"]) == ("own", "22:00", "07:00")
    assert [(one["by"], one["staff"]) for one in told["changes"]] == [("a-picky", False)]
    assert json_of(patch(town, who, {"language": None}))["language"] is None


def test_of_two_who_saw_the_same_one_is_told_to_look_again(town: Town) -> None:
    who = an_actor(Role.RESIDENT, account_id="a-twice")
    tag = town.ask("GET", URL, who).headers["ETag"]
    assert patch(town, who, {"language": "en"}, tag=tag).status_code == 200
    assert patch(town, who, {"language": "zh-CN"}, tag=tag).status_code == 412
    bare = town.app.test_client().patch(URL, json={}, headers=town.signed(who))
    assert bare.status_code == 428
    assert said(town, who)["language"] == "en"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"switches": [{"category": "alarm", "way": "sms", "on": False}]}, "switches.0.category"),
        ({"switches": [{"category": "order", "way": "pigeon", "on": False}]}, "switches.0.way"),
        ({"digests": [{"category": "account", "every": "week"}]}, "digests.0.category"),
        ({"quiet": {"mode": "own", "start": "22:00"}}, "quiet.end"),
        ({"digest_at": "7 pm"}, "digest_at"),
        ({"language": "chinese, please"}, "language"),
        ({"ways": []}, "ways"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_is_wrong_is_named_by_its_field_in_both_languages(town: Town, body: Any, field: str) -> None:
    refused = patch(town, an_actor(Role.RESIDENT, account_id="a-wrong"), body)
    assert refused.status_code == 422, refused.text
    errors = json_of(refused)["errors"]
    assert field in {error["field"] for error in errors}
    assert all(error["detail"] and error["detail_en"] for error in errors)


def test_a_member_and_their_account_have_one_set(town: Town) -> None:
    me = a_member_actor(WORKER)
    assert patch(town, me, {"digest_at": "06:15"}).status_code == 200
    theirs = f"/api/v1/members/{WORKER}/preferences"
    assert said(town, DISPATCHER, theirs)["digest_at"] == "06:15"
    assert patch(town, DISPATCHER, {"digest_at": "06:45"}, theirs).status_code == 200
    told = said(town, me)
    assert told["digest_at"] == "06:45"
    assert [(one["by"], one["staff"]) for one in told["changes"]] == [("a-desk", True), (me.account_id, False)]
    assert town.ask("GET", theirs, me).status_code == 403
    assert town.ask("GET", theirs, OFFICER_ELSEWHERE).status_code == 404


def test_for_somebody_without_an_app_staff_enter_what_they_say_and_it_goes_with_them(town: Town) -> None:
    person = town.do(DISPATCHER, "/people", {"name": "陈奶奶", "area_id": PLACE, "phone": "000-1"})["person_id"]
    url = f"/api/v1/people/{person}/preferences"
    assert patch(town, DISPATCHER, {"quiet": {"mode": "own", "start": "20:00", "end": "09:00"}}, url).status_code == 200
    assert town.ask("GET", url, OFFICER_ELSEWHERE).status_code == 404
    hers = town.account(an_actor(Role.RESIDENT, account_id="a-granny"))
    assert said(town, hers)["quiet"]["mode"] == "community"
    town.do(DISPATCHER, f"/people/{person}/details", {"account_id": "a-granny"})
    assert said(town, hers)["quiet"]["start"] == "20:00"
    assert said(town, DISPATCHER, url)["quiet"]["start"] == "20:00"
    assert patch(town, hers, {"quiet": {"mode": "off"}}).status_code == 200
    assert said(town, DISPATCHER, url)["quiet"]["mode"] == "off"


def test_a_delegate_does_not_say_it_for_them(town: Town) -> None:
    person = town.do(DISPATCHER, "/people", {"name": "王爷爷", "area_id": PLACE, "phone": "000-2"})["person_id"]
    daughter = town.account(an_actor(Role.RESIDENT, account_id="a-daughter-of-wang"))
    town.do(
        DISPATCHER,
        "/delegations",
        {"person_id": person, "account_id": daughter.account_id, "may": ["see"], "text_version": "d-1"},
    )
    assert town.ask("GET", f"/api/v1/people/{person}/preferences", daughter).status_code == 403
