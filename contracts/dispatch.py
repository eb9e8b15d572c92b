"""The words of dispatch: how people are asked for an order."""

from enum import StrEnum


class Asking(StrEnum):
    """In what way somebody is asked: only volunteers and volunteer organisations are free to say no.

    Source: 志愿服务条例 art. 25, nobody may force-assign volunteers.
    """

    ORDERED = "ordered"
    """Paid duty staff: they sign in, or return the order with a reason."""
    CONTRACTED = "contracted"
    """Property, departments, shops under contract: the same."""
    INVITED = "invited"
    """Everybody else: yes, or not this time; nobody asks for a reason."""


class Continuity(StrEnum):
    """Who should come where somebody is served again and again; an item may ask for neither."""

    SAME = "same"
    """The face that is known: whoever came before."""
    ROTATE = "rotate"
    """Everybody in turn: not always the same."""


FREE_TO_REFUSE = frozenset({Asking.INVITED})
"""Whoever is asked in one of these ways says no without a reason; everybody else owes an answer."""


class ReturnReason(StrEnum):
    """Why somebody who was ordered, or is under contract, gives an order back instead of signing in."""

    NOT_OURS = "not_ours"
    """It is not what they are there for."""
    BUSY = "busy"
    """All hands are at work on something else."""
    AWAY = "away"
    """They are off, ill, or not with us any more."""
    NO_MEANS = "no_means"
    """Tools, parts or papers for it are missing."""
    DANGER = "danger"
    """It is not safe: professionals have to see to it."""
    WRONG_ORDER = "wrong_order"
    """Place or matter are not as the order says."""
    OTHER = "other"
    """Something else, which the note says."""


class SaidBy(StrEnum):
    """Whose word it is that somebody is not sent to somebody."""

    MEMBER = "member"
    """The member: not to them again."""
    PERSON = "person"
    """The person served: not this one again."""
    STAFF = "staff"


class ApartReason(StrEnum):
    """Why staff keep a member from a person; people themselves are asked for no reason."""

    ASKED = "asked"
    """One of the two asked for it, by phone or at the desk."""
    RELATIVE = "relative"
    DISPUTE = "dispute"
    SAFETY = "safety"


class CheckKind(StrEnum):
    """What staff see on paper of a member, and until when it holds."""

    INSURANCE = "insurance"
    VETTED = "vetted"
    """A check for work with children."""
    CREDENTIAL = "credential"
    """Any other paper, by its code: a first-aid certificate, a health card for kitchens, a driving licence."""
