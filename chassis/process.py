"""One process from its command line to its exit code.

MODULE exposes ``SERVICE`` (a nameko service class with a Gear) and ``OPERATIONS`` (verbs of operators beside the
``COMMON`` ones). What keeps a process from starting is one sentence on stderr and exit code 1.
"""

import gc
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from inspect import getmembers
from typing import Any

import eventlet
from pymongo.errors import PyMongoError

from chassis import bus, logging
from chassis.arrival import Arrival
from chassis.dead_verb import operate as operate_dead
from chassis.errors import StartError, VaultError
from chassis.gear import OFFLINE_PATIENCE, Gear
from chassis.keys_verb import operate as operate_keys
from chassis.metrics import watch_process
from chassis.migrations import MigrationError, migrate
from chassis.person_verb import operate as operate_person
from chassis.resources import Build, open_resources
from chassis.retention_verb import operate as operate_retention
from chassis.rpc import Container, container_config
from chassis.settings import Settings, SettingsError
from chassis.tally import tally

Operation = Callable[[Settings, Sequence[str]], int]

SAID = (StartError, SettingsError, MigrationError, VaultError)
"""Errors whose message is the sentence for the person at the terminal."""

BUILT: Mapping[str, Callable[[Settings, str, Build, Sequence[str]], int]] = {
    "keys": operate_keys,
    "retention": operate_retention,
    "person": operate_person,
}
"""Verbs of every service that need what it is built of."""

COMMON = ("serve", "migrate", "dead", *BUILT)
"""Verbs that every service has."""

OF_ROLES = ("serve", "migrate")
"""Verbs of a process that works on the database of another service."""

LOOK_EVERY = 0.05
OVERTIME = 5.0
"""Seconds beyond settings.stop_grace after which a stop is given up."""

log = logging.get_logger(__name__)


def main(arguments: Sequence[str], env: Mapping[str, str]) -> int:
    """Run ``MODULE VERB [ARGS]``; returns the exit code: 0 done, 1 could not, 2 not understood."""
    if len(arguments) < 2:
        return _say("用法 / usage: python -m chassis.runner MODULE VERB [ARGS]", 2)
    module, verb, *rest = arguments
    try:
        settings = Settings.from_env(env)
        rooms = import_module(module)
        gc.freeze()
        gc.enable()
        logging.configure(settings, rooms.SERVICE.name)
        _log_what_greenlets_raise()
        return _run(rooms, verb, rest, settings)
    except SAID as error:
        return _say(str(error), 1)
    except Exception as error:
        if isinstance(error, PyMongoError) and verb != "serve":
            return _say(f"数据库出错,请稍后再试 / the database failed, try again: {error}", 1)
        log.exception("process.failed", verb=verb)
        return _say(f"{module} {verb} 没有成功 / failed: {type(error).__name__}: {error}", 1)


def _run(rooms: Any, verb: str, rest: Sequence[str], settings: Settings) -> int:
    operations: Mapping[str, Operation] = rooms.OPERATIONS
    if gear_of(rooms.SERVICE).database is not None and verb not in OF_ROLES:
        return _say(f"请用所属服务的操作 / ask the service it is a role of: {verb} ({', '.join(OF_ROLES)})", 2)
    if verb == "serve":
        return serve(rooms.SERVICE, settings)
    if verb == "migrate":
        return migrate_service(rooms.SERVICE, settings)
    if verb == "dead":
        return operate_dead(settings, rooms.SERVICE.name, rest)
    if verb in BUILT:
        return BUILT[verb](settings, rooms.SERVICE.name, gear_of(rooms.SERVICE).build, rest)
    if verb in operations:
        return operations[verb](settings, rest)
    return _say(f"没有这个操作 / no such verb: {verb} ({', '.join([*COMMON, *operations])})", 2)


