"""What providers push to us, and the page that a mail leads to: no account, but a key or a token in the path."""

from tests.services.permissions.people import Case
from tests.services.permissions.row import for_all
from tests.services.permissions.town import Town

NOBODYS = {"key": "a-key-that-somebody-guessed", "token": "a-token-that-somebody-guessed"}
REFUSED = frozenset({404})


def _receipts(_: Town) -> Case:
    return Case(path=NOBODYS, body=[{"biz_id": "1^0", "success": True}])


def _replies(_: Town) -> Case:
    return Case(path=NOBODYS, body=[{"phone_number": "13800138000", "content": "1", "sequence_id": 1}])


def _mail(_: Town) -> Case:
    return Case(path=NOBODYS)


def _consents(_: Town) -> Case:
    """Nobody here has connected their WeChat, and no template is set up."""
    return Case(body={"templates": {"T1": 1}})


def _signing_in(_: Town) -> Case:
    """WeChat is not set up here."""
    return Case(body={"code": "what wx.login gave"})


ROWS = (
    for_all("POST /api/v1/callbacks/sms/<key>/receipts", _receipts, done=REFUSED),
    for_all("POST /api/v1/callbacks/sms/<key>/replies", _replies, done=REFUSED),
    for_all("GET /api/v1/mail/stop/<token>", _mail, done=REFUSED),
    for_all("POST /api/v1/mail/stop/<token>", _mail, done=REFUSED),
    for_all("POST /api/v1/sessions/wechat", _signing_in, done=frozenset({409})),
    for_all("GET /api/v1/me/wechat/consents", _consents),
    for_all("POST /api/v1/me/wechat/consents", _consents, done=frozenset({404, 409})),
)
