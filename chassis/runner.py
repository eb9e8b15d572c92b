"""``python -m chassis.runner MODULE VERB [ARGS]``: makes the process cooperative, then hands over to chassis.process.

Everything that opens sockets or starts threads must be imported after the patch, hence the imports by name.
"""

import gc
import os
import sys
import warnings
from importlib import import_module


def main() -> int:
    """Run one process; returns its exit code."""
    # What is imported stays: to look it through for garbage again and again while it grows took a third of each start.
    # chassis.process has the collector begin.
    gc.disable()
    with warnings.catch_warnings():
        # eventlet says at each import that it is kept in repair only; our answer is an ADR, not a line in every log.
        warnings.simplefilter("ignore")
        eventlet = import_module("eventlet")
    eventlet.monkey_patch()
    code: int = import_module("chassis.process").main(sys.argv[1:], os.environ)
    return code


if __name__ == "__main__":
    sys.exit(main())
