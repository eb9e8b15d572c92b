"""``python -m chassis.runner MODULE VERB [ARGS]``: makes the process cooperative, then hands over to chassis.process.

Everything that opens sockets or starts threads must be imported after the patch, hence the import by name.
"""

import os
import sys
from importlib import import_module

import eventlet


def main() -> int:
    """Run one process; returns its exit code."""
    eventlet.monkey_patch()
    code: int = import_module("chassis.process").main(sys.argv[1:], os.environ)
    return code


if __name__ == "__main__":
    sys.exit(main())