def migrate_service(service: type[Any], settings: Settings) -> int:
    """Build the indexes that the service's database lacks, and unbind its inbox from what it does not react to.

    A role of another service has neither: that service sees to both.
    """
    if gear_of(service).database is not None:
        return 0
    resources, arrival = open_resources(settings, service.name), Arrival(OFFLINE_PATIENCE)
    try:
        arrival.database(resources)
        parts = gear_of(service).build(resources)
        built = migrate(resources.db, parts.all_indexes)
        arrival.broker(settings, lambda settings: bus.migrate(settings, service.name))
    finally:
        resources.client.close()
    log.info("process.migrated", built=built)
    return 0


def serve(service: type[Any], settings: Settings) -> int:
    """Serve until SIGTERM or SIGINT, then stop gently; a second signal ends the process at once."""
    watch_process()
    stop = _StopSignal()
    container = Container(service, container_config(settings))
    starting = eventlet.spawn(_error_of, container.start)
    _wait(lambda: starting.dead or stop.asked)
    if not starting.dead:
        log.info("process.stopped_before_it_had_started")
        return 0
    _raise(starting.wait())
    _spare_the_collector()
    log.info("process.serving", service_name=service.name)
    dying = eventlet.spawn(_error_of, container.wait)
    _wait(lambda: dying.dead or stop.asked)
    if dying.dead:
        _raise(dying.wait())
        return _say("进程意外结束 / the process ended unasked", 1)
    return _stop(container, settings, stop)


def _spare_the_collector() -> None:
    """What a process made to start lives as long as it does, as what it imported, and needs no looking through.

    A full look at it held up every request for 0.1 to 0.3 s, each time (``gc.collect`` after importing the gateway:
    242,000 objects, 108 ms).
    """
    gc.collect()
    gc.freeze()


def _error_of(work: Callable[[], object]) -> Exception | None:
    """What *work* raised, if anything: given back, since an error that leaves a greenlet is printed by whoever it
    was that happened to resume it.
    """
    try:
        work()
    except Exception as error:  # noqa: BLE001  raised again by who waits
        return error
    return None


def _raise(error: Exception | None) -> None:
    if error is not None:
        raise error


def gear_of(service: type[Any]) -> Gear:
    """The one Gear of a service class."""
    gear: Gear = next(member for _, member in getmembers(service) if isinstance(member, Gear))
    return gear


def _log_what_greenlets_raise() -> None:
    """The hub prints an error that left a greenlet; here it becomes a line of the log like any other."""
    hub = eventlet.hubs.get_hub()

    def tell(exc_info: Any) -> None:
        if not isinstance(exc_info[1], SAID):
            log.error("process.greenlet_failed", exc_info=exc_info)

    def tell_of_descriptor(fileno: int, exc_info: Any) -> None:
        tell(exc_info)
        hub.remove_descriptor(fileno)

    hub.squelch_generic_exception = tell
    hub.squelch_timer_exception = lambda _timer, exc_info: tell(exc_info)
    hub.squelch_exception = tell_of_descriptor


class _StopSignal:
    """Counts the signals that ask for a stop. The handler only notes it: it runs between any two instructions."""

    def __init__(self) -> None:
        self.count = 0
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._note)

    @property
    def asked(self) -> bool:
        return self.count > 0

    def _note(self, _number: int, _frame: Any) -> None:
        self.count += 1


def _stop(container: Container, settings: Settings, stop: _StopSignal) -> int:
    log.info("process.stopping")
    stopping = eventlet.spawn(_stop_gently, container)
    asked = stop.count
    finished = _wait(lambda: stopping.dead or stop.count > asked, settings.stop_grace + OVERTIME)
    if not (finished and stopping.dead):
        log.error("process.stop_given_up", by_signal=finished)
        return 1
    stopping.wait()
    log.info("process.stopped", **tally())
    return 0


def _stop_gently(container: Container) -> None:
    for dependency in container.dependencies:
        if isinstance(dependency, Gear):
            dependency.drain()
    container.stop()


def _wait(condition: Callable[[], bool], seconds: float | None = None) -> bool:
    """Look often, since a signal does not wake the hub; says whether *condition* came to hold."""
    end = float("inf") if seconds is None else time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        eventlet.sleep(LOOK_EVERY)
    return True


def _say(sentence: str, code: int) -> int:
    sys.stderr.write(sentence + "\n")
    return code
