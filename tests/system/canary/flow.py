"""The main flow, told by people who type a mark wherever they may type; then everything else that one may ask."""

import json
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from PIL import Image

from contracts.schemas.fields import time_text
from tests.system.canary.news import news
from tests.system.canary.routes import Json, Operation
from tests.system.canary.town import MEMBERS, RESIDENTS
from tests.system.canary.witness import Witness
from tests.waiting import wait_until

ROLES = (*RESIDENTS, *MEMBERS, "admin")
TICKETS = "/api/v1/tickets"
ONE = f"{TICKETS}/{{ticket_id}}"
SECONDS = 30.0
BODY_LIMIT = 1_048_576
"""Of any body but a picture's."""
LAST = ("DELETE", "/sessions", "/me/", "deceased", "withdraw", "remove", "/end", "restore", "password")
"""What signs somebody out, or ends something, is asked when all else was asked."""
HEADERS = (
    "User-Agent",
    "Referer",
    "Cookie",
    "X-Forwarded-For",
    "X-Correlation-Id",
    "traceparent",
    "Accept-Language",
)
AS_IT_IS = dict.fromkeys(("wanted", "external", "point", "follow"))
"""What makes a rarer order of it, and is refused where it stands for nothing."""
ENDLESS = frozenset({"GET /api/v1/stream"})
Pool = dict[str, str]
"""Ids of what there is, by the name that paths give them."""


def main_flow(witness: Witness) -> Pool:
    """An order from its placing to its end, by way of a decline, a rework and pictures; and the other ends."""
    pool = _served(witness)
    _cancelled(witness)
    _rejected(witness)
    _redispatched(witness)
    _sent_up(witness)
    return pool | _held(witness) | news(witness)


def _served(witness: Witness) -> Pool:
    ticket = _place(witness, "resident")
    at: Any = {"ticket_id": ticket}
    first, offer = _asked(witness, ticket)
    witness.do(first, "POST /api/v1/offers/{offer_id}/decline", {"offer_id": offer})
    crew, offer = _asked(witness, ticket)
    assert crew != first
    assignment = witness.do(crew, "POST /api/v1/offers/{offer_id}/accept", {"offer_id": offer}).body["assignment_id"]
    seat = {"assignment_id": str(assignment)}
    _until(witness, ticket, "assigned")
    for who in (crew, "resident", "G01"):
        witness.do(who, f"POST {ONE}/reveals", at)
    picture = _picture(witness, crew, ticket)
    witness.do("G01", f"POST {ONE}/pictures/{{picture_id}}/reveals", {**at, "picture_id": picture})
    witness.do(crew, "POST /api/v1/assignments/{assignment_id}/arrive", seat)
    _until(witness, ticket, "in_progress")
    witness.do(crew, f"POST {ONE}/complete", at, result="solved")
    witness.do("resident", f"POST {ONE}/rework", at)
    witness.do(crew, f"POST {ONE}/complete", at, result="solved")
    witness.do("resident", f"POST {ONE}/confirm", at, answer="satisfied", solved=True)
    message = witness.read("resident", "GET /api/v1/inbox")["items"][0]["id"]
    members = {"member_id": str(witness.read(crew, "GET /api/v1/me")["member_id"])}
    accounts = {"account_id": str(witness.read("resident", "GET /api/v1/me")["id"])}
    return {**at, **seat, **members, **accounts, "offer_id": offer, "demand_id": ticket, "picture_id": picture} | {
        "message_id": str(message),
        "item_id": "tap-and-lamp",
        "area_id": "sll-g1",
    }


def _cancelled(witness: Witness) -> None:
    at = {"ticket_id": _place(witness, "resident")}
    witness.do("resident", f"POST {ONE}/cancel", at, reason_code="no-longer-needed", go_to=None)


def _rejected(witness: Witness) -> None:
    at = {"ticket_id": _place(witness, "resident", item_id="wish")}
    witness.do("C01", f"POST {ONE}/reject", at, reason_code="not_ours", go_to="property")


def _redispatched(witness: Witness) -> None:
    """Staff order for somebody without an account, look for other people, and end it."""
    at = {"ticket_id": _place(witness, "C01", origin="phone")}
    witness.do("C01", f"POST {ONE}/redispatch", at)
    witness.do("C01", f"POST {ONE}/cancel", at, reason_code="other", go_to="property")


def _sent_up(witness: Witness) -> None:
    """To the chiefs of the block, with a word beside it; then ended."""
    at = {"ticket_id": _place(witness, "resident")}
    witness.do("C01", f"POST {ONE}/escalate", at, reason="joint", to="block_chief", teams=[])
    witness.do("resident", f"POST {ONE}/cancel", at, reason_code="no-longer-needed", go_to=None)


def _held(witness: Witness) -> Pool:
    """Put on hold with leave, and on again; then struck out."""
    at = {"ticket_id": _place(witness, "resident")}
    until = time_text(datetime.now(UTC) + timedelta(days=30))
    asked: dict[str, Any] = {"papers": [], "team_id": None, "member_id": None, "reason_code": "other"}
    for kind, end in (("hold", {"until": until}), ("void", {"until": None})):
        rows = witness.do("G01", f"POST {ONE}/ledger", at, kind=kind, **end, **asked).body["ledger"]
        request = {"request_id": str(rows[-1]["id"])}
        witness.do("C01", f"POST {ONE}/ledger/{{request_id}}/decision", {**at, **request}, approved=True)
        if kind == "hold":
            witness.do("G01", f"POST {ONE}/resume", at)
    return request


