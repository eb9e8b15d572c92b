"""What Aliyun's SMS service answers, and what it means here: to SendSms at once, and in the receipts that come later.

Sources: API错误码 https://help.aliyun.com/document_detail/101346.html, 回执错误码
https://help.aliyun.com/document_detail/101347.html, 公共错误码 (Throttling, SignatureDoesNotMatch, InvalidAccessKeyId).
"""

from collections.abc import Mapping
from typing import Any

from services.notify.adapters.verdicts import Verdict, later, never, unknown
from services.notify.application.sending_ports import Sent
from services.notify.domain.message import DeliveryStatus

WAY = "sms"
TAKEN = "OK"
_HOUR, _DAY = 3_600.0, 86_400.0

_NUMBER = never("sms-number-illegal")
_WORDS = never("sms-words-refused")
_TEMPLATE = never("sms-template-unusable")
_ACCOUNT = later("sms-account", _HOUR)
_KEY = later("sms-key-refused", 600.0)
_BUSY = later("sms-provider-busy", 30.0)

ANSWERS: Mapping[str, Verdict] = {
    "isv.MOBILE_NUMBER_ILLEGAL": _NUMBER,
    "isv.DOMESTIC_NUMBER_NOT_SUPPORTED": _NUMBER,
    "isv.MOBILE_COUNT_OVER_LIMIT": _NUMBER,
    "isv.BUSINESS_LIMIT_CONTROL": later("sms-too-many-to-number", 60.0),
    "isv.DAY_LIMIT_CONTROL": later("sms-day-limit", _HOUR),
    "isv.MONTH_LIMIT_CONTROL": later("sms-month-limit", _DAY),
    "isv.AMOUNT_NOT_ENOUGH": later("sms-no-money", _HOUR),
    "isv.OUT_OF_SERVICE": later("sms-no-money", _HOUR),
    "isv.ACCOUNT_NOT_EXISTS": _ACCOUNT,
    "isv.ACCOUNT_ABNORMAL": _ACCOUNT,
    "isv.PRODUCT_UN_SUBSCRIPT": _ACCOUNT,
    "isv.PRODUCT_UNSUBSCRIBE": _ACCOUNT,
    "isv.DENY_IP_RANGE": _ACCOUNT,
    "isp.RAM_PERMISSION_DENY": _KEY,
    "SignatureDoesNotMatch": _KEY,
    "IncompleteSignature": _KEY,
    "InvalidAccessKeyId.NotFound": _KEY,
    "InvalidAccessKeyId.Inactive": _KEY,
    "Forbidden.RAM": _KEY,
    "SignatureNonceUsed": later("sms-nonce-used", 1.0),
    "InvalidTimeStamp.Expired": later("sms-clock-wrong", 600.0),
    "isv.SMS_TEMPLATE_ILLEGAL": _TEMPLATE,
    "isv.SMS_SIGNATURE_ILLEGAL": _TEMPLATE,
    "isv.SMS_SIGN_ILLEGAL": _TEMPLATE,
    "isv.SIGN_STATE_ILLEGAL": _TEMPLATE,
    "isv.SMS_SIGNATURE_SCENE_ILLEGAL": _TEMPLATE,
    "isv.TEMPLATE_MISSING_PARAMETERS": _TEMPLATE,
    "isv.TEMPLATE_PARAMS_ILLEGAL": _TEMPLATE,
    "isv.INVALID_PARAMETERS": _TEMPLATE,
    "isv.INVALID_JSON_PARAM": _TEMPLATE,
    "isv.PARAM_LENGTH_LIMIT": never("sms-too-long"),
    "isv.PARAM_NOT_SUPPORT_URL": _WORDS,
    "isv.SMS_CONTENT_ILLEGAL": _WORDS,
    "isv.BLACK_KEY_CONTROL_LIMIT": _WORDS,
    "isp.SYSTEM_ERROR": _BUSY,
    "isp.UNKNOWN_ERROR": _BUSY,
    "Throttling": _BUSY,
    "Throttling.User": _BUSY,
    "Throttling.Api": _BUSY,
    "ServiceUnavailable": _BUSY,
    "ServiceUnavailableTemporary": _BUSY,
    "InternalError": _BUSY,
}

_LIMITS = (("分钟", 60.0), ("小时", _HOUR), ("天", _DAY))
"""Which of the limits to one number was reached stands only in the sentence (触发小时级流控Permits:5)."""

_GONE = never("sms-no-such-number")
_REFUSED = never("sms-number-refuses")
_OFF = later("sms-phone-off", _HOUR)

RECEIPTS: Mapping[str, Verdict] = {
    # The provider's own words.
    "MOBILE_NOT_ON_SERVICE": _GONE,
    "MOBILE_ACCOUNT_ABNORMAL": _GONE,
    "INVALID_NUMBER": _GONE,
    "MOBILE_IN_BLACK": _REFUSED,
    "USER_REJECT": _REFUSED,
    "CONTENT_KEYWORD": _WORDS,
    "CONTENT_ERROR": _WORDS,
    "MOBILE_TERMINAL_ERROR": _OFF,
    "MOBILE_SEND_LIMIT": later("sms-too-many-to-number", _HOUR),
    "NO_ROUTE": _BUSY,
    "SP_UNKNOWN_ERROR": _BUSY,
    # What carriers say (CMPP 2.0, Stat of a report), which the provider passes on as it is.
    "MK:0001": _GONE,
    "REJECTD": _REFUSED,
    "UNDELIV": _OFF,
    "EXPIRED": _OFF,
    "DELETED": _BUSY,
    "UNKNOWN": _BUSY,
}
"""A code of ``ANSWERS`` may come in a receipt, too: the provider looks at some things only after it has answered."""


def judged(body: Mapping[str, Any] | None, status: int, wait: float | None) -> Sent:
    """Success is what the body says, whatever the status of HTTP around it."""
    code = None if body is None else body.get("Code")
    if not isinstance(code, str):
        return later("sms-not-understood" if status < 500 else f"sms-http-{status}").sent(wait)
    if code == TAKEN and body is not None:
        reference = body.get("BizId")
        return Sent(status=DeliveryStatus.SENT, reference=reference if isinstance(reference, str) else None)
    verdict = ANSWERS.get(code) or unknown(WAY, code)
    if code == "isv.BUSINESS_LIMIT_CONTROL" and body is not None:
        wait = wait or next((seconds for word, seconds in _LIMITS if word in str(body.get("Message"))), None)
    return verdict.sent(wait)


def received(success: bool, code: str) -> Sent:
    """What a receipt says in the end."""
    if success:
        return Sent(status=DeliveryStatus.DELIVERED)
    return (RECEIPTS.get(code) or ANSWERS.get(code) or unknown("sms-receipt", code)).sent()
