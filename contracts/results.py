"""How a piece of work ended in particular, who is asked about it afterwards, and what becomes of a "not satisfied"."""

from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum

from contracts.words import Answer, ResultCode


class Closing(StrEnum):
    """How the end of an order is confirmed, as its item says (design, section 5; several may be named).

    ``requester``: whoever ordered says how it went; ``counter``: at the counter, by tap or signature; ``sample``:
    nobody has to say, a share is called; ``callback``: always by a call or visit, never by silence.
    """

    REQUESTER = "requester"
    COUNTER = "counter"
    SAMPLE = "sample"
    CALLBACK = "callback"


class Said(StrEnum):
    """How the requester said that they do not want it any more, to whoever enters that."""

    SPOKEN = "spoken"
    CALL = "call"
    SIGNATURE = "signature"


@dataclass(frozen=True, kw_only=True)
class ResultDetails:
    """What a result needs to be honest; codes and dates only, the other office's number is private.

    ``next_answer_by``: the community's local day, like 2027-03-01, by which the requester hears again (planned; partly,
    where something is still to come). ``referred_to``: the coded place that has it now (referred).
    ``explanation_code``: why it is not possible (explained). ``tries``: how often somebody tried to reach them
    (unreachable). ``said``: how the requester gave it up (withdrawn).
    """

    next_answer_by: str | None = None
    referred_to: str | None = None
    explanation_code: str | None = None
    tries: int | None = None
    said: Said | None = None


@dataclass(frozen=True, kw_only=True)
class GivenResult(ResultDetails):
    """A result as somebody gives it, with what belongs to it; ``reference`` is the other office's own number, private.

    A planned result needs ``next_answer_by`` (a local day to come; partly may have one), referred a ``referred_to``,
    explained an ``explanation_code``, unreachable the ``tries``, withdrawn how the requester ``said`` so. No other
    result takes them.
    """

    result: ResultCode
    reference: str | None = None

    @property
    def details(self) -> ResultDetails:
        """What everybody may know of it."""
        return ResultDetails(**{field.name: getattr(self, field.name) for field in fields(ResultDetails)})


class CallbackKind(StrEnum):
    """Why somebody who had no part in an order asks how it went.

    ``other_unit``: it was a complaint; ``always``: its item is never closed by silence; ``no_account``: nobody could
    answer by themselves; ``sample``: it was drawn.
    """

    OTHER_UNIT = "other_unit"
    ALWAYS = "always"
    NO_ACCOUNT = "no_account"
    SAMPLE = "sample"


class CallbackState(StrEnum):
    """Is the call or visit still to be made?"""

    OPEN = "open"
    DONE = "done"


@dataclass(frozen=True, kw_only=True)
class Callback:
    """The call or visit that an order owes, or had: its answer stands beside the requester's own, never instead of it.

    ``tries`` counts those that reached nobody.
    """

    kind: CallbackKind
    state: CallbackState
    due_at: datetime
    tries: int = 0
    answer: Answer | None = None
    solved: bool | None = None
    at: datetime | None = None


class ReviewState(StrEnum):
    """What staff above did about an answer that was not satisfied."""

    OPEN = "open"
    REWORKED = "reworked"
    EXPLAINED = "explained"


@dataclass(frozen=True, kw_only=True)
class Review:
    """Somebody was not satisfied, or it was not solved after all: staff above send people again, or explain."""

    opened_at: datetime
    due_at: datetime
    state: ReviewState = ReviewState.OPEN
    reason_code: str | None = None
    told: bool = False