def _place(witness: Witness, who: str, **given: Any) -> str:
    asked = {"item_id": "tap-and-lamp", "area_id": "heping-3-2", "answers": [], **AS_IT_IS, **given}
    if asked["item_id"] == "tap-and-lamp":
        asked["answers"] = [{"question": "access", "text": witness.marks.word(f"POST {TICKETS} answers.text", who)}]
    return str(witness.do(who, f"POST {TICKETS}", **asked).body["id"])


def _asked(witness: Witness, ticket: str) -> tuple[str, str]:
    """Wait until somebody is asked: who, and the offer."""

    def offer() -> tuple[str, str] | None:
        for who in MEMBERS:
            for one in witness.read(who, "GET /api/v1/offers")["items"]:
                if one["ticket_id"] == ticket and one["status"] == "open":
                    return who, str(one["id"])
        return None

    return wait_until(lambda: offer() or (), SECONDS, f"nobody is asked for {ticket}")  # type: ignore[return-value]


def _until(witness: Witness, ticket: str, status: str) -> None:
    def there() -> bool:
        return bool(witness.read("C01", f"GET {ONE}", ticket_id=ticket)["status"] == status)

    wait_until(there, SECONDS, f"{ticket} is not {status}")


def _picture(witness: Witness, who: str, ticket: str) -> str:
    """One with marks in its name, its EXIF and its comment."""
    marks, route = witness.marks, f"POST {ONE}/pictures"
    exif = Image.Exif()
    exif[0x010E] = marks.word(f"{route} EXIF description", who)
    exif[0x013B] = marks.word(f"{route} EXIF artist", who)
    written, boundary = BytesIO(), uuid4().hex
    comment = marks.word(f"{route} comment", who).encode()
    Image.effect_noise((1_500, 1_500), 90).save(written, "JPEG", quality=95, exif=exif, comment=comment)
    assert len(written.getvalue()) > BODY_LIMIT
    name = marks.word(f"{route} file name", who)
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="picture"; filename="{name}"\r\n\r\n'
    body = head.encode() + written.getvalue() + f"\r\n--{boundary}--\r\n".encode()
    answer = witness.raw(
        who,
        "POST",
        f"{TICKETS}/{ticket}/pictures?kind=after",
        body,
        {"Content-Type": f"multipart/form-data; boundary={boundary}"},
        witness.known[route],
    )
    assert answer.status == 201, answer.text
    return str(answer.body["id"])


def everything_else(witness: Witness, pool: Pool) -> None:
    """Every command as every role, with marks in all that may be typed; what ends something comes last."""
    commands = [one for one in witness.known.values() if one.method != "GET"]
    for operation in sorted(commands, key=lambda one: any(word in one.name for word in LAST)):
        for who in ("", *ROLES):
            answer, places = witness.send(who, operation.name, pool, _known(operation, pool))
            if answer.status < 300:
                witness.entered |= set(places.values())
                _remember(pool, answer.body)


def every_answer(witness: Witness, pool: Pool) -> None:
    """Everything that can be read, as every role: about what there is, and with marks in the questions."""
    for operation in (one for one in witness.known.values() if one.method == "GET" and one.name not in ENDLESS):
        words = {name: witness.marks.word(f"{operation.name} ?{name}", "") for name in _questions(operation)}
        asked = urlencode(words)
        for who in ("", *ROLES):
            wait = "?wait=0" if "/events" in operation.path else ""
            witness.send(who, operation.name, pool, {}, query=wait)
            if asked and who:
                witness.send(who, operation.name, pool, {}, query=f"?{asked}")


def odd_requests(witness: Witness) -> None:
    """Marks where nobody expects them: in broken bodies, unknown fields, headers and addresses."""
    marks = witness.marks
    for who in ("", "resident", "C01"):

        def word(place: str, by: str = who) -> str:
            return marks.word(f"odd {place}", by)

        broken, unknown = f'{{"description": "{word("broken JSON")}', {word("unknown field"): word("its value")}
        for body in (broken, json.dumps(unknown)):
            witness.raw(who, "POST", TICKETS, body.encode())
        witness.raw(who, "POST", TICKETS, word("plain text").encode(), {"Content-Type": "text/plain"})
        told = {name: word(f"header {name}") for name in HEADERS}
        witness.raw(who, "GET", TICKETS, headers=told)
        witness.raw(who, "POST", TICKETS, b"{}", {**told, "Idempotency-Key": word("header key").replace(" ", "-")})
        witness.raw(who, "GET", f"/{word('address')}".replace(" ", "%20"))
        witness.raw(who, "GET", f"{TICKETS}?{word('question')}=1".replace(" ", "%20"))
    witness.raw("", "GET", TICKETS, headers={"Authorization": f"Bearer {marks.word('odd token', '')}"})


def _questions(operation: Operation) -> list[str]:
    return [name for name in operation.texts("query") if name != "Idempotency-Key"]


def _known(operation: Operation, pool: Pool) -> Json:
    """Fields that are called like something there is name it, so that more than the first check is passed."""
    names = (operation.body or {}).get("properties", {})
    return {name: pool[name] for name in names if name in pool}


def _remember(pool: Pool, body: Any) -> None:
    for name, value in body.items() if isinstance(body, dict) else ():
        if name.endswith("_id") and isinstance(value, str):
            pool.setdefault(name, value)
