"""The ladder of an order as data: the community's, or its item's own; frozen with the order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from contracts.ladder import Rung
from contracts.words import Nature, Text, Urgency

ALL_RUNGS = tuple(Rung)
"""The whole ladder, from below."""
OF_BLOCKS = frozenset({Rung.BLOCK_CHIEF, Rung.CHIEF_OF_BLOCKS})
"""Rungs that are there only where the order lies in a block."""
FROM_BELOW = Text("要从低到高,不重复", "from below, and none twice")
"""How the rungs of a ladder have to be written."""


@dataclass(frozen=True, kw_only=True)
class StepMinutes:
    """By when a whistled department signs in, makes first contact, reports: minutes, all from the whistle."""

    sign_in: float
    contact: float
    report: float


@dataclass(frozen=True, kw_only=True)
class WhistleMinutes:
    """The minutes for each urgency. They are real ones: an emergency does not wait for an office."""

    emergency: StepMinutes = StepMinutes(sign_in=30, contact=60, report=240)
    urgent: StepMinutes = StepMinutes(sign_in=60, contact=120, report=1440)
    ordinary: StepMinutes = StepMinutes(sign_in=120, contact=1440, report=7200)
    wish: StepMinutes = StepMinutes(sign_in=1440, contact=4320, report=43200)

    def of(self, urgency: Urgency) -> StepMinutes:
        """Those of one urgency."""
        by_urgency: Mapping[Urgency, StepMinutes] = {
            Urgency.EMERGENCY: self.emergency,
            Urgency.URGENT: self.urgent,
            Urgency.ORDINARY: self.ordinary,
            Urgency.WISH: self.wish,
        }
        return by_urgency[urgency]


@dataclass(frozen=True, kw_only=True)
class RungMinutes:
    """How long an order that nobody takes stays at a rung before the next one gets it, by urgency: real minutes, for
    the reason above."""

    emergency: float = 5
    urgent: float = 30
    ordinary: float = 240
    wish: float = 1440

    def of(self, urgency: Urgency) -> float:
        """Those of one urgency."""
        minutes: float = getattr(self, urgency.value)
        return minutes


@dataclass(frozen=True, kw_only=True)
class LadderRules:
    """A community's ladder; its rungs from below."""

    rungs: tuple[Rung, ...] = ALL_RUNGS
    whistle_minutes: WhistleMinutes = field(default_factory=WhistleMinutes)
    rung_minutes: RungMinutes = field(default_factory=RungMinutes)


@dataclass(frozen=True, kw_only=True)
class ItemLadder:
    """What an item says of its own: other ``rungs`` (none: the community's), teams that are whistled ``at_once``, when
    an order is accepted, and ``departments`` that are whistled in the step to the chief of blocks."""

    rungs: tuple[Rung, ...] = ()
    at_once: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()


USUAL_RULES = LadderRules()
NO_LADDER = ItemLadder()
"""An item that goes by the community's ladder and calls nobody."""


@dataclass(frozen=True, kw_only=True)
class Ladder:
    """The ladder of one order: rungs that there are for it, from below."""

    rungs: tuple[Rung, ...] = (Rung.CREW, Rung.DUTY, Rung.DESK)
    departments: tuple[str, ...] = ()
    minutes: StepMinutes = field(default_factory=lambda: WhistleMinutes().ordinary)
    rung_minutes: float = RungMinutes().ordinary

    def start(self, nature: Nature) -> Rung:
        """Where an order begins; a complaint one rung above those who usually handle orders (design, section 5)."""
        if nature is not Nature.COMPLAINT:
            return self.rungs[0]
        return next((rung for rung in self.rungs if is_above(rung, Rung.DUTY)), self.rungs[-1])

    def above(self, rung: Rung) -> Rung | None:
        """The next one up; None at the top."""
        return next((one for one in self.rungs if is_above(one, rung)), None)


USUAL_LADDER = Ladder()
"""Of an order from before there were ladders."""


def is_above(rung: Rung, other: Rung) -> bool:
    """Is it the higher one, on any ladder?"""
    return ALL_RUNGS.index(rung) > ALL_RUNGS.index(other)


def rising(rungs: Sequence[Rung]) -> bool:
    """Are they in order from below, none twice?"""
    return all(is_above(upper, lower) for lower, upper in pairwise(rungs))


def ladder_of(rules: LadderRules, item: ItemLadder, urgency: Urgency, blocks: tuple[str, ...]) -> Ladder:
    """The ladder of a new order; without a block nobody stands above the desk."""
    wanted = item.rungs or rules.rungs
    there = tuple(rung for rung in wanted if blocks or rung not in OF_BLOCKS)
    return Ladder(
        rungs=there or (Rung.DESK,),
        departments=item.departments,
        minutes=rules.whistle_minutes.of(urgency),
        rung_minutes=rules.rung_minutes.of(urgency),
    )
