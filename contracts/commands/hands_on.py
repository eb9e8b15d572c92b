"""Commands to volunteers by which staff send suggestions and step into a search; all by staff of the order's area.

``note``, beside the coded reason, is what staff type for each other: sealed, at most 500 characters, in no event.
"""

from dataclasses import dataclass
from typing import ClassVar

from contracts.commands.volunteers import VolunteerCommand
from contracts.hands_on import SteeringReason


@dataclass(frozen=True, kw_only=True)
class ReadSuggestion(VolunteerCommand):
    """The best for an order, as they wait for staff.

    Result: ``{"suggestion": None | {"number", "made_at", "send_at", "wanted", "choices": [{"rank", "member_id",
    "display_name", "why": [{"zh", "en"}]}]}}``; ``wanted`` is how many are asked if it sends itself.
    """

    METHOD: ClassVar[str] = "read_suggestion"
    demand_id: str


@dataclass(frozen=True, kw_only=True)
class SendSuggestion(VolunteerCommand):
    """Ask those of a suggestion with these ``ranks`` (1 the best); none named: the first, as many as are wanted.

    ``number`` guards against a touch on a suggestion that has been replaced. Result: ``{"ticket_id"}``.
    """

    METHOD: ClassVar[str] = "send_suggestion"
    demand_id: str
    number: int | None = None
    ranks: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AssignMember(VolunteerCommand):
    """Duty staff have a seat without being asked. ``role``: of a crew, None: the first that they are fit for.

    ``beyond_capacity`` is the one reason for which somebody with full hands is assigned.
    Result: ``{"ticket_id", "assignment_id"}``.
    """

    METHOD: ClassVar[str] = "assign_member"
    demand_id: str
    member_id: str
    reason: SteeringReason
    role: str | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class InviteMember(VolunteerCommand):
    """Ask a member by name, beside whoever is asked already. Result: ``{"ticket_id"}``."""

    METHOD: ClassVar[str] = "invite_member"
    demand_id: str
    member_id: str
    reason: SteeringReason
    role: str | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class InviteTeam(VolunteerCommand):
    """Ask a team by name, beside whoever is asked already; whoever leads it answers. Result: ``{"ticket_id"}``."""

    METHOD: ClassVar[str] = "invite_team"
    demand_id: str
    team_id: str
    reason: SteeringReason
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class PinMember(VolunteerCommand):
    """Ask a member by name, and nobody else for so many ``minutes`` (three days at most) unless they answer before.

    Result: ``{"ticket_id"}``.
    """

    METHOD: ClassVar[str] = "pin_member"
    demand_id: str
    member_id: str
    reason: SteeringReason
    minutes: float = 120
    role: str | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReadSubstitutes(VolunteerCommand):
    """Whom duty staff named who cannot come, as they wait for staff to confirm them.

    Result: ``{"substitutes": [{"assignment_id", "member_id", "display_name", "substitute_id", "substitute_name",
    "until"}]}``.
    """

    METHOD: ClassVar[str] = "read_substitutes"
    demand_id: str


@dataclass(frozen=True, kw_only=True)
class ConfirmSubstitute(VolunteerCommand):
    """Whom the holder of a seat named has it now, without being asked; ``substitute_id`` guards against another name.

    ``beyond_capacity`` is the one reason for which somebody with full hands is sent.
    Result: ``{"ticket_id", "assignment_id"}``, the new one.
    """

    METHOD: ClassVar[str] = "confirm_substitute"
    assignment_id: str
    substitute_id: str
    reason: SteeringReason
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class TakeSeatBack(VolunteerCommand):
    """Take a seat from whoever has it; ``search``: somebody else is looked for at once, else the search is frozen.

    Result: ``{"ticket_id"}``.
    """

    METHOD: ClassVar[str] = "take_seat_back"
    assignment_id: str
    reason: SteeringReason
    search: bool = True
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class FreezeSearch(VolunteerCommand):
    """Nobody is asked for this order until staff say so; ``withdraw``: offers that are out are withdrawn too.

    Result: ``{"ticket_id"}``.
    """

    METHOD: ClassVar[str] = "freeze_search"
    demand_id: str
    reason: SteeringReason
    withdraw: bool = False
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class UnfreezeSearch(VolunteerCommand):
    """The search goes on. Result: ``{"ticket_id"}``."""

    METHOD: ClassVar[str] = "unfreeze_search"
    demand_id: str
    reason: SteeringReason
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReadHands(VolunteerCommand):
    """Which account stands behind each time that staff stepped into a search: for secretary and administrators there.

    Result: ``{"hands": [{"number", "at", "step", "reason", "by", "noted", "account_id"}]}``; ``account_id`` is None
    where an older version did not keep it.
    """

    METHOD: ClassVar[str] = "read_hands"
    demand_id: str


@dataclass(frozen=True, kw_only=True)
class RevealHands(VolunteerCommand):
    """What was typed beside the reasons of those steps, for staff of the area with a ``reason``.

    Logged, and shown to whoever wrote it and whomever it was about. Result: ``{"notes": [{"number", "note"}]}``;
    a note is None that nobody can open any more.
    """

    METHOD: ClassVar[str] = "reveal_hands"
    demand_id: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class CountSuggestions(VolunteerCommand):
    """What became of the suggestions of the last 30 days where the actor is staff: may an item go automatic?

    Result: ``{"since", "all": counts, "items": [{"item_id", "item_name": {"zh", "en"}, "counts": counts}]}`` where
    counts are ``{"settled", "first", "other", "by_itself", "others"}``: staff sent the best one (with or without more);
    staff sent others of it; nobody touched it; staff asked somebody else. What was dropped is left out.
    """

    METHOD: ClassVar[str] = "count_suggestions"
