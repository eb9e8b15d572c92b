"""How far a role reaches with a permission: the scope rules, and what each of them means."""

from collections.abc import Mapping
from enum import StrEnum

from contracts.words import Text


class Scope(StrEnum):
    """How far a role reaches with a permission."""

    NONE = "none"
    OWN_ACCOUNT = "own_account"
    OWN_TICKETS = "own_tickets"
    OWN_ASSIGNMENTS = "own_assignments"
    AREAS = "areas"
    BLOCKS = "blocks"
    COMMUNITY = "community"


SCOPES: Mapping[Scope, Text] = {
    Scope.NONE: Text("不用登录,也不看是谁", "no account is needed, and nobody's is looked at"),
    Scope.OWN_ACCOUNT: Text(
        "只限自己的账号和本人的资料,以及委托自己代办的人",
        "one's account, what is held of oneself, for whom one acts",
    ),
    Scope.OWN_TICKETS: Text(
        "只限自己点的单,或别人替自己、自己受托替别人点的单", "orders one placed, or that were placed for one's account"
    ),
    Scope.OWN_ASSIGNMENTS: Text(
        "只限请到自己、由自己接下的单,自己的班,或给自己单位吹了哨的单",
        "orders that one is asked for, may claim or holds a seat of, or to which one's department was called; "
        "one's own shifts",
    ),
    Scope.AREAS: Text("只限角色所在区域及其下级", "what lies in the subtree of the areas for which the role is held"),
    Scope.BLOCKS: Text(
        "只限所管的街区,可以跨社区;办理和看私密内容要等提级到街区",
        "what lies in the blocks for which the role is held, across communities; to act in it, or to see "
        "what is private, only once it came up to them",
    ),
    Scope.COMMUNITY: Text("整个社区", "the whole community"),
}
"""What each scope rule means, for people. Whoever ordered has their own orders too, whatever their roles."""
