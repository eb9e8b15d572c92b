"""What somebody wants to be told, how, when and where."""

from dataclasses import replace

from contracts.words import CodePurpose
from tests.services.permissions.people import WORKER, Case
from tests.services.permissions.row import Row, for_all
from tests.services.permissions.rows.identity import an_account, identity_of
from tests.services.permissions.rows.served import somebody_served
from tests.services.permissions.town import Town

SEEN_BEFORE = frozenset({412})
"""Let in, with a revision that is no longer the one."""

NO_WECHAT = 409
"""Let in, where no mini-program is set up."""


def _nothing(_: Town) -> Case:
    return Case(body={})


def _person(town: Town) -> Case:
    return replace(somebody_served(town), account=None)


def _member(_: Town) -> Case:
    return Case(path={"member_id": WORKER}, body={})


def _own(town: Town) -> Case:
    return Case(account=an_account(town).id)


def _address(town: Town) -> Case:
    return replace(_own(town), body={"email": "walker@example.org"})


def _wechat(town: Town) -> Case:
    return replace(_own(town), body={"code": "what-the-phone-says"})


def _confirming(town: Town) -> Case:
    case, codes = _address(town), identity_of(town).codes
    asked = codes.ask(CodePurpose.CONFIRM_EMAIL, "somewhere", "zh-CN")
    code = codes.make(asked, str(case.account), case.body["email"])
    return replace(case, body={**case.body, "code_id": asked.id, "code": code})


ROWS = (
    for_all("GET /api/v1/me/preferences", _nothing),
    for_all("PATCH /api/v1/me/preferences", _nothing, done=SEEN_BEFORE),
    Row("GET /api/v1/people/<person_id>/preferences", _person),
    Row("PATCH /api/v1/people/<person_id>/preferences", _person, done=SEEN_BEFORE),
    Row("GET /api/v1/members/<member_id>/preferences", _member),
    Row("PATCH /api/v1/members/<member_id>/preferences", _member, done=SEEN_BEFORE),
    for_all("GET /api/v1/me/contacts", _own),
    for_all("POST /api/v1/me/contacts/email", _address),
    for_all("POST /api/v1/me/contacts/email/confirm", _confirming),
    for_all("DELETE /api/v1/me/contacts/email", _own),
    for_all("POST /api/v1/me/contacts/wechat", _wechat, done=frozenset({NO_WECHAT})),
    for_all("DELETE /api/v1/me/contacts/wechat", _own),
)
