"""Settings of the robots that write into chat groups, and of how much each way out takes."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from chassis.secrets import SettingsError


@dataclass(frozen=True, kw_only=True)
class RobotSettings:
    """Where they are spoken to and how much they take; docs/robots.md says how one is set up."""

    wecom_url: str = "https://qyapi.weixin.qq.com"
    """WeCom's own address; elsewhere only for tests and demonstrations."""
    dingtalk_url: str = "https://oapi.dingtalk.com"
    wecom_pause: float = 60.0
    dingtalk_pause: float = 600.0
    """Seconds for which a robot is left alone after it was told that it writes too much."""
    robot_per_minute: int = 20
    """Messages that one robot sends in any minute, by all instances together; what is more goes in one."""
    sms_per_person_a_day: int = 50
    """Short messages to one number in any 24 hours: as many as the provider takes of one template."""
    sms_per_minute: int = 300
    sms_per_day: int = 5_000
    """Short messages of the whole account at the provider, in any minute and any 24 hours, by all instances together;
    what is more waits and goes out together, urgent first. The day's bounds what a mistake may cost."""
    wechat_per_minute: int = 300
    wechat_per_day: int = 100_000
    """WeChat messages of the whole mini-program, counted in the same way."""
    mail_per_minute: int = 300
    """Mails of the whole installation in any minute."""
    robot_failures: int = 3
    """Failures for good, one after the other, after which a robot is turned off and staff are told."""
    robot_interval: float = 1.0
    """Between two looks for what waits for robots."""


_AT_LEAST_ONE = (
    *("robot_per_minute", "robot_failures"),
    *("sms_per_person_a_day", "sms_per_minute", "sms_per_day", "mail_per_minute"),
    *("wechat_per_minute", "wechat_per_day"),
)


def check_robots(settings: RobotSettings, *, production: bool) -> None:
    """Raises SettingsError, naming the setting: in production providers are spoken to by TLS alone."""
    allowed = ("https",) if production else ("https", "http")
    for variable, url in (("SHILIU_WECOM_URL", settings.wecom_url), ("SHILIU_DINGTALK_URL", settings.dingtalk_url)):
        parts = urlsplit(url)
        if parts.scheme not in allowed or not parts.hostname:
            raise SettingsError(f"{variable}:要像 https://host 的地址 / has to be an address like https://host")
    for name in _AT_LEAST_ONE:
        if getattr(settings, name) < 1:
            raise SettingsError(f"SHILIU_{name.upper()}:要至少是 1 / has to be at least 1")
