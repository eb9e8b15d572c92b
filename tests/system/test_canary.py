"""The canary: a mark in everything that a person may type, the main flow, and then a look everywhere.

Text fields are found in the description of the API, in the commands and in the columns of the import, so that a new
field is covered without being named here. What is found where it may not be names the field and the place.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.system.canary import calls, places
from tests.system.canary.flow import ROLES, every_answer, everything_else, main_flow, odd_requests
from tests.system.canary.places import Spy
from tests.system.canary.town import a_town
from tests.system.canary.witness import Witness
from tests.system.stops.door import Stream

pytestmark = [pytest.mark.stack, pytest.mark.slow, pytest.mark.timeout(400)]

OPEN: tuple[tuple[str, str, str], ...] = (
    (r"members\.csv display_name", r".*", "chosen by the member to be shown"),
    (r"POST /api/v1/accounts login", r"(database gateway\.accounts|answer .*/accounts).*", "a name to sign in with"),
    (
        r"(POST|PATCH) /api/v1/robots.* label",
        r"answer .* /api/v1/robots.* to (admin|S01)",
        "who keeps robots calls them so",
    ),
    (
        r"POST /api/v1/webhooks url's host",
        r"answer (GET|POST) /api/v1/community-webhooks.* 200 to (admin|S01)",
        "who oversees webhooks sees at which host each is, and no more of its address",
    ),
)
"""What may be seen: the field, where, and why."""


@dataclass
class Seen:
    """What the town's day left behind."""

    witness: Witness
    found: dict[tuple[str, str], int]
    faults: list[str]
    sung: set[str]
    """The kinds of place where a mark was found that had been put there."""
    heard: int
    """Events that were looked at."""


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    with a_town(tmp_path_factory.mktemp("canary")) as (stack, witness):
        spy = Spy(stack.amqp_url)
        streams = {who: Stream(stack.ports["http"], witness.tokens[who]) for who in ROLES}
        witness.day = places.WORK
        pool = main_flow(witness)
        witness.day = places.AFTERWARDS
        every_answer(witness, pool)
        odd_requests(witness)
        faults = calls.call_everything(stack.settings(), witness.marks)
        everything_else(witness, pool)
        every_answer(witness, pool)
        for stream in streams.values():
            stream.close()
        frames = {who: stream.frames for who, stream in streams.items()}
        found = places.everywhere(stack, witness, spy, frames)
        assert frames["resident"], "the streams are dumb"
        assert frames["C01"], "the streams are dumb"
        planted = places.plant_everywhere(stack, witness, frames)
        sung = {
            where.partition(" ")[0] for one, where in places.everywhere(stack, witness, spy, frames) if one == planted
        }
        spy.close()
        yield Seen(witness, found, faults, sung, spy.heard)


def test_nothing_private_is_found_where_it_may_not_be(seen: Seen) -> None:
    hidden = {spot: count for spot, count in seen.found.items() if not _open(*spot)}
    leaks = sorted(f"{place} -> {where} ({count}x)" for (place, where), count in hidden.items())
    assert not leaks, "\n".join(["", *leaks])


def test_the_canary_sings_wherever_a_mark_is_put(seen: Seen) -> None:
    assert seen.sung == {"event", "queue", "database", "log", "answer", "stream"}
    assert seen.heard > 20


def test_nothing_fails_inside_over_what_anybody_may_type(seen: Seen) -> None:
    failed = [one for one in seen.witness.answers if one.status == 500]
    broken = {f"{one.operation} as {one.who or 'nobody'}: {one.text}" for one in failed}
    assert not broken | set(seen.faults), "\n".join(["", *sorted(broken), *seen.faults])


def test_the_marks_were_really_there(seen: Seen) -> None:
    """What came in is shown where it is to be shown: so a mark that is found nowhere was not lost on the way."""
    entered = seen.witness.entered
    assert len(entered) > 10
    shown = {
        planted.place
        for answer in seen.witness.answers
        if answer.permission == "read_private" and answer.status == 200
        for planted in seen.witness.marks.found_in(answer.text)
    }
    private = ("POST /api/v1/tickets description", "POST /api/v1/tickets beneficiary.")
    typed = {place for place in entered if place.startswith(private)}
    assert len(typed) >= 5
    assert typed <= shown


def _open(place: str, where: str) -> bool:
    return any(re.fullmatch(field, place) and re.fullmatch(spot, where) for field, spot, _ in OPEN)
