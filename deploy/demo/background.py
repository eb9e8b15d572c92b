"""The everyday orders that run behind the story: drawn from a seed, for the items that can be ordered."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

import yaml

from contracts.catalogue import QuestionKind
from contracts.words import Nature, Origin, Policy, SubjectKind, Urgency
from deploy.simulate.crowd import Order

NOT_YET = frozenset({Policy.SESSION, Policy.SERIES, Policy.BOOKING})
"""Items by slot or booking are refused until the platform knows slots."""
WEIGHTS = {Urgency.EMERGENCY: 0.25, Urgency.URGENT: 0.5, Urgency.WISH: 0.6}
FAVOURITES = {
    "tap-and-lamp": 4.0,
    "shopping": 4.0,
    "bill-paying": 2.0,
    "haircut": 2.0,
    "policy-advice": 3.0,
    "jobs": 2.0,
}
"""How often an item is ordered, where it is not once in its turn: a street's lamps before its wasps."""
BY_PHONE = 0.2
WITHOUT_ACCOUNT = 0.4
"""Of the calls: from elders who have neither an account nor anybody who acts for them."""
CLOSE_TOGETHER_MINUTES = 4.0
WORDS = (
    "麻烦尽快帮忙看一下,谢谢。",
    "家里只有老人在,来之前请先打个电话。",
    "下午在家,晚上也可以。",
    "不急,这周内就行。",
    "上次也是您们帮的忙,想再请一次。",
)
COMPLAINED_ABOUT: tuple[Mapping[str, str], ...] = (
    {"subject_kind": SubjectKind.OTHER.value},
    {"subject_kind": SubjectKind.TEAM.value, "subject_id": "property"},
)
"""Neighbours, mostly; or those who keep the houses."""
SURNAMES = ("王", "李", "张", "刘", "陈", "杨", "马", "吴")


@dataclass(frozen=True)
class Home:
    """A resident's login and where they live."""

    login: str
    area: str


@dataclass(frozen=True)
class Offer:
    """An item that can be ordered, and how often it is; a complaint says whom it is about.

    ``asks`` are the questions that have to be answered.
    """

    item_id: str
    weight: float
    complaint: bool = False
    asks: tuple[Mapping[str, Any], ...] = ()


def homes(residents: Path) -> list[Home]:
    """The residents of the demo who order; who plays in the story does not."""
    with residents.open(encoding="utf-8", newline="") as file:
        return [Home(row["login"], row["home_area"]) for row in csv.DictReader(file) if not row["story"]]


def offers(catalogue: Path) -> list[Offer]:
    """What can be ordered."""
    items = yaml.safe_load(catalogue.read_text(encoding="utf-8"))["items"]
    return [
        Offer(
            item["id"],
            FAVOURITES.get(item["id"], WEIGHTS.get(Urgency(item["urgency"]), 1.0)),
            item["nature"] == Nature.COMPLAINT,
            tuple(question for question in item.get("questions", ()) if _must_be_answered(question)),
        )
        for item in items
        if item["policy"] not in NOT_YET and not item.get("retired")
    ]


def orders(
    run: str, count: int, seed: int, people: Sequence[Home], choice: Sequence[Offer], day: date
) -> Iterator[Order]:
    """*count* orders with the residents of *people* by their place in it; *run* makes their keys this run's own.

    *day* is one on which what they borrow can be brought back.
    """
    rng = Random(f"{seed}:background")
    gaps = accumulate(rng.expovariate(1 / CLOSE_TOGETHER_MINUTES) for _ in range(count))
    for number, at in enumerate(gaps):
        resident = rng.randrange(len(people))
        item = rng.choices(choice, [offer.weight for offer in choice])[0]
        by_desk = rng.random() < BY_PHONE
        alone = by_desk and rng.random() < WITHOUT_ACCOUNT
        body: dict[str, object] = {
            "item_id": item.item_id,
            "area_id": people[resident].area,
            "description": rng.choice(WORDS),
            "origin": (Origin.PHONE if by_desk else Origin.RESIDENT).value,
        }
        if item.asks:
            body["answers"] = [_answer(rng, question, day) for question in item.asks]
        if item.complaint:
            body |= rng.choice(COMPLAINED_ABOUT)
        if alone:
            body["beneficiary"] = _elder(rng, number)
        key = f"demo-{run}-{number}"
        yield Order(at=at, key=key, body=body, resident=None if alone else resident, by_desk=by_desk)


def _must_be_answered(question: Mapping[str, Any]) -> bool:
    """Pictures follow an order."""
    return bool(question.get("required")) and question["kind"] != QuestionKind.PHOTO


def _answer(rng: Random, question: Mapping[str, Any], day: date) -> Mapping[str, object]:
    kind, said = question["kind"], {"question": question["code"]}
    if kind == QuestionKind.DATE:
        return {**said, "date": day.isoformat()}
    if kind == QuestionKind.NUMBER:
        return {**said, "number": float(question.get("least", 1))}
    if kind == QuestionKind.TEXT:
        return {**said, "text": rng.choice(WORDS)}
    safe = [choice["code"] for choice in question["choices"] if not choice.get("danger")]
    return {**said, "choices": [rng.choice(safe)]}


def _elder(rng: Random, number: int) -> Mapping[str, str]:
    surname = rng.choice(SURNAMES)
    called = f"{surname}{rng.choice(('奶奶', '爷爷'))}"
    return {
        "name": called,
        "form_of_address": called,
        "phone": f"000-0009-{number % 10_000:04d}",
        "address": "石榴里社区",
    }
