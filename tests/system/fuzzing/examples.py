"""One well-formed request for each operation, about things that there are: what lies behind the checks is asked too.

They go into the live description as its examples; Schemathesis sends them before it makes up others.
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from itertools import cycle
from typing import Any
from uuid import uuid4

from gateway.api.commanding import KEY_HEADER
from tests.system.canary.routes import JSON, Operation, operations
from tests.system.fuzzing.town import HOOK, TEMPLATE

Ids = Mapping[str, Sequence[str]]
"""What there is, by the names that routes have for it."""

SAID = {
    "phone": "13800001234",
    "password": "fuzz-Seven-pomegranates",
    "go_to": "property",
    "text_version": "2026-11",
    "locale": "zh",
    "answer": "satisfied",
    "agreed_on": "2026-11-20",
    "reason_code": "other",
    "languages": "zh",
}
"""What a text has to be where not every one will do."""
WORDS = "米和油"
ASKED = {"limit": 5, "wait": 0, "kind": "thing"}
"""By questions in the address."""
BY_HEADER = "X-Asked-By"
ASKED_BY = {"name": BY_HEADER, "in": "header", "schema": {"type": "string"}, "example": "fuzzer"}
RARE = frozenset(
    {"subject_kind", "subject_id", "hidden_from", "beneficiary", "requester_id", "beneficiary_id", "nature", "seats"}
    | {"event_id", "secret", "answers", "wanted", "eligible", "without_evidence", "external", "follow"}
    | {"next_answer_by", "referred_to", "reference", "explanation_code", "tries", "said"}
    | {"about", "guardian", "guardian_account", "member_id", "member_no", "community_id", "display_name"}
)
"""Fields that make something rarer of it, or need something beside them."""
ACCOUNT_STAYS = ("POST /api/v1/people/{person_id}/details", "POST /api/v1/people")
BY_PHONE = "POST /api/v1/codes"
HANDLED = {
    "POST /api/v1/tickets/handled": "policy-advice",
    "POST /api/v1/counter/tickets": "one-stop-counter",
    "POST /api/v1/tickets/{ticket_id}/parts": "policy-advice",
}
"""Items of which something is done: on the spot without a picture, at the counter, by others for it."""
BY_TOUCH = "POST /api/v1/tickets/{ticket_id}/close-at-counter"
OTHER_TICKETS = {"accept": "waiting", "reject": "refused", "pictures/{picture_id}": "pictured"} | {
    "ledger/{request_id}": "asked_for",
    "whistles/{team}": "whistled",
    "take-in": "for_the_counter",
    "close-at-counter": "to_be_signed",
    **dict.fromkeys(("hand-over", "appointment", "papers", "parts", "mandate"), "owned"),
}
"""Operations that make sense of certain orders only, by a part of their path; the name that those ids have."""
KEPT: Mapping[str, Mapping[str, Any]] = {
    "/webhooks": {**HOOK, "areas": []},
    "/robots": {"locale": "zh-CN", "categories": ["order"]},
    "/notice-templates": {**TEMPLATE, "id": "own-fuzz", "values": {}},
    "/notice-rules": {"changed": [], "own": []},
}
"""What fields of these paths hold, where a word of the same name will not do."""


def with_examples(description: Mapping[str, Any], ids: Ids) -> dict[str, Any]:
    """*description*, with an example of each operation's path, headers and body; of several things each in turn."""
    told = deepcopy(dict(description))
    turns = {name: cycle(found) for name, found in ids.items() if found}
    for operation in operations(told):
        methods = told["paths"][operation.path]
        spec = methods[operation.method.lower()]
        # Only what has an example is sent as one.
        spec.setdefault("parameters", []).append(ASKED_BY)
        for parameter in (*methods.get("parameters", ()), *spec["parameters"]):
            name = _name(operation, parameter["name"])
            if name in turns:
                parameter["example"] = next(turns[name])
            elif name in ASKED:
                parameter["example"] = ASKED[name]
            elif name == KEY_HEADER:
                parameter["example"] = uuid4().hex
        body = spec.get("requestBody", {}).get("content", {}).get(JSON)
        if body is not None:
            body["example"] = _body(operation, ids)
    return told


def _name(operation: Operation, parameter: str) -> str:
    if parameter != "ticket_id":
        return parameter
    return next((name for part, name in OTHER_TICKETS.items() if f"/{part}" in operation.path), parameter)


def _body(operation: Operation, ids: Ids) -> dict[str, Any]:
    known: dict[str, Any] = {name: found[0] for name, found in ids.items() if found}

    def say(field: str) -> str:
        name = field.rpartition(".")[2]
        return f"fuzz-{uuid4().hex[:8]}" if name == "login" else known.get(name, SAID.get(name, WORDS))

    left_out = RARE
    if operation.name in ACCOUNT_STAYS:
        left_out |= {"account_id"}
        del known["account_id"]
    known["account_ids"] = list(ids["account_id"][:1])
    known["businesses"], known["seen"] = ["B01"], ["id-card"]
    known["purpose"] = "picture_record"
    known |= {} if not operation.path.endswith("/escalate") else {"reason": "joint", "to": "chief_of_blocks"}
    known["teams"] = list(ids.get("whistle_teams", ()))
    known |= next((said for part, said in KEPT.items() if part in operation.path), {})
    if operation.name in HANDLED:
        known["item_id"] = HANDLED[operation.name]
    if operation.name == BY_TOUCH:
        left_out |= {"picture_id"}
        del known["picture_id"]
    if operation.name == BY_PHONE:
        known["purpose"], left_out = "sign_in", left_out | {"login"}
    return operation.filled({name: value for name, value in known.items() if name not in left_out}, say, left_out)
