"""Settings of the ways out of the platform: short messages, mail, WeChat, and recipients to try them on."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from chassis.secrets import NO_SECRET, Secret, SettingsError, require_strong_key


@dataclass(frozen=True, kw_only=True)
class PostSettings:
    """Which posts there are: one without an address does not exist. docs/channels.md says how each is set up."""

    post_timeout: float = 10.0
    """Seconds that one try at a provider may take."""
    test_recipients: bool = False
    """Reserved phones, mail addresses and openids are answered here and reach no provider (docs/channels.md). In
    development they always are."""

    sms_url: str = ""
    """Where Aliyun's SendSms is: https://dysmsapi.aliyuncs.com. Empty: there are no short messages."""
    sms_key_id: str = ""
    sms_key_secret: Secret = NO_SECRET
    sms_sign_name: str = ""
    """The name that stands in brackets before every short message, as the provider approved it."""
    sms_templates: tuple[str, ...] = ()
    """``please-help:zh-CN=SMS_1234/local+grid+item`` for each approved template: ours, its language, the provider's
    code, the variables that it has. ``*`` stands for every template of ours, and for every language."""
    sms_callback_key: Secret = NO_SECRET
    """Part of the addresses at which the provider reports receipts and replies. Empty: they are not taken."""

    sms_communities: tuple[str, ...] = ()
    """Whose it is what somebody writes by SMS: ``石榴里=sll,1069042=sll,*=sll``, by the sign under which or the number
    (with its extension) to which they write; ``*`` are all others. An installation of one community needs none."""

    mail_url: str = ""
    """``smtp://user@mail.example.org:587`` (STARTTLS is required), ``smtps://...:465``; ``smtp+plain://`` without TLS
    only on this machine. Empty: there is no mail."""
    mail_password: Secret = NO_SECRET
    mail_from: str = ""
    """The sender's address, like ``石榴里社区 <shiliu@example.org>``."""

    wechat_url: str = ""
    """https://api.weixin.qq.com. Empty: there is no WeChat."""
    wechat_app_id: str = ""
    wechat_app_secret: Secret = NO_SECRET
    wechat_templates: tuple[str, ...] = ()
    """``please-help=TEMPLATE_ID/thing1:item+thing2:local`` for each: ours, the platform's id, its keywords and what
    goes into each. ``*`` stands for every template of ours."""
    wechat_long_term: tuple[str, ...] = ()
    """Ids of templates of which one consent is good for all messages, until it is taken back."""
    wechat_page: str = ""
    """The page of the mini-program that a message opens; ``{ticket}`` in it becomes the order's id."""


def check_posts(settings: PostSettings, *, production: bool) -> None:
    """Raises SettingsError, naming the setting, where a post has an address and cannot work."""
    if settings.sms_url:
        _check_web("SHILIU_SMS_URL", settings.sms_url, production)
        _check_given("SHILIU_SMS_KEY_ID", settings.sms_key_id)
        _check_given("SHILIU_SMS_KEY_SECRET", settings.sms_key_secret)
        _check_given("SHILIU_SMS_SIGN_NAME", settings.sms_sign_name)
        _check_given("SHILIU_SMS_TEMPLATES", settings.sms_templates)
    if settings.sms_callback_key:
        require_strong_key("SHILIU_SMS_CALLBACK_KEY", settings.sms_callback_key)
    if settings.mail_url:
        _check_mail(settings.mail_url, production)
        _check_given("SHILIU_MAIL_FROM", settings.mail_from)
    if settings.wechat_url:
        _check_web("SHILIU_WECHAT_URL", settings.wechat_url, production)
        _check_given("SHILIU_WECHAT_APP_ID", settings.wechat_app_id)
        _check_given("SHILIU_WECHAT_APP_SECRET", settings.wechat_app_secret)


def _check_given(variable: str, value: object) -> None:
    if not value:
        raise SettingsError(f"{variable}:还没有设置,没有它发不出去 / is missing: nothing can be sent without it")


def _check_web(variable: str, url: str, production: bool) -> None:
    parts = urlsplit(url)
    allowed = ("https",) if production else ("https", "http")
    if parts.scheme not in allowed or not parts.hostname:
        raise SettingsError(
            f"{variable}:要像 https://host 的地址 / has to be an address like https://host (in production HTTPS alone)"
        )


def _check_mail(url: str, production: bool) -> None:
    parts = urlsplit(url)
    allowed = ("smtp", "smtps") if production else ("smtp", "smtps", "smtp+plain")
    if parts.scheme not in allowed or not parts.hostname:
        raise SettingsError(
            "SHILIU_MAIL_URL:要像 smtp://user@host:587 或 smtps://user@host:465"
            " / has to look like smtp://user@host:587 or smtps://user@host:465"
        )
