"""Puts the parts that speak with upstream together: for the service, and for the operators' verb."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from eventlet import GreenPool

from chassis.jobs import Job
from chassis.outage import AWAY
from chassis.resources import Resources
from chassis.settings import Settings
from services.tickets.adapters.upstream_http import HttpUpstreams
from services.tickets.adapters.upstream_reports import MongoReports
from services.tickets.adapters.upstream_verb import Verb
from services.tickets.application.ports import Reveals, Tickets
from services.tickets.application.reconciling import Reconciling
from services.tickets.application.reporting import Reporting
from services.tickets.application.sealing import Sealing

WORKERS = 4
"""Reports of one process under way at once: one slow office keeps no other waiting."""


@dataclass(frozen=True)
class UpstreamParts:
    """What one process needs."""

    reports: MongoReports
    reporting: Reporting
    real: Callable[[], datetime]
    job: Job


def parts(resources: Resources, tickets: Tickets, reveals: Reveals, sealing: Sealing) -> UpstreamParts:
    """For the service."""
    settings, real = resources.settings, real_time(resources)
    reports = MongoReports(resources.db)
    reporting = Reporting(
        tickets,
        reports,
        upstreams(settings, real),
        reveals,
        sealing,
        resources.clock,
        real,
        settings.upstream_retry_delays,
        random.random,
    )
    job = Job("upstream", settings.upstream_interval, side_by_side(reporting.run))
    return UpstreamParts(reports, reporting, real, job)


def verb(resources: Resources) -> Verb:
    """For an operator."""
    reports, real = MongoReports(resources.db), real_time(resources)
    return Verb(reports, Reconciling(reports, upstreams(resources.settings, real), real), real)


def upstreams(settings: Settings, real: Callable[[], datetime]) -> HttpUpstreams:
    """The systems that the settings name."""
    return HttpUpstreams(
        settings.by_system(settings.upstreams),
        settings.by_system(settings.upstream_secrets),
        settings.upstream_timeout,
        real,
    )


def real_time(resources: Resources) -> Callable[[], datetime]:
    """The stack's real time as a moment."""
    return lambda: datetime.fromtimestamp(resources.real.now(), UTC)


def side_by_side(run: Callable[[], Any]) -> Callable[[], None]:
    """*run* by several workers at once; each takes what no other has. An error of one is raised, as by every job."""

    def outcome() -> Exception | None:
        try:
            run()
        except AWAY as error:  # raised in its own greenlet an outage would be told once more, with its traceback
            return error
        return None

    def all_of_them() -> None:
        pool = GreenPool(WORKERS)
        working = [pool.spawn(outcome) for _ in range(WORKERS)]
        pool.waitall()
        for worker in working:
            error = worker.wait()
            if error is not None:
                raise error

    return all_of_them
