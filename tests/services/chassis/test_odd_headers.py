"""Headers that nobody of the house wrote hold up nothing: the message ends where its body leads, its neighbours too."""

import json
from typing import Any

import pytest
from structlog.testing import capture_logs

from chassis.dead import list_dead
from chassis.settings import Settings
from contracts.topology import inbox_queue
from tests.services.chassis.bus_probe import Recorder, a_wire, gateway_handlers, put, put_raw, receiving
from tests.waiting import wait_until

INBOX = inbox_queue("gateway")
ODD = (
    {"shiliu-attempts": "many"},
    {"shiliu-attempts": {"a": [1]}},
    {"shiliu-attempts": None},
    {"x-delivery-count": "many"},
    {"x-delivery-count": None},
    {"shiliu-subject": "\ud800"},
    {"shiliu-subject": ["x"]},
    {"x-death": "never"},
)


@pytest.mark.parametrize("headers", ODD, ids=str)
@pytest.mark.parametrize("fails", [True, False])
def test_odd_headers_stop_nobody(headers: dict[str, Any], fails: bool, settings: Settings) -> None:
    odd, healthy, recorder = a_wire(), a_wire(), Recorder()
    if fails:
        recorder.refuses[odd["id"]] = ValueError("no")
    # A traceback drawn for a terminal takes longer than the ladder.
    with capture_logs(), receiving(settings, "gateway", gateway_handlers(project=recorder), workers=1) as inbox:
        put_raw(settings, INBOX, json.dumps(odd).encode(), message_id=odd["id"], application_headers=headers)
        put(settings, [healthy])
        wait_until(lambda: healthy["id"] in recorder.seen)
        if fails:
            wait_until(lambda: [letter.id for letter in list_dead(settings, "gateway")] == [odd["id"]], 20)
        else:
            wait_until(lambda: odd["id"] in recorder.seen)
        assert inbox.ready
