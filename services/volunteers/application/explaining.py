"""How a search went, told to staff of the order's area: each wave, the terms in force, and why nobody was found."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from contracts import asked
from contracts.commands import Call, Outcome
from contracts.commands.explaining import ReadSearch
from contracts.moments import time_text
from contracts.terms import SkillNeed, Terms
from contracts.words import Text
from services.volunteers.application.ports import Clock, Matcher, Store
from services.volunteers.application.relations import within_reach
from services.volunteers.domain import price
from services.volunteers.domain.costs import COSTS, Weights
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.explaining import Row, rows_of, rows_told
from services.volunteers.domain.gate_words import lines, why_nobody
from services.volunteers.domain.looking import Look
from services.volunteers.domain.modes import acting
from services.volunteers.domain.need import skills_of
from services.volunteers.domain.offer import counted, invited
from services.volunteers.domain.steering import Settled, Steering

Shown = Mapping[str, Any]
UNSERVED = "unserved"
"""The price of leaving an order without anybody, among the costs."""


class Searches:
    """``read_search``."""

    def __init__(
        self,
        demands: Store[Demand],
        matcher: Matcher,
        clock: Clock,
        weights: Weights = Weights(),  # noqa: B008
    ) -> None:
        self._demands = demands
        self._matcher = matcher
        self._clock = clock
        self._costs = _costs(weights)

    def read(self, call: Call[ReadSearch]) -> Outcome:
        """See ``ReadSearch``. While people are wanted the whole community is looked at once more: how it is now."""
        demand = within_reach(self._demands.get(call.command.demand_id), call.meta.actor)
        skills, free = _skills(demand), invited(demand.offers)
        rows = rows_told(rows_of(demand), asked.may_be_told(free.asked, free.by_name))
        return Outcome(
            {
                "demand_id": demand.id,
                "number": demand.number,
                "status": demand.status.value,
                "round": demand.round,
                "wave": demand.wave,
                "seats": demand.seats,
                "open_seats": demand.open_seats,
                "counts": asked.told(asdict(counted(demand.offers)), asdict(free)),
                "terms": None if demand.terms is None else _terms(demand, demand.terms),
                "waves": [_row(row, skills) for row in rows],
                "now": self._now(demand, skills),
                "costs": self._costs,
                **_steering(demand.steering),
            }
        )

    def _now(self, demand: Demand, skills: Sequence[SkillNeed]) -> Shown | None:
        if demand.terms is None or demand.is_over or not demand.open_seats:
            return None
        look = self._matcher.everybody(demand, self._clock.now())
        fits = max(0, look.looked_at - sum(look.stopped.values()))
        shown = {**_gates(look, skills), "looked_at": look.looked_at, "fits": fits}
        return {**shown, "sentence": None if fits else asdict(why_nobody(look.stopped, skills, look.beyond))}


def _costs(weights: Weights) -> Sequence[Shown]:
    """What whom to ask first is chosen by, and how much each weighs, in tenths of a minute on foot."""
    told = [*((cost.name, cost.sentence, cost.weights) for cost in COSTS), (UNSERVED, price.SENTENCE, (price.WEIGHT,))]
    return [
        {
            "cost": name,
            "sentence": asdict(sentence),
            "weights": [{"name": weight, "value": getattr(weights, weight)} for weight in named],
        }
        for name, sentence, named in told
    ]


def _skills(demand: Demand) -> tuple[SkillNeed, ...]:
    """Of the first open seat, as with every count of the gates."""
    return skills_of(demand.terms, next(iter(demand.open_roles), None)) if demand.terms else ()


def _row(row: Row, skills: Sequence[SkillNeed]) -> Shown:
    look = Look(looked_at=row.looked_at or 0, stopped=row.stopped, beyond=row.beyond)
    sentence = why_nobody(row.stopped, skills, row.beyond) if row.found_nobody else None
    return {
        "kind": row.kind.value,
        "round": row.round,
        "wave": row.wave,
        "at": None if row.at is None else time_text(row.at),
        "asked": row.asked,
        "yes": row.yes,
        "not_this_time": row.not_this_time,
        "no_answer": row.no_answer,
        "returned": row.returned,
        "withdrawn": row.withdrawn,
        "waiting": row.waiting,
        "looked_at": row.looked_at,
        **_gates(look, skills),
        "sentence": None if sentence is None else asdict(sentence),
    }


def _gates(look: Look, skills: Sequence[SkillNeed]) -> Shown:
    told = lines(look.stopped, skills)
    return {"gates": [{"gate": gate, "count": count, "sentence": asdict(said)} for gate, count, said in told]}


def _terms(demand: Demand, terms: Terms) -> Shown:
    return {
        "policy": terms.policy.value,
        "mode": terms.mode.value,
        "acting": acting(demand).value,
        "who_may": terms.who_may.value,
        "urgency": terms.urgency.value,
        "skills": [asdict(one.name or Text(one.code, one.code)) for one in _skills(demand)],
        "waves": terms.waves,
        "expiry_minutes": terms.expiry_minutes,
        "claim_minutes": terms.claim_minutes,
        "suggest_minutes": terms.suggest_minutes,
        "offers_per_day": terms.offers_per_day,
        "night_from": terms.night_from,
        "night_to": terms.night_to,
    }


def _steering(steering: Steering) -> Shown:
    waiting = steering.suggestion
    mark = (
        {"number": waiting.number, "send_at": time_text(waiting.send_at), "count": len(waiting.choices)}
        if waiting
        else None
    )
    return {
        "frozen": steering.frozen,
        "waits": steering.waits is not None,
        "suggestion": mark,
        "suggestions": [_settled(one) for one in steering.settled],
        "interventions": [
            {
                "number": one.number,
                "at": time_text(one.at),
                "step": one.step.value,
                "reason": one.reason.value,
                "by": one.by.value,
                "assignment_id": one.assignment_id,
            }
            for one in steering.interventions
        ],
    }


def _settled(one: Settled) -> Shown:
    return {
        "number": one.number,
        "at": time_text(one.at),
        "outcome": one.outcome.value,
        "taken_ranks": list(one.taken_ranks),
    }
