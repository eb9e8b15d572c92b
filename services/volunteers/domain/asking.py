"""Who is asked at all, and in what way: ordered, under contract, or invited."""

from collections.abc import Iterable

from contracts.dispatch import Asking
from contracts.terms import Terms
from contracts.words import Employment, Policy, WhoMay
from services.volunteers.domain.offer import Offer

_BY_EMPLOYMENT = {
    Employment.DUTY: Asking.ORDERED,
    Employment.PROPERTY: Asking.CONTRACTED,
    Employment.DEPARTMENT: Asking.CONTRACTED,
}
_PEOPLE = frozenset({Employment.VOLUNTEER, Employment.DUTY, Employment.SHOP})
_EXPERTS = frozenset({Employment.PROPERTY, Employment.DEPARTMENT})

_BY_POLICY = {
    Policy.CONTRACTED: _EXPERTS | {Employment.SHOP},
    Policy.DUTY: frozenset({Employment.DUTY}),
}
_BY_WHO_MAY = {
    WhoMay.ANYONE: _PEOPLE,
    WhoMay.TRAINED: _PEOPLE,
    WhoMay.CERTIFIED: _PEOPLE,
    WhoMay.DUTY: frozenset({Employment.DUTY}),
}


def employments(policy: Policy, who_may: WhoMay) -> frozenset[Employment]:
    """Who may be asked at all. Professional work goes to professionals whatever the policy says."""
    if who_may is WhoMay.PROFESSIONAL:
        return _EXPERTS
    return _BY_POLICY.get(policy) or _BY_WHO_MAY[who_may]


def asking_of(employment: Employment, policy: Policy) -> Asking:
    """How a member in that capacity is asked for an order of that policy.

    A shop is under contract where the item is; in the alliance of shops it serves as a neighbour, and is invited.
    """
    if employment is Employment.SHOP and policy is Policy.CONTRACTED:
        return Asking.CONTRACTED
    return _BY_EMPLOYMENT.get(employment, Asking.INVITED)


def companies_first(terms: Terms | None, asked: Iterable[Offer]) -> bool:
    """Are companies asked as teams? Until none is left: then people were *asked* in this round, in a wave of it."""
    if terms is None or not terms.company_first or terms.policy is not Policy.CONTRACTED:
        return False
    return not any(one.wave > 0 and one.team_id is None for one in asked)
