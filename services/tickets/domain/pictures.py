"""Which pictures an order takes, and from whom: evidence shows the thing, never a person.

An item says by its evidence which pictures the people at work take; one that names none, such as care in a home or
anything with a child, takes none: the door word or a signature stands for them.
"""

from collections.abc import Mapping

from contracts.actor import Actor
from contracts.catalogue import Evidence, QuestionKind
from contracts.errors import Conflict, Invalid, Refused
from contracts.words import ENDED, PictureKind, Text
from services.tickets.domain import relations
from services.tickets.domain.catalogue import CatalogueItem
from services.tickets.domain.relations import Relation
from services.tickets.domain.ticket import Ticket

_OF_THE_WORK = frozenset({PictureKind.BEFORE, PictureKind.AFTER, PictureKind.THING})
BY_EVIDENCE: Mapping[Evidence, frozenset[PictureKind]] = {
    Evidence.PHOTOS: _OF_THE_WORK,
    Evidence.THING_PHOTO: _OF_THE_WORK,
    Evidence.CASH_SLIP: frozenset({PictureKind.RECEIPT}),
}
"""What the crew and staff may take, by the item's evidence; any other evidence takes no picture."""

OF_THE_REQUESTER = frozenset({PictureKind.BEFORE, PictureKind.THING})
"""Who ordered shows what it is about."""

AT_THE_COUNTER = frozenset({PictureKind.SIGNATURE, PictureKind.MANDATE})
"""What staff take of an order that somebody has taken in: the slips, never who holds them."""

_ORDERED_IT = frozenset({Relation.REQUESTER, Relation.DELEGATE})
_WITH_PEOPLE = Evidence.PHOTOS
_AT_HOME = "home"


def must_admit(
    ticket: Ticket | None,
    item: CatalogueItem | None,
    actor: Actor,
    kind: PictureKind,
    *,
    shows_person: bool,
    question: str | None = None,
) -> Relation:
    """As what the actor may add such a picture now; raises NotFound, Refused, Conflict.

    Raises Invalid ``no-such-question`` where the item asks for no picture under that code.
    """
    known, relation = relations.must_show(ticket, actor)
    if known.status in ENDED:
        raise Conflict(
            "order-ended", Text(zh="这件事已经办结,不能再加照片", en="the order is at its end: no more pictures")
        )
    evidence = item.evidence if item is not None else Evidence.NONE
    kinds = OF_THE_REQUESTER if relation in _ORDERED_IT else BY_EVIDENCE.get(evidence, frozenset())
    if relation is Relation.STAFF and known.counter is not None:
        kinds |= AT_THE_COUNTER
    if relation is Relation.STAFF and question is not None:
        kinds |= OF_THE_REQUESTER  # whoever rang sends it to them, by whatever way they have
    _must_answer(item, question)
    if kind not in kinds:
        raise _not_taken(kinds)
    if shows_person and (item is None or evidence != _WITH_PEOPLE or _AT_HOME in item.delivery):
        raise Refused(
            "no-person-here",
            Text(
                zh="入户和照护类的服务不拍人,请只拍物品",
                en="no person is photographed in a home or in care: show the thing only",
            ),
            field="shows_person",
        )
    return relation


def _must_answer(item: CatalogueItem | None, question: str | None) -> None:
    asked = () if item is None else item.questions
    if question is None or any(one.code == question and one.kind is QuestionKind.PHOTO for one in asked):
        return
    sentence = Text(zh="这个项目没有请您为此拍照", en="this item asks for no picture there")
    raise Invalid("no-such-question", sentence, field="question")


def _not_taken(kinds: frozenset[PictureKind]) -> Refused:
    if not kinds:
        return Refused(
            "no-pictures-here",
            Text(
                zh="这类服务不拍照,用见面口令或签字就可以",
                en="no pictures are taken of such a service: the door word or a signature will do",
            ),
            field="kind",
        )
    allowed = sorted(kind.value for kind in kinds)
    return Refused(
        "not-this-kind",
        Text(zh=f"这里只收这几种照片:{'、'.join(allowed)}", en=f"only these pictures here: {', '.join(allowed)}"),
        field="kind",
    )
