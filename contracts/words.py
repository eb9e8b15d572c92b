"""The coded words of the field (docs/glossary.md has them in both languages)."""

from dataclasses import dataclass
from enum import StrEnum

NAMELESS = "已注销"
"""What stands where the chosen name of somebody stood who was erased."""
NOBODY = ""
"""What stands where the id of a member stood who was asked and did not take it, once that is forgotten."""


@dataclass(frozen=True)
class Text:
    """One thing said in both languages; Chinese comes first."""

    zh: str
    en: str


class Nature(StrEnum):
    """What kind of order it is."""

    ENQUIRY = "enquiry"
    HELP = "help"
    PROBLEM = "problem"
    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"
    PRAISE = "praise"


class SubjectKind(StrEnum):
    """Whom a complaint is about: one of ours, a team (a provider is one), an area's staff, or nobody of ours.

    Staff who are members are named as such; those who have an account alone, by that.
    """

    MEMBER = "member"
    TEAM = "team"
    AREA = "area"
    ACCOUNT = "account"
    OTHER = "other"


class Origin(StrEnum):
    """Which way an order reached the community."""

    RESIDENT = "resident"
    DELEGATE = "delegate"
    PHONE = "phone"
    WALK_IN = "walk_in"
    CHAT = "chat"
    PATROL = "patrol"
    COMMUNITY = "community"
    DEVICE = "device"
    UPSTREAM = "upstream"


class Urgency(StrEnum):
    """How soon somebody must answer; the deadlines of an item go with it."""

    EMERGENCY = "emergency"
    URGENT = "urgent"
    ORDINARY = "ordinary"
    WISH = "wish"


class WhoMay(StrEnum):
    """Who may take an item; professional items are never offered to volunteers."""

    ANYONE = "anyone"
    TRAINED = "trained"
    CERTIFIED = "certified"
    DUTY = "duty"
    PROFESSIONAL = "professional"


class Policy(StrEnum):
    """How people are found for an item."""

    OFFER = "offer"
    CLAIM = "claim"
    TEAM = "team"
    DUTY = "duty"
    CONTRACTED = "contracted"
    SESSION = "session"
    SERIES = "series"
    BOOKING = "booking"


class Mode(StrEnum):
    """Who sends the offers: a dispatcher, a dispatcher with suggestions, or the platform."""

    MANUAL = "manual"
    SUGGEST = "suggest"
    AUTOMATIC = "automatic"


class Employment(StrEnum):
    """In what capacity a member serves; only volunteers are invited, the others are ordered or contracted."""

    VOLUNTEER = "volunteer"
    DUTY = "duty"
    PROPERTY = "property"
    DEPARTMENT = "department"
    SHOP = "shop"


class Ability(StrEnum):
    """What a member says of themselves that they can do; nobody is asked for more than they said."""

    LIFT = "lift"
    STAIRS = "stairs"
    LADDER = "ladder"
    NIGHT = "night"
    """May be woken at night."""


class Risk(StrEnum):
    """What an item brings with it that no minor is asked for."""

    RISKY = "risky"
    HEAVY = "heavy"
    CASH = "cash"
    MEDICAL = "medical"
    MEDIATION = "mediation"


class ResultCode(StrEnum):
    """How a piece of work ended; only solved and confirmed counts as resolved."""

    SOLVED = "solved"
    PARTLY = "partly"
    PLANNED = "planned"
    EXPLAINED = "explained"
    REFERRED = "referred"
    UNREACHABLE = "unreachable"
    WITHDRAWN = "withdrawn"


class Answer(StrEnum):
    """What the person served said of it."""

    SATISFIED = "satisfied"
    FAIRLY = "fairly_satisfied"
    UNSATISFIED = "unsatisfied"


class ClosedBy(StrEnum):
    """Whose word closed an order."""

    REQUESTER = "requester"
    DELEGATE = "delegate"
    CALLBACK = "callback"
    SILENCE = "silence"
    SAMPLE = "sample"
    """Of such orders nobody has to say how it went: a share is called."""
    NOBODY = "nobody"
    COUNTER = "counter"
    WHOLE = "whole"


class DeadlineKind(StrEnum):
    """What has to be done by then: somebody has the order, or it is solved."""

    RESPOND = "respond"
    RESOLVE = "resolve"


class TicketStatus(StrEnum):
    """Where an order stands."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    MERGED = "merged"
    COMPLETED = "completed"
    CLOSED = "closed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


ENDED = frozenset({TicketStatus.CLOSED, TicketStatus.REJECTED, TicketStatus.CANCELLED})
"""An order in one of these is at its end."""


class DemandStatus(StrEnum):
    """Where the search for people for an order stands."""

    OPEN = "open"
    CLAIM = "claim"
    FILLED = "filled"
    FINISHED = "finished"
    UNSERVED = "unserved"
    ENDED = "ended"


class OfferStatus(StrEnum):
    """What became of one invitation."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    RETURNED = "returned"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class SeatStatus(StrEnum):
    """Where the holder of a seat stands; released seats are no longer shown."""

    TAKEN = "taken"
    ARRIVED = "arrived"
    LEFT = "left"
    FINISHED = "finished"


class ReleaseReason(StrEnum):
    """Why a taken seat became free again."""

    GAVE_BACK = "gave_back"
    BUSY = "busy"
    REFUSED = "refused"
    REDISPATCHED = "redispatched"
    CANCELLED = "cancelled"
    TAKEN_IN = "taken_in"
    TAKEN_BACK = "taken_back"
    MERGED = "merged"
    BEYOND_ME = "beyond_me"
    NO_SHOW = "no_show"
    SUBSTITUTED = "substituted"
    ALONE = "alone"
    """Whoever may not be there without somebody who no longer comes: a minor, the one who is left with a child."""


class PictureKind(StrEnum):
    """What a picture with an order shows: the thing before, after, as it is, what was paid, or a slip."""

    BEFORE = "before"
    AFTER = "after"
    THING = "thing"
    RECEIPT = "receipt"
    SIGNATURE = "signature"
    MANDATE = "mandate"


class PictureUse(StrEnum):
    """What a person who is on a picture agreed to: the order's record, or also a public answer."""

    RECORD = "record"
    PUBLIC = "public"


class Permit(StrEnum):
    """What a person lets a delegate do for them."""

    ORDER = "order"
    SEE = "see"
    BE_TOLD = "be_told"
    CONFIRM = "confirm"
    SEE_ADDRESS = "see_address"


class Given(StrEnum):
    """How somebody said yes; all but the own tap is witnessed by staff."""

    TAP = "tap"
    SIGNATURE = "signature"
    CALL = "call"


class DelegationEnd(StrEnum):
    """Why a delegate may not act any more."""

    ENDED = "ended"
    GIVEN_UP = "given_up"
    LAPSED = "lapsed"


class Purpose(StrEnum):
    """What a consent is for."""

    DELEGATE = "delegate"
    CARE_LIST = "care_list"
    HEALTH_NOTES = "health_notes"
    CHILD_SERVICE = "child_service"
    PICTURE_RECORD = "picture_record"
    PICTURE_PUBLIC = "picture_public"
    PUBLISH = "publish"


class CodePurpose(StrEnum):
    """What a one-time code is for; it opens nothing else."""

    SIGN_IN = "sign_in"
    ACTIVATE = "activate"
    RESET = "reset"
    CONFIRM_EMAIL = "confirm_email"
    """An e-mail address is somebody's: it is sent there."""
