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
