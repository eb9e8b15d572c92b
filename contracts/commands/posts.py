"""Commands to notify about the ways out: what providers report, and consents to WeChat's messages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from contracts.commands.notify import NotifyCommand


@dataclass(frozen=True, kw_only=True)
class SmsReceipt:
    """What the provider says of a short message in the end; ``reference`` is its own id of it.

    ``purpose`` is what was said of it when it was sent: the name of our template.
    """

    reference: str
    success: bool
    code: str = ""
    purpose: str = ""


@dataclass(frozen=True, kw_only=True)
class SmsReply:
    """What came back from a phone. ``sequence`` is the provider's number of it, the same when it is pushed again.

    ``sign_name`` and ``dest_code`` are the sign under which, and the number to which it was written, where the provider
    says so. ``account_ids`` are whose phone it is, ``homes`` the communities of these accounts.
    """

    phone: str = field(repr=False)
    text: str = field(repr=False)
    sequence: str
    sign_name: str = ""
    dest_code: str = ""
    account_ids: tuple[str, ...] = ()
    homes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TakeSmsReceipts(NotifyCommand):
    """The platform alone. Result: ``{"known": int, "unknown": int}``: of the unknown the provider is to tell again."""

    METHOD: ClassVar[str] = "take_sms_receipts"
    receipts: tuple[SmsReceipt, ...]


@dataclass(frozen=True, kw_only=True)
class TakeSmsReplies(NotifyCommand):
    """The platform alone: 1 and 2 answer an offer; what else is written becomes a plea (``TakePlea``).

    Result: ``{"outcomes": {"accepted" | "declined" | "over" | "cannot" | "stranger" | "kept" | "in_danger" |
    "too_many": count}}``.
    """

    METHOD: ClassVar[str] = "take_sms_replies"
    replies: tuple[SmsReply, ...]


@dataclass(frozen=True, kw_only=True)
class GiveWechatConsents(NotifyCommand):
    """The actor agreed to so many messages of each template (the platform's ids). ``openid`` is the gateway's to add.

    Result: ``{"consents": [{"template_id", "left", "long_term"}]}``. Raises Conflict ``no-wechat``, Invalid
    ``no-such-template`` and ``invalid-count``.
    """

    METHOD: ClassVar[str] = "give_wechat_consents"
    templates: Mapping[str, int]
    openid: str | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class ReadWechatConsents(NotifyCommand):
    """The templates that the mini-program may ask the actor about, and what is left. Result as of the command above."""

    METHOD: ClassVar[str] = "read_wechat_consents"


@dataclass(frozen=True, kw_only=True)
class StopMail(NotifyCommand):
    """The platform alone: whoever holds this token wants no more mail of its message's category.

    Result: ``{"category"}``. Raises NotFound where the token is none of ours, or its message is forgotten.
    """

    METHOD: ClassVar[str] = "stop_mail"
    token: str
