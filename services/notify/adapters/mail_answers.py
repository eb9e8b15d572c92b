"""What a mail server answers, and what it means here.

Sources: RFC 5321 4.2 (2xx taken, 4xx for now, 5xx for good), RFC 3463 (enhanced codes), RFC 6647 (greylisting).
"""

import re
import ssl
from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPDataError,
    SMTPException,
    SMTPHeloError,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)

from services.notify.adapters.verdicts import Verdict, later, never

_ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_GREY_SECONDS, _FULL_SECONDS, _KEY_SECONDS = 300.0, 3_600.0, 600.0

_FULL = later("mail-box-full", _FULL_SECONDS)
ENHANCED: dict[tuple[str, str], Verdict] = {
    ("5", "1.1"): never("mail-no-such-address"),
    ("5", "1.2"): never("mail-no-such-host"),
    ("5", "1.3"): never("mail-address-illegal"),
    ("5", "1.6"): never("mail-moved"),
    ("5", "1.10"): never("mail-takes-none"),
    ("5", "2.1"): never("mail-box-closed"),
    ("4", "2.2"): _FULL,
    ("5", "2.2"): _FULL,
    ("5", "2.3"): never("mail-too-long"),
    ("4", "7.1"): later("mail-greylisted", _GREY_SECONDS),
    ("5", "7.1"): never("mail-refused"),
}
"""By the class and the rest of an enhanced code. A full box is emptied some day, whatever class it is given."""

CODES: dict[int, Verdict] = {
    421: later("mail-server-busy", 60.0),
    450: later("mail-greylisted", _GREY_SECONDS),
    451: later("mail-greylisted", _GREY_SECONDS),
    452: _FULL,
    530: later("mail-key-refused", _KEY_SECONDS),
    535: later("mail-key-refused", _KEY_SECONDS),
    550: never("mail-no-such-address"),
    551: never("mail-moved"),
    552: _FULL,
    553: never("mail-address-illegal"),
    554: never("mail-refused"),
}
"""By the code alone, where no enhanced one stands beside it."""

OUTCOME_UNKNOWN = later("mail-outcome-unknown", _GREY_SECONDS)
"""The server was gone after it had the words: it may have taken them."""


def replied(code: int, text: bytes | str) -> Verdict:
    """What a reply means."""
    words = text.decode("ascii", "replace") if isinstance(text, bytes) else text
    found = _ENHANCED.search(words)
    if found is not None:
        named = ENHANCED.get((found[1], f"{found[2]}.{found[3]}"))
        if named is not None:
            return named
    if code in CODES:
        return CODES[code]
    # Two hundreds where a refusal is due, or no number of a reply at all: the server speaks something else.
    return (
        never(f"mail-{code}") if 500 <= code < 600 else later(f"mail-{code}" if 400 <= code < 500 else "mail-garbage")
    )


def refused(error: SMTPException | OSError, *, had_words: bool) -> Verdict:
    """What an exception of a try means; *had_words*: the server had been given the message already."""
    if isinstance(error, SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
        return replied(code, text)
    if isinstance(error, SMTPAuthenticationError):
        return later("mail-key-refused", _KEY_SECONDS)
    if isinstance(error, SMTPSenderRefused | SMTPHeloError):
        # Not about whom it goes to: somebody has to set the sender or the server right, and then it goes.
        return later("mail-sender-refused", _KEY_SECONDS)
    if isinstance(error, SMTPDataError | SMTPConnectError):
        return replied(error.smtp_code, error.smtp_error)
    if isinstance(error, SMTPNotSupportedError):
        return later("mail-server-unfit", _KEY_SECONDS)
    if isinstance(error, SMTPServerDisconnected):
        return OUTCOME_UNKNOWN if had_words else later("mail-server-gone", 60.0)
    if isinstance(error, SMTPResponseException):
        return replied(error.smtp_code, error.smtp_error)
    if isinstance(error, ssl.SSLError):
        return later("mail-bad-tls", _KEY_SECONDS)
    if isinstance(error, TimeoutError):
        return OUTCOME_UNKNOWN if had_words else later("mail-timeout", 60.0)
    return OUTCOME_UNKNOWN if had_words else later("mail-unreachable", 60.0)
