"""Several messages to the same people that were put off go out as one: a digest, or what a robot could not take."""

from collections.abc import Sequence
from dataclasses import replace

from services.notify.application.parcels import Parcel
from services.notify.application.ports import Delivery
from services.notify.application.routing import DIGEST, OVERFLOW
from services.notify.application.sending_ports import Letter
from services.notify.domain.digest import Line, words_of
from services.notify.domain.message import GROUP

TEMPLATE = "digest"
"""By this name a way that has templates of its own knows that it is several in one."""


def gathered(parcels: Sequence[Parcel]) -> list[Parcel]:
    """The same parcels, those that belong together in one; the first of them where the first of them was."""
    together: dict[object, list[Parcel]] = {}
    for number, parcel in enumerate(parcels):
        together.setdefault(_whose(parcel) or number, []).append(parcel)
    return [one[0] if len(one) == 1 else _in_one(one) for one in together.values()]


def _whose(parcel: Parcel) -> object | None:
    """Whose it is, where it may be gathered; what was tried before stays by itself, for its tries are its own."""
    message = parcel.first.message
    if parcel.first.attempts or parcel.first.put_off != (OVERFLOW if message.channel == GROUP else DIGEST):
        return None
    return (message.community_id, message.recipient, parcel.addresses, parcel.letter.locale)


def _in_one(parcels: Sequence[Parcel]) -> Parcel:
    first = parcels[0]
    deliveries = tuple(delivery for parcel in parcels for delivery in parcel.deliveries)
    letters = {way: _letter(deliveries, [parcel.letters[way] for parcel in parcels]) for way in first.letters}
    return replace(first, deliveries=deliveries, letters=letters)


def _letter(deliveries: Sequence[Delivery], letters: Sequence[Letter]) -> Letter:
    first = letters[0]
    same = {letter.thread for letter in letters} == {first.thread}
    times = {one.message.id: one.message.at for one in deliveries}
    lines = [
        Line(message_id=one.message_id, title=one.title, body=one.body, at=times[one.message_id]) for one in letters
    ]
    title, body = words_of(lines, first.locale)
    return replace(
        first,
        template=TEMPLATE,
        version=0,
        title=title,
        body=body,
        params={"count": len(letters)},
        thread=first.thread if same else "",
        number=first.number if same else "",
        urgent=any(letter.urgent for letter in letters),
        offer_id=None,
    )
