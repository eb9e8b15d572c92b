"""Where and how people and machines are told: what is typed there, by addresses, keys and what a provider pushes."""

import json
from typing import Any

from tests.system.canary.witness import Witness

ROBOTS, HOOKS = "/api/v1/robots", "/api/v1/webhooks"
MAIL = "/api/v1/me/contacts/email"
CALLBACKS = "/api/v1/callbacks/sms/{key}"
PUSHED = "the provider"


def news(witness: Witness) -> dict[str, str]:
    """A robot, a webhook, an address of mail, a push of the provider; ids of what there is then."""
    robot = _robot(witness)
    hook = _webhook(witness)
    mail = f"{_mark(witness, f'POST {MAIL} email', 'resident')}@mark.example"
    witness.do("resident", f"POST {MAIL}", email=mail, locale="zh-CN")
    for kind, entry in (("replies", _reply(witness)), ("receipts", _receipt(witness))):
        path = f"{CALLBACKS}/{kind}"
        address = path.replace("{key}", witness.callback_key)
        answer = witness.raw("", "POST", address, json.dumps([entry]).encode(), operation=witness.known[f"POST {path}"])
        assert answer.status in (200, 503), answer.text
    return {"robot_id": robot, "endpoint_id": hook, "template": "order-received"}


def _robot(witness: Witness) -> str:
    said: dict[str, Any] = {"kind": "dingtalk", "area_id": "sll-g1", "audience": "staff", "categories": []}
    robot = witness.do("admin", f"POST {ROBOTS}", locale="zh-CN", **said).body
    one = f"{ROBOTS}/{{robot_id}}"
    label = witness.marks.word(f"PATCH {one} label", "admin")
    answer = witness.raw(
        "admin",
        "PATCH",
        f"{ROBOTS}/{robot['id']}",
        json.dumps({"label": label}).encode(),
        {"If-Match": f'"{robot["rev"]}"'},
        witness.known[f"PATCH {one}"],
    )
    assert answer.status == 200, answer.text
    return str(robot["id"])


def _webhook(witness: Witness) -> str:
    marked, host = (_mark(witness, f"POST {HOOKS} {part}", "C01") for part in ("url", "url's host"))
    url = f"https://{host}.example/{marked}?{marked}"
    return str(witness.do("C01", f"POST {HOOKS}", url=url, event_types=["*"], areas=[]).body["id"])


def _reply(witness: Witness) -> dict[str, Any]:
    place = f"POST {CALLBACKS}/replies"
    words, phone = witness.marks.word(f"{place} content", PUSHED), witness.marks.phone(f"{place} phone_number", PUSHED)
    return {"phone_number": phone, "content": words, "sequence_id": 1}


def _receipt(witness: Witness) -> dict[str, Any]:
    place = f"POST {CALLBACKS}/receipts"
    said = {name: witness.marks.word(f"{place} {name}", PUSHED) for name in ("biz_id", "err_code")}
    return {**said, "success": True}


def _mark(witness: Witness, place: str, by: str) -> str:
    return witness.marks.plain(place, by)
