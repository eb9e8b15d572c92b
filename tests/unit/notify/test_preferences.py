"""What somebody wants to hear: changed by what they say, and nothing else."""

from datetime import time
from typing import Any

import pytest

from contracts.commands.preferences import ChangePreferences
from contracts.errors import Invalid
from contracts.notices import Every, Gathered, Quiet, QuietMode, Switch, Way
from services.notify.domain.category import Category
from services.notify.domain.own_calendar import UNKNOWN
from services.notify.domain.preferences import MOST_CHANGES, Change, Preferences, one_key
from services.notify.domain.quiet import QuietHours
from tests.fakes.clock import MORNING

THEIRS = Preferences(recipient="account:a", community_id="c")
BY_STAFF = Change(at=MORNING, by="a-officer", staff=True)


def said(preferences: Preferences = THEIRS, **words: Any) -> Preferences:
    return preferences.changed(ChangePreferences(revision="0", **words), BY_STAFF)


def test_what_is_said_holds_and_the_rest_stays() -> None:
    after = said(language="ug", ways=(Way.EMAIL,))
    after = said(after, switches=(Switch("order", Way.SMS, False), Switch("community", Way.SMS, False)))
    after = said(after, digests=(Gathered("community", Every.WEEK),), digest_at="07:30")
    after = said(after, switches=(Switch("order", Way.SMS, True),))
    assert (after.language, after.ways) == ("ug", (Way.EMAIL, Way.WECHAT, Way.SMS))
    assert after.off == {(Category.COMMUNITY, Way.SMS)}
    assert (after.digests, after.digest_at) == ({Category.COMMUNITY: Every.WEEK}, time(7, 30))
    assert said(after, digests=(Gathered("community", Every.TIME),)).digests == {}
    assert said(after, forget=("language",)).language is None


def test_quiet_hours_are_the_communitys_their_own_or_none() -> None:
    assert THEIRS.hours(UNKNOWN) == UNKNOWN.quiet
    own = said(quiet=Quiet(QuietMode.OWN, "22:00", "06:00"))
    assert own.hours(UNKNOWN) == QuietHours(time(22), time(6))
    assert said(own, quiet=Quiet(QuietMode.OFF)).hours(UNKNOWN) is None
    assert said(own, quiet=Quiet(QuietMode.COMMUNITY)).hours(UNKNOWN) == UNKNOWN.quiet


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"switches": (Switch("order", Way.SMS, False), Switch("alarm", Way.SMS, False))}, "switches.1.category"),
        ({"switches": (Switch("account", Way.EMAIL, False),)}, "switches.0.category"),
        ({"switches": (Switch("gossip", Way.SMS, False),)}, "switches.0.category"),
        ({"digests": (Gathered("alarm", Every.DAY),)}, "digests.0.category"),
        ({"digests": (Gathered("", Every.DAY),)}, "digests.0.category"),
        ({"language": "中文"}, "language"),
        ({"language": "zh_CN"}, "language"),
        ({"digest_at": "25:00"}, "digest_at"),
        ({"digest_at": "٠٧:٣٠"}, "digest_at"),
        ({"quiet": Quiet(QuietMode.OWN)}, "quiet.start"),
        ({"quiet": Quiet(QuietMode.OWN, "21:00", "8")}, "quiet.end"),
        ({"quiet": Quiet(QuietMode.OWN, "21:00", "21:00")}, "quiet.end"),
        ({"forget": ("quiet",)}, "forget"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(words: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        said(**words)
    assert refused.value.field == field


def test_what_always_comes_can_be_said_to_come() -> None:
    assert said(switches=(Switch("alarm", Way.SMS, True),), digests=(Gathered("alarm", Every.TIME),)) == THEIRS


def test_who_changed_it_is_on_record_as_often_as_it_was_changed() -> None:
    assert said().changes == ()
    assert said(language="en").changes == (BY_STAFF,)
    many = THEIRS
    for count in range(MOST_CHANGES + 3):
        many = said(many, language="en" if count % 2 else "zh-CN")
    assert len(many.changes) == MOST_CHANGES


def test_a_member_and_their_account_have_the_same() -> None:
    assert one_key("account:m-7") == one_key("member:7") == "member:7"
    assert one_key("account:x") == "account:x"
    assert one_key("person:p") == "person:p"
