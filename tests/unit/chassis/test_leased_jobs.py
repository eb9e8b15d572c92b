"""A leased job's lease is three of its intervals: where its process dies, so long nobody does it."""

from chassis import machinery
from chassis.settings import Settings
from deploy.audit.deadlines import LONGEST_LEASE

INTERVALS = {
    "retention": Settings().retention_interval,
    "erased_again": machinery.ERASED_AGAIN_SECONDS,
}


def test_no_job_holds_a_lease_for_longer_than_the_audit_takes_for_stuck() -> None:
    longest = LONGEST_LEASE.total_seconds()
    assert {name: seconds for name, seconds in INTERVALS.items() if 3 * seconds >= longest} == {}
