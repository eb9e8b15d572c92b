"""A link that is stopped while it is still in its first dialogue with the broker."""

from typing import Any

from eventlet.event import Event

from chassis.rpc_link import RpcLink
from chassis.settings import Settings


def test_stopping_in_the_middle_of_the_dialogue_reads_the_socket_alone(settings: Settings) -> None:
    reading = Event()

    def prepare(channel: Any) -> None:
        reading.send()
        channel.connection.drain_events()  # nothing comes: the dialogue waits

    link = RpcLink(settings, "test", prepare)
    link.start()
    reading.wait(5)
    link.stop()
    assert not link.connected
