"""Who may do what about a person: themselves, who acts for them, staff where they live; for others nobody is there."""

from dataclasses import dataclass
from enum import StrEnum

from contracts.actor import DISPATCHERS, STAFF, Actor
from contracts.errors import NotFound, Refused
from contracts.words import Given, Permit, Text
from services.tickets.domain.person import Person


class Standing(StrEnum):
    """What an actor is to a person, as a reveal row names it."""

    SELF = "self"
    DELEGATE = "delegate"
    STAFF = "staff"


def no_such_person() -> NotFound:
    """The one answer for people who are not there and people who are none of the actor's business."""
    return NotFound("no-such-person", Text(zh="没有找到这个人", en="there is no such person"))


def is_self(person: Person, actor: Actor) -> bool:
    """Does the actor sign in as this person?"""
    return person.account_id is not None and person.account_id == actor.account_id


def is_staff(person: Person, actor: Actor) -> bool:
    """Does the actor work for the community where the person lives (unsaid: for the whole of it)?"""
    return actor.has(STAFF, person.area_path)


def must_know(person: Person | None, actor: Actor) -> tuple[Person, Standing]:
    """The person, for an actor who may know that there is one, and as what; raises NotFound."""
    if person is None or person.community_id != actor.community_id:
        raise no_such_person()
    if is_self(person, actor):
        return person, Standing.SELF
    if is_staff(person, actor):
        return person, Standing.STAFF
    if person.delegate(actor.account_id) is not None:
        return person, Standing.DELEGATE
    raise no_such_person()


def must_be_staff(person: Person | None, actor: Actor) -> Person:
    """The person, for staff where they live; raises NotFound, or Refused for who may know them but not do this."""
    known, standing = must_know(person, actor)
    if standing is not Standing.STAFF:
        raise Refused("staff-only", Text(zh="这一步由社区工作人员来做", en="this step is for the community's staff"))
    return known


def must_dispatch(person: Person | None, actor: Actor) -> Person:
    """The person, for who dispatches where they live; raises NotFound or Refused."""
    known = must_be_staff(person, actor)
    if not actor.has(DISPATCHERS, known.area_path):
        raise Refused("dispatchers-only", Text(zh="更正由社区调度来做", en="a dispatcher takes it back"))
    return known


@dataclass(frozen=True)
class Yes:
    """Somebody said yes: how, and before whom; ``witness`` is None for their own tap."""

    how: Given
    witness: str | None


def yes_of(person: Person | None, actor: Actor, how: Given | None) -> tuple[Person, Yes]:
    """The person, and how they said yes: by their own tap, else before the member of staff who acts.

    Raises NotFound, or Refused where the actor is neither.
    """
    known, standing = must_know(person, actor)
    how = how or (Given.TAP if standing is Standing.SELF else Given.CALL)
    if how is Given.TAP:
        if standing is not Standing.SELF or known.minor:
            raise Refused("own-tap", Text(zh="只有本人能自己点同意", en="only the person can agree by their own tap"))
        return known, Yes(how, None)
    if standing is not Standing.STAFF:
        raise Refused(
            "before-staff", Text(zh="签字或电话同意要由工作人员见证", en="a signature or a call is witnessed by staff")
        )
    return known, Yes(how, actor.account_id)


def must_reveal(person: Person | None, actor: Actor, reason: str | None) -> tuple[Person, Standing, bool]:
    """The person whose name the actor may read, as what, and whether address and phone too.

    Raises NotFound, or Refused ``reason-needed`` for staff who do not say why.
    """
    known, standing = must_know(person, actor)
    if standing is Standing.SELF:
        return known, standing, True
    if standing is Standing.STAFF:
        if not reason:
            raise Refused("reason-needed", Text(zh="请写明查看的原因", en="say why you need to see it"))
        return known, standing, True
    delegation = known.delegate(actor.account_id)
    may = () if delegation is None else delegation.may
    if not {Permit.SEE, Permit.ORDER, Permit.SEE_ADDRESS} & set(may):
        raise no_such_person()
    return known, standing, Permit.SEE_ADDRESS in may
