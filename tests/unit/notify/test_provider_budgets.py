"""What a provider takes of all of us is counted where it is set up, and only there."""

from dataclasses import replace

import pytest

from chassis.robot_settings import RobotSettings, check_robots
from chassis.secrets import SettingsError
from chassis.settings import Settings
from services.notify.adapters.account_budget import of_the_account, of_the_mini_program
from services.notify.application.sending_ports import Limit


def test_wechat_is_counted_by_the_minute_and_the_day_as_short_messages_are() -> None:
    settings = replace(Settings(), wechat_url="https://wechat.example", wechat_per_minute=7, wechat_per_day=70)
    assert of_the_mini_program(settings) == (Limit(most=7, seconds=60), Limit(most=70, seconds=86_400))
    assert of_the_account(settings) == of_the_mini_program(Settings()) == ()


@pytest.mark.parametrize("name", ["wechat_per_minute", "wechat_per_day"])
def test_a_budget_of_nothing_names_its_setting(name: str) -> None:
    with pytest.raises(SettingsError, match=f"SHILIU_{name.upper()}"):
        check_robots(replace(RobotSettings(), **{name: 0}), production=False)
