"""The everyday orders behind the story are such as the platform takes."""

import csv
from datetime import date, timedelta

import yaml

from contracts.catalogue import GivenAnswer
from contracts.schemas.derive import schema_of
from contracts.words import Mode, Nature, SubjectKind
from deploy.demo import background
from deploy.demo.play import DATA
from services.tickets.adapters.catalogue_file import read_catalogue
from services.tickets.adapters.sources import Kind, open_sources
from services.tickets.domain import questions

DAY = date(2026, 11, 28)


def test_a_complaint_says_whom_it_is_about_and_nothing_else_does() -> None:
    items = yaml.safe_load((DATA / "catalogue.yaml").read_text(encoding="utf-8"))["items"]
    complaints = {item["id"] for item in items if item["nature"] == Nature.COMPLAINT}
    with (DATA / "teams.csv").open(encoding="utf-8", newline="") as file:
        teams = {row["id"] for row in csv.DictReader(file)}
    people, choice = background.homes(DATA / "residents.csv"), background.offers(DATA / "catalogue.yaml")
    bodies = [order.body for order in background.orders("run", 2_000, 1, people, choice, DAY)]
    about = [body for body in bodies if "subject_kind" in body]
    assert about
    assert {body["item_id"] for body in about} == complaints
    assert [body for body in bodies if body["item_id"] in complaints and "subject_kind" not in body] == []
    named = {body["subject_id"] for body in about if body["subject_kind"] == SubjectKind.TEAM}
    assert named
    assert named <= teams


def test_what_an_item_has_to_know_is_answered_so_that_it_is_taken_and_no_danger_is_made_up() -> None:
    items, problems = read_catalogue(open_sources([DATA / "catalogue.yaml"])[0][Kind.CATALOGUE], "c", Mode.AUTOMATIC)
    assert problems == []
    asked = {item.id: item.questions for item in items}
    people, choice = background.homes(DATA / "residents.csv"), background.offers(DATA / "catalogue.yaml")
    answered = 0
    for order in background.orders("run", 2_000, 1, people, choice, DAY):
        given = schema_of(GivenAnswer, strict=True).load(order.body.get("answers", []), many=True)
        answers = questions.read(asked[str(order.body["item_id"])], given, DAY - timedelta(days=7))
        questions.must_be_complete(asked[str(order.body["item_id"])], answers)
        assert not answers.danger
        answered += bool(given)
    assert answered > 50
