"""Words and rules of notices: whoever keeps them does so for their own community, and there is no other to be seen."""

from itertools import count

from tests.services.permissions.people import Case
from tests.services.permissions.row import DONE, for_all
from tests.services.permissions.town import Town

ONE = "/api/v1/notice-templates/<template>"
NAME = "still-looking"
SEEN_LONG_AGO = 412
_KEYS = count()
TEXTS = {
    "zh-CN": {"title": "开放认领", "body": "{{ number }}可以认领了。"},
    "en": {"title": "Open", "body": "{{ number }} can be claimed."},
}


def _template(_: Town) -> Case:
    return Case(path={"template": NAME}, body={"texts": TEXTS})


def _back(_: Town) -> Case:
    return Case(path={"template": NAME}, body={"version": 1})


def _own(_: Town) -> Case:
    words = {locale: {"title": "A", "body": "{{ number }}"} for locale in ("zh-CN", "en")}
    of_it = {"id": f"own-{next(_KEYS)}", "event": "shiliu.ticket.closed.v1", "audience": "dispatchers"}
    return Case(body={**of_it, "texts": words})


def _rules(_: Town) -> Case:
    return Case(body={"changed": [], "own": []})


ROWS = (
    for_all("GET /api/v1/notice-templates", lambda _: Case()),
    for_all("POST /api/v1/notice-templates", _own),
    for_all(f"GET {ONE}", _template),
    # The platform's own are never deleted: whoever may delete any is told so.
    for_all(f"DELETE {ONE}", _template, done=DONE | {409}),
    for_all(f"PUT {ONE}", _template, done=DONE | {SEEN_LONG_AGO}),
    for_all(f"POST {ONE}/versions", _template),
    for_all(f"POST {ONE}/restore", _back),
    for_all(f"POST {ONE}/preview", lambda _: Case(path={"template": NAME}, body={})),
    for_all("GET /api/v1/notice-rules", lambda _: Case()),
    for_all("PUT /api/v1/notice-rules", _rules, done=DONE | {SEEN_LONG_AGO}),
    for_all("GET /api/v1/notice-rules/choices", lambda _: Case()),
)
