"""In what way somebody is asked: ordered, under contract, or invited."""

from contracts.dispatch import Asking
from contracts.words import Employment, Policy

_BY_EMPLOYMENT = {
    Employment.DUTY: Asking.ORDERED,
    Employment.PROPERTY: Asking.CONTRACTED,
    Employment.DEPARTMENT: Asking.CONTRACTED,
}


def asking_of(employment: Employment, policy: Policy) -> Asking:
    """How a member in that capacity is asked for an order of that policy.

    A shop is under contract where the item is; in the alliance of shops it serves as a neighbour, and is invited.
    """
    if employment is Employment.SHOP and policy is Policy.CONTRACTED:
        return Asking.CONTRACTED
    return _BY_EMPLOYMENT.get(employment, Asking.INVITED)
