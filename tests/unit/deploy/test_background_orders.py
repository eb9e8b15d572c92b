"""The everyday orders behind the story are such as the platform takes."""

import csv

import yaml

from contracts.words import Nature, SubjectKind
from deploy.demo import background
from deploy.demo.play import DATA


def test_a_complaint_says_whom_it_is_about_and_nothing_else_does() -> None:
    items = yaml.safe_load((DATA / "catalogue.yaml").read_text(encoding="utf-8"))["items"]
    complaints = {item["id"] for item in items if item["nature"] == Nature.COMPLAINT}
    with (DATA / "teams.csv").open(encoding="utf-8", newline="") as file:
        teams = {row["id"] for row in csv.DictReader(file)}
    people, choice = background.homes(DATA / "residents.csv"), background.offers(DATA / "catalogue.yaml")
    bodies = [order.body for order in background.orders("run", 2_000, 1, people, choice)]
    about = [body for body in bodies if "subject_kind" in body]
    assert about
    assert {body["item_id"] for body in about} == complaints
    assert [body for body in bodies if body["item_id"] in complaints and "subject_kind" not in body] == []
    named = {body["subject_id"] for body in about if body["subject_kind"] == SubjectKind.TEAM}
    assert named
    assert named <= teams
