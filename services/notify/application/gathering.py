"""Several messages to the same people that were put off go out as one: a digest, or what a provider could not take."""

from collections.abc import Sequence
from dataclasses import replace

from services.notify.application.parcels import Parcel
from services.notify.application.ports import Delivery, Templates
from services.notify.application.routing import FORMS, OVERFLOW, PUT_TOGETHER
from services.notify.application.sending_ports import Letter
from services.notify.domain.digest import DIGEST, MOST_CHARACTERS, MOST_LINES, Line, lines_of, told_in_one
from services.notify.domain.message import GROUP
from services.notify.domain.template import Form


def gathered(parcels: Sequence[Parcel], templates: Templates) -> list[Parcel]:
    """The same parcels, those that belong together in one; the first of them where the first of them was."""
    together: dict[object, list[Parcel]] = {}
    for number, parcel in enumerate(parcels):
        together.setdefault(_whose(parcel) or number, []).append(parcel)
    return [one[0] if len(one) == 1 else _in_one(one, templates) for one in together.values()]


def _whose(parcel: Parcel) -> object | None:
    """Whose it is, where it may be gathered: what failed together is tried together again, for its tries are the same.

    The language is the reader's, not the words': what is not there in it is told beside what is.
    """
    message = parcel.first.message
    if parcel.first.put_off not in ((OVERFLOW,) if message.channel == GROUP else (PUT_TOGETHER, OVERFLOW)):
        return None
    tries = tuple((one.target, one.status, one.settled is None) for one in parcel.first.attempts)
    return (message.community_id, message.recipient, parcel.addresses, parcel.locale, tries)


def _in_one(parcels: Sequence[Parcel], templates: Templates) -> Parcel:
    first = parcels[0]
    deliveries = tuple(delivery for parcel in parcels for delivery in parcel.deliveries)
    letters = {
        way: _letter(deliveries, [parcel.letters[way] for parcel in parcels], first.locale, way, templates)
        for way in first.letters
    }
    return replace(first, deliveries=deliveries, letters=letters)


def _letter(
    deliveries: Sequence[Delivery], letters: Sequence[Letter], locale: str, way: str, templates: Templates
) -> Letter:
    first = letters[0]
    same = {letter.thread for letter in letters} == {first.thread}
    times = {one.message.id: one.message.at for one in deliveries}
    lines = lines_of(
        [Line(message_id=one.message_id, title=one.title, body=one.body, at=times[one.message_id]) for one in letters],
        locale,
    )
    said = told_in_one(lines[:MOST_LINES], len(lines), MOST_CHARACTERS)
    community = first.community_id
    version = templates.newest(community, DIGEST)
    form = FORMS.get(way, Form.LETTER)
    rendered = templates.render(DIGEST, locale, said, version, community_id=community, form=form)
    return replace(
        first,
        template=DIGEST,
        version=version,
        locale=rendered.locale,
        title=rendered.title,
        body=rendered.body,
        params={"count": len(letters)},
        thread=first.thread if same else "",
        number=first.number if same else "",
        urgent=any(letter.urgent for letter in letters),
        offer_id=None,
    )
