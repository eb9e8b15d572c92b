"""How long the properties look: a few derandomized examples in every run, many random ones when asked.

`SHILIU_EXAMPLES=50 .venv/bin/python -m pytest tests/properties -o timeout=0` looks at fifty times as many, each time
at others; what it finds is printed with `@reproduce_failure`, and is kept as a script in `test_found.py`.
"""

import os

from hypothesis import HealthCheck, Phase, settings
from hypothesis.internal.conjecture import providers

FACTOR = "SHILIU_EXAMPLES"
_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much, HealthCheck.large_base_example]
_PHASES = [Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink]
"""Not the explaining of a failure, which traces every line."""


def searching() -> bool:
    """Is this a long random search?"""
    return bool(os.environ.get(FACTOR))


def prepare() -> None:
    """Have all properties of this process look at the same examples in every run, whatever time the machine takes.

    By default each has to end within 200 ms, and looks at others each time: what fails then is often the day. And
    numbers and words are drawn from the source of whatever this process has imported until then, so the same seed gives
    others where other tests ran before: there is no setting for that, only this place.
    """
    if not searching():
        providers._get_local_constants = providers.Constants
        settings.register_profile("house", _same_for_all())
        settings.load_profile("house")


def _same_for_all() -> settings:
    return settings(deadline=None, derandomize=True, database=None, suppress_health_check=_SLOW)


def examples(count: int, **changes: int) -> settings:
    """The settings of one property; *count* is what it looks at in an ordinary run."""
    if not searching():
        return settings(_same_for_all(), max_examples=count, phases=_PHASES, **changes)  # type: ignore[arg-type]
    many = max(1, round(count * float(os.environ[FACTOR])))
    return settings(
        max_examples=many,
        deadline=None,
        print_blob=True,
        suppress_health_check=_SLOW,
        phases=_PHASES,
        **changes,  # type: ignore[arg-type]
    )
