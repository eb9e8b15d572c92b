"""Makes a test process cooperative, as the services are, before anything else is imported.

pytest's own helpers meet three edges of that: xdist's workers talk to their controller over a native thread, which must
never wait on a green lock; pytest-timeout asks whether it runs in the main thread; and a worker must come to its end.
"""

import os
import threading

import eventlet
import eventlet.patcher
from execnet.gateway_base import ThreadExecModel

IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ
_native_lock = threading._allocate_lock  # type: ignore[attr-defined]


def patch() -> None:
    """Patch this process; call it before the first import of pymongo, amqp or anything that opens sockets."""
    if IS_WORKER:
        native = eventlet.patcher.original("threading")
        ThreadExecModel.RLock = lambda _self: native.RLock()  # type: ignore[method-assign]
        ThreadExecModel.Event = lambda _self: native.Event()  # type: ignore[method-assign]
    eventlet.monkey_patch()
    # The patch makes a new object for the main thread: pytest-timeout would take itself to be elsewhere, and then
    # could only end the whole process instead of failing one test.
    threading._main_thread = threading.current_thread()  # type: ignore[attr-defined]


def release_worker() -> None:
    """At the very end of a worker: let its main thread wait natively again for the word to leave."""
    if IS_WORKER:
        threading._allocate_lock = _native_lock  # type: ignore[attr-defined]
